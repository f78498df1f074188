"""The end of a command that has loaded Mantid."""

import os
import sys


def leave(code: int) -> None:
    """End the process at once with an exit code, when all that it had to say is written.

    Not by ``sys.exit``: what loaded C++ libraries tear down after that can crash, and then a command that did all it
    should would count as failed.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)
