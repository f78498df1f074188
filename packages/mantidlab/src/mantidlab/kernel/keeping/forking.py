"""A copy of this process, made while its main thread computes.

glibc's ``fork`` first calls what libraries asked for: OpenBLAS then waits for the end of its computation, which is what
cannot be waited for. ``_Fork`` (glibc 2.34) calls nothing, and takes no locks of ``malloc`` either. A copy that was
made while another thread held one waits for ever; so each copy proves that it lives, else another one is made.
"""

import ctypes
import os
import select
import signal
import warnings
from collections.abc import Callable
from typing import NoReturn

TRIES = 3
LIVES_WITHIN = 1.0
"""Seconds until the copy must have said that it lives, on a busy machine too."""


class CannotCopy(Exception):
    """This process could not be copied."""


class Probe:
    """Memory of the main thread's, which a copy frees: that needs the lock that the main thread may have held."""

    def __init__(self) -> None:
        self._blocks = [bytearray(size) for size in (5_000, 50_000, 100_000)]

    def free(self) -> None:
        """Give the memory back; waits for ever if the lock is held by a thread that is not there."""
        self._blocks.clear()


PROBES: list[Probe] = []
"""Of this kernel; made at its start."""


def copy_process(work: Callable[[], object], probe: Probe) -> int:
    """Let a copy of this process do something and end; return its process id.

    Parameters
    ----------
    work
        Called in the copy, which has this thread alone, no open files, and no connection of the kernel's. Nothing in it
        may need other threads (matrix products wait for OpenBLAS's).
    probe
        Made in the main thread.

    Raises
    ------
    CannotCopy
        The system refuses, or no copy lives.
    """
    for _ in range(TRIES):
        reads, writes = os.pipe()
        try:
            child = _fork()
        except OSError as problem:
            os.close(reads)
            os.close(writes)
            raise CannotCopy(f"the system does not allow a copy of the kernel ({problem.strerror})") from problem
        if child == 0:
            _be_the_copy(work, probe, writes)
        os.close(writes)
        lives = bool(select.select([reads], [], [], LIVES_WITHIN)[0]) and os.read(reads, 1) == b"1"
        os.close(reads)
        if lives:
            return child
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    raise CannotCopy("a library holds a lock that a copy of the kernel needs")


def _fork() -> int:
    bare = getattr(ctypes.PyDLL(None), "_Fork", None)
    if bare is None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # that there are threads is known here
            return os.fork()
    python = ctypes.pythonapi
    python.PyOS_BeforeFork()  # h5py waits here until no thread is within HDF5
    child = int(bare())
    if child == 0:
        python.PyOS_AfterFork_Child()
    else:
        python.PyOS_AfterFork_Parent()
    if child < 0:
        raise OSError(0, "not enough memory or too many processes")
    return child


def _be_the_copy(work: Callable[[], object], probe: Probe, writes: int) -> NoReturn:
    try:
        os.setsid()  # a signal for the kernel's group is not meant for it
        _let_go_of_files(writes)
        probe.free()
        os.write(writes, b"1")
        os.close(writes)
        work()
    finally:
        os._exit(0)


def _let_go_of_files(kept: int) -> None:
    """Close what the kernel has open: with its sockets in here, the next one could not have them."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.closerange(3, kept)
    os.closerange(kept + 1, os.sysconf("SC_OPEN_MAX"))
