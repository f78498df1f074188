"""The accounts and their one-time links."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from mantidhub.accounts.passwords import Passwords
from mantidhub.accounts.store import AccountStore
from mantidhub.errors import AccountError, PlatformError

GOOD = "seven grey mantids"


def test_an_account_begins_without_a_password_and_with_a_link_for_seven_days(store: AccountStore, clock: Any) -> None:
    link = store.add("Ada", admin=True)
    assert link.name == "ada"
    assert link.expires.timestamp() == clock() + 7 * 86400
    account = store.find("ada")
    assert account is not None
    assert (account.admin, account.has_password, account.link_expires) == (True, False, link.expires)
    assert store.check_password("ada", "") is None


def test_a_second_account_of_the_same_name_is_refused_with_what_to_do(store: AccountStore) -> None:
    store.add("ada")
    with pytest.raises(AccountError, match=r"already.*mantidhub user reset ada"):
        store.add(" ADA ")


def test_a_link_sets_the_password_and_works_once(store: AccountStore) -> None:
    link = store.add("ada")
    assert store.use_link(link.token, GOOD).has_password
    assert store.check_password("ada", GOOD) is not None
    assert store.check_password("ada", GOOD + "x") is None
    with pytest.raises(AccountError, match="used already"):
        store.use_link(link.token, "another password")
    assert store.check_password("ada", GOOD) is not None


def test_of_many_posts_with_one_link_one_wins(store: AccountStore) -> None:
    link = store.add("ada")

    def post(number: int) -> bool:
        try:
            store.use_link(link.token, f"password number {number}")
        except AccountError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(post, range(8)))

    assert won.count(True) == 1
    assert store.check_password("ada", f"password number {won.index(True)}") is not None


def test_a_link_expires(store: AccountStore, clock: Any) -> None:
    invitation = store.add("ada")
    clock.turn(days=7, seconds=-1)
    assert store.link_owner(invitation.token).name == "ada"
    clock.turn(seconds=1)
    with pytest.raises(AccountError, match=r"expired on .* UTC"):
        store.use_link(invitation.token, GOOD)
    renewed = store.reset("ada")
    clock.turn(hours=24)
    with pytest.raises(AccountError, match="expired"):
        store.link_owner(renewed.token)


def test_a_newer_link_replaces_older_ones(store: AccountStore) -> None:
    first, second = store.add("ada"), store.reset("ada")
    with pytest.raises(AccountError, match="newer link"):
        store.use_link(first.token, GOOD)
    assert store.use_link(second.token, GOOD).name == "ada"


def test_a_bad_password_leaves_the_link_as_it_was(store: AccountStore) -> None:
    link = store.add("grandmother")
    for bad, why in [("short", "5 characters"), ("Grandmother", "user name"), ("x" * 1001, "at most 1000")]:
        with pytest.raises(AccountError, match=why):
            store.use_link(link.token, bad)
    assert store.use_link(link.token, GOOD).has_password


def test_neither_tokens_nor_passwords_are_in_the_file(store: AccountStore) -> None:
    link = store.add("ada")
    store.use_link(link.token, GOOD)
    other = store.add("bert")
    content = b"".join(path.read_bytes() for path in store.database.path.parent.iterdir())
    assert b"argon2id" in content
    for secret in (link.token, other.token, GOOD):
        assert secret.encode() not in content
    assert link.token not in repr(link)


def test_a_reset_makes_the_password_void_and_the_logins_to_be_ended(store: AccountStore) -> None:
    account = store.use_link(store.add("ada").token, GOOD)
    store.logins_ended(account)
    store.reset("ada")
    assert store.check_password("ada", GOOD) is None
    after = store.find("ada")
    assert after is not None
    assert after.has_logins_to_end
    assert account.generation != after.generation


def test_ending_older_logins_does_not_hide_a_reset_that_came_meanwhile(store: AccountStore) -> None:
    account = store.use_link(store.add("ada").token, GOOD)
    store.reset("ada")
    store.logins_ended(account)
    after = store.find("ada")
    assert after is not None
    assert after.has_logins_to_end


def test_an_account_added_again_has_logins_to_end(store: AccountStore) -> None:
    store.logins_ended(store.use_link(store.add("ada").token, GOOD))
    store.remove("ada")
    store.add("ada")
    again = store.find("ada")
    assert again is not None
    assert again.has_logins_to_end


def test_removing_takes_the_links_along(store: AccountStore) -> None:
    link = store.add("ada")
    assert store.remove("ADA") == "ada"
    assert store.list() == []
    with pytest.raises(AccountError, match="not known"):
        store.link_owner(link.token)


@pytest.mark.parametrize("action", [AccountStore.remove, AccountStore.reset, lambda s, n: s.set_admin(n, admin=True)])
def test_what_does_not_exist_is_said(store: AccountStore, action: Any) -> None:
    with pytest.raises(AccountError, match="There is no account nobody"):
        action(store, "nobody")


def test_a_password_is_kept_anew_when_the_parameters_change(store: AccountStore, tmp_path: Path) -> None:
    store.use_link(store.add("ada").token, GOOD)
    stronger = PasswordHasher(time_cost=2, memory_cost=128, parallelism=1)
    today = AccountStore(tmp_path / "accounts.sqlite", passwords=Passwords(stronger))
    assert today.check_password("ada", GOOD) is not None
    with today.database.reading() as connection:
        kept = connection.execute("SELECT password FROM accounts").fetchone()["password"]
    assert not stronger.check_needs_rehash(kept)
    assert today.check_password("ada", GOOD) is not None


def test_the_same_password_is_accepted_however_the_keyboard_composes_it(store: AccountStore) -> None:
    store.use_link(store.add("zoe").token, "cafe\u0301 au lait")
    assert store.check_password("zoe", "caf\u00e9 au lait") is not None


def test_a_file_of_another_format_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "accounts.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 7")
    connection.close()
    with pytest.raises(PlatformError, match=r"format 7.*reads format 1"):
        AccountStore(path).list()


def test_a_damaged_file_and_a_missing_folder_are_named(tmp_path: Path) -> None:
    (tmp_path / "accounts.sqlite").write_text("this is not a database, but it is long enough to look like one" * 20)
    with pytest.raises(PlatformError, match=r"accounts\.sqlite cannot be used"):
        AccountStore(tmp_path / "accounts.sqlite").list()
    with pytest.raises(PlatformError, match="Start MantidHub once"):
        AccountStore(tmp_path / "nowhere" / "accounts.sqlite").list()


def test_the_address_of_a_link_is_below_the_hub(store: AccountStore) -> None:
    link = store.add("ada")
    assert link.url("https://hub.example:8443/") == f"https://hub.example:8443/hub/link?token={link.token}"
