"""What computed: the environment as the platform names it, and the versions of packages."""

import importlib.metadata
import os
import platform
import sys
from functools import cache

NAMED = (
    *("mantidlab", "mantid", "scipp", "scippneutron", "scippnexus", "plopp", "numpy", "scipy", "h5py", "pydantic"),
    *(
        "essdiffraction",
        "essimaging",
        "essnmx",
        "esspolarization",
        "essreduce",
        "essreflectometry",
        "esssans",
        "essspectroscopy",
    ),
)
"""Packages whose versions a result carries, if they are loaded."""
PARTS = ("title", "hash", "lock")


def environment() -> dict[str, str]:
    """Return ``environment``, ``title``, ``hash`` and ``lock`` as in a notebook's metadata; empty outside MantidHub."""
    variables = {"environment": "MANTIDHUB_ENVIRONMENT"}
    variables |= {part: f"MANTIDHUB_ENVIRONMENT_{part.upper()}" for part in PARTS}
    return {part: os.environ[variable] for part, variable in variables.items() if os.environ.get(variable)}


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that are loaded, by the package's name."""
    found = {"python": platform.python_version()}
    for package in NAMED:
        if package in sys.modules or (package.startswith("ess") and "ess" in sys.modules):
            version = version_of(package)
            if version:
                found[package] = version
    return found


@cache
def version_of(package: str) -> str:
    """Return the version of an installed package, or what its module says of itself, or nothing."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return str(getattr(sys.modules.get(package), "__version__", ""))
