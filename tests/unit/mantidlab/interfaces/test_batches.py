"""A batch goes on after failures and after being killed, computes each row once, and keeps failures apart."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from support.pace import Stopwatch

from mantidlab.interfaces import BatchRefused, InputFile, InterfaceError, OutputFile, batch, interface, open_batch
from mantidlab.interfaces.batches.outcome import Status


class Settings(BaseModel):
    factor: float = 1.0
    offset: float = 0.0


class Tally:
    def __init__(self) -> None:
        self.calls: list[float] = []
        self.broken = True


tally = Tally()


@pytest.fixture(autouse=True)
def nothing_called() -> None:
    tally.calls.clear()
    tally.broken = True


@interface(title="Scale")
def scaled(number: float, settings: Settings = Settings()) -> dict[str, Any]:
    tally.calls.append(number)
    if number < 0 and tally.broken:
        raise ValueError(f"{number} is below zero")
    return {"sum": number * settings.factor + settings.offset, "note": "fine", "points": [1, 2]}


ROWS: list[dict[str, Any]] = [{"number": 1}, {"number": 2, "settings.factor": 10}, {"number": 3}]


def test_each_row_is_one_run(tmp_path: Path) -> None:
    outcome = batch(scaled, ROWS, to=tmp_path / "out")
    assert [row.status for row in outcome.rows] == [Status.DONE] * 3
    assert [result.value["sum"] for result in outcome.results()] == [1.0, 20.0, 3.0]
    assert outcome.result(2).provenance.resolved["settings"] == "Settings(factor=10.0, offset=0.0)"
    with (tmp_path / "out" / "table.csv").open() as file:
        table = list(csv.DictReader(file))
    assert [
        (line["row"], line["status"], line["number"], line["result.sum"], line["result.note"]) for line in table
    ] == [
        ("1", "done", "1", "1.0", "fine"),
        ("2", "done", "2", "20.0", "fine"),
        ("3", "done", "3", "3.0", "fine"),
    ]
    assert (tmp_path / "out" / table[0]["folder"] / "result.json").is_file()
    assert "3 done" in repr(outcome)
    assert "result.sum" in outcome._repr_html_()


def test_a_folder_is_opened_again_without_a_run(tmp_path: Path) -> None:
    rows = [*ROWS, {"number": -2}, {"number": "x"}]
    outcome = batch(scaled, rows, to=tmp_path / "out")
    tally.calls.clear()
    again = open_batch(tmp_path / "out")
    assert tally.calls == []
    assert repr(again) == repr(outcome)
    assert [(row.row, row.status, row.message) for row in again.rows] == [
        (row.row, row.status, row.message) for row in outcome.rows
    ]
    assert again.result(2) == outcome.result(2)
    assert again.rows[1].given == {"number": "2", "settings.factor": "10"}
    with pytest.raises(InterfaceError, match=r"Row 4 is failed. ValueError: -2"):
        again.result(4)


def test_only_the_folder_of_a_batch_is_opened_as_one(tmp_path: Path) -> None:
    with pytest.raises(BatchRefused, match="has no results of a batch"):
        open_batch(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_is_done_is_not_computed_again_also_not_in_a_longer_table(tmp_path: Path) -> None:
    batch(scaled, ROWS, to=tmp_path)
    batch(scaled, [*ROWS, {"number": 4}], to=tmp_path)
    assert tally.calls == [1, 2, 3, 4]


def test_the_same_row_twice_is_computed_once(tmp_path: Path) -> None:
    outcome = batch(scaled, [{"number": 1}, {"number": 1.0}, {"number": "1"}], to=tmp_path)
    assert tally.calls == [1]
    assert [result.value["sum"] for result in outcome.results()] == [1.0] * 3


def test_what_was_chosen_is_another_row_than_what_was_left_open(tmp_path: Path) -> None:
    batch(scaled, [{"number": 1}, {"number": 1, "settings.factor": 1}], to=tmp_path)
    assert tally.calls == [1, 1]


def test_a_row_that_fails_is_kept_apart_with_its_sentence_and_the_others_go_on(tmp_path: Path) -> None:
    rows = [{"number": 1}, {"number": -2}, {"number": 3}, {"number": -2}]
    outcome = batch(scaled, rows, to=tmp_path)
    assert [str(row.status) for row in outcome.rows] == ["done", "failed", "done", "failed"]
    assert outcome.failed[0].message == "ValueError: -2.0 is below zero"
    assert tally.calls == [1, -2, 3]
    (failure,) = (tmp_path / "failed").iterdir()
    assert "scaled" in json.loads(failure.read_text())["trace"]
    with pytest.raises(InterfaceError, match=r"Row 2 is failed. ValueError: -2"):
        outcome.result(2)


def test_failed_rows_are_run_again_when_that_is_wanted(tmp_path: Path) -> None:
    rows = [{"number": 1}, {"number": -2}]
    batch(scaled, rows, to=tmp_path)
    batch(scaled, rows, to=tmp_path)
    assert tally.calls == [1, -2]
    tally.broken = False
    assert len(batch(scaled, rows, to=tmp_path, retry=True).done) == 2
    assert tally.calls == [1, -2, -2]
    assert list((tmp_path / "failed").iterdir()) == []


def test_a_row_that_does_not_fit_is_refused_without_a_run(tmp_path: Path) -> None:
    outcome = batch(scaled, [{"number": "x"}, {"number": 1}, {"settings.factor": 2}], to=tmp_path)
    assert [str(row.status) for row in outcome.rows] == ["refused", "done", "refused"]
    assert "number: It takes a number, not 'x'." in outcome.rows[0].message
    assert outcome.rows[2].message == "number: It is needed."


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_is_a_csv_file_and_empty_cells_keep_defaults(tmp_path: Path, separator: str) -> None:
    lines = ["\ufeffnumber,settings.factor", "1,", "2,10", ",", ""]
    (tmp_path / "runs.csv").write_text("\n".join(lines).replace(",", separator), encoding="utf-8")
    outcome = batch(scaled, tmp_path / "runs.csv", to=tmp_path / "out")
    assert [result.value["sum"] for result in outcome.results()] == [1.0, 20.0]


@interface(title="Angles")
def angled(sample: str, q_range: tuple[float, float] = (0, 1), settings: Settings = Settings()) -> dict[str, Any]:
    return {"text": f"{sample} {settings.factor:g} {q_range[0]:g}"}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("sample,settings.factor\nA,0.25\n", ""),
        ("SAMPLE,Factor [Å]\nA,0.25\n", "Columns of the table: 'SAMPLE' is sample, 'Factor [Å]' is settings.factor.\n"),
        ("\ufeffsample;factor\nA;0,25\n", "Columns of the table: 'factor' is settings.factor.\n"),
        ("sep=;\nsample;settings.factor;\nA;,25;\n", ""),
        ("sample\tsettings.factor\nA\t2,5e-1\n", ""),
    ],
)
def test_tables_of_strangers_are_understood_and_it_is_said_how(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, told: str
) -> None:
    (tmp_path / "t.csv").write_text(content, encoding="utf-8")
    outcome = batch(angled, tmp_path / "t.csv", to=tmp_path / "out")
    assert [result.value["text"] for result in outcome.results()] == ["A 0.25 0"]
    assert [line for line in capsys.readouterr().out.splitlines(keepends=True) if line.startswith("Columns")] == (
        [told] if told else []
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_any_encoding_of_spreadsheets_is_read(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "t.csv").write_bytes('sample\r\n"Glühkörper,\r\n2 Å"\r\n'.replace("Å", "µ").encode(encoding))
    (result,) = batch(angled, tmp_path / "t.csv", to=tmp_path / "out").results()
    assert result.value["text"] == "Glühkörper,\r\n2 µ 1 0"


def test_columns_that_are_no_fields_stay_in_the_table_and_it_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.csv").write_text("Notes,Sample,Temperature / K\nwet,A,300\n,B,\n")
    batch(angled, tmp_path / "t.csv", to=tmp_path / "out")
    assert "'Notes', 'Temperature / K' are no fields and stay as a remark." in capsys.readouterr().out
    with (tmp_path / "out" / "table.csv").open() as file:
        first, second = csv.DictReader(file)
    assert (first["Notes"], first["Temperature / K"], second["Notes"]) == ("wet", "300", "")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("sampel\nA\n", "column 'sampel', which is no field. Did you mean sample"),
        ("sample,Sample\nA,B\n", "columns 'sample' and 'Sample' are both the field sample"),
        ("sample,sample\nA,B\n", "two columns 'sample'"),
        ("Notes,Day\nA,B\n", "No column is a field: 'Notes', 'Day'. Fields are"),
    ],
)
def test_columns_that_may_mean_two_things_are_refused(tmp_path: Path, content: str, sentence: str) -> None:
    (tmp_path / "t.csv").write_text(content)
    with pytest.raises(BatchRefused, match=sentence):
        batch(angled, tmp_path / "t.csv", to=tmp_path / "out")


def test_what_may_be_a_thousand_is_no_decimal(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("sample;factor\nA;1,000\n")
    (row,) = batch(angled, tmp_path / "t.csv", to=tmp_path / "out").rows
    assert row.message == "settings.factor: It takes a number, not '1,000'."


def test_a_table_of_results_can_be_used_as_a_table_of_runs(tmp_path: Path) -> None:
    batch(scaled, ROWS, to=tmp_path)
    assert len(batch(scaled, tmp_path / "table.csv", to=tmp_path).done) == 3
    assert tally.calls == [1, 2, 3]


def test_cells_are_read_as_python_where_their_text_does_not_fit(tmp_path: Path) -> None:
    @interface(title="T")
    def listed(numbers: list[int], name: str | None = "x", window: tuple[float, float] = (0, 1)) -> dict[str, Any]:
        return {"sum": sum(numbers), "name": str(name), "high": window[1]}

    (tmp_path / "t.csv").write_text('numbers,name,window\n"1, 2",1001,"(2, 5)"\n[3],,\n')
    first, second = (result.value for result in batch(listed, tmp_path / "t.csv", to=tmp_path / "out").results())
    assert first == {"sum": 3, "name": "1001", "high": 5.0}
    assert second == {"sum": 3, "name": "x", "high": 1}


def test_the_table_of_results_says_what_the_table_of_runs_says_so_that_a_page_knows_its_rows_again(
    tmp_path: Path,
) -> None:
    (tmp_path / "runs.csv").write_text("number,settings.factor\n1e0,+10\n2, \nmuch,\n")
    batch(scaled, tmp_path / "runs.csv", to=tmp_path / "out")
    with (tmp_path / "out" / "table.csv").open() as file:
        table = [(line["number"], line["settings.factor"]) for line in csv.DictReader(file)]
    assert table == [("1e0", "+10"), ("2", ""), ("much", "")]


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ([], "has no row"),
        ([{"numbr": 1}], "column 'numbr', which is no field. Fields are number, settings"),
        ("nowhere.csv", "cannot be read"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_before_anything_runs(tmp_path: Path, table: Any, sentence: str) -> None:
    with pytest.raises(BatchRefused, match=sentence):
        batch(scaled, table, to=tmp_path)


def test_a_line_with_too_many_cells_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("number\n1\n1,2\n")
    with pytest.raises(BatchRefused, match=r"Line 3 of t.csv has more cells"):
        batch(scaled, tmp_path / "t.csv", to=tmp_path / "out")


def test_a_folder_is_of_one_interface(tmp_path: Path) -> None:
    batch(scaled, ROWS, to=tmp_path)

    @interface(title="Other")
    def other(number: float) -> float:
        return number

    with pytest.raises(BatchRefused, match="has the results of scaled"):
        batch(other, ROWS[:1], to=tmp_path)


def test_a_file_that_a_row_writes_is_known_by_its_name(tmp_path: Path) -> None:
    @interface(title="Write")
    def written(source: InputFile, target: OutputFile) -> int:
        tally.calls.append(0)
        target.write_text(source.read_text())
        return 1

    (tmp_path / "in.txt").write_text("x")
    rows = [{"source": tmp_path / "in.txt", "target": tmp_path / "out.txt"}]
    batch(written, rows, to=tmp_path / "out")
    batch(written, rows, to=tmp_path / "out")
    assert len(tally.calls) == 1
    (tmp_path / "in.txt").write_text("y")
    batch(written, rows, to=tmp_path / "out")
    assert len(tally.calls) == 2


PROGRAM = """
import sys, time
from pathlib import Path
from mantidlab.interfaces import batch, interface

