"""What people are told when the session has used up its memory, and a kernel or a program of it was ended.

The session's cgroup counts memory (:mod:`.counts`), and ``/proc`` says who holds it (:mod:`.programs`). The watch
(:mod:`.watch`) notices that something was ended and whose it was; the sentence for the person (:mod:`.losses`) is kept
for the page, which asks for it (:mod:`.page`). Why so: ``docs/decisions/out-of-memory.md``.
"""
