"""Slows down wrong passwords, for each account and for each address."""

import sqlite3
import time
from collections.abc import Callable
from datetime import timedelta

from mantidhub.accounts.database import Database

ACCOUNT, ADDRESS = "account:", "address:"
FREE_FOR_ACCOUNT = 5
FREE_FOR_ADDRESS = 20
"""More than for an account: a facility's users often come from one address."""
ADDRESS_FORGIVEN_ONE_EACH = timedelta(minutes=5)
"""Or the typing errors of a whole facility would add up from day to day."""
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)


class Throttle:
    """Counts attempts in the accounts' database, so that restarting the hub forgives nothing.

    After the free attempts, the wait before the next one doubles from 2 s up to 15 minutes. An attempt is counted as
    wrong *before* its password is tested, in one transaction with the question whether it may be: guesses that are
    sent side by side are counted one by one. An attempt that comes too early is neither tested nor counted, so nobody
    can prolong another person's wait.

    Parameters
    ----------
    database
        Where the counts are kept.
    clock
        Seconds since 1970.
    """

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def admit(self, name: str | None, address: str) -> timedelta:
        """Count an attempt, or say how long to wait.

        Parameters
        ----------
        name
            Normalised name of the account, existing or not; None when no account can have the name that was typed.
        address
            Where the attempt comes from.

        Returns
        -------
        timedelta
            Zero: test the password, the attempt is counted. Otherwise: do not test it, and tell how long to wait.
        """
        now = self._clock()
        keys = _keys(name, address)
        with self._database.writing() as connection:
            oldest_kept = now - FORGOTTEN_AFTER.total_seconds()
            connection.execute("DELETE FROM attempts WHERE last < ?", (oldest_kept,))
            wait = max(_wait(connection, key, now) for key in keys)
            if wait > timedelta(0):
                return wait
            for key in keys:
                _count(connection, key, now)
        return timedelta(0)

    def forget(self, name: str) -> None:
        """Forget an account's wrong attempts."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM attempts WHERE key = ?", (f"{ACCOUNT}{name}",))

    def succeeded(self, name: str, address: str) -> None:
        """Forget the account's wrong attempts, and take back the one counted for the address."""
        self.forget(name)
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE attempts SET wrong = max(0, wrong - 1), blocked_until = 0 WHERE key = ?",
                (f"{ADDRESS}{address}",),
            )


def _keys(name: str | None, address: str) -> list[str]:
    return [f"{ADDRESS}{address}"] + ([] if name is None else [f"{ACCOUNT}{name}"])


def _wait(connection: sqlite3.Connection, key: str, now: float) -> timedelta:
    row = connection.execute("SELECT blocked_until FROM attempts WHERE key = ?", (key,)).fetchone()
    seconds = row["blocked_until"] - now if row else 0.0
    # no longer than the longest, should the host's clock have been set back
    return min(max(timedelta(seconds=seconds), timedelta(0)), LONGEST_WAIT)


def _count(connection: sqlite3.Connection, key: str, now: float) -> None:
    row = connection.execute("SELECT wrong, last FROM attempts WHERE key = ?", (key,)).fetchone()
    before = row["wrong"] if row else 0.0
    free = FREE_FOR_ACCOUNT
    if key.startswith(ADDRESS):
        free = FREE_FOR_ADDRESS
        forgiven = (now - row["last"]) / ADDRESS_FORGIVEN_ONE_EACH.total_seconds() if row else 0.0
        before = max(0.0, before - max(0.0, forgiven))
    wrong = before + 1
    connection.execute(
        "INSERT INTO attempts (key, wrong, last, blocked_until) VALUES (:key, :wrong, :now, :until) "
        "ON CONFLICT (key) DO UPDATE SET wrong = :wrong, last = :now, blocked_until = :until",
        {"key": key, "wrong": wrong, "now": now, "until": now + _pause(round(wrong) - free).total_seconds()},
    )


def _pause(beyond_free: int) -> timedelta:
    if beyond_free < 0:
        return timedelta(0)
    # 2**10 s is beyond the longest wait; a larger exponent would only overflow
    return min(timedelta(seconds=2 ** min(beyond_free + 1, 10)), LONGEST_WAIT)
