"""Panels learn which interfaces a notebook declares, and how far each row of a batch is, while the cell runs."""

import json
from pathlib import Path

from support.pace import Stopwatch

DECLARE = """
import time
from pydantic import BaseModel
from mantidlab.interfaces import Progress, batch, interface

class Settings(BaseModel):
    factor: float = 1.0

@interface(title="Declared in a cell", instruments=["SIMSANS"])
def declared(number: int, settings: Settings = Settings()):
    '''Count.'''
    yield Progress(0.5, "half")
    time.sleep(0.2)
    if number == 2:
        raise ValueError("two")
    return {"sum": number * settings.factor}
"""


def test_what_a_cell_declares_is_listed_with_its_form_while_another_runs(page) -> None:
    page.finish(page.run(DECLARE))
    busy = page.run("time.sleep(1)")
    page.started(busy)
    said = page.answer(page.ask("interfaces", "list"))["content"]
    (found,) = (each for each in said["interfaces"] if each["name"] == "declared")
    assert (found["title"], found["kind"], found["summary"]) == ("Declared in a cell", "notebook", "Count.")
    form = page.answer(page.ask("interfaces", "form", name="declared"))["content"]
    assert [field["name"] for field in form["fields"]] == ["number", "settings.factor"]
    assert (form["framework"], form["call"]["import"], form["call"]["target"]) == ("interface", "", "result")
    refused = page.answer(page.ask("interfaces", "form", name="lost"))
    assert "declares an interface 'lost'" in refused["error"]
    page.finish(busy)


def test_a_batch_tells_each_rows_status_while_it_runs(page, tmp_path: Path) -> None:
    page.finish(page.run(DECLARE))
    rows = [{"number": 1}, {"number": 2}, {"number": "x"}, {"number": 4}]
    page.run(f"outcome = batch(declared, {rows!r}, to={str(tmp_path / 'out')!r})")
    first = page.told("interfaces", "batch")
    assert (first["interface"], first["folder"], first["of"]) == ("declared", str(tmp_path / "out"), 4)
    assert [row["row"] for row in first["rows"]] == [1, 2, 3, 4]
    assert all(isinstance(text, str) for row in first["rows"] for text in row["given"].values())
    assert all(row["given"] for row in first["rows"])
    said = first
    while said["waiting"]:
        said = page.told("interfaces", "batch")
    assert [row["status"] for row in said["rows"]] == ["done", "failed", "refused", "done"]
    assert said["rows"][1]["message"] == "ValueError: two"
    shown = json.loads(page.printed("import json; print(json.dumps([result.value for result in outcome.results()]))"))
    assert shown == [{"sum": 1.0}, {"sum": 4.0}]


def test_an_interrupt_ends_a_batch_between_or_within_its_rows(page, tmp_path: Path, session) -> None:
    page.finish(page.run(DECLARE))
    rows = [{"number": number} for number in range(3, 60)]
    cell = page.run(f"batch(declared, {rows!r}, to={str(tmp_path / 'out')!r})")
    said = page.told("interfaces", "batch")
    while not said["done"]:
        said = page.told("interfaces", "batch")
    watch = Stopwatch()
    session.manager.interrupt_kernel()
    ended = page.end(cell)
    assert watch.within(2.0), watch
    assert ended is not None
    assert ended["ename"] == "KeyboardInterrupt"
    statuses = [line.split(",")[1] for line in (tmp_path / "out" / "table.csv").read_text().splitlines()[1:]]
    assert statuses[0] == "done"
    assert statuses[-1] == "waiting"
    assert set(statuses) == {"done", "waiting"}
