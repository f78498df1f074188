"""What is left of sessions that did not start, or that ended while no controller watched."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mantidhub.controller.composition import Composer
from mantidhub.controller.offering import Offering
from mantidhub.controller.reconciliation import Reconciliation
from mantidhub.controller.sizes import Host, Sizes
from mantidhub.controller.supervision import Supervision
from mantidhub.errors import EngineError, SessionFailed
from mantidhub.sessions.boot import boot
from mantidhub.sessions.record import RecordFolder, SessionRecord
from mantidhub.sessions.request import SessionRequest
from mantidhub.sessions.spec import EndCause, Handle, SessionEnd, SessionSpec
from mantidhub.settings import Settings, StateFolder

REQUEST = SessionRequest.model_validate({"user": "alice", "variables": {"JUPYTERHUB_SERVICE_PREFIX": "/user/alice/"}})


class EngineByHand:
    """An engine that starts, fails and ends what the test tells it to; what it runs it may have from before."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.answers = False
        self.launches = False
        self.refuses_to_stop = False
        self.runs: list[Handle] = []
        self.ends: dict[str, SessionEnd] = {}

    async def launch(self, spec: SessionSpec) -> Handle:
        self.asked.set()
        if self.answers:
            raise EngineError("it does not work")
        while not self.launches:
            await asyncio.sleep(0.01)
        handle = Handle(key=spec.key, started=datetime.now(UTC), log=spec.log, log_start=0)
        self.runs.append(handle)
        return handle

    async def find_all(self) -> list[Handle]:
        return list(self.runs)

    async def stop(self, handle: Handle, *, grace: timedelta) -> None:
        if self.refuses_to_stop:
            raise EngineError("it does not answer")
        if handle in self.runs:
            self.runs.remove(handle)

    async def wait(self, handle: Handle) -> SessionEnd:
        while handle in self.runs and handle.key not in self.ends:
            await asyncio.sleep(0.01)
        if handle in self.runs:
            self.runs.remove(handle)
        return self.ends.pop(handle.key, SessionEnd(handle.key, EndCause.EXITED, 0, ""))

    def runs_from_before(self, key: str) -> Handle:
        handle = Handle(key=key, started=datetime.now(UTC), log=Path(key), log_start=0)
        self.runs.append(handle)
        return handle


@pytest.fixture
def state(tmp_path: Path) -> StateFolder:
    state = StateFolder(tmp_path / "state")
    state.prepare(None)
    return state


@pytest.fixture
def engine() -> EngineByHand:
    return EngineByHand()


@pytest.fixture
def composer(state: StateFolder, tmp_path: Path) -> Composer:
    return Composer(Settings(), state, examples=tmp_path, services=None)


@pytest.fixture
async def supervision(
    state: StateFolder, engine: EngineByHand, composer: Composer, root: Path, make: Callable[..., object]
) -> AsyncIterator[Supervision]:
    make("scipp", "a")
    sizes = Sizes.that_fit(Settings().sessions, Host(memory=2**36, cores=16))
    records = RecordFolder(state.controller / "records")
    offering = Offering(root, usual="scipp", sizes=sizes)
    supervision = Supervision(engine, offering, composer, records, stop_grace=timedelta(0))
    yield supervision
    await supervision.close()


@pytest.fixture
def reconciliation(engine: EngineByHand, supervision: Supervision, composer: Composer) -> Reconciliation:
    return Reconciliation(engine, supervision, composer)


@pytest.fixture
def write(state: StateFolder) -> Callable[..., None]:
    """Leave a record, and a folder, of a former controller."""

    def write(key: str, **changes: object) -> None:
        record = SessionRecord(key, key, "", "scipp-aaaaaaaaaaaa", boot=boot())
        RecordFolder(state.controller / "records").write(replace(record, **changes))
        (state.sessions / key).mkdir(exist_ok=True)

    return write


def left(state: StateFolder) -> list[str]:
    return [entry.name for folder in (state.sessions, state.controller / "records") for entry in folder.iterdir()]


async def test_a_start_that_fails_leaves_nothing(supervision: Supervision, engine: EngineByHand, state):
    engine.answers = True
    with pytest.raises(EngineError):
        await supervision.start(REQUEST, lambda step: None)
    assert left(state) == []


async def test_a_start_that_nobody_waits_for_any_more_leaves_nothing(
    supervision: Supervision, engine: EngineByHand, state: StateFolder
):
    starting = asyncio.create_task(supervision.start(REQUEST, lambda step: None))
    await asyncio.wait_for(engine.asked.wait(), 20)
    assert left(state) == ["alice", "alice.json"]
    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)
    assert left(state) == []


async def test_what_is_left_from_before_the_controller_started_is_removed(
    supervision: Supervision, reconciliation: Reconciliation, write: Callable[..., None], state: StateFolder
):
    write("alice")
    (state.sessions / "bob").mkdir()
    (state.sessions / "bob" / "server.sock").touch()
    await supervision.adopt()
    await reconciliation.round()
    assert left(state) == []


async def test_a_session_is_adopted_if_it_had_answered_and_ended_if_not(
    supervision: Supervision,
    reconciliation: Reconciliation,
    engine: EngineByHand,
    write: Callable[..., None],
    state: StateFolder,
):
    for key, answered in (("alice", True), ("bob", False)):
        write(key, answered=answered)
        engine.runs_from_before(key)
    await supervision.adopt()
    await reconciliation.round()
    assert [handle.key for handle in engine.runs] == ["alice"]
    assert left(state) == ["alice", "alice.json"]
    assert list(supervision.running()) == ["alice"]
    assert supervision.find("bob") is None


