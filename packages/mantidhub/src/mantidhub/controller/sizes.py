"""Which sizes of session this host can give."""

import os
from dataclasses import dataclass
from typing import Self

from mantidhub.sessions.offer import OfferedSize
from mantidhub.settings.model import SessionSettings


@dataclass(frozen=True)
class Host:
    """What a machine has: memory in bytes, processor cores."""

    memory: int
    cores: int

    @classmethod
    def here(cls) -> Self:
        """Return what this machine has, and of its cores those that this process may use."""
        return cls(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"), len(os.sched_getaffinity(0)))


@dataclass(frozen=True)
class Sizes:
    """The sizes of the settings, as they fit a host.

    Attributes
    ----------
    offered
        Those that fit, in the order of the settings; the one with the least memory if none does, since people must be
        able to work on any host.
    too_large
        Those that do not.
    usual
        The one that is taken when nobody chooses: that of the settings, else the largest that is offered.
    """

    offered: tuple[OfferedSize, ...]
    too_large: tuple[OfferedSize, ...]
    usual: OfferedSize

    @classmethod
    def that_fit(cls, settings: SessionSettings, host: Host) -> Self:
        """Divide the sizes of the settings."""
        sizes = [
            OfferedSize(name=name, title=size.title, memory=size.memory, cpus=size.cpus)
            for name, size in settings.sizes.items()
        ]
        fitting = [size for size in sizes if size.memory <= host.memory and size.cpus <= host.cores]
        offered = fitting or [min(sizes, key=_extent)]
        usual = next((size for size in offered if size.name == settings.usual_size), max(offered, key=_extent))
        return cls(tuple(offered), tuple(size for size in sizes if size not in offered), usual)


def _extent(size: OfferedSize) -> tuple[int, float]:
    return size.memory, size.cpus
