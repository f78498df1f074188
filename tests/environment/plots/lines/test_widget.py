"""`plot` as a person calls it, and what the browser asks of it."""

import json
import time

import numpy as np
import pytest
import scipp as sc

from mantidlab import plot
from mantidlab.frameworks.model import Log
from mantidlab.plots.errors import FitFailed, NoSuchCurve, NotPlottable, WrongArgument
from mantidlab.plots.lines.calling import curves, fitted
from mantidlab.plots.lines.tables import product
from mantidlab.plots.lines.widget import Lines

X = np.linspace(0, 10, 501)
Y = 5 + 200 * np.exp(-0.5 * (((X[1:] + X[:-1]) / 2 - 4) / 0.2) ** 2)


def peak(**named):
    return plot((X, Y, np.sqrt(Y)), **named)


def asked(made: Lines, kind, **parameters):
    """Ask as the browser does; the answer must be JSON."""
    answer = getattr(made, made._methods[kind])(parameters)
    json.dumps(dict(answer.content), allow_nan=False)
    return answer


def test_a_picture_comes_with_the_widget():
    made = peak()
    assert made.first["content"]["curves"][0]["id"] == 0
    assert made.first["buffers"]
    assert made.spec["curves"][0] | {"colour": 0} == made.spec["curves"][0]
    assert [model["id"] for model in made.spec["fit_models"]][:3] == ["gaussian", "lorentzian", "pseudo_voigt"]


def test_ten_million_bins_are_drawn_soon_and_little_is_sent():
    y = np.ones(10**7)
    x = np.arange(10**7 + 1.0)
    begin = time.process_time()
    made = plot((x, y))
    assert time.process_time() - begin < 2.0  # of a processor; 0.14 s
    assert sum(len(buffer) for buffer in made.first["buffers"]) < 100_000


def test_the_view_is_set_from_python():
    made = peak(x_scale="log", y_range=(300, 1), errors="band", waterfall=(0.1, 0.2))
    assert (made.x.scale, made.y.range, made.view["errors"]) == ("log", (1.0, 300.0), "band")
    assert made.view["waterfall"] == {"x": 0.1, "y": 0.2}
    made.x.scale = "symlog"
    made.zoom(x=(2, 1))
    assert (made.view["x"]["scale"], made.view["x"]["range"], made.y.range) == ("symlog", [1.0, 2.0], None)
    made.zoom()
    assert made.x.range is None
    made.selection = (5, 3)
    assert made.selection == (3.0, 5.0)
    with pytest.raises(WrongArgument, match="no scale 'cubic'"):
        made.x.scale = "cubic"
    with pytest.raises(WrongArgument, match="two different finite numbers"):
        made.zoom(x=(1, 1))


def test_sums_are_those_of_the_selection():
    made = peak()
    whole = made.sums()[0]
    assert whole.sum == pytest.approx(Y.sum())
    made.selection = (3, 5)
    assert made.sums()[0].sum < whole.sum
    assert made.sums((0, 10))[0].sum == pytest.approx(whole.sum)


def test_curves_come_and_go():
    made = peak()
    made.add({"twice": (X, 2 * Y)})
    made.add({"thrice": (X, 3 * Y)})
    assert made.curves == {0: "data", 1: "twice", 2: "thrice"}
    made.view = {**made.view, "hidden": [1]}
    made.remove("twice")
    assert made.curves == {0: "data", 2: "thrice"}
    assert made.view["hidden"] == []
    assert [curve["id"] for curve in made.spec["curves"]] == [0, 2]
    made.add({"again": (X, Y)})
    assert 3 in made.curves  # ids are never used again
    with pytest.raises(NoSuchCurve):
        made.remove("twice")


def test_what_does_not_fit_is_not_added():
    made = plot(
        {
            "run": sc.DataArray(
                sc.array(dims=["tof"], values=Y, unit="counts"),
                coords={"tof": sc.array(dims=["tof"], values=X, unit="us")},
            )
        }
    )
    with pytest.raises(WrongArgument, match="need two plots"):
        made.add(sc.DataArray(sc.array(dims=["T"], values=Y), coords={"T": sc.array(dims=["T"], values=X, unit="K")}))
    assert len(made.curves) == 1


