"""An earlier choice, fitted to what there is now."""

from datetime import UTC, datetime

import pytest

from mantidhub.errors import SessionRefused
from mantidhub.sessions.choice import Choice
from mantidhub.sessions.offer import Offer, OfferedEnvironment, OfferedSize, Version
from mantidhub.sessions.settling import settle


def version(name: str, letter: str, release: str) -> Version:
    return Version(
        id=f"{name}-{letter * 12}",
        lock=letter * 64,
        name=name,
        title=name,
        description="",
        labels=(),
        created=datetime(2026, 1, 1, tzinfo=UTC),
        python_version="3.11.2",
        packages={name: release},
    )


SCIPP, OLD_SCIPP = version("scipp", "b", "26.1"), version("scipp", "a", "25.1")
MANTID = version("mantid", "c", "6.16")
SMALL = OfferedSize(name="small", title="Looking", memory=2**31, cpus=1)
MEDIUM = OfferedSize(name="medium", title="Most work", memory=2**32, cpus=2)
OFFER = Offer(
    environments=(
        OfferedEnvironment(name="scipp", versions=(SCIPP, OLD_SCIPP)),
        OfferedEnvironment(name="mantid", versions=(MANTID,)),
    ),
    environment="scipp",
    sizes=(SMALL, MEDIUM),
    size="medium",
    most_kernels=1,
)


def test_who_never_chose_gets_what_is_usual():
    settled = settle(None, OFFER)
    assert settled.choice == Choice(environment="scipp", size="medium")
    assert settled.changes == ()
    assert settled.summary == "scipp 26.1 · 2 cores, 4 GiB"


def test_what_can_still_be_had_stays():
    choice = Choice(environment=OLD_SCIPP.id, size="small", kernels=("mantid",))
    settled = settle(choice, OFFER)
    assert (settled.choice, settled.changes) == (choice, ())
    assert settled.summary == "scipp 25.1 + mantid 6.16 · 1 core, 2 GiB"


def test_the_newest_chosen_by_id_is_remembered_by_name():
    assert settle(Choice(environment=SCIPP.id), OFFER).choice.environment == "scipp"


def test_a_build_that_is_gone_is_replaced_by_the_newest_of_its_name():
    settled = settle(Choice(environment="mantid-" + "d" * 12), OFFER)
    assert settled.environment == MANTID
    assert settled.changes == (
        "The environment mantid-dddddddddddd, which you used last, is not here any more. "
        "mantid 6.16 is chosen instead.",
    )


def test_a_name_that_is_gone_is_replaced_by_the_usual_one():
    settled = settle(Choice(environment="ess"), OFFER)
    assert settled.environment == SCIPP and len(settled.changes) == 1


def test_a_size_and_kernels_that_are_gone_are_said():
    settled = settle(Choice(environment="scipp", size="large", kernels=("ess", "mantid")), OFFER)
    assert settled.choice == Choice(environment="scipp", size="medium", kernels=("mantid",))
    assert [change.split(",")[0] for change in settled.changes] == [
        "The size large",
        "The further kernels ess are not here any more",
    ]


def test_no_more_kernels_than_allowed_and_never_the_environment_itself():
    settled = settle(Choice(kernels=("scipp", "mantid", OLD_SCIPP.id)), OFFER)
    assert settled.kernels == (MANTID,)
    assert settled.changes == ("A server has at most 1 further kernels. Left out: scipp 25.1.",)


def test_where_nothing_is_ready_there_is_no_environment_and_no_error():
    nothing = OFFER.model_copy(update={"environments": (), "environment": None})
    settled = settle(Choice(environment="scipp"), nothing)
    assert settled.environment is None and settled.summary == "2 cores, 4 GiB"


@pytest.mark.parametrize("stored", [{"environment": 7}, {"colour": "red"}, ["scipp"], {}, None, "x"])
def test_what_cannot_be_read_any_more_is_as_if_nothing_was_stored(stored: object):
    assert Choice.find_in(stored) is None


@pytest.mark.parametrize("sent", [["scipp"], "scipp", 5])
def test_options_that_are_no_object_are_refused_in_words(sent: object):
    with pytest.raises(SessionRefused, match="are a JSON object"):
        Choice.from_options(sent)


def test_what_is_stored_is_read_again():
    choice = Choice(environment="scipp", kernels=("mantid",))
    assert Choice.find_in(choice.to_options()) == choice
    assert "size" not in choice.to_options()
