"""What an environment shall hold: the TOML file that ships, as a model.

A specification names the lock and everything else that shapes the prefix. Paths in it are relative to its own folder.
Its packages are either Python packages (``requirements``) or conda packages (the table ``[conda]``).
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails

from mantidhub.environments.environment import HASHES, MANIFEST
from mantidhub.environments.installer import SCRATCH
from mantidhub.errors import EnvironmentFailed
from mantidhub.settings.load import conceal, line_of

SHIPPED = Path(__file__).resolve().parents[5] / "environments"
"""The folder of the specifications that ship: MantidHub runs from its checkout."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9.-]{0,30}[a-z0-9])?$")]
PythonVersion = Annotated[str, StringConstraints(pattern=r"^3\.\d+$")]
Module = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$")]
Variable = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]\w*$")]
Label = Literal["recommended", "nightly", "retired"]
Platform = Literal["linux-64", "linux-aarch64"]

CHANNEL_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(/[\w.-]+)*")

ALLOWED = {
    "name": "1 to 32 lower-case letters, digits, dots and hyphens",
    "python": 'a list of minor versions: ["3.11", "3.12"]',
    "checks": "arrays `imports` and `modules` of module names",
    "conda": 'a table with `channels = ["conda-forge"]`, `packages = ["mantid 6.16.*"]`, `platforms = ["linux-64"]`',
    "conda.channels": 'channels by name, such as ["mantid", "conda-forge"], file://… or absolute paths',
    "conda.packages": 'match specs, such as ["mantid 6.16.*", "ipykernel >=6.31,<7"]',
    "conda.platforms": "linux-64, linux-aarch64",
    "files": 'a table "path in the environment" = "path beside this file"',
    "excluded": 'a table package = "reason"',
    "variables": 'a table NAME = "value"',
    "labels": "recommended, nightly, retired",
    "session_files": 'a table "/path in a session" = "path of a template beside this file"',
    "catalogue": 'a list of package names, such as ["scipp"]',
    "free_space_gb": "a positive number",
}

SAID = {
    "string_type": "it is no text in quotes",
    "path_type": "it is no path in quotes",
    "tuple_type": "it is no list",
    "mapping_type": "it is no table",
    "dict_type": "it is no table",
    "model_type": "it is no table",
    "string_pattern_mismatch": "it is not written as it must be",
    "string_too_short": "it is empty",
    "too_short": "it is empty",
}
"""What pydantic's kinds of mistakes mean to the person who wrote the file."""


