"""The file of accounts, shared by processes of different users."""

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mantidhub.accounts.store import AccountStore
from mantidhub.errors import PlatformError

HUB_UID = 61234

# imports before it gives up root's rights, since the checkout may lie where the other uid cannot read
HUB = """
import os, sqlite3, sys
from pathlib import Path
from mantidhub.accounts.store import AccountStore
os.setgroups([]); os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[2]))
keeps_it_open = sqlite3.connect(sys.argv[1])
keeps_it_open.execute("SELECT count(*) FROM accounts").fetchone()
store = AccountStore(Path(sys.argv[1]))
print("ready", flush=True)
for line in sys.stdin:
    name = line.strip()
    print(store.find(name) is not None, store.add("by-the-hub-" + name).name, flush=True)
"""


@pytest.fixture
def hubs_folder() -> Iterator[Path]:
    # not in tmp_path, whose parents only root may enter
    with tempfile.TemporaryDirectory() as parent:
        Path(parent).chmod(0o755)
        folder = Path(parent) / "hub"
        folder.mkdir(mode=0o700)
        os.chown(folder, HUB_UID, HUB_UID)
        yield folder


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as two users")
def test_root_adds_accounts_while_the_hub_has_the_file_open_under_its_own_uid(hubs_folder: Path) -> None:
    database = hubs_folder / "accounts.sqlite"
    AccountStore(database).add("before")
    hub = subprocess.Popen(
        [sys.executable, "-c", HUB, str(database), str(HUB_UID)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert hub.stdin is not None
    assert hub.stdout is not None
    with hub:
        assert hub.stdout.readline() == "ready\n"
        for name in ("anna", "bert"):
            AccountStore(database).add(name)
            owners = {path.name: path.stat().st_uid for path in hubs_folder.iterdir()}
            assert owners == dict.fromkeys(["accounts.sqlite", "accounts.sqlite-wal", "accounts.sqlite-shm"], HUB_UID)
            hub.stdin.write(name + "\n")
            hub.stdin.flush()
            assert hub.stdout.readline() == f"True by-the-hub-{name}\n"
        hub.stdin.close()
    assert len(AccountStore(database).list()) == 5


def test_nobody_else_may_read_the_file(tmp_path: Path) -> None:
    AccountStore(tmp_path / "accounts.sqlite").list()
    assert stat.S_IMODE((tmp_path / "accounts.sqlite").stat().st_mode) == 0o600


def test_a_link_laid_in_its_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "accounts.sqlite").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PlatformError, match="symbolic link"):
        AccountStore(tmp_path / "accounts.sqlite").list()
    assert not (tmp_path / "elsewhere").exists()


def test_many_who_make_the_file_at_once_make_one(tmp_path: Path) -> None:
    path = tmp_path / "accounts.sqlite"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: AccountStore(path).add(f"user{number}"), range(40)))
    assert len(AccountStore(path).list()) == 40
    assert not list(tmp_path.glob(".accounts*"))
