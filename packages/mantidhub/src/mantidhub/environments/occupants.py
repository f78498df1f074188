"""Which sessions run in which environment: from what the controller wrote down, and from what the kernel has mounted.

The controller's records name the session and its environment from before it starts until it has ended, whether the
controller runs or not. The mount tables of all processes (``proc_pid_mountinfo(5)``) show besides every environment
that a session sees for its further kernels, and sessions whose record was lost. Where the two disagree an environment
counts as in use.
"""

import os
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from mantidhub.environments.environment import Environment
from mantidhub.environments.store import FINISHED
from mantidhub.sessions.record import SessionRecord

RECORD = TypeAdapter(SessionRecord)
ESCAPED = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True)
class Occupants:
    """What is known of the sessions that run.

    Attributes
    ----------
    by_word
        Keys of sessions, by the name or the id of an environment, as their records say.
    mounted
        Prefixes, without symlinks, that processes see mounted.
    unreadable
        Records that cannot be read.
    """

    by_word: dict[str, list[str]]
    mounted: frozenset[Path]
    unreadable: tuple[Path, ...]

    def of(self, environment: Environment) -> list[str]:
        """Return the sessions that run in an environment, or may; as words for a person."""
        sessions = [*self.by_word.get(environment.id, ()), *self.by_word.get(environment.name, ())]
        if not sessions and environment.prefix in self.mounted:
            sessions = ["one that has it mounted"]
        return sessions


def find_occupants(records: Path, processes: Path = Path("/proc")) -> Occupants:
    """Look at the controller's records and at every process's mounts.

    Parameters
    ----------
    records
        The folder of the controller's records; a missing one holds none.
    processes
        Where the kernel shows processes.
    """
    by_word: dict[str, list[str]] = defaultdict(list)
    unreadable = []
    # Not through `RecordFolder`: it puts aside what it cannot read, which is the controller's to do.
    for file in sorted(records.glob("*.json")):
        try:
            record = RECORD.validate_json(file.read_bytes())
        except FileNotFoundError:
            continue
        except (OSError, ValidationError):
            unreadable.append(file)
        else:
            by_word[record.environment].append(record.key)
    unreadable += sorted(records.glob("*.broken"))
    return Occupants(dict(by_word), mounted_places(processes), tuple(unreadable))


def mounted_places(processes: Path) -> frozenset[Path]:
    """Return every environment that any process sees mounted; sessions see them where the host has them."""
    places: set[str] = set()
    seen: set[str] = set()
    for process in processes.glob("[0-9]*"):
        try:
            namespace = os.readlink(process / "ns" / "mnt")  # noqa: PTH115  # it is no path
        except OSError:
            namespace = process.name
        if namespace in seen:
            continue
        try:
            table = (process / "mountinfo").read_text(errors="surrogateescape")
        except OSError:
            continue
        seen.add(namespace)
        places.update(line.split(" ", 5)[4] for line in table.splitlines())
    paths = (Path(ESCAPED.sub(lambda code: chr(int(code[1], 8)), place)) for place in places)
    # One that was put out of sight may be shown under that name. Resolved, since the folder of environments may be
    # reached through a symlink.
    seen_as = (path.with_name(path.name.removeprefix(".")) for path in paths if path.name)
    return frozenset(path.resolve() for path in seen_as if FINISHED.fullmatch(path.name))
