"""What an interface returns: the value, and where it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import BaseModel

from mantidlab.interfaces.hashing import NoDigest, digest
from mantidlab.interfaces.provenance import Provenance

if TYPE_CHECKING:
    from mantidlab.interfaces.comparing import Comparison

R = TypeVar("R")


@dataclass(frozen=True, eq=False)
class Result(Generic[R]):
    """What a run of an interface returned.

    Two results are equal if their values are, and the same interface made them from the same inputs and files;
    when, how quickly and on which machine does not matter.

    Attributes
    ----------
    value
        What the function returned.
    provenance
        Inputs, files, versions, steps, log, time.
    given
        What the caller gave, by field.
    """

    value: R
    provenance: Provenance
    given: Mapping[str, Any] = field(repr=False)

    @property
    def cautions(self) -> tuple[str, ...]:
        """What makes the numbers doubtful."""
        return self.provenance.cautions

    @property
    def values(self) -> dict[str, Any]:
        """Its parts by name: fields of a model, dataclass or named tuple, keys of a mapping; else ``value``."""
        value = self.value
        if isinstance(value, BaseModel):
            return {name: getattr(value, name) for name in type(value).model_fields}
        if is_dataclass(value) and not isinstance(value, type):
            return {each.name: getattr(value, each.name) for each in fields(value)}
        if hasattr(value, "_asdict"):
            return dict(value._asdict())
        if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
            return dict(value)
        return {"value": value}

    def plot(self) -> Any:
        """Draw it: as its own ``plot`` does if the project gave it one, else each part that can be drawn.

        Returns
        -------
        object
            The plot, or several by their names.
        """
        from mantidlab.interfaces.drawing import draw

        return draw(self.value, self.values, self.provenance.title)

    def show(self) -> None:
        """Show it below the cell: what it has and where it comes from, and a plot of each part that can be drawn."""
        from mantidlab.interfaces.showing import show

        show(self)

    def notebook(self, path: Path | str) -> Path:
        """Write a notebook that repeats the run: the exact call, from nothing, and a comparison of the numbers.

        Parameters
        ----------
        path
            Of the notebook; ``.ipynb`` is added if it is not there. One that somebody has changed is not written over:
            the new one gets a number behind its name.

        Raises
        ------
        CannotRepeat
            An argument cannot be written down, or the interface is declared where a notebook cannot reach it.
        """
        from mantidlab.interfaces.repeating import write_notebook

        return write_notebook(self, path)

    def save(self, folder: Path | str) -> Path:
        """Write the value and where it comes from into a new folder; ``open_result`` reads it again.

        Raises
        ------
        CannotKeep
            It is of no kind that can be kept in a file.
        """
        from mantidlab.interfaces.saved import save_result

        save_result(self, Path(folder))
        return Path(folder)

    def compare(self, before: str, *, files: Mapping[str, str], versions: Mapping[str, str]) -> "Comparison":
        """Say what differs from an earlier run, as notebooks that repeat one do.

        Parameters
        ----------
        before
            The fingerprint of the earlier value.
        files
            SHA-256 of its files, by name.
        versions
            Of its packages.
        """
        from mantidlab.interfaces.comparing import compare

        return compare(self, before, files, versions)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Result):
            return NotImplemented
        return self._what_matters() == other._what_matters() and _same(self.value, other.value)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        parts = ", ".join(f"{name}: {type(value).__name__}" for name, value in self.values.items())
        return f"<result of {self.provenance.interface}: {parts}; {self.provenance.seconds:.2f} s{self._cautious}>"

    def _repr_html_(self) -> str:
        from mantidlab.interfaces.pages import page_of

        return page_of(self)

    @property
    def _cautious(self) -> str:
        return "".join(f"; caution: {sentence}" for sentence in self.cautions)

    def _what_matters(self) -> tuple[object, ...]:
        found = self.provenance
        files = sorted((Path(each.path).name, each.sha256) for each in found.files)
        # Paths may differ where the files are the same.
        return found.interface, files, {name: _without_folders(text, found) for name, text in found.resolved.items()}


def _without_folders(text: str, provenance: Provenance) -> str:
    for file in provenance.files:
        text = text.replace(file.path, Path(file.path).name)
    return text


def _same(one: Any, other: Any) -> bool:
    try:
        return digest(one) == digest(other)
    except NoDigest:
        return bool(one == other)
