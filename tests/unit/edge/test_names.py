"""Session keys are safe as file names and can be read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mantidhub.errors import SessionRefused
from mantidhub.sessions.names import SERVER_NAME, USER_NAME, parse_session_key, session_key

users = st.from_regex(USER_NAME, fullmatch=True)
servers = st.just("") | st.from_regex(SERVER_NAME, fullmatch=True)


def test_the_default_server_has_the_users_name_and_others_follow_a_tilde() -> None:
    assert session_key("alice") == "alice"
    assert session_key("alice", "second") == "alice~second"


@given(users, servers)
def test_a_key_is_read_back_and_is_one_plain_file_name(user: str, server: str) -> None:
    key = session_key(user, server)
    assert parse_session_key(key) == (user, server)
    assert "/" not in key
    assert not key.startswith(".")
    assert len(key) <= 65


@pytest.mark.parametrize("user", ["", "Alice", ".alice", "-a", "a/b", "..", "a~b", "a b", "a\n", "ålice", "a" * 33])
def test_other_user_names_are_refused_and_the_message_says_what_is_allowed(user: str) -> None:
    with pytest.raises(SessionRefused, match="1 to 32 of the characters a-z") as refused:
        session_key(user)
    assert repr(user) in str(refused.value)


@pytest.mark.parametrize("server", ["Second", "a.b", "a_b", "-a", "a/b", "a~b", " ", "a" * 33])
def test_other_server_names_are_refused(server: str) -> None:
    with pytest.raises(SessionRefused, match="cannot be the name of a server"):
        session_key("alice", server)


@pytest.mark.parametrize("key", ["", "~", "alice~", "~second", "a~b~c", "../alice", "alice~.."])
def test_what_is_no_key_is_not_read(key: str) -> None:
    with pytest.raises(SessionRefused):
        parse_session_key(key)
