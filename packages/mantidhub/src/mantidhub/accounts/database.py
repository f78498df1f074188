"""The SQLite file of accounts, links and counted attempts, shared by the hub and the command line."""

import os
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
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


class Database:
    """One file; each thread keeps its own connection to it.

    The file is in write-ahead mode: the command line never makes the hub wait for a read. SQLite, run by root, gives
    its own side files (-wal, -shm) to the owner of the database, and this class does the same with the file itself, so
    that an administrator may add accounts as root while the hub runs with a uid of its own.

    Parameters
    ----------
    path
        The file; made when it is not there, in a folder that must exist.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._of_thread = threading.local()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection for reading one consistent state.

        Raises
        ------
        PlatformError
            When the file cannot be used.
        """
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give a connection within a transaction that nobody else can write beside; an exception undoes it.

        Raises
        ------
        PlatformError
            When the file cannot be used.
        """
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        try:
            connection = self._connection()
            connection.execute(begin)
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            self._of_thread.connection = None  # the next use opens the file anew
            raise PlatformError(f"The accounts in {self.path} cannot be used: {error}.") from error

    def _connection(self) -> sqlite3.Connection:
        # kept open, since the last to close a database in write-ahead mode locks out whoever opens it just then
        connection: sqlite3.Connection | None = getattr(self._of_thread, "connection", None)
        if connection is None:
            connection = self._of_thread.connection = self._open()
        return connection

    def _open(self) -> sqlite3.Connection:
        if self.path.is_symlink():  # root must not be led elsewhere by whoever owns the folder
            raise PlatformError(f"The accounts in {self.path} cannot be used: this is a symbolic link. Remove it.")
        if not self.path.exists():
            self._create()
        connection = _connect(self.path)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version != SCHEMA_VERSION:
            connection.close()
            raise PlatformError(
                f"The accounts in {self.path} have format {version}, and this MantidHub reads format {SCHEMA_VERSION}. "
                "Use the MantidHub that wrote them, or restore a backup that was made with this one."
            )
        return connection

    def _create(self) -> None:
        """Make the file under another name and give it its own at once, so that nobody ever meets half of it."""
        if not self.path.parent.is_dir():
            raise PlatformError(
                f"The folder {self.path.parent} is not there. Start MantidHub once with `mantidhub up`, which makes it."
            )
        descriptor, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}-")
        unfinished = Path(name)
        try:
            if os.geteuid() == 0:
                owner = self.path.parent.stat()
                os.fchown(descriptor, owner.st_uid, owner.st_gid)
            with closing(_connect(unfinished)) as connection:
                connection.execute("PRAGMA journal_mode = WAL")
                for statement in SCHEMA:
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            with suppress(FileExistsError):  # another process was quicker: its file is as good
                os.link(unfinished, self.path, follow_symlinks=False)
        finally:
            os.close(descriptor)
            unfinished.unlink()


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=PATIENCE.total_seconds(), isolation_level=None)
