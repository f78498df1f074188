"""The live list of what a real kernel holds, for scipp and NumPy."""

import time

import pytest
from support.pace import Stopwatch

MAKING = """
import numpy as np, scipp as sc, time
da = sc.DataArray(
    sc.arange("x", 20000.0, unit="counts").fold("x", sizes={"y": 10, "tof": 2000}),
    coords={"tof": sc.linspace("tof", 0.0, 10.0, 2001, unit="us"), "y": sc.arange("y", 10.0, unit="m")},
)
"""


@pytest.fixture(autouse=True)
def emptied(page):
    page.finish(page.run("%reset -f"))
    page.finish(page.run(MAKING))
    listed(page)
    page.heard.clear()


def listed(page):
    content = page.answer(page.ask("workspaces", "list"))["content"]
    return {item["name"]: item for item in content["items"]}


def told(page, within=30.0):
    return page.told("workspaces", "changed", within)


def told_of(page, name, within=30.0):
    deadline = time.monotonic() + within
    while True:
        news = told(page, deadline - time.monotonic())
        for item in news["changed"]:
            if item["name"] == name:
                return item


def test_a_data_array_is_described(page):
    item = listed(page)["da"]
    line = item.pop("sparkline")
    fresh = item.pop("fresh")
    # scipp counts its own objects too.
    assert 8 * (20000 + 2001 + 10) <= item.pop("memory") < 8 * (20000 + 2001 + 10) + 5000
    assert item == {
        "name": "da", "label": "da", "variable": "da", "framework": "scipp", "kind": "spectra", "type": "DataArray",
        "shape": [10, 2000], "dims": ["y", "tof"], "unit": "counts", "axes_units": ["m", "µs"],
        "members": [], "parent": None, "events": None, "title": "",
        "instrument": "", "known": True,
    }  # fmt: skip
    assert fresh > 0
    assert len(line) == 48
    assert line == sorted(line)
    assert line[0] == pytest.approx(9000, abs=60)
    assert line[-1] == pytest.approx(9000 + 1999, abs=60)


def test_whatever_is_no_data_is_not_listed(page):
    page.finish(page.run("a, b, c = 1, 'text', [1, 2]\n_hidden = da.copy()\nclass Own: pass\nown = Own()"))
    assert set(listed(page)) == {"da"}


def test_arrays_events_groups_and_their_members_are_listed(page):
    page.finish(
        page.run(
            """
grid = np.arange(12.0).reshape(3, 4)
events = sc.data.table_xyz(1000).bin(x=7)
group = sc.DataGroup({"up": da, "down": sc.DataGroup({"in 'it\\"": da["y", 0]}), "note": "text"})
dataset = sc.Dataset({"counts": da})
variable = sc.scalar(3.0, unit="m")
"""
        )
    )
    items = listed(page)
    assert items["grid"]["framework"] == "numpy"
    assert (items["grid"]["kind"], items["grid"]["shape"], items["grid"]["memory"]) == ("image", [3, 4], 96)
    assert (items["events"]["kind"], items["events"]["events"]) == ("events", 1000)
    assert len(items["events"]["sparkline"]) == 7
    assert items["group"]["members"] == ['group["up"]', 'group["down"]']
    assert (items['group["up"]']["parent"], items['group["up"]']["label"]) == ("group", "up")
    assert items['group["down"]["in \'it\\""]']["parent"] == 'group["down"]'
    assert items['dataset["counts"]']["parent"] == "dataset"
    assert (items["variable"]["kind"], items["variable"]["unit"], items["variable"]["shape"]) == ("table", "m", [])


def test_an_item_finds_its_object_again(page):
    page.finish(page.run("""group = sc.DataGroup({"up": da, "down": sc.DataGroup({"a b": da["y", 0]})})"""))
    said = page.printed(
        """
from mantidlab.kernel.inventory import find, items
print(find("da") is da, find('group["down"]["a b"]') is group["down"]["a b"], sorted(item.name for item in items()))
try: find('group["gone"]')
except Exception as error: print(type(error).__name__, error)
try: find("nothing")
except Exception as error: print(type(error).__name__, error)
"""
    ).splitlines()
    assert said[0] == """True True ['da', 'group', 'group["down"]', 'group["down"]["a b"]', 'group["up"]']"""
    assert said[1].startswith("KernelError group[\"gone\"] is not there any more: 'gone' was not found.")
    assert said[2].startswith("KernelError There is no variable 'nothing' any more.")


def test_what_cells_make_change_rename_and_delete_is_told(page):
    page.finish(page.run("new = da * 2.0"))
    assert told_of(page, "new")["sparkline"][-1] > listed(page)["da"]["sparkline"][-1]
    page.heard.clear()
    page.finish(page.run("other = new; del new"))
    assert told(page)["renamed"] == [["new", "other"]]
    page.finish(page.run("other = other['y', 0]"))
    assert told_of(page, "other")["shape"] == [2000]
    page.finish(page.run("del other"))
    assert told(page)["removed"] == ["other"]


