"""What a state folder holds of environments: which are built, who uses them, who needs them."""

import fcntl
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mantidhub.environments.environment import Environment
from mantidhub.environments.keeping import Verdict, judge, marks_of
from mantidhub.environments.known import KnownSpecifications
from mantidhub.environments.notebooks import Survey, survey_homes
from mantidhub.environments.occupants import Occupants, find_occupants
from mantidhub.environments.store import list_built
from mantidhub.settings import Settings, StateFolder


@dataclass(frozen=True)
class Inventory:
    """All that is known of the environments of a state folder.

    Attributes
    ----------
    verdicts
        One for each that is built.
    survey, occupants
        What the verdicts rest on.
    """

    verdicts: tuple[Verdict, ...]
    survey: Survey
    occupants: Occupants

    def of(self, environment: Environment) -> Verdict:
        """Return the verdict on one environment."""
        return next(verdict for verdict in self.verdicts if verdict.environment == environment)


@dataclass(frozen=True)
class Workplace:
    """What commands work on: the settings and the state folder.

    ``command_line`` writes a further command of MantidHub as the person can type it.
    """

    settings: Settings
    state: StateFolder
    command_line: Callable[[str], str]

    @property
    def root(self) -> Path:
        """The folder of environments."""
        return self.state.environments

    @cached_property
    def known(self) -> KnownSpecifications:
        """The specifications that can be built here."""
        return KnownSpecifications.from_settings(self.settings.environments)

    def built(self) -> list[Environment]:
        """Return what is built, by name and, of one name, the newest first."""
        return list_built(self.root)

    def occupants(self) -> Occupants:
        """Return which sessions run."""
        return find_occupants(self.state.controller / "records")

    def is_running(self) -> bool:
        """Tell whether `mantidhub up` works on this state folder."""
        try:
            with (self.state.root / "lock").open() as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    def take_stock(self, looked: Callable[[int, int, str], None] = lambda done, total, person: None) -> Inventory:
        """Look at environments, sessions and every notebook; `looked` is told of each home."""
        built = self.built()
        survey = survey_homes(self.state.homes, marks_of(built), looked)
        occupants = self.occupants()
        verdicts = judge(
            built,
            offered=self.settings.environments.offered,
            occupants=occupants,
            survey=survey,
        )
        return Inventory(tuple(verdicts), survey, occupants)