def test_fits_are_kept_as_data_and_in_the_view():
    made = peak()
    found = made.fit("gaussian", between=(2, 6))
    assert found["centre"].value == pytest.approx(4, abs=1e-3)
    assert made.fits == [found]
    assert made.view["fits"][0]["curve"] == 0
    assert made.view["fits"][0]["parameters"][1]["value"] == found["centre"].value
    made.remove(0)
    assert made.fits == []
    with pytest.raises(NotPlottable, match="No curve is seen"):
        made.fit("gaussian")


def test_the_browser_fits():
    made = peak()
    start = asked(made, "fit_start", curve=0, model="gaussian", background="linear", range=[2, 6])
    names = [each["name"] for each in start.content["parameters"]]
    assert names == ["height", "centre", "fwhm", "background", "slope"]
    values = [each["value"] for each in start.content["parameters"]]
    answer = asked(made, "fit", curve=0, model="gaussian", background="linear", range=[2, 6], start=values)
    assert answer.content["parameters"][1]["value"] == pytest.approx(4, abs=1e-3)
    x, y, residual = (np.frombuffer(buffer) for buffer in answer.buffers)
    assert len(x) == len(y) == len(residual)
    assert len(made.fits) == 1
    drawn = asked(made, "fit_curve", curve=0, model="gaussian", background="linear", range=[2, 6], values=values)
    assert len(np.frombuffer(drawn.buffers[0])) <= 1000
    with pytest.raises(FitFailed):
        asked(made, "fit", curve=0, model="gaussian", range=[4, 4.01])


def test_the_browser_integrates_reads_and_lists():
    made = peak()
    found = asked(made, "integrate", range=[3, 5]).content
    assert len(found["rows"][0]) == len(found["columns"])
    assert "±" in found["rows"][0][1]
    assert asked(made, "readout", curve=0, x=4.0, y=1.0).content["index"] == 200
    assert len(asked(made, "table", curve=0, start=0, count=5).content["rows"]) == 5
    window = asked(made, "window", x=[1, 2], pixels=500, curves=[0], view=made.view, errors=True)
    assert window.content["x"] == [1.0, 2.0]
    with pytest.raises(WrongArgument, match="only curve"):
        asked(made, "remove", curve=0)


def test_a_curve_is_added_by_the_name_of_a_variable(monkeypatch):
    import __main__

    monkeypatch.setattr(__main__, "more", (X, 2 * Y), raising=False)
    made = peak()
    asked(made, "add", name="more")
    assert len(made.curves) == 2
    with pytest.raises(NotPlottable, match="no variable, workspace or file 'nobody'"):
        asked(made, "add", name="nobody")


sample = sc.DataArray(
    sc.array(dims=["x"], values=Y, variances=Y, unit="counts"), coords={"x": sc.array(dims=["x"], values=X, unit="mm")}
)


def test_python_draws_the_same_view_again():
    made = plot(sample, y_scale="log")
    made.zoom(x=(1, 5))
    made.fit("gaussian", between=(2, 6))
    code = made.python()
    again = {}
    exec(compile(code.rpartition("\n")[0], "cell", "exec"), {"plot": plot, "sample": sample}, again)  # noqa: S102
    assert again["p"].view == made.view
    assert again["p"].curves == made.curves == {0: "sample"}
    assert asked(made, "python").content["code"] == code


