"""Where interfaces lie, and where what can be made again is kept."""

import os
import shutil
from pathlib import Path

VARIABLE = "MANTIDLAB_CACHE"
"""Environment variable that names another folder for what is kept."""


def cache_folder() -> Path:
    """Return the folder, which need not be there yet: ``MANTIDLAB_CACHE``, else ``~/.cache/mantidlab``."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser().absolute()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache").expanduser().absolute() / "mantidlab"


LIMIT_VARIABLE = "MANTIDLAB_CACHE_GB"
"""Environment variable for how many gigabytes results of steps may take."""
LIMIT_GB = 4.0
SHARE_OF_FREE = 0.25
"""Of what is free in the home: a cache that fills it would cost the person more than it saves."""


def cache_limit() -> int:
    """Return how many bytes results of steps may take: 4 GB, or a quarter of what is free if that is less."""
    try:
        limit = float(os.environ.get(LIMIT_VARIABLE, LIMIT_GB)) * 1e9
    except ValueError:
        limit = LIMIT_GB * 1e9
    folder = next(each for each in (cache_folder(), *cache_folder().parents) if each.is_dir())
    try:
        return int(min(limit, SHARE_OF_FREE * shutil.disk_usage(folder).free))
    except OSError:
        return int(limit)


INTERFACES_VARIABLE = "MANTIDLAB_INTERFACES"
"""Environment variable that names the facility's folders of interfaces, as ``PATH`` names folders."""

EXAMPLES_VARIABLE = "MANTIDHUB_EXAMPLES"
"""Environment variable that names the folder of what instrument scientists publish."""


def personal_folder() -> Path:
    """Return where a person's own interfaces lie: ``~/interfaces``."""
    return Path.home() / "interfaces"


def facility_folders() -> list[Path]:
    """Return the folder ``interfaces`` of the facility's examples, and those that ``MANTIDLAB_INTERFACES`` names."""
    examples = os.environ.get(EXAMPLES_VARIABLE)
    named = [Path(each).expanduser() for each in os.environ.get(INTERFACES_VARIABLE, "").split(os.pathsep) if each]
    return [*([Path(examples) / "interfaces"] if examples else []), *named]
