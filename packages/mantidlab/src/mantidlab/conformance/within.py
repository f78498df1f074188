"""``python -m mantidlab.conformance.within PART AFTER``: takes a part's steps and says what they find."""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import TextIO

from mantidlab.conformance.parts import steps_of
from mantidlab.conformance.subjects import Making
from mantidlab.frameworks.mantid import MantidMissing
from mantidlab.leaving import leave


def main(part: str, after: int, output: TextIO) -> int:
    """Take the steps behind a number of them."""

    def say(**message: object) -> None:
        print(json.dumps(message), file=output, flush=True)

    try:
        making = Making()
    except MantidMissing as error:
        say(missing=str(error))
        return 2
    say(mantid=making.named())
    try:
        for number, step in enumerate(steps_of(part, making, lambda line: say(going=line)), 1):
            if number <= after:
                continue
            say(step=number, about=step.about, judged=step.judged, seconds=step.seconds)
            found = step.taken()
            say(rows=[asdict(row) for row in found.rows], counts=found.counts)
    finally:
        making.clean()
    say(end=True)
    return 0


def own_output() -> TextIO:
    """Return standard output for the result alone; whatever else is printed goes to standard error from now on.

    Mantid logs to either, and some of its C++ prints, in part when the process ends.
    """
    result = os.fdopen(os.dup(1), "w", encoding=sys.stdout.encoding, errors="backslashreplace")
    os.dup2(2, 1)
    return result


def run(command: Callable[[TextIO], int]) -> None:
    """Run a command with standard output of its own, and end the process with its code."""
    leave(command(own_output()))


if __name__ == "__main__":
    run(lambda output: main(sys.argv[1], int(sys.argv[2]), output))
