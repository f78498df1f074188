"""A step is computed once for the same inputs: changing the last parameter does not repeat the first step."""

import time
from pathlib import Path
from typing import Any

import pytest

from mantidlab.interfaces import InputFile, clear_cache, interface, step
from mantidlab.interfaces.activity import current

SLOW = 0.05


class Counted:
    """How often each step was computed; no constant, so it is no part of what a step depends on."""

    def __init__(self) -> None:
        self.loads = self.fits = 0


counted = Counted()


def load(path: Path) -> list[int]:
    count("loads")
    return [int(word) for word in path.read_text().split()]


def fit(counts: list[int], width: float) -> dict[str, Any]:
    count("fits")
    counts.append(0)  # what a step does to its argument stays its own affair
    return {"sum": sum(counts) * width}


def count(name: str) -> None:
    time.sleep(SLOW)
    setattr(counted, name, getattr(counted, name) + 1)


@interface(title="Width")
def width_of(run: InputFile, width: float = 1.0, unit: str = "meV") -> str:
    counts = step(load, run)
    return f"{step(fit, counts, width)['sum']} {unit}"


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    counted.loads = counted.fits = 0


@pytest.fixture
def run(tmp_path: Path) -> Path:
    path = tmp_path / "run.txt"
    path.write_text("1 2 3")
    return path


def test_changing_the_last_parameter_repeats_only_what_depends_on_it(run: Path) -> None:
    assert width_of(run).value == "6.0 meV"
    assert (counted.loads, counted.fits) == (1, 1)
    assert width_of(run, unit="µeV").value == "6.0 µeV"
    assert (counted.loads, counted.fits) == (1, 1)
    assert width_of(run, width=2).value == "12.0 meV"
    assert (counted.loads, counted.fits) == (1, 2)


def test_it_is_said_which_steps_were_there_already(run: Path) -> None:
    first = width_of(run).provenance
    second = width_of(run, width=2).provenance
    assert [(taken.name, taken.cached) for taken in first.steps] == [("load", False), ("fit", False)]
    assert [(taken.name, taken.cached) for taken in second.steps] == [("load", True), ("fit", False)]
    assert second.steps[0].seconds < SLOW / 2


def test_a_file_with_another_content_is_read_again(run: Path) -> None:
    width_of(run)
    run.write_text("4 5 6")
    assert width_of(run).value == "15.0 meV"
    assert counted.loads == 2


def test_the_same_file_elsewhere_is_not(run: Path, tmp_path: Path) -> None:
    width_of(run)
    other = tmp_path / "copy.txt"
    other.write_text(run.read_text())
    width_of(other)
    assert counted.loads == 1


def test_another_environment_computes_anew(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    width_of(run)
    monkeypatch.setenv("MANTIDHUB_ENVIRONMENT_LOCK", "another")
    width_of(run)
    assert counted.loads == 2


def test_without_the_cache_and_after_clearing_it_everything_is_computed(run: Path) -> None:
    width_of(run)
    assert width_of.run({"run": run}, cache=False).value == "6.0 meV"
    assert counted.loads == 2
    clear_cache()
    width_of(run)
    assert counted.loads == 3


def test_a_step_outside_of_an_interface_is_a_plain_call(run: Path) -> None:
    step(load, run)
    step(load, run)
    assert counted.loads == 2
    assert current() is None


def test_what_cannot_be_kept_is_computed_in_each_run_and_said(run: Path) -> None:
    def opaque(path: Path) -> object:
        time.sleep(SLOW)
        return object()

    @interface(title="Opaque")
    def outer(path: InputFile) -> int:
        step(opaque, path)
        return 1

    outer(run)
    log = [line.line for line in outer(run).provenance.log]
    assert log == ["opaque is computed in every run: A builtins.object is of no kind that can be kept in a file."]


def test_files_of_steps_are_named_with_their_checksums(run: Path) -> None:
    (file,) = width_of(run).provenance.files
    assert (file.path, file.size) == (str(run), 5)
    assert len(file.sha256) == 64


def test_errors_come_as_they_are_and_are_not_kept(run: Path) -> None:
    run.write_text("one")
    for _ in range(2):
        with pytest.raises(ValueError, match="invalid literal"):
            width_of(run)
    assert counted.loads == 2
