"""Stop what nothing can interrupt, and keep what there is: the kernel starts anew and has its variables again.

A computation of C++ ends only with its process. So the process is copied (`forking`), which takes milliseconds, since
both share their memory until one writes. The copy writes the notebook's variables into a private folder (`writing`,
`pickling`) while the kernel is restarted as always; the new kernel takes them from there (`returning`).
``docs/decisions/kernel-keeping.md``
"""
