"""Idle sessions: who is told when, who is stopped, and what counts as use."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mantidhub.controller.composition import Composer
from mantidhub.controller.culling import BUSY_SHARE, Culling
from mantidhub.errors import EngineError
from mantidhub.sessions.spec import EndCause, Handle
from mantidhub.settings import Settings, StateFolder

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


class Sessions:
    """What runs, as supervision tells it, and what was stopped; and how busy it is, as an engine tells it."""

    def __init__(self) -> None:
        self.there: dict[str, Handle] = {}
        self.stopped: list[tuple[str, EndCause, str]] = []
        self.processor: timedelta | None = timedelta(0)
        self.silent: set[str] = set()

    def running(self) -> dict[str, Handle]:
        return dict(self.there)

    async def stop(self, key: str, *, cause: EndCause, why: str) -> None:
        self.stopped.append((key, cause, why))
        del self.there[key]

    async def processor_time(self, handle: Handle) -> timedelta | None:
        if handle.key in self.silent:
            raise EngineError(f"no answer about {handle.key}")
        return self.processor


@pytest.fixture
def sessions() -> Sessions:
    return Sessions()


@pytest.fixture
def composer(tmp_path: Path) -> Composer:
    state = StateFolder(tmp_path / "state")
    state.prepare(None)
    return Composer(Settings(), state, examples=tmp_path, services=None)


@pytest.fixture
def culling(sessions: Sessions, composer: Composer) -> Culling:
    sessions.there["alice"] = Handle(key="alice", started=START, log=Path("log"), log_start=0)
    composer.session_folder("alice").mkdir(parents=True)
    composer.told_folder("alice").mkdir(parents=True)
    return Culling(sessions, sessions, composer, idle_after=2 * HOUR)


@pytest.fixture
def told(composer: Composer) -> Callable[[], datetime | None]:
    def told() -> datetime | None:
        file = composer.told_folder("alice") / "idle.json"
        return datetime.fromisoformat(json.loads(file.read_text())["ends"]) if file.exists() else None

    return told


def touch(composer: Composer, moment: datetime) -> None:
    file = composer.session_folder("alice") / "active"
    file.touch()
    os.utime(file, (moment.timestamp(), moment.timestamp()))


async def test_who_does_nothing_is_told_ten_minutes_before_and_then_stopped(culling: Culling, sessions, told):
    await culling.round(START + 109 * MINUTE)
    assert told() is None
    await culling.round(START + 110 * MINUTE)
    assert told() == START + 2 * HOUR
    await culling.round(START + 119 * MINUTE)
    assert sessions.stopped == []
    await culling.round(START + 120 * MINUTE)
    why = "It was stopped because it had not been used for 2 h. Your files are kept."
    assert sessions.stopped == [("alice", EndCause.IDLE, why)]


async def test_who_keeps_it_has_all_of_the_time_again(culling: Culling, sessions, told, composer: Composer):
    await culling.round(START + 115 * MINUTE)
    assert told() is not None
    touch(composer, START + 118 * MINUTE)
    await culling.round(START + 119 * MINUTE)
    assert told() is None
    await culling.round(START + 118 * MINUTE + 109 * MINUTE)
    assert told() is None
    await culling.round(START + 118 * MINUTE + 110 * MINUTE)
    assert told() == START + 118 * MINUTE + 2 * HOUR
    assert sessions.stopped == []


async def test_the_warning_is_never_shorter_although_nobody_looked_in_time(culling: Culling, sessions, told):
    late = START + 20 * HOUR
    await culling.round(late)
    assert told() == late + 10 * MINUTE
    await culling.round(late + 9 * MINUTE)
    assert sessions.stopped == []
    await culling.round(late + 10 * MINUTE)
    assert [key for key, _, _ in sessions.stopped] == ["alice"]


@pytest.mark.parametrize(("share", "is_busy"), [(BUSY_SHARE * 2, True), (BUSY_SHARE / 2, False)])
async def test_processor_time_is_use_whatever_the_session_says(
    culling: Culling, sessions: Sessions, told, share: float, is_busy: bool
):
    for minutes in range(0, 240, 5):
        sessions.processor = share * (minutes * MINUTE)
        await culling.round(START + minutes * MINUTE)
    assert bool(sessions.stopped) != is_busy


async def test_where_nobody_counts_processor_time_the_session_is_believed(culling: Culling, sessions, composer):
    sessions.processor = None
    for minutes in range(0, 240, 5):
        touch(composer, START + minutes * MINUTE)
        await culling.round(START + minutes * MINUTE)
    assert sessions.stopped == []


async def test_a_session_cannot_put_its_use_into_the_future(culling: Culling, sessions, composer, told):
    touch(composer, START + timedelta(days=3650))
    await culling.round(START + MINUTE)
    touch(composer, START + MINUTE)
    await culling.round(START + MINUTE + 2 * HOUR)
    assert told() is not None


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
async def test_what_is_no_file_says_nothing_and_is_not_followed(
    culling: Culling, told, composer: Composer, tmp_path: Path, kind: str
):
    file = composer.session_folder("alice") / "active"
    if kind == "link":
        (tmp_path / "fresh").touch()
        file.symlink_to(tmp_path / "fresh")
    elif kind == "pipe":
        os.mkfifo(file)
    else:
        file.mkdir()
    await culling.round(START + 115 * MINUTE)
    assert told() is not None


async def test_a_session_that_was_started_again_begins_anew(culling: Culling, sessions: Sessions, told, composer):
    await culling.round(START + 115 * MINUTE)
    sessions.there["alice"] = Handle(key="alice", started=START + 119 * MINUTE, log=Path("log"), log_start=0)
    await culling.round(START + 121 * MINUTE)
    assert told() is None
    assert sessions.stopped == []


def test_a_short_time_has_a_short_warning(sessions: Sessions, composer: Composer):
    short = Culling(sessions, sessions, composer, idle_after=8 * MINUTE)
    assert short.every == timedelta(minutes=0.4)


async def test_a_session_of_which_the_engine_knows_nothing_now_keeps_no_other_from_its_end(culling: Culling, sessions):
    sessions.there = {"bob": Handle(key="bob", started=START, log=Path("log"), log_start=0), **sessions.there}
    sessions.silent = {"bob"}
    for minutes in (110, 120):
        await culling.round(START + minutes * MINUTE)
    assert [key for key, _, _ in sessions.stopped] == ["alice"]
