"""What a page asks of forms at once."""

from pathlib import Path
from typing import Any

from mantidlab.forms.serving import answer
from mantidlab.forms.spec import FormSpec


def test_rows_of_a_table_are_each_checked_as_one_form_is(forms: dict[str, FormSpec], tmp_path: Path) -> None:
    form = forms["algorithm/Rebin-v1"].to_json()
    rows: list[dict[str, Any]] = [
        {"InputWorkspace": "ws", "Params": "0, 0.1, 20", "OutputWorkspace": "out"},
        {"InputWorkspace": "ws", "Params": "0, much", "OutputWorkspace": "out"},
        {},
    ]
    checked = answer("check", {"form": form, "rows": rows}, tmp_path, tmp_path)["rows"]
    assert checked == [answer("check", {"form": form, "values": row}, tmp_path, tmp_path) for row in rows]
    assert [set(each["problems"]) for each in checked] == [
        set(),
        {"Params"},
        {"InputWorkspace", "Params", "OutputWorkspace"},
    ]
