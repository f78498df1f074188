"""What can go wrong in what panels ask of a kernel, and the sentence that a person is told of it."""

import logging

log = logging.getLogger("mantidlab.kernel")


class KernelError(Exception):
    """What a panel asked for cannot be; the message says what was tried, what was found and what to do."""


def sentence_of(problem: BaseException) -> str:
    """Return what a person is told of a problem: its own sentence if its class is ours, else a general one.

    Every class of errors here carries sentences, whichever room it belongs to.
    """
    if type(problem).__module__.partition(".")[0] == "mantidlab":
        return str(problem)
    log.error("A panel's request failed", exc_info=problem)
    return (
        f"The kernel met a problem that it does not know ({type(problem).__name__}: {problem}). Try again; if that "
        "does not help, restart the kernel, and tell your administrator."
    )
