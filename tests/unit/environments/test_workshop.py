"""Programs of a build: heard line by line, logged, ended with the build, and holding its lock."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mantidhub.environments.locking import build_lock
from mantidhub.environments.workshop import Workshop


@pytest.fixture
def workshop(root: Path) -> Iterator[Workshop]:
    with build_lock(root, "small", waiting=lambda who: None) as lock:
        yield Workshop(log=root / "small.log", lock=lock)


def test_output_is_heard_line_by_line_and_logged(workshop: Workshop, root: Path) -> None:
    heard: list[str] = []
    script = "echo one; echo two >&2; printf three; exit 7"
    outcome = workshop.run(["sh", "-c", script], cwd=root, said=heard.append)
    assert outcome.status == 7
    assert heard == list(outcome.lines) == ["one", "two", "three"]
    assert (root / "small.log").read_text() == f"$ sh -c {script}\none\ntwo\nthree\n"


def test_the_clock_ticks_while_a_program_is_silent(workshop: Workshop, root: Path) -> None:
    ticks: list[float] = []
    workshop.run(["sleep", "0.9"], cwd=root, tick=lambda: ticks.append(time.monotonic()))
    assert len(ticks) >= 3


def test_the_caller_s_virtual_environment_stays_outside(
    workshop: Workshop, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", "/elsewhere")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    outcome = workshop.run(["env"], cwd=root, variables={"GREETING": "hello"})
    assert "GREETING=hello" in outcome.lines
    assert not [line for line in outcome.lines if "/elsewhere" in line]


def test_an_interruption_ends_the_program_and_its_children(workshop: Workshop, root: Path) -> None:
    children: list[int] = []

    def interrupt(line: str) -> None:
        children.append(int(line))
        raise KeyboardInterrupt

    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        workshop.run(["sh", "-c", "sleep 60 & echo $!; wait"], cwd=root, said=interrupt)
    assert time.monotonic() - started < 5
    assert is_gone(children[0])


def test_a_program_holds_the_lock_of_its_build(workshop: Workshop, root: Path) -> None:
    outcome = workshop.run(["sh", "-c", "readlink /proc/self/fd/*"], cwd=root)
    assert str(root / ".small.lock") in outcome.lines


def is_gone(process: int) -> bool:
    """Tell whether a process ends within five seconds; what is left of it may wait for its new parent."""
    for _ in range(50):
        try:
            if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
            os.kill(process, 0)
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.1)
    return False
