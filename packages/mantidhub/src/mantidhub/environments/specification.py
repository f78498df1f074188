"""What an environment shall hold: the TOML file that ships, as a model.

A specification names the lock and everything else that shapes the prefix. Paths in it are relative to its own folder.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from mantidhub.errors import EnvironmentFailed

SHIPPED = Path(__file__).resolve().parents[5] / "environments"
"""The folder of the specifications that ship: MantidHub runs from its checkout."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9.-]{0,30}[a-z0-9])?$")]
PythonVersion = Annotated[str, StringConstraints(pattern=r"^3\.\d+$")]
Module = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$")]
Variable = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]\w*$")]

ALLOWED = {
    "name": "1 to 32 lower-case letters, digits, dots and hyphens",
    "python": 'a list of minor versions: ["3.11", "3.12"]',
    "checks": "an array `imports` of module names",
    "files": 'a table "path in the environment" = "path beside this file"',
    "excluded": 'a table package = "reason"',
    "variables": 'a table NAME = "value"',
    "free_space_gb": "a positive number",
}


class Checks(BaseModel):
    """What must work before a build becomes visible."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    imports: tuple[Module, ...] = ()


class Specification(BaseModel):
    """One environment to build.

    Attributes
    ----------
    name, title, description
        For folders and commands, for the spawn page, and for its explanation.
    python
        Minor versions that the lock has wheels for, such as ``3.11``; the preferred one first.
    requirements, lock
        What was asked for, and the exact packages with their hashes that it came to.
    local_packages
        Folders of pure Python packages of this workspace that are built and installed too.
    excluded
        Packages that the lock leaves out although others ask for them, each with its reason.
    files
        Settings files: their path in the prefix and where they come from.
    variables
        Set in every session that uses the environment.
    free_space_gb
        Space (10⁹ bytes) that a build needs.
    path
        Where the specification was read from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    title: str = Field(min_length=1)
    description: str
    python: tuple[PythonVersion, ...] = Field(min_length=1)
    requirements: Path
    lock: Path
    local_packages: tuple[Path, ...] = ()
    excluded: Mapping[str, str] = Field(default_factory=dict)
    files: Mapping[str, Path] = Field(default_factory=dict)
    variables: Mapping[Variable, str] = Field(default_factory=dict)
    free_space_gb: float = Field(default=2.0, gt=0)
    checks: Checks = Checks()
    path: Path

    @field_validator("files")
    @classmethod
    def _stays_inside(cls, files: Mapping[str, Path]) -> Mapping[str, Path]:
        for target in files:
            parts = PurePosixPath(target).parts
            if not parts or target.startswith("/") or ".." in parts:
                raise ValueError(f"{target!r} does not lie inside the environment")
        return files

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
            content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise EnvironmentFailed(
                f"The specification {path} cannot be read ({error.strerror}). {known(path.parent)}"
            ) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise EnvironmentFailed(f"The specification {path} is not valid TOML: {error}.") from error
        try:
            specification = cls.model_validate({**content, "path": path})
        except ValidationError as error:
            raise EnvironmentFailed(explain(path, error)) from error
        specification._require_files()
        return specification

    def beside(self, relative: Path) -> Path:
        """Return where a path of the specification points to."""
        return self.path.parent / relative

    def lock_lines(self) -> list[str]:
        """Return what the lock demands, without comments.

        Raises
        ------
        EnvironmentFailed
            There is no lock.
        """
        lock = self.beside(self.lock)
        try:
            lines = (line.strip() for line in lock.read_text(encoding="utf-8").splitlines())
        except OSError as error:
            raise EnvironmentFailed(
                f"{self.path}: the lock {lock} cannot be read ({error.strerror}). Make it with `make lock`."
            ) from error
        return [line for line in lines if line and not line.startswith("#")]

    def _require_files(self) -> None:
        wanted = [
            *((f"files.{target}", source, Path.is_file, "") for target, source in self.files.items()),
            *(("local_packages", folder, is_package, "A folder with a pyproject.toml is needed.")
              for folder in self.local_packages),
        ]  # fmt: skip
        for key, relative, is_right, advice in wanted:
            if not is_right(self.beside(relative)):
                raise EnvironmentFailed(
                    f"{self.path}: {key} names {self.beside(relative)}, not found. {advice}".strip()
                )


def shipped_specifications() -> list[Specification]:
    """Return the specifications that come with MantidHub, by name."""
    return [Specification.load(path) for path in sorted(SHIPPED.glob("*.toml"))]


def is_package(folder: Path) -> bool:
    """Tell whether a folder holds a Python project."""
    return (folder / "pyproject.toml").is_file()


def explain(path: Path, error: ValidationError) -> str:
    """Return one line for each mistake: where, what was found, what is allowed."""
    lines = [f"The specification {path} has {error.error_count()} mistake(s):"]
    for mistake in error.errors(include_url=False):
        key = ".".join(str(part) for part in mistake["loc"])
        allowed = ALLOWED.get(str(mistake["loc"][0])) if mistake["loc"] else None
        match mistake["type"]:
            case "extra_forbidden":
                allowed = ", ".join(sorted(set(Specification.model_fields) - {"path"}))
                lines.append(f"  {key} is not known. Allowed: {allowed}.")
            case "missing":
                lines.append(f"  {key} is missing.")
            case _:
                found = f"  {key} = {mistake['input']!r}: {mistake['msg']}."
                lines.append(f"{found} Allowed: {allowed}." if allowed else found)
    return "\n".join(lines)


def known(folder: Path) -> str:
    """Return a sentence that names the specifications of a folder."""
    names = ", ".join(path.name for path in sorted(folder.glob("*.toml")))
    return f"In {folder} there is {names}." if names else f"There is no specification in {folder}."
