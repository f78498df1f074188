"""Compare what was found with what was expected, and say it in a table or in JSON."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from mantidlab.conformance.expectations import Expectation, Subject

WIDTH = 44


@dataclass(frozen=True)
class Row:
    """One line of the table; `verdict` is ``ok``, ``FAILED``, ``recorded`` (differs, not judged) or ``left out``."""

    about: str
    what: str
    expected: str
    found: str
    verdict: str


def compared(
    wanted: Iterable[Expectation],
    subject: Callable[[str], Subject],
    version: tuple[int, int],
    optional: Sequence[str] = (),
) -> list[Row]:
    """Look at every expectation. Whatever is raised on the way is a finding, not the end."""
    rows = []
    for expectation in wanted:
        expected: Any = "" if callable(expectation.expected) else expectation.expected
        try:
            seen = subject(expectation.about)
        except Exception as error:  # noqa: BLE001  (Mantid raises what it likes; the table says what)
            verdict = "left out" if expectation.about in optional else "FAILED"
            rows.append(_row(expectation, expected, f"cannot be made: {_said(error)}", verdict))
            continue
        try:
            # Mantid is asked first: some expectations delete what they look at.
            expected = expectation.wanted(seen)
            found = expectation.found(seen)
            holds = expectation.holds(found, expected)
        except Exception as error:  # noqa: BLE001  (as above)
            found, holds = _said(error), False
        verdict = "ok" if holds else "FAILED" if expectation.judged(version) else "recorded"
        rows.append(_row(expectation, expected, found, verdict))
    return rows


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _row(expectation: Expectation, expected: Any, found: Any, verdict: str) -> Row:
    return Row(expectation.about, expectation.what, short(expected), short(found), verdict)


def short(value: Any) -> str:
    """Return a value as it fits into a column."""
    if isinstance(value, np.ndarray):
        text = np.array2string(value.ravel()[:3], precision=6, separator=", ")
        return text if value.size <= 3 else f"{text[:-1]}, …] {'×'.join(map(str, value.shape))}"
    text = " ".join((repr(value) if isinstance(value, str) and value.strip() != value else str(value)).split())
    return text if len(text) <= 2 * WIDTH else text[: 2 * WIDTH - 1] + "…"


def failures(rows: Iterable[Row]) -> int:
    """Return how many expectations failed."""
    return sum(row.verdict == "FAILED" for row in rows)


def as_table(rows: Sequence[Row], version: str) -> str:
    """Return the table, and the result in one sentence."""
    head = Row("workspace", "expectation", "expected", "found", "")
    cells = [(f"{row.about}: {row.what}" if row is not head else "expectation", row) for row in (head, *rows)]
    first = max(len(cell) for cell, _ in cells)
    second = min(WIDTH, max(len(row.expected) for _, row in cells))
    third = min(WIDTH, max(len(row.found) for _, row in cells))
    lines = []
    for cell, row in cells:
        # What failed is shown whole.
        whole = row.verdict in ("FAILED", "recorded", "left out")
        expected, found = (text if whole else text[:WIDTH] for text in (row.expected, row.found))
        lines.append(f"{cell:<{first}}  {expected:<{second}}  {found:<{third}}  {row.verdict or 'ok?'}".rstrip())
    failed = failures(rows)
    unjudged = sum(row.verdict == "recorded" for row in rows)
    left_out = sum(row.verdict == "left out" for row in rows)
    result = f"Mantid {version}: {len(rows)} expectations, {failed} failed"
    result += f", {unjudged} differ from Mantid 3.13 and need not agree" if unjudged else ""
    result += f", {left_out} left out" if left_out else ""
    return "\n".join([*lines, "", result + "."])


def what_to_send(rows: Iterable[Row], version: str, system: str) -> list[str]:
    """Return a sentence for each expectation that failed, and what whoever mends it needs."""
    wrong = [row for row in rows if row.verdict == "FAILED"]
    if not wrong:
        return []
    sentences = [
        f"* {row.about} ({row.what}): expected {row.expected or 'no error'}, found {row.found or 'nothing'}."
        for row in wrong
    ]
    return [
        "",
        *sentences,
        "",
        f"To have this mended, send these lines with: Mantid {version}, {system}; and, whole, what "
        "`python -m mantidlab.conformance --json` prints.",
    ]


def as_json(rows: Sequence[Row], version: str) -> str:
    """Return the same for programs, in ASCII, which every encoding of standard output has."""
    content = {"mantid": version, "failed": failures(rows), "expectations": [asdict(row) for row in rows]}
    return json.dumps(content, indent=1)
