"""Takes the steps of one part in processes of their own: a crash or a step without end costs that step alone.

The process says what it begins, and what it found, a line of JSON each. If it dies or is silent for too long, the step
that it had begun is a row that says so, and another process goes on behind it.
"""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from mantidlab.conformance.report import Row
from mantidlab.conformance.steps import counted, lost

START = 600.0
"""Seconds without a word until the first step: Mantid starts, and may be asked for its catalogue."""
GRACE = 5.0
"""Seconds that a step may take beyond its own, which is measured from here."""
DEATHS = 12
"""So many steps of a part may end their process; then the rest of it is left."""

Message = dict[str, Any]


class NoMantid(Exception):
    """There is no Mantid, or none that starts; its text is the sentence that says so."""


@dataclass
class Findings:
    """What is found of one part, as it comes in."""

    part: str
    mantid: str = ""
    rows: list[Row] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    done: int = 0
    deaths: int = 0
    step: Message | None = None

    def all_rows(self) -> list[Row]:
        """Return the rows, what was counted first."""
        return [*counted(self.counts), *self.rows]


def found_of(part: str, variables: Mapping[str, str]) -> Findings:
    """Look at a part in processes of their own.

    Parameters
    ----------
    variables
        Of the environment, besides those of this process.

    Raises
    ------
    NoMantid
        There is none.
    """
    found = Findings(part)
    while not _look(found, variables):
        found.deaths += 1
        if found.step is None:  # it did not get to a first step: it will not the next time
            break
        if found.deaths >= DEATHS:
            found.rows.append(lost(f"the rest of {part}", True, f"{DEATHS} steps ended their process; it is left"))
            break
    return found


def _look(found: Findings, variables: Mapping[str, str]) -> bool:
    """Go on behind the last step; return whether the part was looked at to its end."""
    flags = ["-I"] * bool(sys.flags.isolated) + ["-B"] * bool(sys.dont_write_bytecode)
    command = [sys.executable, *flags, "-m", "mantidlab.conformance.within", found.part, str(found.done)]
    found.step = None
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, env={**os.environ, **variables}, start_new_session=True
    ) as process:
        try:
            for message in _messages(process.stdout, found):
                if _taken_up(found, message):
                    return True
            why = _death(process)
        except TimeoutError as silence:
            why = str(silence)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    step: Message = found.step or {"about": found.part, "judged": True}
    found.rows.append(lost(step["about"], step["judged"], why))
    return False


def _taken_up(found: Findings, message: Message) -> bool:
    """Take up one message; return whether it is the last."""
    if "missing" in message:
        raise NoMantid(message["missing"])
    if "mantid" in message:
        found.mantid = message["mantid"]
    if "about" in message:
        found.step, found.done = message, message["step"]
    if "rows" in message:
        found.rows += [Row(**row) for row in message["rows"]]
        found.counts.update(message["counts"])
    return "end" in message


def _messages(stream: IO[bytes] | None, found: Findings) -> Iterator[Message]:
    """Give what the process says, until it has closed its end.

    Raises
    ------
    TimeoutError
        It says nothing for longer than the step may take.
    """
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def read() -> None:
        with contextlib.suppress(ValueError):  # closed meanwhile: nobody listens any more
            for line in stream or ():
                lines.put(line)
        lines.put(b"")

    threading.Thread(target=read, daemon=True).start()
    while True:
        allowed = START if found.step is None else float(found.step["seconds"]) + GRACE
        try:
            line = lines.get(timeout=allowed)
        except queue.Empty:
            raise TimeoutError(f"took longer than {allowed - GRACE:.0f} s, and was ended") from None
        if not line:
            return
        yield dict(json.loads(line))


def _death(process: "subprocess.Popen[bytes]") -> str:
    try:
        code = process.wait(GRACE)
    except subprocess.TimeoutExpired:
        return "closed its output, and was ended"
    if code < 0:
        return f"ended the process ({signal.Signals(-code).name}): a crash within Mantid"
    return f"ended the process (status {code})"