def test_python_after_adding_removing_and_with_a_title():
    made = plot(sample, title="Mine", waterfall=(0.1, 0))
    made.add({"twice": 2 * sample})
    made.add({"thrice": 3 * sample})
    made.remove("sample")
    made.fit("gaussian", "twice", (2, 6))
    again = {}
    code = made.python()
    exec(compile(code.rpartition("\n")[0], "cell", "exec"), {"plot": plot, "sample": sample}, again)  # noqa: S102
    assert again["p"].curves == made.curves == {1: "twice", 2: "thrice"}
    assert again["p"].spec["title"] == "Mine"
    assert again["p"].fits[0]["centre"].value == made.fits[0]["centre"].value
    described = made.describe()
    assert [curve.index for curve in described.view.curves] == [1, 2]
    found = eval(described.data.expression, {"curves": curves, "sample": sample})  # noqa: S307
    for curve, shown in zip(described.view.curves, made.histograms(), strict=True):
        np.testing.assert_array_equal(found[curve.index].values, shown.values)


def test_a_new_unit_forgets_ranges_of_the_old_one():
    made = peak()
    made.selection, made.x.range = (3, 5), (2, 6)
    made.x.unit = ""
    assert (made.selection, made.x.range) == (None, None)


def test_a_figure_on_paper_runs(tmp_path, monkeypatch):
    import matplotlib

    matplotlib.use("agg")
    made = plot(sample, y_scale="log", normalise="maximum")
    made.fit("gaussian", between=(2, 6))
    made.view = {**made.view, "normalise": "none"}
    assert made.describe().view.fits == ()  # it is of other values than are shown
    made.view = {**made.view, "normalise": "maximum"}
    low, high = made.describe().view.fits[0].residual.range
    assert -low == high > 0
    code = asked(made, "figure", width="single", formats=["png"], name="peak").content["code"]
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "cell", "exec"), {"sample": sample})  # noqa: S102
    assert (tmp_path / "peak.png").stat().st_size > 5000


def test_shown_curves_and_fits_as_data():
    (one,) = curves(sample, normalise="maximum")
    assert one.values.max() == 1.0
    line = fitted(one, "gaussian", (2, 6))
    assert line.x.shape == line.y.shape == line.residual.shape


def test_times_and_texts():
    times = np.arange("2024-01-01", "2024-01-03", dtype="datetime64[h]").astype("datetime64[ns]")
    made = plot(Log("temperature", "K", 1.0, times, np.arange(48.0)))
    assert made.spec["x"]["kind"] == "time"
    assert made.first["content"]["full"]["x"] == [1704067200.0, 1704067200.0 + 47 * 3600]
    with pytest.raises(FitFailed, match="moments or names"):
        made.fit("line")
    texts = plot((np.array(["Data", "Calc", "Diff"]), np.array([1.0, 2.0, 3.0])))
    assert (texts.spec["x"]["kind"], texts.spec["x"]["texts"]) == ("text", ["Data", "Calc", "Diff"])


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ({"normalise": "minimum"}, "normalise cannot be 'minimum'"),
        ({"errors": "yes"}, "errors cannot be 'yes'"),
        ({"divide_by_width": True}, "needs counts in bins"),
        ({"x_range": 5}, "A range is two numbers"),
        ({"waterfall": 3}, "waterfall= takes two parts"),
        ({"waterfall": (np.nan, 1)}, "waterfall= takes two parts"),
        ({"unit": "wavelength"}, "cannot be turned into another quantity"),
    ],
)
def test_wrong_arguments_are_told(named, words):
    with pytest.raises(Exception, match=words):
        peak(**named)


def test_too_many_spectra_become_a_colour_map_that_says_so():
    made = plot(np.zeros((12_000, 10)))
    assert type(made).__name__ == "Slices"
    assert "12,000 spectra, more than the 500" in made.spec["note"]
    assert "spectra=slice(0, 100)" in made.spec["note"]
    with pytest.raises(WrongArgument, match="12,000 spectra"):
        peak().add(np.zeros((12_000, 10)))


@pytest.mark.parametrize(
    ("y", "x", "unit"),
    [("counts/µs", "µs", "counts"), ("counts", "Å", "counts·Å"), ("counts·Å", "1/Å", "counts"), ("", "Å", "")],
)
def test_units_of_integrals(y, x, unit):
    assert product(y, x) == unit
