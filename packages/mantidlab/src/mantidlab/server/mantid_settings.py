"""Mantid's settings of a user who starts it for the first time.

Mantid writes ``~/.mantid/Mantid.user.properties`` at its first start, from a template that sets ``default.facility``
and ``default.instrument`` to nothing: so a facility's own choice would hold for nobody. Here the file is written
before, with that choice. A file that is there is the user's, whatever it holds.
"""

import logging
import os
from collections.abc import Sequence
from pathlib import Path

from mantidlab.server.session_environments import SessionEnvironment
from mantidlab.server.whole_files import write_whole

FOLDER = ".mantid"
FILE = "Mantid.user.properties"
SETTINGS = {"default.facility": "MANTIDHUB_FACILITY", "default.instrument": "MANTIDHUB_INSTRUMENT"}


def prepare_mantid_settings(
    home: Path,
    environments: Sequence[SessionEnvironment],
    *,
    log: logging.Logger | logging.LoggerAdapter[logging.Logger],
) -> None:
    """Write the file if Mantid is among the environments, something is to be said, and nothing is there.

    Parameters
    ----------
    home
        The user's home. Where it holds a link in place of the folder or the file, nothing is done.
    environments
        Those of the session.
    log
        Where to report that it could not be written; nothing is raised.
    """
    chosen = {name: " ".join(os.environ.get(variable, "").split()) for name, variable in SETTINGS.items()}
    lines = [f"{name}={value}\n" for name, value in chosen.items() if value]
    folder = home / FOLDER
    if not lines or os.path.lexists(folder / FILE) or folder.is_symlink():
        return
    if not any(environment.installed("mantid") for environment in environments):
        return
    text = "# Written once by MantidHub, before Mantid's first start. It is yours: change what you like.\n"
    try:
        folder.mkdir(exist_ok=True)
        write_whole(folder / FILE, (text + "".join(lines)).encode(), replace=False)
    except OSError as problem:
        log.warning("Mantid's settings could not be written to ~/%s/%s: %s", FOLDER, FILE, problem)
