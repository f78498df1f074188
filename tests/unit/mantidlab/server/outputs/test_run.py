"""What a notebook shows after the messages of one run is what a page would show."""

from typing import Any

import pytest

from mantidlab.server.outputs import run as module
from mantidlab.server.outputs.run import Run, as_on_a_terminal


@pytest.fixture
def run() -> Run:
    return Run("r", session="page", cell="c", code="…")


def say(run: Run, *messages: tuple[str, dict[str, Any]]) -> list[dict[str, Any]]:
    for number, (kind, content) in enumerate(messages):
        run.take(f"m{number}", kind, content)
    return run.outputs()


def printed(text: str, name: str = "stdout") -> tuple[str, dict[str, Any]]:
    return "stream", {"name": name, "text": text}


def displayed(text: str, display: str | None = None) -> tuple[str, dict[str, Any]]:
    content: dict[str, Any] = {"data": {"text/plain": text}, "metadata": {}}
    return "display_data", content | ({"transient": {"display_id": display}} if display else {})


def texts(outputs: list[dict[str, Any]]) -> list[str]:
    return [output.get("text") or output["data"]["text/plain"] for output in outputs]


def test_it_has_begun_and_ended_when_the_kernel_says_so(run: Run):
    assert not run.begun
    say(run, ("status", {"execution_state": "busy"}), ("execute_input", {"code": "…", "execution_count": 3}))
    assert (run.begun, run.count, run.ended) == (True, 3, False)
    say(run, ("status", {"execution_state": "idle"}))
    assert run.ended


def test_text_of_one_stream_is_one_output(run: Run):
    outputs = say(run, printed("a"), printed("b"), printed("c", "stderr"), printed("d"))
    assert [(output["name"], output["text"]) for output in outputs] == [
        ("stdout", "ab"),
        ("stderr", "c"),
        ("stdout", "d"),
    ]


def test_results_displays_and_errors_are_as_in_a_notebook_file(run: Run):
    error = {"ename": "E", "evalue": "v", "traceback": ["t"]}
    result = {"data": {"text/plain": "42"}, "metadata": {}, "execution_count": 3}
    assert say(run, displayed("plot", "id"), ("execute_result", result), ("error", error)) == [
        {"output_type": "display_data", "data": {"text/plain": "plot"}, "metadata": {}},
        {"output_type": "execute_result", **result},
        {"output_type": "error", **error},
    ]


def test_outputs_are_cleared_at_once_or_with_the_next(run: Run):
    assert texts(say(run, printed("a"), ("clear_output", {"wait": True}))) == ["a"]
    assert texts(say(run, printed("b"))) == ["b"]
    assert say(run, ("clear_output", {"wait": False})) == []


def test_a_display_is_changed_by_its_id(run: Run):
    say(run, displayed("10 %", "bar"), printed("a"))
    run.change_display(displayed("20 %", "bar")[1])
    run.change_display(displayed("of another cell", "other")[1])
    assert texts(run.outputs()) == ["20 %", "a"]


def test_what_a_widget_captures_is_not_the_cells(run: Run):
    def widget(request: str) -> tuple[str, dict[str, Any]]:
        return "comm_msg", {"comm_id": "w", "data": {"method": "update", "state": {"msg_id": request}}}

    assert texts(say(run, printed("a"), widget("r"), printed("b"), widget(""), printed("c"))) == ["ac"]


def test_a_progress_bar_is_what_is_left_of_it():
    assert as_on_a_terminal("0 %\r50 %\r100 %\ndone\r\nlonger\rshort\n") == "100 %\ndone\nshortr\n"


def test_a_cell_that_prints_without_end_is_kept_up_to_a_limit(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MOST_KEPT", 1000)
    outputs = say(run, *[printed("x" * 400)] * 10, displayed("y"))
    assert texts(outputs)[0] == "x" * 800
    assert [output["name"] for output in outputs] == ["stdout", "stderr"]
    assert "only the first" in outputs[1]["text"]
