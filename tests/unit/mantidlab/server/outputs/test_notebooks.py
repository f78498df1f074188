"""Outputs go into the cell that ran, and into no other."""

from typing import Any

import pytest

from mantidlab.server.outputs.notebooks import put_outputs, put_record
from mantidlab.server.outputs.run import Run

SHOWN = [{"output_type": "stream", "name": "stdout", "text": "new"}]


def ran(cell: str = "c", code: str = "1 + 1") -> Run:
    run = Run("r", session="page", cell=cell, code=code)
    run.take("a", "execute_input", {"execution_count": 7})
    run.take("b", "stream", {"name": "stdout", "text": "new"})
    return run


def cell(source: str | list[str] = "1 + 1", **other: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "outputs": [], "execution_count": None, "metadata": {}, **other}


def test_the_cell_of_the_id_gets_outputs_and_count_and_may_show_itself():
    cells = [cell(id="other"), cell(["1 +", " 1"], id="c")]
    assert put_outputs(cells, [ran()])
    assert [each["outputs"] for each in cells] == [[], SHOWN]
    assert cells[1]["execution_count"] == 7
    assert cells[1]["metadata"] == {"trusted": True}


@pytest.mark.parametrize(
    "there", [cell("2 + 2", id="c"), cell(id="other"), {"cell_type": "markdown", "source": "1 + 1", "id": "c"}]
)
def test_what_is_not_the_cell_that_ran_is_left_alone(there: dict[str, Any]):
    before = dict(there)
    assert not put_outputs([there], [ran()])
    assert there == before


def test_in_a_file_without_ids_the_text_tells_if_it_is_there_once():
    cells = [cell("x"), cell()]
    assert put_outputs(cells, [ran()])
    assert [each["outputs"] for each in cells] == [[], SHOWN]
    assert not put_outputs([cell(), cell()], [ran()])


def test_nothing_changes_where_all_is_there():
    assert not put_outputs([cell(id="c", outputs=SHOWN, execution_count=7)], [ran()])


def widget(model: str, **more: Any) -> dict[str, Any]:
    data = {"text/plain": "Lines()", "application/vnd.jupyter.widget-view+json": {"model_id": model}, **more}
    return {"output_type": "display_data", "data": data, "metadata": {"image/png": {"width": 9}} if more else {}}


def showed(*models: str) -> Run:
    run = Run("r", session="page", cell="c", code="1 + 1")
    run.take("a", "execute_input", {"execution_count": 7})
    for model in models:
        content = widget(model)
        run.take(model, content.pop("output_type"), content)
    return run


def test_the_picture_that_a_page_put_beside_a_widget_stays():
    there = cell(id="c", outputs=[widget("m", **{"image/png": "iVBO"})], execution_count=7)
    assert not put_outputs([there], [showed("m")])
    assert put_outputs([there], [showed("m", "n")])
    assert there["outputs"] == [widget("m", **{"image/png": "iVBO"}), widget("n")]


def test_a_widget_that_is_shown_anew_has_no_picture_of_the_one_before():
    there = cell(id="c", outputs=[widget("m", **{"image/png": "iVBO"})], execution_count=6)
    assert put_outputs([there], [showed("n")])
    assert there["outputs"] == [widget("n")]


@pytest.mark.parametrize(
    ("kernel", "after"),
    [({"mantidhub": {"lock": "b"}}, {"mantidhub": {"lock": "b"}}), ({"mantidhub": None}, {"mantidhub": "a"}), ({}, {})],
)
def test_the_environment_is_recorded_as_by_the_page(kernel: dict[str, Any], after: dict[str, Any]):
    metadata = {"mantidhub": "a"}
    put_record(metadata, kernel)
    assert metadata == after
