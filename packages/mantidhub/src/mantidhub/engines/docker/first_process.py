"""The first process of a container: takes the session's own filter of system calls upon itself, then keeps house.

A program of its own, of the standard library alone, run by the image's Python:
``first_process.py FILTER MOUNTS PROGRAM …``. With ``strict`` for MOUNTS it starts nothing before the engine has made
the container's mounts strict from outside.

Docker's filter stays; this one stands beside it, so that a session may call no more in a container than in a sandbox.
It must be the *first* process that is filtered: whatever runs beside a session with more rights than it, under the same
user id, can be taken over by a debugger from inside. So Docker's own first process is not used.

It starts the program, passes signals on to it, collects the exit codes of processes whose parents have ended, and ends
as the program does, as ``tini`` does.
"""

import base64
import ctypes
import os
import signal
import sys
import time

SET_FILTER, FILTER_MODE = 22, 2
"""PR_SET_SECCOMP and SECCOMP_MODE_FILTER: ``prctl(2)``."""
INSTRUCTION = 8
"""Bytes of one instruction: ``struct sock_filter`` of ``linux/filter.h``."""
RUN = "/run"
"""A folder in memory, which the engine makes read-only as the last of the mounts."""
STRICT = "strict"
MOUNTS_LIMIT = 30
"""Seconds to wait for that; usually it takes hundredths."""
EVERY_SIGNAL = signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}


class Program(ctypes.Structure):
    """``struct sock_fprog`` of ``linux/filter.h``."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def filter_system_calls(instructions: bytes) -> None:
    """Take a filter upon this process and all that come from it, for good.

    Raises
    ------
    OSError
        If the kernel does not take it.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    program = Program(len(instructions) // INSTRUCTION, instructions)
    if libc.prctl(SET_FILTER, FILTER_MODE, ctypes.byref(program), 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"the filter of system calls cannot be set: {os.strerror(number)}")


def wait_for_mounts() -> None:
    """Return when the engine has made the mounts strict.

    Raises
    ------
    TimeoutError
        If it does not: whoever started the container has gone away.
    """
    limit = time.monotonic() + MOUNTS_LIMIT
    while not os.statvfs(RUN).f_flag & os.ST_RDONLY:
        if time.monotonic() > limit:
            raise TimeoutError("MantidHub went away while it started this session")
        time.sleep(0.002)


def start(command: list[str]) -> int:
    """Start the program as a child, with the signals that it expects; return its process id."""
    child = os.fork()
    if child:
        return child
    for number in (signal.SIGPIPE, signal.SIGXFSZ):  # which Python ignores
        signal.signal(number, signal.SIG_DFL)
    os.setsid()
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    try:
        os.execvp(command[0], command)  # noqa: S606 - no shell is meant
    except OSError as error:
        print(f"exec {command[0]} failed: {error.strerror}", file=sys.stderr, flush=True)
        os._exit(127)


def keep_house(child: int) -> int:
    """Pass signals on and collect exit codes until the child has ended; return its own."""
    while True:
        number = signal.sigwait(EVERY_SIGNAL)
        if number != signal.SIGCHLD:
            os.kill(child, number)
            continue
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            if ended[0] == child:
                code = os.waitstatus_to_exitcode(ended[1])
                return code if code >= 0 else 128 - code


def main() -> None:
    """Filter, start, wait."""
    _, instructions, mounts, *command = sys.argv
    if decoded := base64.b64decode(instructions):
        filter_system_calls(decoded)
    if mounts == STRICT:
        wait_for_mounts()
    signal.pthread_sigmask(signal.SIG_BLOCK, EVERY_SIGNAL)
    sys.exit(keep_house(start(command)))


if __name__ == "__main__":
    main()
