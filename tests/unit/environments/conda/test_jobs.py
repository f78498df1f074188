"""py-rattler lives in a process of its own, and whatever becomes of that process is understood."""

import subprocess
import sys
from pathlib import Path

import pytest

from mantidhub.environments.conda import jobs
from mantidhub.environments.conda.jobs import SolveJob, Supply, run_job
from mantidhub.environments.progress import Progress, Reporter, Step, Unit
from mantidhub.environments.workshop import Workshop
from mantidhub.errors import EnvironmentFailed


@pytest.fixture
def job(tmp_path: Path) -> SolveJob:
    supply = Supply(channels={"rocks": "ftp://mirror"}, cache=str(tmp_path), offline=True, credentials=None)
    return SolveJob(supply, "stones.toml", ("pebble",), (), ("linux-64",), str(tmp_path / "stones.lock.json"))


def run(job: SolveJob, folder: Path) -> list[Progress]:
    reports: list[Progress] = []
    run_job(job, folder / "scratch", Workshop(log=folder / "log"), Reporter(reports.append))
    return reports


def pretend(monkeypatch: pytest.MonkeyPatch, folder: Path, source: str) -> None:
    """Let another program take the place of the worker."""
    (folder / "pretender.py").write_text(source)
    monkeypatch.setattr(jobs, "WORKER", "pretender")
    (folder / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "{folder}/pretender.py"\n')
    (folder / "python").chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(folder / "python"))


@pytest.mark.parametrize("module", ["mantidhub.environments", "mantidhub.cli", "mantidhub.operations.up"])
def test_nobody_else_imports_it(module: str) -> None:
    script = f"import sys, {module}; sys.exit('rattler' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_its_sentence_is_passed_on(job: SolveJob, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFailed, match="The channel rocks cannot be looked for at 'ftp://mirror'"):
        run(job, tmp_path)


def test_its_progress_is_passed_on(job: SolveJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = '{"step": "DOWNLOADING", "done": 3, "total": 7, "message": "granite", "unit": "B"}'
    pretend(monkeypatch, tmp_path, f"print('chatter'); print('@progress {told}')")
    (report,) = run(job, tmp_path)
    assert (report.step, report.done, report.total, report.unit) == (Step.DOWNLOADING, 3, 7, Unit.BYTES)
    assert "chatter" in (tmp_path / "log").read_text()


def test_what_the_system_refuses_is_passed_on(job: SolveJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, tmp_path, """print('@refused [28, "No space left on device", "/srv"]'); raise SystemExit(1)""")
    with pytest.raises(OSError, match="No space left") as refusal:
        run(job, tmp_path)
    assert (refusal.value.errno, refusal.value.filename) == (28, "/srv")


def test_a_death_is_told_with_its_last_words(job: SolveJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, tmp_path, "import os; print('last words', flush=True); os.kill(os.getpid(), 9)")
    with pytest.raises(EnvironmentFailed, match=r"(?s)status -9; .*run out of memory.*last words") as failure:
        run(job, tmp_path)
    assert str(tmp_path / "log") in str(failure.value)
