"""No package reaches outside of the prefix: a build may run as root, and py-rattler follows whatever paths one names.

What a package lists is read before anything is linked, since that is written to; where symlinks of its archive lead is
seen once it is unpacked. Such a package would otherwise write beside the prefix, or have a file of the machine linked
into it, which then becomes readable for everybody.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath

from rattler import PathsJson
from rattler.exceptions import ExtractError

from mantidhub.environments.conda.lock_file import LockedPackage
from mantidhub.errors import EnvironmentFailed


def require_relative(package: LockedPackage, archive: Path) -> None:
    """Refuse a package that lists a path outside of the prefix.

    Raises
    ------
    EnvironmentFailed
        It does, or its list cannot be read.
    """
    try:
        listed = PathsJson.from_package_archive(archive)
    except ExtractError as error:
        raise EnvironmentFailed(
            f"The package {package.file} of the channel {package.channel} cannot be used: what it holds is not listed "
            f"as it must be ({str(error).splitlines()[0]}). Take another version of it."
        ) from error
    for entry in listed.paths:
        path = PurePosixPath(entry.relative_path)
        if path.is_absolute() or ".." in path.parts:
            raise EnvironmentFailed(
                f"The package {package.file} of the channel {package.channel} names {path}, which lies outside of the "
                "environment. Nothing of it was used: ask who made it."
            )


def require_contained(unpacked: Path) -> None:
    """Refuse packages that, unpacked, name a file of the machine by way of a symlink.

    Parameters
    ----------
    unpacked
        A folder with one folder for each package.

    Raises
    ------
    EnvironmentFailed
        One does.
    """
    for folder in unpacked.iterdir():
        if (folder / "info" / "paths.json").is_file() and (path := next(led_outside(folder), None)):
            raise EnvironmentFailed(
                f"The package {folder.name} reaches by a symlink of its own to {path}, which lies outside of the "
                "environment. Nothing of it was used: ask who made it."
            )


def led_outside(folder: Path) -> Iterator[Path]:
    """Yield where the files lie that an unpacked package lists but does not hold."""
    own = folder.resolve()
    resolved = cache(Path.resolve)  # many files share a folder
    for entry in PathsJson.from_package_directory(folder).paths:
        file = folder / entry.relative_path
        place = resolved(file.parent) / file.name
        if entry.path_type.hardlink and file.is_symlink():
            place = place.resolve()
        if not place.is_relative_to(own):
            yield place
