"""What an annotation can say of a field beside its type: its unit, which files it takes, where a form shows it.

Limits, titles and descriptions are pydantic's: ``Annotated[float, Unit("Å"), Field(ge=0.1, description="…")]``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, ValidationInfo
from pydantic_core import PydanticCustomError, core_schema

from mantidlab.archive import ArchiveError
from mantidlab.run_files import find_file

DECLARING = "declaring"
"""In the context of a validation: it is of defaults while a function is declared, and no file needs to be there."""

INSTRUMENTS = "instruments"
"""In the context of a validation: the instruments whose runs are meant by bare numbers."""


@dataclass(frozen=True)
class Unit:
    """The unit that a number is in: the function gets a plain number in this unit.

    A scalar of scipp, or ``{"value": 0.5, "unit": "nm"}`` as forms send it, is converted.

    Attributes
    ----------
    name
        As people write it: ``Å``, ``1/Å``, ``µs``, ``meV``, ``°``; scipp's ``angstrom`` is understood too.
    """

    name: str

    @property
    def form(self) -> dict[str, Any]:
        """What a form shows differently."""
        return {"unit": self.name}

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(self._number, handler(source))

    def _number(self, given: Any) -> Any:
        if isinstance(given, dict) and set(given) == {"value", "unit"}:
            return given["value"] if given["unit"] in ("", None, self.name) else self._converted(**given)
        if type(given).__module__.startswith("scipp") and hasattr(given, "unit"):
            number = given.value if given.ndim == 0 else given.values.tolist()
            return self._converted(number, str(given.unit))
        return given

    def _converted(self, value: Any, unit: str) -> Any:
        from mantidlab.frameworks.scipp import convert_number

        try:
            return convert_number(value, unit, self.name)
        except (ValueError, TypeError) as problem:
            raise PydanticCustomError(
                "unit", "{text}", {"text": f"It is wanted in {self.name}. {problem}"}
            ) from problem


@dataclass(frozen=True)
class Group:
    """The heading under which a form shows a field."""

    name: str

    @property
    def form(self) -> dict[str, Any]:
        """What a form shows differently."""
        return {"group": self.name}


@dataclass(frozen=True)
class Advanced:
    """A field that a form shows only to who asks for more."""

    @property
    def form(self) -> dict[str, Any]:
        """What a form shows differently."""
        return {"advanced": True}


@dataclass(frozen=True)
class Run:
    """A run of the interface's instruments, given as number or as path; the function gets the path.

    Attributes
    ----------
    extensions
        How its file may end, such as ``(".nxs",)``; empty if it does not matter.
    """

    extensions: tuple[str, ...] = ()

    @property
    def form(self) -> dict[str, Any]:
        """What a form shows differently."""
        return {"widget": "file", "extensions": self.extensions, "runs": True}

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.with_info_before_validator_function(self._path, handler(source))

    def _path(self, given: Any, info: ValidationInfo) -> Any:
        if given is None or isinstance(given, bool) or not isinstance(given, int | str | Path) or _declaring(info):
            return str(given) if isinstance(given, int) and not isinstance(given, bool) else given
        instruments: Sequence[str] = (info.context or {}).get(INSTRUMENTS, ())
        try:
            return _with_extension(find_file(given, instruments), self.extensions)
        except ArchiveError as problem:
            raise PydanticCustomError("run", "{text}", {"text": str(problem)}) from problem


class _GivenPath:
    """A path as somebody gave it, absolute and looked at by `_checked`; left alone while an interface is declared."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.with_info_after_validator_function(self._path, handler(source))

    def _path(self, given: Path | None, info: ValidationInfo) -> Path | None:
        return given if given is None or _declaring(info) else self._checked(given.expanduser().absolute())

    def _checked(self, path: Path) -> Path:
        raise NotImplementedError


@dataclass(frozen=True)
class File(_GivenPath):
    """A file that is read, by its path; the function gets the absolute path.

    Attributes
    ----------
    extensions
        How it may end; empty if it does not matter.
    """

    extensions: tuple[str, ...] = ()

    @property
    def form(self) -> dict[str, Any]:
        """What a form shows differently."""
        return {"widget": "file", "extensions": self.extensions}

    def _checked(self, path: Path) -> Path:
        if not path.is_file():
            raise PydanticCustomError("file", "{text}", {"text": f"There is no file {path}."})
        return _with_extension(path, self.extensions)


@dataclass(frozen=True)
class SaveFile(_GivenPath):
    """A file that is written; its folder must be there. The function gets the absolute path."""

    extensions: tuple[str, ...] = ()

    @property
    def form(self) -> dict[str, Any]:
        """What a form shows differently."""
        return {"widget": "save-file", "extensions": self.extensions}

    def _checked(self, path: Path) -> Path:
        return _with_extension(_folder(path.parent) / path.name, self.extensions)


@dataclass(frozen=True)
class Directory(_GivenPath):
    """A folder that is there; the function gets the absolute path."""

    @property
    def form(self) -> dict[str, Any]:
        """What a form shows differently."""
        return {"widget": "folder"}

    def _checked(self, path: Path) -> Path:
        return _folder(path)


@dataclass(frozen=True)
class Ordered:
    """A pair of numbers of which the first is the smaller one."""

    @property
    def form(self) -> dict[str, Any]:
        """What a form shows differently."""
        return {"widget": "range"}

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self._ordered, handler(source))

    def _ordered(self, given: tuple[float, float] | None) -> tuple[float, float] | None:
        if given is not None and not given[0] < given[1]:
            raise PydanticCustomError("range", "{text}", {"text": f"{given[0]:g} is not below {given[1]:g}."})
        return given


RunFile = Annotated[Path, Run()]
"""A run, given as number or path. ``Annotated[Path, Run(extensions=(".nxs",))]`` asks for a kind of file."""
InputFile = Annotated[Path, File()]
"""A file that is read."""
OutputFile = Annotated[Path, SaveFile()]
"""A file that is written."""
Folder = Annotated[Path, Directory()]
"""A folder that is there."""
Range = Annotated[tuple[float, float], Ordered()]
"""Two numbers, the smaller one first: ``wavelength: Annotated[Range, Unit("Å")] = (2.0, 14.0)``."""


def _declaring(info: ValidationInfo) -> bool:
    return bool((info.context or {}).get(DECLARING))


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise PydanticCustomError("folder", "{text}", {"text": f"There is no folder {path}."})
    return path


def _with_extension(path: Path, extensions: tuple[str, ...]) -> Path:
    if extensions and not path.name.lower().endswith(tuple(each.lower() for each in extensions)):
        text = f"{path.name} does not end with {' or '.join(extensions)}."
        raise PydanticCustomError("extension", "{text}", {"text": text})
    return path
