"""Who writes what when: the page while there is one, else the server, and what is handed over is shown once."""

import asyncio
from dataclasses import dataclass, field

import pytest

from mantidlab.server.outputs import keeper as module
from mantidlab.server.outputs.keeper import Keeper
from mantidlab.server.outputs.notebooks import Change
from mantidlab.server.outputs.run import Run


@dataclass
class Version:
    """What the notebook held."""

    file: "Notebooks" = field(compare=False)
    text: str

    def put_back(self) -> None:
        self.file.text = self.text

    def is_current(self) -> bool:
        return self.file.text == self.text


@dataclass
class Notebooks:
    """One notebook, which shows what was written."""

    text: str = ""
    fails: bool = False
    is_writing: bool = False
    written: list[str] = field(default_factory=list)

    async def path_of(self, kernel: str) -> str | None:
        return "a.ipynb" if kernel == "k" else None

    async def put(self, path: str, kernel: str, runs: list[Run]) -> Change | None:
        self.is_writing = True
        await asyncio.sleep(0)
        self.is_writing = False
        if self.fails:
            raise OSError("the disk is full")
        before, self.text = self.text, "".join(output["text"] for run in runs for output in run.outputs())
        self.written.append(path)
        return Change(Version(self, before), Version(self, self.text)) if before != self.text else None


@pytest.fixture
def notebooks() -> Notebooks:
    return Notebooks()


@pytest.fixture
def keeper(notebooks: Notebooks) -> Keeper:
    """A keeper with a kernel whose page has asked for a cell, which has printed something."""
    keeper = Keeper(notebooks)
    keeper.connected("k", "connection", "page")
    keeper.asked("k", Run("r", session="page", cell="c", code="…"))
    keeper.answered("k", "r", "1", "execute_input", {"execution_count": 1})
    say(keeper, "a")
    return keeper


def say(keeper: Keeper, text: str) -> None:
    keeper.answered("k", "r", text, "stream", {"name": "stdout", "text": text})


def end(keeper: Keeper) -> None:
    keeper.answered("k", "r", "end", "status", {"execution_state": "idle"})


