"""What can be chosen from a folder of environments, and what a choice comes to."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from mantidhub.controller.offering import MOST_KERNELS, Offering
from mantidhub.controller.sizes import Host, Sizes
from mantidhub.environments.environment import MANIFEST
from mantidhub.environments.locking import build_lock
from mantidhub.errors import SessionFailed, SessionRefused
from mantidhub.sessions.choice import Choice
from mantidhub.settings.model import SessionSettings


@pytest.fixture
def offering(root: Path) -> Offering:
    sizes = Sizes.that_fit(SessionSettings(), Host(memory=8 * 2**30, cores=2))
    return Offering(root, usual="scipp", sizes=sizes)


UPDATED = "2026-01-01T00:00:00Z"


@pytest.fixture
def prepare(root: Path) -> Iterator[Callable[..., None]]:
    """Write what a builder writes, and hold its lock as long as the test runs."""
    with ExitStack() as builders:

        def write(name: str, **what: object) -> None:
            builders.enter_context(build_lock(root, name, waiting=pytest.fail))
            content = {"environment": name, "title": name.title(), "message": "", "updated": UPDATED, **what}
            (root / f"{name}.state.json").write_text(json.dumps(content))

        yield write


class TestTheOffer:
    def test_is_empty_where_nothing_was_built(self, offering: Offering):
        offer = offering.offer()
        assert (offer.environments, offer.environment) == ((), None)
        assert [size.name for size in offer.sizes] == ["small", "medium"]
        assert offer.size == "medium"

    def test_has_the_usual_environment_first_and_of_each_name_the_newest(self, offering: Offering, make):
        make("mantid", "a")
        make("scipp", "b", day=1)
        make("scipp", "c", day=3)
        offer = offering.offer()
        assert [environment.name for environment in offer.environments] == ["scipp", "mantid"]
        assert [version.id for version in offer.ready] == ["scipp-" + "c" * 12, "mantid-" + "a" * 12]
        assert [version.id for version in offer.earlier] == ["scipp-" + "b" * 12]
        assert offer.environment == "scipp"

    def test_shows_builds_of_the_same_packages_once_and_finds_each_by_its_id(self, offering: Offering, make):
        make("scipp", "a", lock_hash="1" * 64)
        make("scipp", "b", day=1, lock_hash="2" * 64)
        make("scipp", "c", day=2, lock_hash="1" * 64)
        offer = offering.offer()
        (scipp,) = offer.environments
        assert [version.id[-1] for version in scipp.versions] == ["c", "b"]
        assert offer.find_version("scipp-" + "a" * 12) == scipp.versions[0]

    def test_takes_another_environment_while_the_usual_one_is_not_ready(self, offering: Offering, make, prepare):
        make("mantid", "a")
        prepare("scipp", state="building")
        assert offering.offer().environment == "mantid"

    def test_does_not_offer_what_is_retired_by_name(self, offering: Offering, make):
        make("scipp", "a")
        make("old", "b", labels=("retired",))
        offer = offering.offer()
        assert [version.name for version in offer.ready] == ["scipp"]
        assert [version.name for version in offer.earlier] == ["old"]
        assert offer.reference_to(offer.earlier[0]) == "old-" + "b" * 12

    def test_names_the_packages_that_people_choose_by(self, offering: Offering, make):
        packages = {"zlib": "1", "plopp": "26.3", "scipp": "26.1.0", "numpy": "2.4", "matplotlib": "3", "mantid": "6"}
        make("scipp", "a", packages=packages)
        version = offering.offer().ready[0]
        assert list(version.packages) == ["scipp", "mantid", "plopp", "numpy"]
        assert version.label == "Scipp 26.1.0"

    def test_tells_how_far_a_build_is(self, offering: Offering, make, prepare, root: Path):
        make("scipp", "a")
        prepare("mantid", state="building", message="Linking", done=3, total=4)
        prepare("ess", state="failed", message="No space left.", step="something of a later release")
        (root / "torn.state.json").write_text('{"environment": "torn", "st')
        offer = offering.offer()
        assert [environment.name for environment in offer.environments] == ["scipp", "ess", "mantid"]
        _, ess, mantid = offer.environments
        assert mantid.preparation is not None and mantid.preparation.percent == 75
        assert ess.preparation is not None and ess.preparation.message == "No space left."
        assert ess.newest is None and mantid.newest is None

    @pytest.mark.parametrize(("done", "total", "percent"), [(1, 0, None), (9, 5, 100), (0, 5, 0)])
    def test_gives_no_percentage_that_nobody_knows(self, offering: Offering, prepare, done, total, percent):
        prepare("mantid", state="building", done=done, total=total)
        assert offering.offer().environments[0].preparation.percent == percent

    def test_does_not_wait_for_a_builder_that_was_killed(self, offering: Offering, root: Path):
        content = {"environment": "mantid", "title": "Mantid", "state": "building", "message": "", "updated": UPDATED}
        (root / "mantid.state.json").write_text(json.dumps(content))
        (mantid,) = offering.offer().environments
        assert mantid.preparation is not None and mantid.preparation.state == "failed"

    def test_has_the_labels_that_the_specification_has_today(self, root: Path, make):
        make("scipp", "a", labels=("recommended",))
        make("old", "b", labels=("recommended",))
        labels = {"scipp": ("recommended",), "old": ("retired",)}
        sizes = Sizes.that_fit(SessionSettings(), Host(memory=8 * 2**30, cores=2))
        offering = Offering(root, usual="scipp", sizes=sizes, labels=labels)
        make("scipp", "c", day=1, labels=("recommended",))
        offer = offering.offer()
        assert [(version.id[-1], version.labels) for version in offer.ready] == [("c", ("recommended",))]
        assert [(version.id[-1], version.labels) for version in offer.earlier] == [("a", ()), ("b", ("retired",))]
        with pytest.raises(SessionRefused, match="is retired"):
            offering.resolve(Choice(environment="old"))


class TestAChoice:
    def test_of_nothing_is_what_is_usual(self, offering: Offering, make):
        scipp = make("scipp", "a")
        chosen = offering.resolve(Choice())
        assert (chosen.environment, chosen.kernels, chosen.size.name) == (scipp, (), "medium")

    def test_takes_names_for_the_newest_and_ids_for_what_they_say(self, offering: Offering, make):
        earlier, newest = make("scipp", "a"), make("scipp", "b", day=1)
        assert offering.resolve(Choice(environment="scipp")).environment == newest
        assert offering.resolve(Choice(environment=earlier.id)).environment == earlier

    def test_has_each_kernel_once_and_its_own_environment_not_among_them(self, offering: Offering, make):
        make("scipp", "a")
        mantid = make("mantid", "b")
        chosen = offering.resolve(Choice(kernels=("mantid", "scipp", mantid.id)))
        assert chosen.kernels == (mantid,)

    def test_of_something_retired_needs_its_id(self, offering: Offering, make):
        old = make("old", "a", labels=("retired",))
        assert offering.resolve(Choice(environment=old.id)).environment == old
        with pytest.raises(SessionRefused, match=f"old is retired.*{old.id}"):
            offering.resolve(Choice(environment="old"))

    @pytest.mark.parametrize(
        ("choice", "sentence"),
        [
            (Choice(environment="nothing"), "There is no environment nothing here. There is scipp."),
            (Choice(environment="sci"), "There is no environment sci here"),
            (Choice(environment="scipp-" + "f" * 12), "There is no environment scipp-ffffffffffff here"),
            (Choice(kernels=("nothing",)), "There is no environment nothing here"),
            (Choice(size="large"), "The size large is larger than this host; there is small, medium."),
            (Choice(size="enormous"), "The size enormous is not known; there is small, medium."),
            (
                Choice(kernels=("scipp",) * (MOST_KERNELS + 1)),
                "A session can have 4 further kernels, and 5 were asked for.",
            ),
        ],
    )
    def test_that_cannot_be_had_is_refused_with_what_can(self, offering: Offering, make, choice: Choice, sentence: str):
        make("scipp", "a")
        with pytest.raises(SessionRefused) as refused:
            offering.resolve(choice)
        assert sentence in str(refused.value)

    def test_of_what_is_damaged_is_a_matter_for_the_administrator(self, offering: Offering, make):
        make("scipp", "a")
        broken, baseless = make("broken", "b"), make("baseless", "c")
        (broken.prefix / MANIFEST).write_text("{")
        baseless.python.unlink()
        with pytest.raises(SessionFailed, match="is not there or was damaged"):
            offering.resolve(Choice(environment=broken.id))
        with pytest.raises(SessionFailed, match="stands on a Python that is not there any more"):
            offering.resolve(Choice(environment="baseless"))

    def test_where_the_usual_environment_is_missing_says_whom_to_tell(self, offering: Offering):
        with pytest.raises(SessionFailed, match="The environment scipp is not there or was damaged"):
            offering.resolve(Choice())