async def test_how_a_session_ended_while_no_controller_ran_is_kept(
    supervision: Supervision, engine: EngineByHand, write: Callable[..., None]
):
    write("alice")
    engine.runs_from_before("alice")
    engine.ends["alice"] = SessionEnd("alice", EndCause.OUT_OF_MEMORY, 137, "It used more memory than its limit.")
    write("bob")
    write("carol", boot="another-run-of-the-machine")
    await supervision.adopt()
    await until_ended(supervision, "alice")
    assert [(state.key, state.cause) for state in supervision.states()] == [
        ("alice", EndCause.OUT_OF_MEMORY),
        ("bob", EndCause.VANISHED),
        ("carol", EndCause.HOST_RESTARTED),
    ]


async def test_a_stray_goes_with_the_next_round(
    supervision: Supervision, reconciliation: Reconciliation, engine: EngineByHand, state: StateFolder
):
    await supervision.adopt()
    engine.runs_from_before("alice")
    (state.sessions / "alice").mkdir()
    await reconciliation.round()
    assert engine.runs == []
    assert left(state) == []


async def test_a_round_in_the_middle_of_a_start_leaves_it_alone(
    supervision: Supervision, reconciliation: Reconciliation, engine: EngineByHand, state: StateFolder
):
    starting = asyncio.create_task(supervision.start(REQUEST, lambda step: None))
    await asyncio.wait_for(engine.asked.wait(), 20)
    remains = engine.runs_from_before("alice")  # as a container is seen that was made and not yet started
    await reconciliation.round()
    assert engine.runs == [remains]
    assert left(state) == ["alice", "alice.json"]
    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)


async def test_a_start_waits_until_what_was_left_is_removed(
    supervision: Supervision, engine: EngineByHand, state: StateFolder
):
    async with supervision.reserve("alice") as free:
        assert free
        starting = asyncio.create_task(supervision.start(REQUEST, lambda step: None))
        await asyncio.sleep(0.05)
        assert not engine.asked.is_set()
        async with supervision.reserve("alice") as again:
            assert not again
    await asyncio.wait_for(engine.asked.wait(), 20)
    async with supervision.reserve("alice") as free:
        assert not free, "it is being started"
    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)


async def test_a_start_right_after_one_that_failed_keeps_its_folder(
    supervision: Supervision, engine: EngineByHand, composer: Composer, state: StateFolder, monkeypatch
):
    clear = composer.clear

    async def clear_slowly(key: str) -> None:
        await asyncio.sleep(0.1)
        await clear(key)

    monkeypatch.setattr(composer, "clear", clear_slowly)
    engine.launches = True
    engine.ends["alice"] = SessionEnd("alice", EndCause.EXITED, 3, "no such module")
    first = asyncio.create_task(supervision.start(REQUEST, lambda step: None))
    while engine.runs or not engine.asked.is_set():
        await asyncio.sleep(0.005)
    engine.asked.clear()
    second = asyncio.create_task(supervision.start(REQUEST, lambda step: None))
    with pytest.raises(SessionFailed, match="no such module"):
        await first
    await asyncio.wait_for(engine.asked.wait(), 20)
    await asyncio.sleep(0.3)
    assert left(state) == ["alice", "alice.json"]
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)


async def test_a_session_can_be_stopped_before_its_processes_exist(
    supervision: Supervision, engine: EngineByHand, state: StateFolder
):
    starting = asyncio.create_task(supervision.start(REQUEST, lambda step: None))
    await asyncio.wait_for(engine.asked.wait(), 20)
    stopping = asyncio.create_task(supervision.stop("alice"))
    await asyncio.sleep(0.02)
    assert not stopping.done()
    engine.launches = True
    await asyncio.wait_for(stopping, 20)
    with pytest.raises(SessionFailed, match="stopped"):
        await starting
    assert engine.runs == []
    assert left(state) == []


async def test_what_an_engine_would_not_end_is_ended_in_a_later_round(
    supervision: Supervision, reconciliation: Reconciliation, engine: EngineByHand, state: StateFolder
):
    engine.launches = engine.refuses_to_stop = True
    starting = asyncio.create_task(supervision.start(REQUEST, lambda step: None))
    while not engine.runs:
        await asyncio.sleep(0.005)
    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)
    assert [handle.key for handle in engine.runs] == ["alice"]
    engine.refuses_to_stop = False
    await reconciliation.round()
    await until_ended(supervision, "alice")
    assert engine.runs == []
    assert left(state) == []


async def test_who_stopped_a_session_is_the_reason_and_not_what_the_engine_saw(
    supervision: Supervision, engine: EngineByHand, write: Callable[..., None]
):
    write("alice")
    engine.runs_from_before("alice")
    await supervision.adopt()
    await supervision.stop("alice", cause=EndCause.IDLE, why="It was not used for 8 hours.")
    found = supervision.find("alice")
    assert found is not None
    assert (found.phase, found.cause, found.message) == ("ended", EndCause.IDLE, "It was not used for 8 hours.")


async def until_ended(supervision: Supervision, key: str) -> None:
    for _ in range(500):
        if not supervision.holds(key):
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"{key} has not ended")