def test_what_is_written_in_place_is_told_after_the_cell(page):
    page.finish(page.run("da.values[...] = 5.0"))
    assert set(told_of(page, "da")["sparkline"]) == {5.0}
    page.finish(page.run("group = sc.DataGroup()"))
    page.finish(page.run("group['later'] = da"))
    assert told_of(page, 'group["later"]')["parent"] == "group"


def test_it_is_live_while_a_cell_runs_and_four_times_a_second_at_most(page, hold):
    began = time.monotonic()
    counting = "number += 1; step = da + sc.scalar(float(number), unit='counts'); time.sleep(0.01)"
    waiting = f"number = 0\nwhile not pathlib.Path({str(hold.file)!r}).exists(): {counting}"
    running = page.run(f"import pathlib, time\n{waiting}")
    values = []
    while len(values) < 6:
        values += [item["sparkline"][0] for item in told(page)["changed"] if item["name"] == "step"]
    assert page.runs(running)
    assert values == sorted(set(values))
    assert len(values) <= 4 * (time.monotonic() - began) + 2


def test_thousands_of_variables_are_all_told(page):
    page.finish(page.run("for number in range(3000): globals()[f'many_{number}'] = sc.scalar(float(number))"))
    names = set()
    deadline = time.monotonic() + 20
    while len(names) < 3000 and time.monotonic() < deadline:
        names |= {item["name"] for item in told(page, 10)["changed"]}
    assert len(names & {f"many_{number}" for number in range(3000)}) == 3000
    assert len(listed(page)) == 3001


def test_a_huge_array_costs_no_more_than_a_small_one(page):
    # Memory that is promised and never touched: reading it all would take 200 GB.
    page.finish(page.run("huge = np.lib.stride_tricks.as_strided(np.zeros(1), (1000, 5_000_000, 5), (0, 0, 0))"))
    watch = Stopwatch()
    assert listed(page)["huge"]["shape"] == [1000, 5_000_000, 5]
    assert watch.within(2.0), watch


def test_objects_that_raise_whatever_they_are_asked_hide_no_others(page):
    page.finish(
        page.run(
            """
class Sour(np.ndarray):
    def __len__(self): raise RuntimeError("no length")
    def __repr__(self): raise RuntimeError("no words")
    def __array_finalize__(self, other): pass
    def __getattribute__(self, name): raise RuntimeError(name)
class Bitter:
    def __getattr__(self, name): raise RuntimeError(name)
    def __eq__(self, other): raise RuntimeError("never the same")
    __hash__ = None
sour = np.zeros(3).view(Sour)
bitter = Bitter()
sweet = sc.scalar(1.0)
"""
        )
    )
    items = listed(page)
    assert items["sour"]["kind"] == "other"
    assert items["sour"]["title"] == "cannot be read: RuntimeError"
    assert "bitter" not in items
    assert items["sweet"]["shape"] == []


def test_nothing_is_kept_in_memory(page):
    page.finish(
        page.run(
            "import gc, weakref\nkept = da.copy(); array = np.zeros(10); seen = weakref.ref(kept), weakref.ref(array)"
        )
    )
    assert {"kept", "array"} <= set(listed(page))
    assert page.printed("del kept, array\nprint(seen[0](), seen[1]())").strip() == "None None"


def test_memory_that_is_shared_is_counted_once(page):
    size = 8 * 20000
    page.finish(page.run("first = np.zeros(20000); half = first[:10000]; whole = first.reshape(100, 200); del da"))
    listed(page)
    content = page.answer(page.ask("workspaces", "list"))["content"]
    assert content["memory"] == size
    assert sum(item["memory"] for item in content["items"]) == 2.5 * size


def test_what_an_interface_returned_is_a_group_of_its_parts(page):
    page.finish(
        page.run(
            """
from mantidlab import interface
from mantidlab.frameworks.model import Axis, Histogram
from mantidlab.techniques.curves import Curve
curve = Curve("I(Q)", Histogram(Axis("Q", "Q", "1/Å", np.arange(5.0)), np.arange(5.0) ** 2, unit="1/cm"))
@interface(title="Halves", technique="SANS")
def halves(factor: float = 2.0) -> dict:
    return {"scaled": da / factor, "plain": da.values[0] / factor, "iq": curve, "note": "text"}
result = halves()
"""
        )
    )
    items = listed(page)
    assert (items["result"]["kind"], items["result"]["framework"], items["result"]["shape"]) == (
        "group",
        "mantidlab",
        [3],
    )
    members = ['result.values["scaled"]', 'result.values["plain"]', 'result.values["iq"]']
    assert items["result"]["members"] == members
    curve = items['result.values["iq"]']
    assert (curve["kind"], curve["unit"], curve["label"], curve["variable"]) == ("spectra", "1/cm", "iq", None)
    assert curve["sparkline"][-1] == 16
    scaled = items['result.values["scaled"]']
    assert (scaled["parent"], scaled["label"], scaled["shape"]) == ("result", "scaled", [10, 2000])
    assert items['result.values["plain"]']["framework"] == "numpy"
    said = page.printed(
        "from mantidlab.kernel.inventory import find\n"
        "print(find('result.values[\"scaled\"]') is result.values['scaled'])"
    )
    assert said.strip() == "True"