def let_time_pass(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    now = module.time.monotonic()
    monkeypatch.setattr(module.time, "monotonic", lambda: now + seconds)


async def test_while_a_page_is_there_nothing_is_written(keeper: Keeper, notebooks: Notebooks):
    end(keeper)
    await keeper.look()
    await keeper.before_reading("a.ipynb")
    assert not notebooks.written


async def test_what_came_is_written_when_the_page_is_closed_then_every_few_seconds_and_at_the_end(
    keeper: Keeper, notebooks: Notebooks, monkeypatch: pytest.MonkeyPatch
):
    keeper.disconnected("k", "connection", closed=True)
    await keeper.look()
    assert notebooks.text == "a"
    say(keeper, "b")
    await keeper.look()
    assert notebooks.text == "a"
    with monkeypatch.context() as later:
        let_time_pass(later, module.WRITE_EVERY)
        await keeper.look()
        assert notebooks.text == "ab"
    say(keeper, "c")
    end(keeper)
    await keeper.look()
    assert notebooks.text == "abc"
    await keeper.look()
    assert len(notebooks.written) == 3
    assert not keeper.is_kept("k", "r"), "it is in the file, and nobody else needs it"


async def test_what_could_not_be_written_is_tried_again(
    keeper: Keeper, notebooks: Notebooks, monkeypatch: pytest.MonkeyPatch
):
    notebooks.fails = True
    keeper.disconnected("k", "connection", closed=True)
    end(keeper)
    await keeper.look()
    notebooks.fails = False
    await keeper.look()
    assert notebooks.text == "", "not each second: a full disk stays full for some time"
    let_time_pass(monkeypatch, module.TRY_AGAIN_AFTER)
    await keeper.look()
    assert notebooks.text == "a"


async def test_a_page_that_is_being_opened_reads_all_and_finds_the_file_unchanged_later(
    keeper: Keeper, notebooks: Notebooks, monkeypatch: pytest.MonkeyPatch
):
    keeper.disconnected("k", "connection", closed=True)
    await keeper.before_reading("a.ipynb")
    assert notebooks.text == "a"
    say(keeper, "b")
    end(keeper)
    await keeper.look()
    assert notebooks.text == "a"
    keeper.connected("k", "another", "later")
    [run] = keeper.hand_over("k", "later")
    assert [output["text"] for output in run.outputs()] == ["ab"]
    keeper.saved("a.ipynb")
    assert not keeper.is_kept("k", "r")


async def test_a_page_that_never_connects_does_not_hold_up_writing(
    keeper: Keeper, notebooks: Notebooks, monkeypatch: pytest.MonkeyPatch
):
    keeper.disconnected("k", "connection", closed=True)
    await keeper.before_reading("a.ipynb")
    say(keeper, "b")
    let_time_pass(monkeypatch, module.OPENING)
    await keeper.look()
    assert notebooks.text == "ab"


async def test_a_page_that_was_cut_off_finds_its_file_as_it_left_it(
    keeper: Keeper, notebooks: Notebooks, monkeypatch: pytest.MonkeyPatch
):
    notebooks.text = "as saved"
    keeper.disconnected("k", "connection", closed=False)
    end(keeper)
    await keeper.look()
    assert notebooks.text == "as saved", "it may be back in a moment"
    let_time_pass(monkeypatch, module.CUT_OFF)
    await keeper.look()
    assert notebooks.text == "a"
    keeper.connected("k", "connection again", "page")
    assert notebooks.text == "as saved"
    keeper.disconnected("k", "connection again", closed=True)
    await keeper.look()
    assert notebooks.text == "a"


async def test_it_finds_it_so_even_when_it_comes_back_while_the_file_is_written(
    keeper: Keeper, notebooks: Notebooks, monkeypatch: pytest.MonkeyPatch
):
    notebooks.text = "as saved"
    keeper.disconnected("k", "connection", closed=False)
    let_time_pass(monkeypatch, module.CUT_OFF)
    await keeper.look()
    say(keeper, "b")
    end(keeper)
    writing = asyncio.ensure_future(keeper.look())
    while not notebooks.is_writing:
        await asyncio.sleep(0)
    keeper.connected("k", "connection again", "page")
    await writing
    assert notebooks.text == "as saved"


async def test_it_finds_it_so_too_when_it_saves_before_it_is_connected(
    keeper: Keeper, notebooks: Notebooks, monkeypatch: pytest.MonkeyPatch
):
    notebooks.text = "as saved"
    keeper.disconnected("k", "connection", closed=False)
    let_time_pass(monkeypatch, module.CUT_OFF)
    await keeper.look()
    keeper.before_comparing("a.ipynb")
    assert notebooks.text == "as saved"


@pytest.mark.parametrize("somebody", ["wrote", "read", "took over"])
async def test_but_not_when_somebody_else_has_met_the_file_since(
    keeper: Keeper, notebooks: Notebooks, monkeypatch: pytest.MonkeyPatch, somebody: str
):
    keeper.disconnected("k", "connection", closed=False)
    let_time_pass(monkeypatch, module.CUT_OFF)
    await keeper.look()
    if somebody == "wrote":
        notebooks.text = "a, and what somebody wrote"
    elif somebody == "read":
        await keeper.before_reading("a.ipynb")
    else:
        keeper.connected("k", "another", "other")
    keeper.connected("k", "connection again", "page")
    assert notebooks.text.startswith("a")


async def test_what_no_page_follows_is_handed_to_one(keeper: Keeper):
    keeper.connected("k", "other connection", "other")
    assert keeper.hand_over("k", "other") == []
    keeper.disconnected("k", "connection", closed=True)
    assert [run.request for run in keeper.hand_over("k", "other")] == ["r"]
    assert keeper.hand_over("k", "other") == []
    assert keeper.hand_over("k", "not connected") == []


@pytest.mark.parametrize("server", ["has noticed", "has not noticed"])
async def test_a_page_that_was_cut_off_is_told_all_again(keeper: Keeper, server: str):
    """What was sent to it meanwhile is lost, and nobody knows how much of it there was."""
    if server == "has noticed":
        keeper.disconnected("k", "connection", closed=False)
    keeper.connected("k", "connection again", "page")
    if server == "has not noticed":
        keeper.disconnected("k", "connection", closed=False)
    assert [run.request for run in keeper.hand_over("k", "page")] == ["r"]
    assert keeper.hand_over("k", "page") == []


async def test_what_a_page_has_shown_to_the_end_and_saved_is_forgotten(keeper: Keeper):
    await keeper.look()
    keeper.saved("a.ipynb")
    assert keeper.is_kept("k", "r"), "it has not ended"
    end(keeper)
    keeper.saved("b.ipynb")
    assert keeper.is_kept("k", "r"), "that was another notebook"
    keeper.saved("a.ipynb")
    assert not keeper.is_kept("k", "r")


async def test_a_cell_that_is_run_again_has_only_the_later_outputs(keeper: Keeper):
    keeper.asked("k", Run("again", session="page", cell="c", code="…"))
    assert not keeper.is_kept("k", "r")
    assert keeper.is_kept("k", "again")


async def test_a_cell_that_was_passed_over_is_forgotten(keeper: Keeper, notebooks: Notebooks):
    keeper.asked("k", Run("next", session="page", cell="d", code="…"))
    keeper.answered("k", "next", "m", "status", {"execution_state": "idle"})
    assert not keeper.is_kept("k", "next")


async def test_what_there_is_when_the_kernel_is_ended_is_written(keeper: Keeper, notebooks: Notebooks):
    keeper.disconnected("k", "connection", closed=False)
    await keeper.leave("k")
    assert notebooks.text == "a"


async def test_of_other_kernels_nothing_is_kept(keeper: Keeper):
    keeper.answered("unknown", "r", "m", "stream", {"name": "stdout", "text": "…"})
    await keeper.leave("unknown")
    assert not keeper.is_kept("unknown", "r")
