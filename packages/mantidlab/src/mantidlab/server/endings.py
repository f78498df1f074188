"""How the server ends: exit codes, and the sentence for the user."""

import logging
import sys
from enum import IntEnum


class Ending(IntEnum):
    """The exit codes, taken from ``sysexits.h``.

    A process that was asked to stop by SIGTERM ends with ``STOPPED``; before it listens, SIGTERM kills it.
    """

    STOPPED = 0
    HUB_UNREACHABLE = 69
    BROKEN = 70
    NO_PLACE = 73
    MISCONFIGURED = 78


class CannotStart(Exception):
    """The server cannot start; the message is the sentence that its user reads.

    Parameters
    ----------
    sentence
        What was tried, what was found, what to do.
    ending
        The exit code that goes with it.
    """

    def __init__(self, sentence: str, ending: Ending) -> None:
        super().__init__(sentence)
        self.ending = ending


class LastError(logging.Filter):
    """Remembers the last error that the server logged: JupyterHub's and Jupyter's code logs the reason, then exits.

    A filter that lets everything pass, since the server exchanges its loggers' handlers when it is configured.
    """

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def listen_to(self, *loggers: str) -> None:
        """Look at what these loggers log."""
        for name in loggers:
            logging.getLogger(name).addFilter(self)

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record's first line, and the exception's last."""
        if record.levelno >= logging.ERROR:
            self.text = record.getMessage().strip().partition("\n")[0]
            if record.exc_info and record.exc_info[1] is not None:
                self.text = f"{self.text.rstrip('.:')} ({_in_one_line(record.exc_info[1])})"
        return True


def say(sentence: str) -> None:
    """Write *sentence* as a line of its own on standard error."""
    sys.stdout.flush()
    print(f"mantidlab.server: {' '.join(sentence.split())}", file=sys.stderr, flush=True)


def reason(problem: BaseException, logged: LastError) -> CannotStart:
    """Turn whatever ended the start into a sentence and an exit code.

    Parameters
    ----------
    problem
        What was raised; a `SystemExit` if Jupyter's code gave up by itself.
    logged
        The last error that it logged.
    """
    if isinstance(problem, CannotStart):
        return problem
    if "Failed to connect to my Hub" in logged.text:
        return CannotStart(
            "The notebook server could not reach the hub. If the hub is being restarted, start the server again.",
            Ending.HUB_UNREACHABLE,
        )
    if isinstance(problem, ImportError):
        return CannotStart(
            f"The environment is broken: {_in_one_line(problem)}. Choose another one, or ask your administrator "
            "to build it anew.",
            Ending.BROKEN,
        )
    found = logged.text if isinstance(problem, SystemExit) and logged.text else _in_one_line(problem)
    return CannotStart(
        f"The notebook server stopped while starting: {found}. Your administrator finds more in its log.",
        Ending.BROKEN,
    )


def _in_one_line(problem: BaseException) -> str:
    return " ".join(f"{type(problem).__name__}: {problem}".split()).rstrip(".: ")
