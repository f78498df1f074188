"""Where a result comes from: inputs, files, versions, steps, log."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, TypeAdapter

from mantidlab.interfaces.activity import CAUTION, REMARK, Activity, LogLine, StepTaken
from mantidlab.interfaces.checksums import Checksum, checksum
from mantidlab.interfaces.versions import environment, versions
from mantidlab.interfaces.written import shown

if TYPE_CHECKING:
    from mantidlab.interfaces.declaring import Interface


@dataclass(frozen=True)
class Provenance:
    """Where a result comes from.

    Attributes
    ----------
    interface, title, origin
        What ran: its name, its title, the module or file it is declared in.
    given
        What the caller gave, by field, as Python writes it.
    resolved
        What the function got: defaults too, runs as paths.
    files
        That were read: those that fields name, and those that steps took.
    environment
        ``environment``, ``title``, ``hash``, ``lock`` as in a notebook's metadata; empty outside MantidHub.
    versions
        Of Python and of loaded packages.
    steps
        Which were taken, and which of them were there already.
    log
        What was said meanwhile.
    started
        In UTC, as ISO 8601 writes it.
    seconds
        From start to end.
    """

    interface: str
    title: str
    origin: str
    given: Mapping[str, str]
    resolved: Mapping[str, str]
    files: tuple[Checksum, ...]
    environment: Mapping[str, str]
    versions: Mapping[str, str]
    steps: tuple[StepTaken, ...]
    log: tuple[LogLine, ...]
    started: str
    seconds: float

    @property
    def cautions(self) -> tuple[str, ...]:
        """What makes the numbers doubtful."""
        return self._said(CAUTION)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What was done that nobody asked for."""
        return self._said(REMARK)

    def to_dict(self) -> dict[str, Any]:
        """Return it as what JSON can hold."""
        return asdict(self)

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Self:
        """Read what `to_dict` returned.

        Raises
        ------
        pydantic.ValidationError
            It is something else.
        """
        return TypeAdapter(cls).validate_python(found)

    def _said(self, level: str) -> tuple[str, ...]:
        return tuple(line.line for line in self.log if line.level == level)


def gather(
    interface: "Interface[Any, Any]",
    given: Mapping[str, Any],
    resolved: Mapping[str, Any],
    activity: Activity,
    started: datetime,
) -> Provenance:
    """Return where the result of a run comes from, when it ends."""
    heading = interface.heading
    paths = {path.absolute() for path in paths_in(resolved) if path.is_file()} | activity.files
    return Provenance(
        interface=heading.name,
        title=heading.title,
        origin=heading.origin,
        given={name: shown(value) for name, value in given.items()},
        resolved={name: shown(_whole(value)) for name, value in resolved.items()},
        files=tuple(checksum(path) for path in sorted(paths) if path.is_file()),
        environment=environment(),
        versions=versions(),
        steps=tuple(activity.steps),
        log=tuple(activity.lines),
        started=started.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - activity.started, 3),
    )


def _whole(value: Any) -> Any:
    """Return a model with its defaults as if somebody had chosen them, so that they are written as well."""
    if not isinstance(value, BaseModel):
        return value
    fields = {name: _whole(getattr(value, name)) for name in type(value).model_fields}
    return type(value).model_construct(_fields_set=set(fields), **fields)


def paths_in(value: Any) -> Iterator[Path]:
    """Return the paths that a value holds, however deep in models and containers."""
    if isinstance(value, Path):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from paths_in(getattr(value, name))
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from paths_in(each)
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from paths_in(each)
