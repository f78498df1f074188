"""Specifications of a facility stand beside those that ship; names may be shortened where that leaves no doubt."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from mantidhub.environments import Environment, list_built
from mantidhub.environments.known import KnownSpecifications, choose_built
from mantidhub.errors import SettingsError
from mantidhub.settings.model import EnvironmentSettings

Copy = Callable[..., Environment]


def known(folder: Path | None, *offered: str) -> KnownSpecifications:
    return KnownSpecifications.from_settings(EnvironmentSettings(specifications=folder, offered=offered or ("scipp",)))


def test_those_that_ship_are_known(folder: Path) -> None:
    assert "scipp" in known(None).specifications
    assert {"scipp", "small"} <= known(folder).specifications.keys()


def test_one_of_the_same_name_replaces_a_shipped_one(folder: Path) -> None:
    mine = folder / "small.toml"
    mine.write_text(mine.read_text().replace('"small"', '"scipp"'))
    assert known(folder).get("scipp").path == mine


def test_one_that_cannot_be_read_leaves_the_others_usable(folder: Path) -> None:
    (folder / "broken.toml").write_text("name = 5\n")
    both = known(folder)
    assert "small" in both.specifications
    assert str(folder / "broken.toml") in both.mistakes[0]


def test_what_is_offered_is_what_is_known_in_that_order(folder: Path) -> None:
    settings = EnvironmentSettings(specifications=folder, offered=("small", "nowhere", "scipp"))
    assert [one.name for one in KnownSpecifications.from_settings(settings).offered(settings)] == ["small", "scipp"]


def test_without_the_first_there_is_nothing_to_start_in() -> None:
    settings = EnvironmentSettings(offered=("scip",))
    with pytest.raises(SettingsError, match=r"environments\.offered: .* no specification scip\. Did you mean scipp\?"):
        KnownSpecifications.from_settings(settings).get_default(settings)


@pytest.mark.parametrize(
    ("word", "letter"), [("small", "c"), ("sm", None), ("small-a", "a"), ("small-" + "c" * 12, "c"), ("other", "d")]
)
def test_an_environment_is_chosen_by_name_id_or_the_beginning(
    root: Path, environment: Environment, copy: Copy, word: str, letter: str | None
) -> None:
    copy("small", "c", younger_by=timedelta(days=1))
    copy("other", "d")
    chosen = choose_built(word, list_built(root))
    assert chosen.hash == (letter or "c") * 64


def test_a_name_that_begins_another_means_itself(root: Path, environment: Environment, copy: Copy) -> None:
    copy("small-dev", "c")
    assert choose_built("small", list_built(root)) == environment


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("sm", "'sm' may be small-aaaaaaaaaaaa, small-dev-cccccccccccc. Write more"),
        ("smal-aaaaaaaaaaaa", "Did you mean small-aaaaaaaaaaaa?"),
        ("", "'' may be"),
    ],
)
def test_a_word_that_leaves_a_doubt_is_answered(
    root: Path, environment: Environment, copy: Copy, word: str, answer: str
) -> None:
    copy("small-dev", "c")
    with pytest.raises(SettingsError) as refusal:
        choose_built(word, list_built(root))
    assert answer in str(refusal.value)
