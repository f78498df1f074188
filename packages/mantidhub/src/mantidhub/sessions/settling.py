"""What becomes of an earlier choice: what of it can still be had, and what comes in the place of the rest."""

import re
from dataclasses import dataclass

from mantidhub.sessions.choice import Choice
from mantidhub.sessions.offer import Offer, OfferedSize, Version

_HASH = re.compile(r"-[0-9a-f]{12}$")


@dataclass(frozen=True)
class Settled:
    """A choice that can be started as it is.

    Attributes
    ----------
    environment
        None while no environment is ready.
    changes
        A sentence for everything that is not as the person had it.
    """

    environment: Version | None
    size: OfferedSize
    kernels: tuple[Version, ...]
    choice: Choice
    changes: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """All of it in a few words: ``scipp 26.9.0 · 2 cores, 4 GiB``."""
        names = " + ".join(version.label for version in (self.environment, *self.kernels) if version is not None)
        return " · ".join(part for part in (names, self.size.amount) if part)


def settle(former: Choice | None, offer: Offer, *, which_you: str = "used last") -> Settled:
    """Fit a former choice, or none, to what is offered now; *which_you* is what the person did with it, in words."""
    former = former or Choice()
    changes: list[str] = []
    environment = _environment(former, offer, changes, which_you)
    size = _size(former, offer, changes, which_you)
    kernels = _kernels(former, offer, environment, changes)
    return Settled(environment, size, kernels, _choice(environment, size, kernels, offer), tuple(changes))


def find_newest_of(reference: str, offer: Offer) -> Version | None:
    """Return the newest build of the environment that a name or the id of a build names, as far as one is ready."""
    return offer.find_version(_HASH.sub("", reference))


def _environment(former: Choice, offer: Offer, changes: list[str], which_you: str) -> Version | None:
    default = offer.find_version(offer.environment) if offer.environment else None
    if former.environment is None:
        return default
    if found := offer.find_version(former.environment):
        return found
    instead = find_newest_of(former.environment, offer) or default
    if instead is None:
        changes.append(f"The environment {former.environment}, which you {which_you}, is not here now.")
    else:
        changes.append(
            f"The environment {former.environment}, which you {which_you}, is not here any more. "
            f"{instead.label} is chosen instead."
        )
    return instead


def _size(former: Choice, offer: Offer, changes: list[str], which_you: str) -> OfferedSize:
    default = next(size for size in offer.sizes if size.name == offer.size)
    if former.size is None:
        return default
    if found := offer.find_size(former.size):
        return found
    changes.append(
        f"The size {former.size}, which you {which_you}, is not offered any more. {default.title} is chosen instead."
    )
    return default


def _kernels(former: Choice, offer: Offer, environment: Version | None, changes: list[str]) -> tuple[Version, ...]:
    found = {reference: offer.find_version(reference) for reference in former.kernels}
    if gone := [reference for reference, version in found.items() if version is None]:
        changes.append(f"The further kernels {', '.join(gone)} are not here any more, and were left out.")
    kept = {version.id: version for version in found.values() if version is not None and version != environment}
    wanted = tuple(kept.values())
    if too_many := wanted[offer.most_kernels :]:
        left_out = ", ".join(version.label for version in too_many)
        changes.append(f"A server has at most {offer.most_kernels} further kernels. Left out: {left_out}.")
    return wanted[: offer.most_kernels]


def _choice(environment: Version | None, size: OfferedSize, kernels: tuple[Version, ...], offer: Offer) -> Choice:
    return Choice(
        environment=offer.reference_to(environment) if environment else None,
        size=size.name,
        kernels=tuple(offer.reference_to(kernel) for kernel in kernels),
    )