@interface(title="Slow")
def slow(number: int) -> dict[str, int]:
    with open(sys.argv[2], "a") as log:
        log.write(f"{number} begun\\n")
    time.sleep(float(sys.argv[3]))
    if number == 3:
        raise RuntimeError("three")
    with open(sys.argv[2], "a") as log:
        log.write(f"{number} computed\\n")
    return {"square": number**2, "many": [number] * 20000}

outcome = batch(slow, [{"number": each} for each in range(12)], to=sys.argv[1])
for row in outcome.rows:
    print(row.row, row.status, outcome.result(row.row).value["square"] if row.key and row.status == "done" else "")
"""


def start(tmp_path: Path, seconds: float) -> subprocess.Popen[str]:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    call = [sys.executable, program, tmp_path / "out", tmp_path / "log", str(seconds)]
    return subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_batch_that_is_killed_at_any_moment_goes_on_where_it_was(tmp_path: Path) -> None:
    for moment in range(8):
        process = start(tmp_path, 0.05)
        time.sleep(0.35 + 0.043 * moment)
        process.send_signal(signal.SIGKILL)
        process.wait()
    process = start(tmp_path, 0.05)
    said, complaint = process.communicate(timeout=60)
    assert process.returncode == 0, complaint
    squares = [f"{row + 1} done {row**2}" if row != 3 else "4 failed " for row in range(12)]
    assert said.splitlines() == squares
    log = (tmp_path / "log").read_text().split("\n")
    # What was computed and kept is not computed again: one row at most is lost with each of the eight kills.
    assert log.count("0 computed") <= 9
    assert sum("computed" in line for line in log) <= 11 + 8
    assert log.count("3 begun") <= 9
    assert not [left for left in (tmp_path / "out").rglob(".writing-*") if left.name != ".lock"]


@pytest.mark.parametrize("signal_", [signal.SIGINT])
def test_it_stops_within_a_second_and_says_in_its_table_how_far_it_came(tmp_path: Path, signal_: int) -> None:
    process = start(tmp_path, 0.6)
    deadline = time.monotonic() + 20
    # What is computed is kept before the next row begins.
    while "1 begun" not in (tmp_path / "log").read_text() if (tmp_path / "log").exists() else True:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    watch = Stopwatch()
    process.send_signal(signal_)
    process.wait(timeout=60)
    assert watch.within(1.0), watch
    assert process.returncode != 0
    with (tmp_path / "out" / "table.csv").open() as file:
        table = [line["status"] for line in csv.DictReader(file)]
    assert table[0] == "done"
    assert set(table[2:]) == {"waiting"}
    assert not list((tmp_path / "out" / "failed").iterdir())


def test_two_batches_do_not_write_into_one_folder(tmp_path: Path) -> None:
    process = start(tmp_path, 5)
    try:
        deadline = time.monotonic() + 20
        while not (tmp_path / "log").exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        other = start(tmp_path, 0)
        _, complaint = other.communicate(timeout=20)
        assert "Another batch is writing into" in complaint
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()


def test_chosen_rows_are_run_also_if_they_are_done_and_no_others(tmp_path: Path) -> None:
    batch(scaled, ROWS, to=tmp_path, only=[2])
    assert tally.calls == [2]
    outcome = batch(scaled, ROWS, to=tmp_path, only=[2, 3])
    assert tally.calls == [2, 2, 3]
    assert [str(row.status) for row in outcome.rows] == ["waiting", "done", "done"]
    assert outcome.result(2).value["sum"] == 20.0
