"""Which system calls a session may not make, as the small program that the kernel runs on each of them.

Source of the filter's form: the kernel's ``Documentation/userspace-api/seccomp_filter.rst``; system-call numbers:
the kernel's tables for x86-64 (``syscall_64.tbl``) and for the generic table that aarch64 uses (``unistd.h``).

It is a second wall behind the namespaces: nothing on the list is of use to a notebook, and each of them is a part of
the kernel in which holes have been found.
"""

import errno
import platform
import struct
from dataclasses import dataclass

LOAD_WORD, JUMP_IF_EQUAL, JUMP_IF_AT_LEAST, JUMP_IF_ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
NUMBER_OFFSET, ARCHITECTURE_OFFSET, FIRST_ARGUMENT_OFFSET, SECOND_ARGUMENT_OFFSET = 0, 4, 16, 24
X32_CALLS = 0x40000000
"""On x86-64 the same calls can be made a second time under numbers from here on (the x32 interface)."""
NEW_USER_NAMESPACE = 0x10000000
TERMINAL_INJECTION = (0x5412, 0x541C)
"""TIOCSTI and TIOCLINUX: put characters into somebody's terminal."""


SOCKET_FAMILIES = (1, 2, 10, 16)
"""AF_UNIX, AF_INET, AF_INET6 and AF_NETLINK stay within the session's own network namespace; AF_VSOCK, which reaches
the host of a virtual machine, does not, and the rest is of no use here."""


@dataclass(frozen=True)
class Machine:
    """A processor family: the kernel's name for it in a filter, and its call numbers."""

    audit: int
    denied: dict[str, int]
    clone: int
    clone3: int
    ioctl: int
    socket: int
    unshare: int


MACHINES = {
    "x86_64": Machine(
        audit=0xC000003E,
        denied={
            "acct": 163, "add_key": 248, "bpf": 321, "delete_module": 176, "fanotify_init": 300, "finit_module": 313,
            "fsconfig": 431, "fsmount": 432, "fsopen": 430, "fspick": 433, "init_module": 175, "io_uring_enter": 426,
            "io_uring_register": 427, "io_uring_setup": 425, "iopl": 172, "ioperm": 173, "kexec_file_load": 320,
            "kexec_load": 246, "keyctl": 250, "lookup_dcookie": 212, "mount": 165, "mount_setattr": 442,
            "move_mount": 429, "move_pages": 279, "name_to_handle_at": 303, "open_by_handle_at": 304,
            "open_tree": 428, "perf_event_open": 298, "pivot_root": 155, "quotactl": 179, "reboot": 169,
            "request_key": 249, "setns": 308, "swapoff": 168, "swapon": 167, "syslog": 103, "umount2": 166,
            "userfaultfd": 323, "vmsplice": 278,
        },
        clone=56, clone3=435, ioctl=16, socket=41, unshare=272,
    ),
    "aarch64": Machine(
        audit=0xC00000B7,
        denied={
            "acct": 89, "add_key": 217, "bpf": 280, "delete_module": 106, "fanotify_init": 262, "finit_module": 273,
            "fsconfig": 431, "fsmount": 432, "fsopen": 430, "fspick": 433, "init_module": 105, "io_uring_enter": 426,
            "io_uring_register": 427, "io_uring_setup": 425, "kexec_file_load": 294, "kexec_load": 104,
            "keyctl": 219, "lookup_dcookie": 18, "mount": 40, "mount_setattr": 442, "move_mount": 429,
            "move_pages": 239, "name_to_handle_at": 264, "open_by_handle_at": 265, "open_tree": 428,
            "perf_event_open": 241, "pivot_root": 41, "quotactl": 60, "reboot": 142, "request_key": 218,
            "setns": 268, "swapoff": 225, "swapon": 224, "syslog": 116, "umount2": 39, "userfaultfd": 282,
            "vmsplice": 75,
        },
        clone=220, clone3=435, ioctl=29, socket=198, unshare=97,
    ),
}  # fmt: skip


def session_filter(machine: str | None = None) -> bytes | None:
    """Return the filter as ``bwrap --seccomp`` reads it, or None for a processor that it is not written for.

    A denied call fails with EPERM, as it does for lack of rights; ``clone3`` with ENOSYS, since its flags lie in
    memory where a filter cannot look, and libraries then use ``clone``.
    """
    known = MACHINES.get(machine or platform.machine())
    if known is None:
        return None
    refused = ERRNO | errno.EPERM
    program = [
        _load(ARCHITECTURE_OFFSET),
        (JUMP_IF_EQUAL, 1, 0, known.audit),
        (RETURN, 0, 0, KILL),
        _load(NUMBER_OFFSET),
        (JUMP_IF_AT_LEAST, 0, 1, X32_CALLS),
        (RETURN, 0, 0, ERRNO | errno.ENOSYS),
        (JUMP_IF_EQUAL, 0, 1, known.clone3),
        (RETURN, 0, 0, ERRNO | errno.ENOSYS),
    ]
    for number in sorted(known.denied.values()):
        program += [(JUMP_IF_EQUAL, 0, 1, number), (RETURN, 0, 0, refused)]
    for number in (known.clone, known.unshare):
        program += [
            (JUMP_IF_EQUAL, 0, 4, number),
            _load(FIRST_ARGUMENT_OFFSET),
            (JUMP_IF_ANY_BIT, 0, 1, NEW_USER_NAMESPACE),
            (RETURN, 0, 0, refused),
            (RETURN, 0, 0, ALLOW),
        ]
    families = len(SOCKET_FAMILIES)
    program += [(JUMP_IF_EQUAL, 0, families + 3, known.socket), _load(FIRST_ARGUMENT_OFFSET)]
    program += [(JUMP_IF_EQUAL, families - number, 0, family) for number, family in enumerate(SOCKET_FAMILIES)]
    program += [(RETURN, 0, 0, ERRNO | errno.EAFNOSUPPORT), (RETURN, 0, 0, ALLOW)]
    program += [(JUMP_IF_EQUAL, 0, 4, known.ioctl), _load(SECOND_ARGUMENT_OFFSET)]
    program += [(JUMP_IF_EQUAL, 1, 0, TERMINAL_INJECTION[0]), (JUMP_IF_EQUAL, 0, 1, TERMINAL_INJECTION[1])]
    program += [(RETURN, 0, 0, refused), (RETURN, 0, 0, ALLOW)]
    return b"".join(struct.pack("<HBBI", *instruction) for instruction in program)


def _load(offset: int) -> tuple[int, int, int, int]:
    return (LOAD_WORD, 0, 0, offset)
