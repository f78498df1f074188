"""A kernel tells panels the forms of its functions, and opens them."""

DEFINED = """
from typing import Annotated
import scipp as sc

def scale(data: sc.DataArray, factor: Annotated[float, "meV"] = 2.0) -> sc.DataArray:
    '''Scale data.'''
    return factor * data

not_callable = 3
"""


def asked(page, kind, **params):
    name = page.ask("forms", kind, **params)
    assert page.receipt() == "known"
    return page.answer(name, within=20)


def test_forms_of_functions_while_a_cell_runs(page):
    page.finish(page.run(DEFINED))
    running = page.run("import time; time.sleep(3)")
    page.started(running)
    form = asked(page, "form", name="scale")["content"]
    assert (form["of"], form["call"]["import"], form["summary"]) == ("kernel/scale", "", "Scale data.")
    data, factor = form["fields"]
    assert (data["widget"], data["accepts"]["types"], data["required"]) == ("workspace", ["DataArray"], True)
    assert (factor["default"], factor["unit"]) == (2.0, "meV")
    assert page.end(running) is None


def test_what_has_no_form_is_said(page):
    page.finish(page.run(DEFINED))
    assert asked(page, "form", name="nothing")["error"].startswith("The notebook has nothing called nothing.")
    assert asked(page, "form", name="not_callable")["error"] == "not_callable cannot be called, so it has no form."


def test_without_mantid_its_validators_have_nothing_to_say(page):
    assert asked(page, "validate", of="algorithm/Rebin-v1", values={})["content"] == {"problems": {}}


def test_mantidlab_form_opens_the_panel_and_is_of_use_without(page):
    page.finish(page.run(DEFINED))
    page.finish(page.run("import mantidlab\nform = mantidlab.form(scale)"))
    told = page.told("forms", "open")
    assert told["of"] == told["form"]["of"] == "kernel/scale"
    said = page.printed("print(form)\nprint(form.call(data={'expression': 'x'}, factor=3, targets=['y']))")
    assert said.splitlines() == [
        "scale: Scale data.",
        "  data    scipp.DataArray · must be given",
        "  factor  float · 2.0 meV",
        "y = scale(x, factor=3)",
    ]
    assert "factor takes a number" in page.printed("print(form.problems(data='x', factor='a'))")
    assert "<td><code>factor</code></td>" in page.printed("print(form._repr_html_())")
