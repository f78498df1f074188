"""The folders of a session: the home, and the private one for sockets and connection files."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from mantidlab.server.endings import CannotStart, Ending

# A kernel's ZeroMQ sockets are called kernel-<36 characters>-ipc-<digit> and must fit into sockaddr_un with the folder.
LONGEST_SOCKET_PATH = 107
_ROOM_FOR_SOCKETS = len("/kernel-") + 36 + len("-ipc-00000")


@dataclass(frozen=True)
class Places:
    """Where this session keeps what.

    Attributes
    ----------
    home
        The user's home.
    runtime
        A folder that only this user can enter, with a short path, for this server's run alone.
    runtime_is_ours
        Whether it was made by this process, which then removes it.
    home_problem
        Why the home cannot be written, or empty.
    """

    home: Path
    runtime: Path
    runtime_is_ours: bool
    home_problem: str = ""


def find_places() -> Places:
    """Look at the home and make the runtime folder.

    Raises
    ------
    CannotStart
        If there is no home, or no room for a runtime folder.
    """
    home = Path(os.environ.get("HOME") or "~").expanduser()
    if not home.is_dir():
        raise CannotStart(
            f"Your home folder {home} is not there. Ask your administrator to look at the storage.", Ending.NO_PLACE
        )
    runtime, is_ours = _runtime_folder()
    return Places(home, runtime, is_ours, _why_not_writable(home))


def _runtime_folder() -> tuple[Path, bool]:
    given = os.environ.get("JUPYTER_RUNTIME_DIR")
    try:
        if given and len(given) + _ROOM_FOR_SOCKETS <= LONGEST_SOCKET_PATH:
            folder = Path(given)
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
            return folder, False
        return Path(tempfile.mkdtemp(prefix="session-", dir="/tmp")), True  # short, and its mode is 0700
    except OSError as problem:
        raise CannotStart(
            f"There is no room for temporary files ({problem.strerror}: {problem.filename}). Stop other servers of "
            "yours, or ask your administrator.",
            Ending.NO_PLACE,
        ) from problem


def _why_not_writable(home: Path) -> str:
    """Try it: permissions, a read-only mount, a full disk and a used-up quota all show in a small write alone."""
    try:
        with tempfile.TemporaryFile(dir=home) as trial:
            trial.write(b"0" * 8192)
            trial.flush()
    except OSError as problem:
        return problem.strerror or str(problem)
    return ""
