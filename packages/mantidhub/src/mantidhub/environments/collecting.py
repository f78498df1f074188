"""What can be freed: environments that nobody needs, and what interrupted builds and removals left."""

from dataclasses import dataclass
from pathlib import Path

from mantidhub.environments.environment import Environment
from mantidhub.environments.inventory import Inventory, Workplace
from mantidhub.environments.keeping import Verdict, Why
from mantidhub.environments.locking import is_locked
from mantidhub.environments.notebooks import Survey
from mantidhub.environments.store import FINISHED, clear_remains, remains, remove, size_of
from mantidhub.errors import EnvironmentFailed
from mantidhub.settings.quantities import format_size


@dataclass(frozen=True)
class Item:
    """A folder among the environments: how large it is (bytes), and why it is kept or why it goes.

    ``environment`` is None for the remains of a build or removal.
    """

    folder: Path
    size: int
    goes: bool
    why: str
    environment: Environment | None


@dataclass(frozen=True)
class Collection:
    """Every folder, and what the walk through the homes rests on."""

    items: tuple[Item, ...]
    survey: Survey

    @property
    def goes(self) -> list[Item]:
        """What can be freed."""
        return [item for item in self.items if item.goes]

    @property
    def size(self) -> int:
        """How many bytes that is."""
        return sum(item.size for item in self.goes)


def find_collection(place: Workplace, inventory: Inventory) -> Collection:
    """Say of each folder whether it goes."""
    items = [
        Item(
            folder=verdict.environment.prefix,
            size=size_of(verdict.environment.prefix),
            goes=not verdict.reasons,
            why="; ".join(verdict.reasons.values()) or "no session runs in it and no notebook needs it",
            environment=verdict.environment,
        )
        for verdict in inventory.verdicts
    ]
    for folder in remains(place.root):
        objection = objection_to_clearing(folder, place)
        left = "an interrupted build or removal left it" if folder.name.startswith(".") else "its manifest is damaged"
        items.append(Item(folder, size_of(folder), not objection, objection or left, None))
    return Collection(tuple(items), inventory.survey)


def free(item: Item, place: Workplace) -> str:
    """Delete what goes, unless something speaks against it by now; return what was done, in words.

    Raises
    ------
    EnvironmentFailed
        It stays; the message says why.
    """
    if item.environment is not None:
        remove(item.environment, objection=lambda: objection_to(item.environment, place), waiting=do_not_wait)
    elif not clear_remains(
        place.root,
        item.folder,
        objection=lambda: objection_to_clearing(item.folder, place, locked_by_us=True),
        waiting=do_not_wait,
    ):
        return f"{item.folder.name}: is needed or gone by now."
    return f"{item.folder.name}: {format_size(item.size)} freed."


def objection_to(environment: Environment | None, place: Workplace) -> str | None:
    """Return why an environment must stay that is out of sight already: a session began to run in it meanwhile."""
    if environment is None:
        return None
    sessions = place.occupants().of(environment)
    return f"in use by {', '.join(sessions)}" if sessions else None


def objection_to_clearing(folder: Path, place: Workplace, *, locked_by_us: bool = False) -> str | None:
    """Return why the remains of a build or removal must stay."""
    found = FINISHED.fullmatch(folder.name.removeprefix("."))
    if found is not None and not locked_by_us and is_locked(place.root, found["name"]):
        return f"{found['name']} is being built or removed"
    if folder.with_name(folder.name.removeprefix(".")).resolve() in place.occupants().mounted:
        return "a session has it mounted"
    return None


def refusal_of(verdict: Verdict, *, force: bool, is_running: bool) -> str | None:
    """Return why a person who names this environment cannot remove it, and what they could do."""
    reasons = verdict.reasons
    if session := reasons.get(Why.SESSION):
        return f"{session}. Stop what runs in it first."
    if Why.DEFAULT in reasons:
        if is_running:
            return "new sessions start in it. Build another for them, or stop MantidHub first."
        if not force:
            return "new sessions start in it. With --force it is removed, and the next start builds it again."
    if not force:
        asks = [reasons[why] for why in (Why.NOTEBOOKS, Why.UNKNOWN) if why in reasons]
        if asks:
            return f"{'; '.join(asks)}. With --force it is removed all the same."
    return None


def do_not_wait(who: str) -> None:
    """Refuse to wait for whoever holds the lock of a name.

    Raises
    ------
    EnvironmentFailed
        Always.
    """
    raise EnvironmentFailed(f"It stays for now: {who}. Run it again when that has ended.")
