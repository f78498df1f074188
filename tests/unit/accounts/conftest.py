"""Accounts in a file of their own, with a clock that the test turns and passwords that cost little."""

from pathlib import Path

import pytest
from argon2 import PasswordHasher

from mantidhub.accounts.passwords import Passwords
from mantidhub.accounts.store import AccountStore


class Clock:
    """Stands still until it is turned."""

    def __init__(self) -> None:
        self.seconds = 1_800_000_000.0

    def __call__(self) -> float:
        return self.seconds

    def turn(self, *, seconds: float = 0, hours: float = 0, days: float = 0) -> None:
        self.seconds += seconds + 3600 * hours + 86400 * days


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def passwords() -> Passwords:
    return Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture
def store(tmp_path: Path, passwords: Passwords, clock: Clock) -> AccountStore:
    return AccountStore(tmp_path / "accounts.sqlite", passwords=passwords, clock=clock)
