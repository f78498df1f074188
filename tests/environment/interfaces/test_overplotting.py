"""Curves of rows of a batch, over each other in one plot."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import scipp as sc

from mantidlab.interfaces import BatchRefused, InterfaceError, batch, interface, open_batch
from mantidlab.plots.errors import NotPlottable
from mantidlab.plots.lines.widget import Lines


def counts(height, unit="counts", axis="angstrom"):
    x = sc.linspace("x", 1.0, 4.0, 4, unit=axis)
    return sc.DataArray(sc.array(dims=["x"], values=np.full(4, height), unit=unit), coords={"x": x})


@dataclass
class Measured:
    parts: sc.DataArray
    whole: sc.DataArray

    def plot(self) -> Any:
        import mantidlab

        return mantidlab.plot(self.parts, self.whole, y_scale="log")


@dataclass
class Stood(Measured):
    @property
    def curve(self) -> sc.DataArray:
        return self.whole


@interface(title="Measured")
def measured(height: float, settings: float = 1.0) -> Measured:
    if height < 0:
        raise ValueError("It is below zero.")
    return Measured(counts(height), counts(10 * height))


@interface(title="Stood")
def stood(height: float) -> Stood:
    return Stood(counts(height), counts(10 * height))


@interface(title="Mixed")
def mixed(unit: str, axis: str = "angstrom") -> sc.DataArray:
    return counts(1.0, unit, axis)


@interface(title="Some")
def some(points: int) -> dict[str, Any]:
    return {"number": 1.0, "curve": counts(1.0) if points else None}


@interface(title="Pictures")
def pictures(number: int) -> sc.DataArray:
    return sc.DataArray(sc.ones(dims=["y", "x"], shape=[3, 4]))


def heights(plot):
    return [curve.values[0] for curve in plot.histograms()]


def test_first_curves_are_drawn_with_the_scales_of_their_own_plot(tmp_path):
    outcome = batch(measured, [{"height": 1}, {"height": -2}, {"height": 3, "settings": 2}], to=tmp_path / "out")
    plot = outcome.plot()
    assert list(plot.curves.values()) == ["1: 1", "3: 3, settings 2"]
    assert heights(plot) == [1.0, 3.0]
    assert (plot.x.scale, plot.y.scale) == ("linear", "log")
    assert list(outcome.plot(rows=[3]).curves.values()) == ["3: 3"]


def test_a_class_says_which_curve_stands_for_it(tmp_path):
    plot = batch(stood, [{"height": 1}, {"height": 2}], to=tmp_path).plot()
    assert heights(plot) == [10.0, 20.0]
    assert plot.y.scale == "log"


def test_the_python_of_a_plot_draws_it_again_from_the_folder(tmp_path):
    import mantidlab

    plot = batch(measured, [{"height": 1}, {"height": 2}, {"height": 3}], to=tmp_path / "out").plot(rows=[3, 1])
    again = eval(plot.python(), {"plot": mantidlab.plot, "open_batch": open_batch})  # noqa: S307  (its own text)
    assert again.curves == plot.curves
    assert heights(again) == heights(plot) == [3.0, 1.0]
    assert again.y.scale == "log"


def test_plots_of_single_results_never_reach_the_page_and_do_not_stay(tmp_path, monkeypatch):
    opened, closed = [], []
    monkeypatch.setattr("ipywidgets.Widget.open", lambda plot: opened.append(plot))  # noqa: PLW0108  (a method)
    monkeypatch.setattr(Lines, "close", lambda plot: closed.append(len(plot.curves)))
    plot = batch(measured, [{"height": 1}, {"height": 3}], to=tmp_path).plot()
    assert opened == [plot]
    assert closed[:2] == [2, 2]


def test_of_many_rows_the_first_are_drawn_and_it_is_said(tmp_path):
    outcome = batch(stood, [{"height": number} for number in range(1, 53)], to=tmp_path)
    plot = outcome.plot()
    assert len(plot.curves) == 50
    assert "The first 50 of 52 rows are drawn" in str(plot.spec)
    assert len(outcome.plot(rows=range(1, 53)).curves) == 52


def test_rows_without_a_curve_are_left_out_and_named(tmp_path):
    outcome = batch(some, [{"points": 0}, {"points": 1}], to=tmp_path)
    plot = outcome.plot()
    assert list(plot.curves.values()) == ["2: 1"]
    assert "Nothing can be drawn of rows 1." in str(plot.spec)
    with pytest.raises(NotPlottable, match=r"None of the rows \[1\] has a curve"):
        outcome.plot(rows=[1])


def test_what_cannot_share_axes_is_refused_in_a_sentence(tmp_path):
    rows = [{"unit": "counts"}, {"unit": "m"}, {"unit": "counts"}, {"unit": "counts", "axis": "K"}]
    outcome = batch(mixed, rows, to=tmp_path / "mixed")
    with pytest.raises(NotPlottable, match=r"rows=\[1, 3\] in counts, rows=\[2\] in m"):
        outcome.plot(rows=[1, 2, 3])
    with pytest.raises(ValueError, match=r"4: counts, axis K is drawn along .* in K, and 1: counts along .* in Å"):
        outcome.plot(rows=[1, 4])
    with pytest.raises(NotPlottable, match=r"Pictures is shown as .*, not as a curve"):
        batch(pictures, [{"number": 1}], to=tmp_path / "pictures").plot()


def test_rows_that_are_not_done_are_refused(tmp_path):
    outcome = batch(measured, [{"height": 1}, {"height": -2}], to=tmp_path / "out")
    with pytest.raises(InterfaceError, match=r"Row 2 is failed. ValueError: It is below zero"):
        outcome.plot(rows=[1, 2])
    with pytest.raises(InterfaceError, match="There is no row 3"):
        outcome.plot(rows=[3])
    with pytest.raises(InterfaceError, match="No row was named"):
        outcome.plot(rows=[])
    with pytest.raises(InterfaceError, match="None of the 1 rows is done"):
        batch(measured, [{"height": -2}], to=tmp_path / "failed").plot()
    with pytest.raises(BatchRefused):
        open_batch(tmp_path)
