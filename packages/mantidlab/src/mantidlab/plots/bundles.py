"""The programs that draw plots in a browser: where they lie, and the hash by which a browser keeps each.

They are built from ``packages/mantidlab/ui``, and are part of every wheel.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mantidlab.plots.errors import BundlesMissing

FOLDER = Path(__file__).parent / "static"


@dataclass(frozen=True)
class Bundle:
    """An ES module that draws one kind of plot.

    Attributes
    ----------
    name
        ``lines``, ``slices`` or ``instrument``.
    hash
        Of its content, hexadecimal.
    file
        Where it lies.
    """

    name: str
    hash: str
    file: Path


@cache
def bundles() -> dict[str, Bundle]:
    """Return all bundles by name.

    Raises
    ------
    BundlesMissing
        They were not built.
    """
    try:
        hashes = json.loads((FOLDER / "bundles.json").read_text(encoding="utf-8"))
    except OSError as error:
        raise BundlesMissing(_sentence()) from error
    return {name: Bundle(name, hash_, FOLDER / f"{name}.js") for name, hash_ in hashes.items()}


@cache
def loader() -> str:
    """Return the module that each widget carries, and that loads the widget's bundle.

    Raises
    ------
    BundlesMissing
        It was not built.
    """
    try:
        return (FOLDER / "loader.js").read_text(encoding="utf-8")
    except OSError as error:
        raise BundlesMissing(_sentence()) from error


def _sentence() -> str:
    return (
        f"Plots cannot be drawn: the programs that draw them are not in {FOLDER}. In a checkout `make ui` builds them; "
        "elsewhere install mantidlab again."
    )