class Checks(BaseModel):
    """What must work before a build becomes visible.

    Attributes
    ----------
    imports
        Modules that can be imported.
    modules
        Modules that end with status 0 when they are run (``python -m``).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    imports: tuple[Module, ...] = ()
    modules: tuple[Module, ...] = ()


class Conda(BaseModel):
    """What an environment asks conda channels for.

    Attributes
    ----------
    channels
        By name, the preferred one first; where a name leads is decided when packages are fetched. A folder of this
        machine is given as ``file://…`` or an absolute path, and its name is the last part of that.
    packages
        Match specs.
    platforms
        Kinds of machines that the lock is made for.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    channels: tuple[str, ...] = Field(min_length=1)
    packages: tuple[Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)], ...] = Field(min_length=1)
    platforms: tuple[Platform, ...] = Field(default=("linux-64",), min_length=1)

    @field_validator("channels")
    @classmethod
    def _are_channels(cls, channels: tuple[str, ...]) -> tuple[str, ...]:
        for channel in channels:
            if not (channel_name(channel) if is_folder(channel) else CHANNEL_NAME.fullmatch(channel)):
                raise ValueError(f"{channel!r} is no name; an address of a channel is given as a mirror")
        names = [channel_name(channel) for channel in channels]
        if doubled := [name for name in names if names.count(name) > 1]:
            raise ValueError(f"{doubled[0]!r} is named twice")
        return channels

    @field_validator("packages")
    @classmethod
    def _name_no_channel(cls, packages: tuple[str, ...]) -> tuple[str, ...]:
        for package in packages:
            if "::" in package or "://" in package:
                raise ValueError(f"{package!r} names a channel, but the order of the channels decides")
        return packages

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the channels."""
        return tuple(channel_name(channel) for channel in self.channels)

    @property
    def folders(self) -> dict[str, str]:
        """Name → address of the channels that are folders of this machine."""
        return {channel_name(channel): channel for channel in self.channels if is_folder(channel)}


class Specification(BaseModel):
    """One environment to build.

    Attributes
    ----------
    name, title, description
        For folders and commands, for the spawn page, and for its explanation.
    python
        Minor versions that the lock has wheels for, such as ``3.11``; the preferred one first. An environment of conda
        packages brings its own Python and names none: it is one of its packages.
    requirements, conda
        What is asked for: a file of Python packages, or conda packages. One of the two.
    lock
        The exact packages with their hashes that it came to. Without one, which only conda packages may be, the lock
        is made in the folder of environments.
    local_packages
        Folders of pure Python packages of this workspace that are built and installed too.
    excluded
        Packages that the lock leaves out although others ask for them, each with its reason.
    files
        Settings files: their path in the prefix and where they come from.
    variables
        Set in every session that uses the environment.
    session_files
        Files that every session sees: their absolute path there, and the template they are made from.
    catalogue
        Packages whose knowledge is drawn out of the environment when it is built.
    labels
        ``recommended``, ``nightly``, ``retired``: shown where people choose; they change nothing in the prefix.
    free_space_gb
        Space (10⁹ bytes) that a build needs.
    path
        Where the specification was read from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    title: str = Field(min_length=1)
    description: str
    python: tuple[PythonVersion, ...] = ()
    requirements: Path | None = None
    conda: Conda | None = None
    lock: Path | None = None
    local_packages: tuple[Path, ...] = ()
    excluded: Mapping[str, str] = Field(default_factory=dict)
    files: Mapping[str, Path] = Field(default_factory=dict)
    variables: Mapping[Variable, str] = Field(default_factory=dict)
    session_files: Mapping[str, Path] = Field(default_factory=dict)
    catalogue: tuple[Module, ...] = ()
    labels: tuple[Label, ...] = ()
    free_space_gb: float = Field(default=2.0, gt=0, allow_inf_nan=False)
    checks: Checks = Checks()
    path: Path

    @field_validator("python")
    @classmethod
    def _is_not_empty(cls, python: tuple[str, ...]) -> tuple[str, ...]:
        if not python:
            raise ValueError("at least one version is needed")
        return python

    @field_validator("files")
    @classmethod
    def _stays_inside(cls, files: Mapping[str, Path]) -> Mapping[str, Path]:
        for target in files:
            parts = PurePosixPath(target).parts
            if not parts or target.startswith("/") or ".." in parts:
                raise ValueError(f"{target!r} does not lie inside the environment")
            if target in {MANIFEST, HASHES} or parts[0] == SCRATCH:
                raise ValueError(f"{target!r} is written by the build itself")
        return files

    @field_validator("session_files")
    @classmethod
    def _is_absolute(cls, files: Mapping[str, Path]) -> Mapping[str, Path]:
        for target in files:
            if not target.startswith("/") or ".." in PurePosixPath(target).parts or not PurePosixPath(target).name:
                raise ValueError(f"{target!r} is no absolute path of a file")
        return files

    @model_validator(mode="before")
    @classmethod
    def _is_of_one_kind(cls, content: Any) -> Any:
        if not isinstance(content, dict):
            return content
        if ("requirements" in content) == ("conda" in content):
            found = "both" if "conda" in content else "neither"
            raise ValueError(
                f"{found} of `requirements` (a file of Python packages) and the table [conda] found, one is needed"
            )
        if "conda" in content and "python" in content:
            raise ValueError('`python` stands beside [conda]; name it there instead: packages = ["python 3.12.*"]')
        return content

    @model_validator(mode="after")
    def _python_packages_need(self) -> Self:
        if self.requirements is not None:
            if not self.python:
                raise ValueError(f"python is missing. Allowed: {ALLOWED['python']}")
            if self.lock is None:
                raise ValueError("lock is missing; it names the file that `mantidhub environment lock` shall write")
        return self

    @model_validator(mode="after")
    def _lock_replaces_nothing(self) -> Self:
        """Refuse a lock that would be written over what somebody wrote by hand."""
        if self.lock is not None:
            sources = [self.requirements, *self.files.values(), *self.session_files.values()]
            taken = {self.path, *(self.beside(source) for source in sources if source is not None)}
            if self.beside(self.lock).resolve() in {place.resolve() for place in taken}:
                raise ValueError(f"lock = {str(self.lock)!r} is a file with another purpose; it would be overwritten")
        return self

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a specification.

        Raises
        ------
        EnvironmentFailed
            The file cannot be read, is no TOML, holds something wrong, or names files that are not there.
        """
        path = path.absolute()
        try:
            text = path.read_text(encoding="utf-8")
            content: dict[str, Any] = tomllib.loads(text)
        except OSError as error:
            raise EnvironmentFailed(
                f"The specification {path} cannot be read ({error.strerror}). {known(path.parent)}"
            ) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise EnvironmentFailed(f"The specification {path} is not valid TOML: {error}.") from error
        # It is a field, but nobody may write it.
        unknown = {"path in the file": content["path"]} if "path" in content else {}
        try:
            specification = cls.model_validate({**content, **unknown, "path": path})
        except ValidationError as error:
            raise EnvironmentFailed(explain(path, text, error)) from error
        specification._require_files(text)
        return specification

    def beside(self, relative: Path) -> Path:
        """Return where a path of the specification points to."""
        return self.path.parent / relative

    def lock_file(self, root: Path | None = None) -> Path:
        """Return where the lock lies: where the specification says, else in the folder of environments.

        Raises
        ------
        EnvironmentFailed
            It names none, and no folder is given.
        """
        if self.lock is not None:
            return self.beside(self.lock)
        if root is None:
            raise EnvironmentFailed(
                f'{self.path} names no lock. Say where it shall lie: lock = "{self.name}.lock.json".'
            )
        return root.absolute() / f"{self.name}.lock.json"

    def with_lock(self, lock: Path) -> Self:
        """Return the same specification with its lock at an absolute path."""
        return self.model_copy(update={"lock": lock})

    def _require_files(self, text: str) -> None:
        requirements = [] if self.requirements is None else [self.requirements]
        wanted = [
            *(("requirements", source, Path.is_file, "") for source in requirements),
            *((f"files.{target}", source, Path.is_file, "") for target, source in self.files.items()),
            *((f"session_files.{target}", source, Path.is_file, "") for target, source in self.session_files.items()),
            *(("local_packages", folder, is_package, "A folder with a pyproject.toml is needed.")
              for folder in self.local_packages),
        ]  # fmt: skip
        for key, relative, is_right, advice in wanted:
            if not is_right(self.beside(relative)):
                line = line_of(text, key.split(".", 1))
                where = f"{self.path}:{line}" if line else str(self.path)
                raise EnvironmentFailed(f"{where}: {key} names {self.beside(relative)}, not found. {advice}".strip())


def shipped_specifications() -> list[Specification]:
    """Return the specifications that come with MantidHub, by name."""
    return [Specification.load(path) for path in sorted(SHIPPED.glob("*.toml"))]


def is_package(folder: Path) -> bool:
    """Tell whether a folder holds a Python project."""
    return (folder / "pyproject.toml").is_file()


def is_folder(channel: str) -> bool:
    """Tell whether a channel is given by its place on this machine."""
    return channel.startswith(("file://", "/"))


def channel_name(channel: str) -> str:
    """Return what a channel is called, wherever it lies."""
    return channel.removeprefix("file://").rstrip("/").rpartition("/")[2] if is_folder(channel) else channel


def explain(path: Path, text: str, error: ValidationError) -> str:
    """Return one line for each mistake: where, what was found, what is allowed."""
    mistakes = error.errors(include_url=False)
    # A list whose only entry is wrong is empty for pydantic too.
    mistakes = [one for one in mistakes if not (one["type"] == "too_short" and goes_deeper(one["loc"], mistakes))]
    lines = [f"The specification {path} has {len(mistakes)} mistake(s):"]
    for mistake in mistakes:
        place = tuple(part for part in mistake["loc"] if part != "[key]")
        key = ".".join(str(part) for part in place)
        line = line_of(text, [str(part) for part in place]) if place else None
        where = f"  line {line}: " if line else "  "
        said = SAID.get(mistake["type"]) or mistake["msg"].removeprefix("Value error, ")
        allowed = find_allowed(place)
        match mistake["type"]:
            case "extra_forbidden":
                lines.append(f"{where}{key} is not known. Allowed: {known_keys(place)}.")
            case "missing":
                lines.append(f"{where}{key} is missing.{f' Allowed: {allowed}.' if allowed else ''}")
            case "value_error" if not key:
                lines.append(f"{where}{said}.")
            case _:
                found = f"{where}{key} = {conceal(repr(mistake['input']))}: {conceal(said)}."
                lines.append(f"{found} Allowed: {allowed}." if allowed else found)
    return "\n".join(lines)


def goes_deeper(place: tuple[int | str, ...], mistakes: Sequence[ErrorDetails]) -> bool:
    """Tell whether there is a mistake inside the value at a place."""
    return any(len(one["loc"]) > len(place) and one["loc"][: len(place)] == place for one in mistakes)


def find_allowed(place: tuple[int | str, ...]) -> str | None:
    """Return what may stand at a place of the specification."""
    return ALLOWED.get(".".join(map(str, place[:2]))) or ALLOWED.get(str(place[0])) if place else None


def known_keys(place: tuple[int | str, ...]) -> str:
    """Return the keys of the table that a place lies in."""
    tables: dict[str, type[BaseModel]] = {"conda": Conda, "checks": Checks}
    table = tables.get(str(place[0]), Specification) if len(place) > 1 else Specification
    return ", ".join(sorted(set(table.model_fields) - {"path"}))


def known(folder: Path) -> str:
    """Return a sentence that names the specifications of a folder."""
    names = ", ".join(path.name for path in sorted(folder.glob("*.toml")))
    return f"In {folder} there is {names}." if names else f"There is no specification in {folder}."
