"""An environment is kept while a session, an offer or a notebook speaks for it, and where nobody knows."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from mantidhub.environments import Environment, list_built
from mantidhub.environments.keeping import Verdict, Why, judge, marks_of
from mantidhub.environments.notebooks import Mark, Survey, Unknown
from mantidhub.environments.occupants import Occupants

Copy = Callable[..., Environment]
DAY = timedelta(days=1)


@pytest.fixture
def survey() -> Survey:
    return Survey()


@pytest.fixture
def verdict(root: Path, survey: Survey) -> Callable[..., Verdict]:
    def verdict(
        environment: Environment, *, offered: tuple[str, ...] = ("other",), occupants: Occupants | None = None
    ) -> Verdict:
        nobody = Occupants({}, frozenset(), ())
        verdicts = judge(list_built(root), offered=offered, occupants=occupants or nobody, survey=survey)
        return next(one for one in verdicts if one.environment == environment)

    return verdict


def test_what_nothing_speaks_for_can_go(environment: Environment, verdict) -> None:
    assert verdict(environment).reasons == {}


def test_the_newest_of_each_offered_name_stays(environment: Environment, copy: Copy, verdict) -> None:
    newer, other = copy("small", "c", younger_by=DAY), copy("other", "d")
    offered = ("other", "small")
    assert verdict(environment, offered=offered).reasons == {}
    assert verdict(newer, offered=offered).reasons.keys() == {Why.OFFERED}
    assert verdict(other, offered=offered).reasons.keys() == {Why.DEFAULT}


@pytest.mark.parametrize("word", ["small-aaaaaaaaaaaa", "small"])
def test_a_session_keeps_it_whether_its_record_says_name_or_id(environment: Environment, verdict, word: str) -> None:
    kept = verdict(environment, occupants=Occupants({word: ["alice", "bob~second"]}, frozenset(), ()))
    assert kept.reasons == {Why.SESSION: "in use by 2 sessions: alice, bob~second"}


def test_a_mount_keeps_it(environment: Environment, verdict) -> None:
    kept = verdict(environment, occupants=Occupants({}, frozenset({environment.prefix}), ()))
    assert kept.reasons.keys() == {Why.SESSION}


def test_notebooks_that_ran_in_it_keep_it(environment: Environment, survey: Survey, verdict) -> None:
    survey.tallies[Mark(environment.hash, environment.lock_hash)].add("alice", "a.ipynb", 1)
    survey.tallies[Mark(environment.hash, "")].add("alice", "b.ipynb", 3)
    survey.tallies[Mark(environment.hash, "")].add("bob", "c.ipynb", 2)
    reasons = verdict(environment).reasons
    assert reasons == {Why.NOTEBOOKS: "needed by 3 notebooks of 2 people (latest: alice/b.ipynb)"}


def test_the_same_packages_are_kept_once_for_notebooks_whose_environment_is_gone(
    environment: Environment, copy: Copy, survey: Survey, verdict
) -> None:
    newer = copy("small", "c", younger_by=DAY)
    survey.tallies[Mark("", environment.lock_hash)].add("alice", "a.ipynb", 1)
    assert verdict(environment).reasons == {}
    assert verdict(newer).reasons.keys() == {Why.NOTEBOOKS}


def test_other_packages_are_no_substitute(environment: Environment, copy: Copy, survey: Survey, verdict) -> None:
    copy("small", "c", younger_by=DAY, lock="e" * 64)
    survey.tallies[Mark("", environment.lock_hash)].add("alice", "a.ipynb", 1)
    assert verdict(environment).reasons.keys() == {Why.NOTEBOOKS}


def test_where_something_could_not_be_looked_at_all_stay(environment: Environment, survey: Survey, verdict) -> None:
    survey.unknown.append(Unknown("alice/x.ipynb", "Permission denied"))
    survey.unknown_places = 1
    assert "1 place in homes could not be looked at" in verdict(environment).reasons[Why.UNKNOWN]


def test_a_record_that_cannot_be_read_keeps_all(environment: Environment, verdict) -> None:
    kept = verdict(environment, occupants=Occupants({}, frozenset(), (Path("alice.json"),)))
    assert kept.reasons.keys() == {Why.UNKNOWN}


def test_notebooks_are_asked_for_by_both_hashes(environment: Environment) -> None:
    assert marks_of([environment]) == {environment.hash, environment.lock_hash}
