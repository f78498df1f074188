"""What a result cannot show is said below its cell."""

from dataclasses import dataclass
from typing import Any

import scipp as sc

from mantidlab.interfaces import interface
from mantidlab.plots.errors import NotPlottable


@dataclass
class Pictured:
    number: float

    def plot(self) -> Any:
        raise NotPlottable("The places of the detectors are not known.")


@interface(title="Pictured")
def pictured() -> Pictured:
    return Pictured(1.0)


@interface(title="Numbers")
def numbers() -> dict[str, float]:
    return {"number": 1.0}


@interface(title="Counts of a ring")
def ring() -> sc.DataArray:
    return sc.DataArray(sc.arange("x", 4.0, unit="counts"))


@interface(title="Two rings")
def rings() -> dict[str, sc.DataArray]:
    return {"inner": ring.function(), "outer": sc.DataArray(sc.array(dims=["y", "x"], values=[[1.0, 2.0], [3.0, 4.0]]))}


def test_what_has_no_name_is_called_as_its_result():
    assert list(ring().plot().curves.values()) == ["Counts of a ring"]
    inner, outer = rings().plot().values()
    assert list(inner.curves.values()) == ["inner"]
    assert outer.source.name == "outer"


def test_a_picture_that_cannot_be_drawn_is_missed_aloud(capsys, monkeypatch):
    import IPython.display

    monkeypatch.setattr(IPython.display, "display", lambda *things: None)
    pictured().show()
    assert capsys.readouterr().out == "There is no picture. The places of the detectors are not known.\n"
    numbers().show()
    assert capsys.readouterr().out == ""
