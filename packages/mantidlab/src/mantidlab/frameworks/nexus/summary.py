"""What a file holds, in figures and words, for a table on a screen or as JSON."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from mantidlab.frameworks.nexus.part import Part
from mantidlab.frameworks.nexus.reading import Reading

UNKNOWN = "not in the file"


@dataclass(frozen=True)
class PartSummary:
    """One data object: a bank, a monitor, a saved workspace. `counts` is None where the values are no counts."""

    name: str
    kind: str
    type: str
    shape: tuple[int, ...]
    counts: float | None


@dataclass(frozen=True)
class EntrySummary:
    """One entry of a file. Texts are empty and numbers None where the file does not say.

    Attributes
    ----------
    dialect
        Whose way of writing NeXus: ``ISIS raw``, ``Mantid processed``.
    total_counts
        In the detectors, without monitors and without copies of what was counted already; None where the values are no
        counts, or too many to add up.
    events
        How many were recorded one by one; None where there are histograms alone.
    detectors
        How many there are, monitors not counted, except in files that Mantid wrote: there, as many as its list has.
    zone_known
        Whether the file says its time zone; where not, its times are given as if they were UTC.
    logs
        Names of the sample logs.
    """

    name: str
    dialect: str
    facility: str
    instrument: str
    technique: str
    run: str
    title: str
    start: datetime | None
    end: datetime | None
    duration: timedelta | None
    zone_known: bool
    total_counts: float | None
    events: int | None
    detectors: int | None
    spectra: int | None
    periods: int
    logs: tuple[str, ...]
    parts: tuple[PartSummary, ...]
    monitors: tuple[PartSummary, ...]


@dataclass(frozen=True)
class FileSummary:
    """A file: its entries, and remarks on what is odd in it."""

    path: Path
    size: int
    entries: tuple[EntrySummary, ...]
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it with plain texts, numbers and lists."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain


def summarise(name: str, reading: Reading) -> EntrySummary:
    """Return the summary of one entry; counts are added up here, monitors and parts included."""
    header = reading.header
    parts = tuple(_part(part) for part in reading.parts)
    by_part = {id(part): summary.counts for part, summary in zip(reading.parts, parts, strict=True)}
    counted = [by_part.get(id(part)) for part in reading.counted]
    known = [counts for counts in counted if counts is not None]
    return EntrySummary(
        name=name,
        dialect=reading.dialect,
        facility=header.facility,
        instrument=header.instrument,
        technique=header.technique,
        run=header.run,
        title=header.title,
        start=header.start,
        end=header.end,
        duration=header.duration,
        zone_known=header.zoned,
        total_counts=sum(known) if known and len(known) == len(counted) else None,
        events=reading.events,
        detectors=reading.detectors,
        spectra=reading.spectra,
        periods=reading.periods,
        logs=tuple(reading.logs),
        parts=parts,
        monitors=tuple(_part(part) for part in reading.monitors),
    )


def _part(part: Part) -> PartSummary:
    return PartSummary(part.name, part.kind.value, part.type, part.shape, part.counts())


def to_text(summary: FileSummary) -> str:
    """Return a table for a terminal: a line for each fact."""
    lines = [f"{summary.path}  ({_bytes(summary.size)})"]
    for entry in summary.entries:
        lines += [f"  {name + ':':12} {value}" for name, value in _rows(entry)]
    lines += [f"  note:        {note}" for note in summary.notes]
    return "\n".join(lines)


def _rows(entry: EntrySummary) -> list[tuple[str, str]]:
    parts = [_described(part) for part in entry.parts[:6]]
    if len(entry.parts) > 6:
        parts.append(f"and {len(entry.parts) - 6} more")
    logs = f"{len(entry.logs)}" + (
        f" ({', '.join(entry.logs[:5])}{', …' if len(entry.logs) > 5 else ''})" if entry.logs else ""
    )
    return [
        ("entry", f"{entry.name} ({entry.dialect})"),
        ("instrument", f"{entry.instrument or UNKNOWN}{f' at {entry.facility}' if entry.facility else ''}"),
        ("technique", entry.technique or "unknown"),
        ("run", entry.run or UNKNOWN),
        ("title", entry.title or UNKNOWN),
        ("time", _time(entry)),
        ("counts", _counts(entry)),
        ("detectors", _detectors(entry)),
        ("data", "; ".join(parts) or "none"),
        ("monitors", "; ".join(_described(monitor) for monitor in entry.monitors) or "none"),
        ("logs", logs),
    ]


def _described(part: PartSummary) -> str:
    shape = " × ".join(f"{length:,}" for length in part.shape) or "1"
    return f"{part.name} ({part.kind}, {shape}{f', {_exact(part.counts)} counts' if part.counts is not None else ''})"


def _counts(entry: EntrySummary) -> str:
    total = _exact(entry.total_counts) if entry.total_counts is not None else "the values are no counts"
    return f"{total}, as {entry.events:,} events" if entry.events is not None else total


def _detectors(entry: EntrySummary) -> str:
    if entry.detectors is None and entry.spectra is None:
        return UNKNOWN
    detectors, spectra = _number(entry.detectors), _number(entry.spectra, " of")
    return f"{detectors} in {spectra} spectra, {_plural(entry.periods, 'period')}"


def _time(entry: EntrySummary) -> str:
    if entry.start is None:
        return UNKNOWN
    end = f" to {entry.end:%Y-%m-%d %H:%M:%S}" if entry.end is not None else ""
    lasted = f" ({entry.duration.total_seconds():,.6g} s)" if entry.duration is not None else ""
    zone = "UTC" if entry.zone_known else "of a zone that the file does not say"
    return f"{entry.start:%Y-%m-%d %H:%M:%S}{end} {zone}{lasted}"


def _exact(counts: float) -> str:
    """Return whole numbers with all their digits."""
    return f"{counts:,.12g}" if counts % 1 else f"{counts:,.0f}"


def _number(value: int | None, of: str = "") -> str:
    return f"{value:,}" if value is not None else f"an unknown number{of}"


def _plural(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _bytes(size: int) -> str:
    amount = float(size)
    for unit in ("B", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.3g} {unit}"
        amount /= 1000
    return f"{amount:.3g} GB"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    return str(value) if isinstance(value, Path) else value
