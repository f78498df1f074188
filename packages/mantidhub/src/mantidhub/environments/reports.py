"""What the commands print about environments: lines for people, JSON for programs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mantidhub.environments.attempts import find_attempt
from mantidhub.environments.collecting import Collection
from mantidhub.environments.environment import Environment
from mantidhub.environments.inventory import Inventory, Workplace
from mantidhub.environments.keeping import Verdict, Why, count
from mantidhub.environments.notebooks import Survey, printable
from mantidhub.environments.specification import Specification
from mantidhub.environments.verification import Difference
from mantidhub.settings.quantities import format_size

MAIN_PACKAGES = ("mantid", "mantidworkbench", "scipp", "scippneutron", "scippnexus", "plopp", "jupyterlab")
"""What people look for first; every package of the ``ess`` family counts too."""
DIFFERENCES = 20
"""Differences of one environment that are printed."""


def list_lines(place: Workplace, inventory: Inventory, sizes: Mapping[str, int]) -> Iterator[str]:
    """Yield what `mantidhub environment list` prints."""
    for verdict in inventory.verdicts:
        environment = verdict.environment
        labels = "".join(f" [{label}]" for label in labels_of(environment, place))
        yield f"{environment.id}  {environment.title}{labels}"
        packages = ", ".join(f"{name} {version}" for name, version in main_packages(environment).items())
        yield f"  Python {environment.python_version}{', ' + packages if packages else ''}"
        yield f"  built {environment.created.astimezone():%Y-%m-%d %H:%M}, {format_size(sizes[environment.id])}"
        sessions = f"{count(len(verdict.sessions), 'session')}: {', '.join(verdict.sessions)}"
        yield f"  used by {sessions if verdict.sessions else 'no session'}; needed by {verdict.need}"
        for why in (Why.DEFAULT, Why.OFFERED):
            if why in verdict.reasons:
                yield f"  {verdict.reasons[why]}"
        yield ""
    for specification, state, message in not_built(place):
        yield f"{specification.name}  {specification.title}: {state}"
        yield f"  {message}"
        yield ""
    yield from (f"Not usable: {mistake}" for mistake in place.known.mistakes)
    yield from survey_lines(inventory.survey)


def list_as_json(place: Workplace, inventory: Inventory, sizes: Mapping[str, int]) -> dict[str, Any]:
    """Return what `mantidhub environment list --json` prints."""
    return {
        "environments": [verdict_as_json(verdict, place, sizes) for verdict in inventory.verdicts],
        "not_built": [
            {"name": one.name, "title": one.title, "state": state, "message": message}
            for one, state, message in not_built(place)
        ],
        "mistakes": list(place.known.mistakes),
        "unknown": [str(place) for place in inventory.survey.unknown],
    }


def verdict_as_json(verdict: Verdict, place: Workplace, sizes: Mapping[str, int]) -> dict[str, Any]:
    """Return one environment as data."""
    environment, need = verdict.environment, verdict.need
    return {
        "id": environment.id,
        "name": environment.name,
        "title": environment.title,
        "labels": labels_of(environment, place),
        "python": environment.python_version,
        "packages": main_packages(environment),
        "built": environment.created.isoformat(timespec="seconds"),
        "bytes": sizes[environment.id],
        "sessions": list(verdict.sessions),
        "notebooks": need.notebooks,
        "people": need.people,
        "latest_notebook": need.latest,
        "kept": {why.value: text for why, text in verdict.reasons.items()},
    }


def not_built(place: Workplace) -> Iterator[tuple[Specification, str, str]]:
    """Yield the specifications of which nothing is built: how they stand, and why or what to do."""
    built = {environment.name for environment in place.built()}
    for name, specification in place.known.specifications.items():
        attempt = find_attempt(place.root, name)
        if attempt is not None and attempt.state == "building":
            of = f" {attempt.done} of {attempt.total}" if attempt.total else ""
            yield specification, "being built", f"{attempt.message}{of}"
        elif name not in built and attempt is not None:
            yield specification, "not built, the last try failed", attempt.message
        elif name not in built:
            yield specification, "not built", f"`{place.command_line(f'environment build {name}')}` builds it."


def collection_lines(collection: Collection) -> Iterator[str]:
    """Yield what `mantidhub environment collect` prints before it asks."""
    if not collection.items:
        yield "There are no environments yet."
        return
    width = max(len(item.folder.name) for item in collection.items)
    for item in sorted(collection.items, key=lambda item: not item.goes):
        verdict = "goes" if item.goes else "stays"
        yield (f"{verdict:<5}  {item.folder.name:<{width}}  {format_size(item.size):>8}  {item.why}")
    yield ""
    yield from survey_lines(collection.survey)
    number = len(collection.goes)
    yield f"{count(number, 'folder')} can go: {format_size(collection.size)}." if number else "Nothing can be freed."


def survey_lines(survey: Survey) -> Iterator[str]:
    """Yield how many notebooks were looked at, and what could not be."""
    yield f"{count(survey.notebooks, 'notebook')} in {count(survey.homes, 'home')} looked at."
    if survey.unknown_places:
        yield f"{count(survey.unknown_places, 'place')} could not be looked at:"
        yield from (f"  {one}" for one in survey.unknown)
        yield "What only a notebook there might need is kept. Look at them, or remove by id with --force."


def difference_lines(environment: Environment, differences: Sequence[Difference], place: Workplace) -> Iterator[str]:
    """Yield what differs in an environment from what was built, and how that is mended."""
    yield f"{environment.id}: {count(len(differences), 'file')} not as built."
    yield from (f"  {one.kind:<8} {printable(str(one.path))}" for one in differences[:DIFFERENCES])
    if len(differences) > DIFFERENCES:
        yield f"  and {len(differences) - DIFFERENCES} more"
    yield (
        "To mend it, stop MantidHub with its sessions, then run "
        f"`{place.command_line(f'environment remove --force {environment.id}')}` and "
        f"`{place.command_line(f'environment build {environment.name}')}`."
    )


def main_packages(environment: Environment) -> dict[str, str]:
    """Return the packages that people choose an environment for, with their versions."""
    family = sorted(name for name in environment.packages if name.startswith("ess"))
    return {name: environment.packages[name] for name in (*MAIN_PACKAGES, *family) if name in environment.packages}


def labels_of(environment: Environment, place: Workplace) -> list[str]:
    """Return the labels as the specification has them today, since changing one builds nothing."""
    specification = place.known.specifications.get(environment.name)
    return list(environment.labels if specification is None else specification.labels)
