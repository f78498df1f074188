"""What a facility can build and offer: the specifications that ship, its own beside them, and the names for all that.

A person names an environment by its specification (``scipp``: the newest that is built), by its id
(``scipp-eac067a41277``), or by the beginning of either where that leaves no doubt.
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from mantidhub.environments.environment import Environment
from mantidhub.environments.sources import Sources
from mantidhub.environments.specification import SHIPPED, Specification
from mantidhub.errors import EnvironmentFailed, SettingsError
from mantidhub.settings.model import EnvironmentSettings


@dataclass(frozen=True)
class KnownSpecifications:
    """The specifications of a facility.

    Attributes
    ----------
    specifications
        By name.
    mistakes
        What is wrong with those that cannot be read.
    """

    specifications: Mapping[str, Specification]
    mistakes: tuple[str, ...]

    @classmethod
    def from_settings(cls, settings: EnvironmentSettings) -> "KnownSpecifications":
        """Read the specifications that ship and those of the facility; one of the same name replaces a shipped one."""
        specifications: dict[str, Specification] = {}
        mistakes: list[str] = []
        for folder in (SHIPPED, settings.specifications):
            for path in sorted(folder.glob("*.toml")) if folder else ():
                try:
                    specification = Specification.load(path)
                except EnvironmentFailed as mistake:
                    mistakes.append(str(mistake))
                else:
                    specifications[specification.name] = specification
        return cls(MappingProxyType(specifications), tuple(mistakes))

    def get(self, word: str) -> Specification:
        """Return the specification that a person names.

        Raises
        ------
        SettingsError
            There is none, or several begin so.
        """
        return self.specifications[complete(word, self.specifications, "specification")]

    def get_default(self, settings: EnvironmentSettings) -> Specification:
        """Return the specification of the environment that new sessions start in.

        Raises
        ------
        SettingsError
            There is none of that name.
        """
        name = settings.default
        if name not in self.specifications:
            wrong = "".join(f"\n{mistake}" for mistake in self.mistakes)
            raise SettingsError(f"environments.offered: {unknown(name, self.specifications, 'specification')}{wrong}")
        return self.specifications[name]

    def offered(self, settings: EnvironmentSettings) -> list[Specification]:
        """Return the specifications of the offered environments, as far as there are any, the default one first."""
        return [self.specifications[name] for name in settings.offered if name in self.specifications]


def sources_of(settings: EnvironmentSettings, *, offline: bool = False, cache: Path | None = None) -> Sources:
    """Return where packages come from by the settings, and what a command line says beyond them."""
    return Sources(
        offline=offline or settings.offline,
        cache=cache or settings.cache,
        mirrors=settings.mirrors,
        credentials=settings.credentials,
    )


def choose_built(word: str, built: Iterable[Environment]) -> Environment:
    """Return the built environment that a person names; by the name of its specification, the newest.

    Raises
    ------
    SettingsError
        There is none, or several ids begin so.
    """
    listed = list(built)
    by_id = {environment.id: environment for environment in listed}
    # Of one name the newest is listed first, so it is the one that is written last here.
    by_name = {environment.name: environment for environment in reversed(listed)}
    if word in by_name:
        return by_name[word]
    if word in by_id:
        return by_id[word]
    names = [name for name in by_name if name.startswith(word)]
    if len(names) == 1 and not any(key.startswith(word) and by_id[key].name != names[0] for key in by_id):
        return by_name[names[0]]
    return by_id[complete(word, by_id, "built environment")]


def complete(word: str, known: Iterable[str], kind: str) -> str:
    """Return the one name that a word is, or is the beginning of.

    Raises
    ------
    SettingsError
        There is none, or more than one.
    """
    names = sorted(known)
    if word in names:
        return word
    fitting = [name for name in names if name.startswith(word)]
    if len(fitting) == 1 and word:
        return fitting[0]
    if fitting:
        raise SettingsError(f"{word!r} may be {', '.join(fitting)}. Write more of the one that you mean.")
    raise SettingsError(unknown(word, names, kind))


def unknown(word: str, known: Iterable[str], kind: str) -> str:
    """Say that there is no such thing, what was perhaps meant, and what there is."""
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    there_is = f"There is {', '.join(names)}." if names else "There is none at all."
    return f"There is no {kind} {word}.{hint} {there_is}"
