"""How a process is given less than its host has: a file-system view, another user, namespaces, system calls.

Everything here makes argument lists from data; nothing here starts a process. The sandbox engine confines sessions
with it, and `mantidhub up` confines hub and edge when it runs as root.
"""
