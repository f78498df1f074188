"""What is left of sessions that did not start, or that ended while no controller watched."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mantidhub.controller.composition import Composer
from mantidhub.controller.offering import Offering
from mantidhub.controller.sizes import Host, Sizes
from mantidhub.controller.supervision import Supervision
from mantidhub.errors import EngineError
from mantidhub.sessions.record import RecordFolder, SessionRecord
from mantidhub.sessions.request import SessionRequest
from mantidhub.sessions.spec import EndCause, Handle, SessionEnd, SessionSpec
from mantidhub.settings import Settings, StateFolder

REQUEST = SessionRequest.model_validate({"user": "alice", "variables": {"JUPYTERHUB_SERVICE_PREFIX": "/user/alice/"}})


class EngineThatStartsNothing:
    """An engine whose starts fail, or never end; what it runs is from before."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.answers = False
        self.runs: list[Handle] = []

    async def launch(self, spec: SessionSpec) -> Handle:
        self.asked.set()
        if self.answers:
            raise EngineError("it does not work")
        await asyncio.Event().wait()
        raise AssertionError

    async def running(self) -> list[Handle]:
        return list(self.runs)

    async def stop(self, handle: Handle, *, grace: timedelta) -> None:
        self.runs.remove(handle)

    async def wait(self, handle: Handle) -> SessionEnd:
        while handle in self.runs:
            await asyncio.sleep(0.01)
        return SessionEnd(handle.key, EndCause.EXITED, 0, "")


@pytest.fixture
def state(tmp_path: Path) -> StateFolder:
    state = StateFolder(tmp_path / "state")
    state.prepare(None)
    return state


@pytest.fixture
def engine() -> EngineThatStartsNothing:
    return EngineThatStartsNothing()


@pytest.fixture
def supervision(
    state: StateFolder, engine: EngineThatStartsNothing, root: Path, make: Callable[..., object], tmp_path: Path
) -> Supervision:
    make("scipp", "a")
    settings = Settings()
    sizes = Sizes.that_fit(settings.sessions, Host(memory=2**36, cores=16))
    composer = Composer(settings, state, examples=tmp_path, services=None)
    records = RecordFolder(state.controller / "records")
    return Supervision(engine, Offering(root, usual="scipp", sizes=sizes), composer, records, stop_grace=timedelta(0))


def left(state: StateFolder) -> list[str]:
    return [entry.name for folder in (state.sessions, state.controller / "records") for entry in folder.iterdir()]


async def test_a_start_that_fails_leaves_nothing(supervision: Supervision, engine: EngineThatStartsNothing, state):
    engine.answers = True
    with pytest.raises(EngineError):
        await supervision.start(REQUEST, lambda step: None)
    assert left(state) == []


async def test_a_start_that_nobody_waits_for_any_more_leaves_nothing(
    supervision: Supervision, engine: EngineThatStartsNothing, state: StateFolder
):
    starting = asyncio.create_task(supervision.start(REQUEST, lambda step: None))
    await asyncio.wait_for(engine.asked.wait(), 20)
    assert left(state) == ["alice", "alice.json"]
    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)
    assert left(state) == []


async def test_what_is_left_from_before_the_controller_started_is_removed(supervision: Supervision, state: StateFolder):
    RecordFolder(state.controller / "records").write(SessionRecord("alice", "alice", "", "scipp-aaaaaaaaaaaa"))
    for key in ("alice", "bob"):
        (state.sessions / key).mkdir()
        (state.sessions / key / "server.sock").touch()
    await supervision.adopt()
    assert left(state) == []


async def test_a_session_is_adopted_if_it_had_answered_and_ended_if_not(
    supervision: Supervision, engine: EngineThatStartsNothing, state: StateFolder
):
    records = RecordFolder(state.controller / "records")
    for key, answered in (("alice", True), ("bob", False)):
        records.write(SessionRecord(key, key, "", "scipp-aaaaaaaaaaaa", answered=answered))
        engine.runs.append(Handle(key=key, started=datetime.now(UTC), log=state.logs / key, log_start=0))
        (state.sessions / key).mkdir()
    await supervision.adopt()
    try:
        assert [handle.key for handle in engine.runs] == ["alice"]
        assert left(state) == ["alice", "alice.json"]
        assert supervision.find("bob") is None
    finally:
        await supervision.close()
