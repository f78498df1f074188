"""Environments of conda packages: solved, locked, downloaded and linked without a conda program.

Solving, downloading and linking run in a process of their own (`worker`), the only one that imports py-rattler: so a
build can be ended at any moment by ending that process, and nobody else pays for a library of 80 MB.
"""
