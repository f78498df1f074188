"""The SQLite file of accounts, links and counted attempts, shared by the hub and the command line."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from mantidhub.errors import PlatformError

SCHEMA_VERSION = 1
PATIENCE = timedelta(seconds=10)

SCHEMA = (
    """CREATE TABLE accounts (
        name TEXT PRIMARY KEY,
        admin INTEGER NOT NULL,
        password TEXT,                  -- argon2id, or NULL while a link is waiting
        created REAL NOT NULL,          -- times are seconds since 1970 in UTC
        generation INTEGER NOT NULL,    -- counts every event that makes older logins void
        ended INTEGER NOT NULL          -- the generation up to which the hub has ended logins
    )""",
    """CREATE TABLE links (
        digest BLOB PRIMARY KEY,        -- SHA-256 of the token, which is not kept
        account TEXT NOT NULL REFERENCES accounts (name) ON DELETE CASCADE,
        expires REAL NOT NULL,
        used REAL,
        replaced REAL
    )""",
    """CREATE TABLE attempts (
        key TEXT PRIMARY KEY,           -- account:NAME or address:ADDRESS
        wrong REAL NOT NULL,            -- not whole for an address, which is forgiven bit by bit
        last REAL NOT NULL,
        blocked_until REAL NOT NULL
    )""",
)


@dataclass(frozen=True)
class Database:
    """One file; each operation opens it anew, so that any thread and any process may use it.

    Opening costs some 0.2 ms. In return nothing holds a handle on a file that a restored backup has replaced. The
    file is in write-ahead mode: the command line never makes the hub wait for a read. SQLite, run by root, gives its
    own side files (-wal, -shm) to the owner of the database, and this class does the same with the file itself, so
    that an administrator may add accounts as root while the hub runs with a uid of its own.

    Parameters
    ----------
    path
        The file; made when it is not there, in a folder that must exist.
    """

    path: Path

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection for reading one consistent state."""
        with self._connected() as connection:
            connection.execute("BEGIN")
            yield connection
            connection.execute("COMMIT")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give a connection within a transaction that nobody else can write beside; an exception undoes it."""
        with self._connected() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        try:
            if not self.path.exists():
                self._create_empty()
            connection = sqlite3.connect(self.path, timeout=PATIENCE.total_seconds(), isolation_level=None)
            try:
                connection.row_factory = sqlite3.Row
                connection.execute("PRAGMA foreign_keys = ON")
                self._require_schema(connection)
                yield connection
            finally:
                connection.close()
        except (sqlite3.Error, OSError) as error:
            raise PlatformError(f"The accounts in {self.path} cannot be used: {error}.") from error

    def _create_empty(self) -> None:
        if self.path.is_symlink():
            raise PlatformError(f"{self.path} is a symbolic link that leads nowhere; remove it.")
        try:
            descriptor = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_RDWR, 0o600)
        except FileExistsError:  # another process was quicker
            return
        except FileNotFoundError as error:
            raise PlatformError(
                f"The folder {self.path.parent} is not there. Start MantidHub once with `mantidhub up`, which makes it."
            ) from error
        try:
            if os.geteuid() == 0:
                owner = self.path.parent.stat()
                os.fchown(descriptor, owner.st_uid, owner.st_gid)
        finally:
            os.close(descriptor)

    def _require_schema(self, connection: sqlite3.Connection) -> None:
        if _version(connection) == 0:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("BEGIN IMMEDIATE")
            if _version(connection) == 0:
                for statement in SCHEMA:
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            connection.execute("COMMIT")
        if (found := _version(connection)) != SCHEMA_VERSION:
            raise PlatformError(
                f"The accounts in {self.path} have format {found}, and this MantidHub reads format {SCHEMA_VERSION}. "
                "Use the MantidHub that wrote them, or restore a backup that was made with this one."
            )


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
