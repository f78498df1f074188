"""Files that environments ask for in a session, made from their templates."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from mantidhub.confinement.view import SYSTEM_FILES
from mantidhub.controller.offering import Chosen
from mantidhub.errors import SessionFailed
from mantidhub.sessions.spec import Mount

TAKEN = tuple(
    Path(name)
    for name in ("/dev", "/home", "/proc", "/sys", "/tmp", "/usr", *SYSTEM_FILES)  # noqa: S108 - compared only
)


@dataclass(frozen=True)
class Filling:
    """What stands for the names in braces; memory in bytes."""

    threads: int
    memory: int
    facility: str
    instrument: str
    archive: Path
    home: Path

    def fill(self, template: str) -> str:
        """Return the text of a file.

        Other braces are left as they are: they may be the file's own. A line that would say nothing, since the
        settings leave what it names empty, is left out, so that the software's own default stands.
        """
        lines = (self._fill_line(line) for line in template.splitlines(keepends=True))
        return "".join(line for line in lines if line is not None)

    def _fill_line(self, line: str) -> str | None:
        for name, value in asdict(self).items():
            mark = f"{{{name}}}"
            if mark in line and value == "":
                return None
            line = line.replace(mark, str(value))
        return line


def session_files(chosen: Chosen, filling: Filling, mounts: Iterable[Mount]) -> dict[Path, str]:
    """Return path → text of the files of all environments of a session.

    Where two ask for the same path, the session's own environment comes first, then the kernels in their order.

    Raises
    ------
    SessionFailed
        If a file would lie where the session sees something else.
    """
    taken = [*TAKEN, *(mount.target for mount in mounts)]
    files: dict[Path, str] = {}
    for environment in (chosen.environment, *chosen.kernels):
        for target, template in environment.session_files.items():
            path = Path(target)
            if any(path.is_relative_to(folder) or folder.is_relative_to(path) for folder in taken):
                raise SessionFailed(
                    f"The environment {environment.name} asks for a file at {path}, where sessions see something else. "
                    "Please tell the administrator: its specification must name another place, such as one in /etc."
                )
            files.setdefault(path, filling.fill(template))
    return files
