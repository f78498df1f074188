"""The list of an environment's interfaces as it was last drawn up, for who must not import them, such as search.

`mantidlab.interfaces.describing` draws it up; this is the file in which the server keeps it.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mantidlab.interfaces.places import cache_folder


def list_file(prefix: Path) -> Path:
    """Return where the list of the environment with that prefix is kept."""
    return cache_folder() / f"interfaces-{hashlib.sha256(str(prefix).encode()).hexdigest()[:12]}.json"


def listed(prefix: Path) -> tuple[Mapping[str, Any], ...]:
    """Return what is kept of each interface (``name``, ``title``, ``summary`` …); nothing before it was drawn up."""
    try:
        return tuple(json.loads(list_file(prefix).read_text(encoding="utf-8"))["said"]["interfaces"])
    except (OSError, ValueError, TypeError, LookupError):
        return ()


def hidden(name: str, before: str, after: str) -> str:
    """Return the sentence for two files of one kind that declare the same name."""
    return f"{before} and {after} both declare {name}: the one of {after} counts. Give one of them another name."
