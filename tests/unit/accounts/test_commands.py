"""The commands of `mantidhub user`."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mantidhub.accounts.commands import UserCommands, administrators_link, user_group
from mantidhub.accounts.store import AccountStore
from mantidhub.errors import AccountError

GOOD = "seven grey mantids"
User = Callable[..., Result]


@pytest.fixture
def removed() -> list[str]:
    return []


@pytest.fixture
def user(store: AccountStore, removed: list[str]) -> User:
    group = user_group(lambda: UserCommands(store, "http://localhost:8000", removed.append))
    return lambda *words: CliRunner().invoke(group, list(words))


def token_in(result: Result) -> str:
    found = re.search(r"http://localhost:8000/hub/link\?token=(\S+)", result.output)
    assert found is not None, result.output
    return found[1]


def test_add_prints_a_link_and_until_when_it_works(user: User, store: AccountStore) -> None:
    result = user("add", "Ada", "--admin")
    assert result.exit_code == 0
    assert store.link_owner(token_in(result)).admin
    assert re.search(r"It works once, until \d{4}-\d\d-\d\d \d\d:\d\d", result.output)


def test_reset_prints_a_new_link(user: User, store: AccountStore) -> None:
    store.use_link(token_in(user("add", "ada")), GOOD)
    result = user("reset", "ada")
    assert store.link_owner(token_in(result)).name == "ada"
    assert store.check_password("ada", GOOD) is None


def test_remove_says_that_the_home_is_kept_and_ends_the_sessions(user: User, removed: list[str]) -> None:
    user("add", "ada")
    result = user("remove", "ADA")
    assert (result.exit_code, removed) == (0, ["ada"])
    assert "The home of ada is kept" in result.output


def test_list_shows_who_has_a_password_and_who_has_a_link(user: User, store: AccountStore, clock: Any) -> None:
    user("add", "late")
    clock.turn(days=8)
    store.use_link(token_in(user("add", "ada", "--admin")), GOOD)
    user("add", "bert")
    ada, bert, late = user("list").output.splitlines()
    assert re.fullmatch(r"ada +administrator +has a password", ada)
    assert re.fullmatch(r"bert +user +has a link until .*", bert)
    assert "link expired; `mantidhub user reset late`" in late
    listed = json.loads(user("list", "--json").output)
    assert [(one["name"], one["admin"], one["has_password"]) for one in listed] == [
        ("ada", True, True),
        ("bert", False, False),
        ("late", False, False),
    ]


def test_admin_gives_and_takes_the_right(user: User, store: AccountStore) -> None:
    user("add", "ada")
    user("admin", "ada")
    assert store.list()[0].admin
    user("admin", "ada", "--revoke")
    assert not store.list()[0].admin


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("remove", "nobody"), "There is no account nobody"),
        (("reset", "nobody"), "There is no account nobody"),
        (("add", "a b"), "cannot be a user name"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_code_1(user: User, words: tuple[str, ...], sentence: str) -> None:
    result = user(*words)
    assert result.exit_code == 1
    assert sentence in result.output
    assert "Traceback" not in result.output


class TestTheFirstAdministrator:
    def test_gets_a_new_link_at_each_start_until_a_password_is_chosen(self, store: AccountStore) -> None:
        first, second = administrators_link(store), administrators_link(store)
        assert first is not None
        assert second is not None
        assert store.use_link(second.token, GOOD).admin
        assert administrators_link(store) is None

    def test_is_not_added_beside_one_who_was_invited(self, store: AccountStore) -> None:
        store.add("ada", admin=True)
        assert administrators_link(store) is None
        assert [account.name for account in store.list()] == ["ada"]

    def test_never_takes_over_an_ordinary_users_name(self, store: AccountStore) -> None:
        store.use_link(store.add("admin").token, GOOD)
        with pytest.raises(AccountError, match="admin is an ordinary user"):
            administrators_link(store)
        assert store.check_password("admin", GOOD) is not None
