"""User names: one spelling for each person."""

import pytest

from mantidhub.accounts.names import normalised
from mantidhub.errors import AccountError


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ada", "ada"),
        ("  Ada\n", "ada"),
        ("ＡＤＡ", "ada"),
        ("m.k_2-b", "m.k_2-b"),
        ("7of9", "7of9"),
        ("a" * 32, "a" * 32),
        ("STRAẞE", "strasse"),
        ("KELVIN\u212a", "kelvink"),
    ],
)
def test_a_name_is_kept_in_one_spelling(typed: str, kept: str) -> None:
    assert normalised(typed) == kept
    assert normalised(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "a" * 33,
        ".hidden",
        "-x",
        "_x",
        "a/b",
        "a b",
        "../etc",
        "a~b",
        "josé",
        "аdmin",
        "a\0b",
        "a\nb",
        "ada%2f",
    ],
)
def test_what_cannot_be_a_name_is_refused_with_what_is_allowed(typed: str) -> None:
    with pytest.raises(AccountError, match=r"cannot be a user name: a name is a letter a-z or a digit") as refusal:
        normalised(typed)
    if typed.strip():
        assert repr(typed[:40])[1:-1] in str(refusal.value)
