"""Which environments are kept, and why: a session runs in it, it is offered, or a notebook in a home needs it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from mantidhub.environments.environment import Environment
from mantidhub.environments.notebooks import Survey, Tally
from mantidhub.environments.occupants import Occupants


@dataclass(frozen=True)
class Need:
    """The notebooks that need an environment: how many, of how many people, and the one that was written last."""

    notebooks: int
    people: int
    latest: str

    def __str__(self) -> str:
        if not self.notebooks:
            return "no notebook"
        whose = f"of {count(self.people, 'person', 'people')}"
        return f"{count(self.notebooks, 'notebook')} {whose} (latest: {self.latest})"


class Why(StrEnum):
    """The kinds of reasons to keep an environment."""

    SESSION = "session"
    DEFAULT = "default"
    OFFERED = "offered"
    NOTEBOOKS = "notebooks"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verdict:
    """What becomes of one environment.

    Attributes
    ----------
    environment
        The one.
    sessions
        Those that run in it.
    need
        The notebooks that need it.
    reasons
        Why it is kept, by kind, in words; where there is none, it can go.
    """

    environment: Environment
    sessions: tuple[str, ...]
    need: Need
    reasons: Mapping[Why, str]


def marks_of(built: Collection[Environment]) -> set[str]:
    """Return every hash by which a notebook may need one of these environments."""
    return {text for environment in built for text in (environment.hash, environment.lock_hash)}


def judge(
    built: Sequence[Environment],
    *,
    offered: Sequence[str],
    occupants: Occupants,
    survey: Survey,
) -> list[Verdict]:
    """Say of each environment why it is kept.

    Parameters
    ----------
    built
        All environments, of one name the newest first, as `list_built` returns them.
    offered
        The names that people may choose, the one that new sessions start in first.
    occupants, survey
        What is known of sessions and of notebooks.
    """
    verdicts = []
    for environment in built:
        sessions = tuple(occupants.of(environment))
        need = need_of(environment, built, survey)
        newest = next(one for one in built if one.name == environment.name) == environment
        reasons = {}
        if sessions:
            reasons[Why.SESSION] = f"in use by {count(len(sessions), 'session')}: {', '.join(sessions)}"
        if newest and environment.name == offered[0]:
            reasons[Why.DEFAULT] = "new sessions start in it"
        elif newest and environment.name in offered:
            reasons[Why.OFFERED] = f"the newest {environment.name}, which is offered"
        if need.notebooks:
            reasons[Why.NOTEBOOKS] = f"needed by {need}"
        if not reasons.keys() - {Why.OFFERED} and (doubt := doubt_of(occupants, survey)):
            reasons[Why.UNKNOWN] = doubt
        verdicts.append(Verdict(environment, sessions, need, MappingProxyType(reasons)))
    return verdicts


def need_of(environment: Environment, built: Sequence[Environment], survey: Survey) -> Need:
    """Return which notebooks need an environment.

    They last ran in it; or in one with the same packages that is gone, and of those that are there with the same
    packages it is the newest.
    """
    newest = max(
        (one for one in built if one.lock_hash == environment.lock_hash), key=lambda one: one.created, default=None
    )
    tallies = [
        tally
        for mark, tally in survey.tallies.items()
        if mark.hash == environment.hash or (mark.lock == environment.lock_hash and environment == newest)
    ]
    latest = max(tallies, key=lambda tally: tally.modified, default=Tally())
    people = {person for tally in tallies for person in tally.people}
    return Need(sum(tally.notebooks for tally in tallies), len(people), latest.latest)


def doubt_of(occupants: Occupants, survey: Survey) -> str:
    """Return what is not known and might speak for an environment that nothing else speaks for; or nothing."""
    found = []
    if occupants.unreadable:
        found.append(f"{count(len(occupants.unreadable), 'record')} of sessions cannot be read")
    if survey.unknown_places:
        found.append(f"{count(survey.unknown_places, 'place')} in homes could not be looked at")
    return f"it is not known whether it is needed: {' and '.join(found)}" if found else ""


def count(number: int, thing: str, things: str = "") -> str:
    """Return a number of things in words."""
    return f"{number} {thing if number == 1 else things or thing + 's'}"
