"""The accounts and their one-time links."""

import hashlib
import secrets
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from mantidhub.accounts import names
from mantidhub.accounts.database import Database
from mantidhub.accounts.passwords import Passwords, require_acceptable
from mantidhub.errors import AccountError

INVITATION_LASTS = timedelta(days=7)
RESET_LASTS = timedelta(hours=24)
SPENT_LINKS_KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Account:
    """One person who may sign in."""

    name: str
    admin: bool
    created: datetime
    has_password: bool
    link_expires: datetime | None
    """When the link that waits to be used stops working; None when none waits."""
    generation: int = field(repr=False)
    ended: int = field(repr=False)

    @property
    def has_logins_to_end(self) -> bool:
        """Whether the hub must still end logins from before a reset, a new password or a new account."""
        return self.generation != self.ended


@dataclass(frozen=True)
class Link:
    """A one-time link on which a person chooses a password; only its owner ever sees the token."""

    name: str
    token: str = field(repr=False)
    expires: datetime

    def url(self, base_url: str) -> str:
        """Return the address to open, below the address of MantidHub."""
        return f"{base_url.rstrip('/')}/hub/link?token={quote(self.token)}"


class AccountStore:
    """All accounts of one MantidHub.

    Every method may be called by several processes at once. Those that take a password need tens of milliseconds of
    computing on purpose; the hub calls them from a thread.

    Parameters
    ----------
    database
        The SQLite file.
    passwords
        How passwords are kept.
    clock
        Seconds since 1970.

    Raises
    ------
    PlatformError
        By every method, when the file cannot be used.
    """

    def __init__(
        self, database: Path, *, passwords: Passwords | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        self.database = Database(database)
        self._passwords = passwords or Passwords()
        self._clock = clock

    def add(self, name: str, *, admin: bool = False) -> Link:
        """Make an account without a password, and the link on which its owner sets one (valid for 7 days)."""
        name = names.normalised(name)
        with self.database.writing() as connection:
            try:
                connection.execute(
                    "INSERT INTO accounts (name, admin, created, generation, ended) VALUES (?, ?, ?, 1, 0)",
                    (name, admin, self._clock()),
                )
            except sqlite3.IntegrityError as error:
                raise AccountError(
                    f"There is an account {name} already. To give its owner a new link, "
                    f"use `mantidhub user reset {name}`."
                ) from error
            return self._new_link(connection, name, INVITATION_LASTS)

    def list(self) -> list[Account]:
        """Return all accounts, by name."""
        with self.database.reading() as connection:
            return [self._account(row) for row in connection.execute(f"{SELECT_ACCOUNT} ORDER BY name", self._now())]

    def find(self, name: str) -> Account | None:
        """Return the account with this name (already normalised), if there is one."""
        with self.database.reading() as connection:
            row = connection.execute(f"{SELECT_ACCOUNT} WHERE name = :name", {**self._now(), "name": name}).fetchone()
            return None if row is None else self._account(row)

    def remove(self, name: str) -> str:
        """Remove an account with its links; return its name as it was kept."""
        name = names.normalised(name)
        with self.database.writing() as connection:
            self._require_one(connection.execute("DELETE FROM accounts WHERE name = ?", (name,)), name)
        return name

    def reset(self, name: str) -> Link:
        """Make the password, older links and all logins of an account void; return a new link (valid for 24 hours)."""
        name = names.normalised(name)
        with self.database.writing() as connection:
            self._require_one(
                connection.execute(
                    "UPDATE accounts SET password = NULL, generation = generation + 1 WHERE name = ?", (name,)
                ),
                name,
            )
            return self._new_link(connection, name, RESET_LASTS)

    def set_admin(self, name: str, *, admin: bool) -> str:
        """Make an account an administrator's or an ordinary one; return its name as it is kept."""
        name = names.normalised(name)
        with self.database.writing() as connection:
            self._require_one(
                connection.execute("UPDATE accounts SET admin = ? WHERE name = ?", (admin, name)),
                name,
            )
        return name

    def check_password(self, name: str, password: str) -> Account | None:
        """Return the account if the password is right; takes the same time for an account that does not exist."""
        with self.database.reading() as connection:
            row = connection.execute("SELECT password FROM accounts WHERE name = ?", (name,)).fetchone()
        kept: str = row["password"] if row and row["password"] else ""
        if not self._passwords.matches(kept, password):
            return None
        if self._passwords.is_outdated(kept):
            renewed = self._passwords.hashed(password)
            with self.database.writing() as connection:
                connection.execute(
                    "UPDATE accounts SET password = ? WHERE name = ? AND password = ?", (renewed, name, kept)
                )
        return self.find(name)

    def link_owner(self, token: str) -> Account:
        """Return whose password a link sets, without using it up.

        Raises
        ------
        AccountError
            When the link was used, replaced, has expired or never was one of ours; says what to do.
        """
        with self.database.reading() as connection:
            link = connection.execute("SELECT * FROM links WHERE digest = ?", (_digest(token),)).fetchone()
            self._require_usable(link)
            row = connection.execute(
                f"{SELECT_ACCOUNT} WHERE name = :name", {**self._now(), "name": link["account"]}
            ).fetchone()
            return self._account(row)

    def use_link(self, token: str, password: str) -> Account:
        """Set the password of the link's owner; the link, all others of that account and all older logins become void.

        Raises
        ------
        AccountError
            When the link cannot be used (any more), or the password is not acceptable; the link then stays as it was.
        """
        name = self.link_owner(token).name
        require_acceptable(password, name=name)
        kept = self._passwords.hashed(password)
        with self.database.writing() as connection:
            # looked at again, now that nobody else can write: of two posts with one link, one wins
            link = connection.execute("SELECT * FROM links WHERE digest = ?", (_digest(token),)).fetchone()
            self._require_usable(link)
            now = self._clock()
            connection.execute("UPDATE links SET used = ? WHERE digest = ?", (now, _digest(token)))
            self._replace_links(connection, name)
            connection.execute(
                "UPDATE accounts SET password = ?, generation = generation + 1 WHERE name = ?", (kept, name)
            )
        account = self.find(name)
        if account is None:
            raise AccountError(f"The account {name} was removed a moment ago.")
        return account

    def logins_ended(self, account: Account) -> None:
        """Note that the hub has ended every login from before the account's generation."""
        with self.database.writing() as connection:
            connection.execute(
                "UPDATE accounts SET ended = max(ended, ?) WHERE name = ?", (account.generation, account.name)
            )

    def _now(self) -> dict[str, float]:
        return {"now": self._clock()}

    def _new_link(self, connection: sqlite3.Connection, name: str, lasts: timedelta) -> Link:
        self._replace_links(connection, name)
        oldest_kept = self._clock() - SPENT_LINKS_KEPT.total_seconds()
        connection.execute("DELETE FROM links WHERE expires < ?", (oldest_kept,))
        token = secrets.token_urlsafe(32)
        expires = self._clock() + lasts.total_seconds()
        connection.execute(
            "INSERT INTO links (digest, account, expires) VALUES (?, ?, ?)", (_digest(token), name, expires)
        )
        return Link(name=name, token=token, expires=_moment(expires))

    def _replace_links(self, connection: sqlite3.Connection, name: str) -> None:
        connection.execute(
            "UPDATE links SET replaced = ? WHERE account = ? AND used IS NULL AND replaced IS NULL",
            (self._clock(), name),
        )

    def _require_usable(self, link: sqlite3.Row | None) -> None:
        if link is None:
            raise AccountError(
                "This link is not known here. Check that you opened all of it, up to its last character."
            )
        if link["used"] is not None:
            raise AccountError(
                "This link was used already: it works once. If you chose the password, sign in with it. "
                "If you did not, tell your administrator at once and ask for a new link."
            )
        if link["replaced"] is not None:
            raise AccountError(
                "A newer link has replaced this one. Use the newest that you were given, "
                "or ask your administrator for a new one."
            )
        if link["expires"] <= self._clock():
            expired = _moment(link["expires"])
            raise AccountError(
                f"This link expired on {expired:%-d %B %Y at %H:%M} UTC. Ask your administrator for a new one."
            )

    @staticmethod
    def _account(row: sqlite3.Row) -> Account:
        return Account(
            name=row["name"],
            admin=bool(row["admin"]),
            created=_moment(row["created"]),
            has_password=bool(row["has_password"]),
            link_expires=None if row["link_expires"] is None else _moment(row["link_expires"]),
            generation=row["generation"],
            ended=row["ended"],
        )

    @staticmethod
    def _require_one(cursor: sqlite3.Cursor, name: str) -> None:
        if cursor.rowcount != 1:
            raise AccountError(f"There is no account {name}. `mantidhub user list` shows those that exist.")


SELECT_ACCOUNT = """
    SELECT name, admin, created, generation, ended, password IS NOT NULL AS has_password,
        (SELECT max(expires) FROM links
         WHERE account = name AND used IS NULL AND replaced IS NULL AND expires > :now) AS link_expires
    FROM accounts
"""


def _digest(token: str) -> bytes:
    # the token is 256 random bits, so a plain hash cannot be guessed back
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)
