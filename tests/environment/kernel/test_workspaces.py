"""What the panel of workspaces asks a real kernel for, and what a person writes instead."""

import time

import pytest

MAKING = """
import numpy as np, scipp as sc
sample = sc.DataArray(
    sc.arange("tof", 5.0, unit="counts"), coords={"tof": sc.arange("tof", 6.0, unit="us"), "title": sc.scalar("water")}
)
both = sc.DataGroup({"up": sample, "down": sample * 2.0})
plain = np.arange(4.0)
"""


@pytest.fixture(autouse=True)
def emptied(page):
    page.finish(page.run("%reset -f"))
    page.finish(page.run(MAKING))
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        items = page.answer(page.ask("workspaces", "list"))["content"]["items"]
        if {"sample", "both", 'both["up"]', "plain"} <= {item["name"] for item in items}:
            break
    page.heard.clear()


def answer(page, kind, **params):
    told = page.answer(page.ask("workspaces", kind, **params))
    assert "error" not in told, told
    return told["content"]


def test_logs_values_formats_and_history_are_told(page):
    assert [log["value"] for log in answer(page, "logs", name="sample")["logs"]] == ["water"]
    assert answer(page, "table", name='both["down"]', rows=2)["rows"] == [[0.0, 1.0, 0.0], [1.0, 2.0, 2.0]]
    assert [each["name"] for each in answer(page, "formats", name="sample")["formats"]] == ["nexus", "scipp", "csv"]
    assert [each["name"] for each in answer(page, "formats", name="plain")["formats"]] == ["csv"]
    history = answer(page, "history", name="sample")
    assert history["script"].endswith("\n") and "plain" not in history["script"]
    assert next(entry["title"] for entry in history["entries"]).startswith("import numpy")
    member = answer(page, "history", name='both["up"]')["script"]
    assert "both = sc.DataGroup" in member and "sample = sc.DataArray" in member


def test_a_line_does_what_was_clicked(page, tmp_path):
    source = answer(page, "line", action="rename", names=["sample"], options={"to": "water"})["source"]
    page.finish(page.run(source))
    assert page.printed("print('sample' in globals(), water.sizes)").strip() == "False {'tof': 5}"
    options = {"path": str(tmp_path / "up.csv")}
    page.finish(page.run(answer(page, "line", action="save", names=['both["up"]'], options=options)["source"]))
    assert (tmp_path / "up.csv").read_text(encoding="utf-8-sig").startswith("tof from (µs)")


def test_names_that_cells_cannot_hold_cost_their_own_line_at_most(page):
    page.finish(
        page.run("""
globals()["zz); print(1"] = plain * 2.0
globals()["lambda"] = plain * 3.0
broken = sc.DataGroup({chr(0xD800): sample, "whole": sample})
""")
    )
    deadline = time.monotonic() + 20
    names = set()
    while 'broken["whole"]' not in names and time.monotonic() < deadline:
        names = {item["name"] for item in page.answer(page.ask("workspaces", "list"))["content"]["items"]}
    assert {"sample", "plain", "broken", 'broken["whole"]'} <= names
    assert not {"zz); print(1", "lambda"} & names  # a click on Plot would write, and run, what they say


@pytest.mark.parametrize("name", ["plain", "sc", "print"])
def test_a_name_that_is_taken_is_refused_in_a_sentence(page, name):
    told = page.answer(page.ask("workspaces", "line", action="rename", names=["sample"], options={"to": name}))
    assert told["error"] == f"There is a {name} already, and it would be lost. Take another name."


def test_it_is_answered_while_a_cell_runs(page, hold):
    cell = page.run(hold.sleeps)
    page.started(cell)
    assert answer(page, "table", name="sample", rows=1)["total"] == 5
    assert page.runs(cell)
    hold.release()
    page.finish(cell)


def test_a_person_lists_and_takes_by_name(page):
    shown = page.printed("import mantidlab; print(repr(mantidlab.workspaces()))").splitlines()
    assert shown[0].split() == ["name", "kind", "size", "unit", "memory", "title"]
    assert any(line.startswith('both["up"]') for line in shown)
    assert page.printed("print(mantidlab.workspaces('water')['sample'] is sample)").strip() == "True"
    assert "<table>" in page.printed("print(mantidlab.workspaces()._repr_html_())")
    assert "there are" in page.printed(
        "try:\n    mantidlab.workspaces()['gone']\nexcept LookupError as problem:\n    print(problem)"
    )
    assert "How sample was made" in page.printed("print(mantidlab.history('sample'))")


def test_what_was_deleted_by_a_click_comes_back_the_same(page):
    page.finish(page.run("first, second = id(sample), id(both['up'].data)"))
    for names in (["sample"], ['both["up"]']):
        assert answer(page, "keep", names=names)["seconds"] > 0
        page.finish(page.run(answer(page, "line", action="delete", names=names)["source"]))
        while names[0] not in page.told("workspaces", "changed")["removed"]:
            pass
        assert answer(page, "restore")["names"] == names
        # The list is told of it, though no cell has run.
        while names[0] not in {item["name"] for item in page.told("workspaces", "changed")["changed"]}:
            pass
    same = "print(id(sample) == first, list(both), sc.identical(both['up'], sample))"
    assert page.printed(same).strip() == "True ['down', 'up'] True"
    told = page.answer(page.ask("workspaces", "restore"))
    assert told["error"].startswith("It is not kept any more.")
    assert answer(page, "keep", names=["nothing"]) == {"seconds": None}
