"""Mantid's `Fit`: what it is asked, and what is made of its answers."""

import re
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import optimize, special

from mantidlab.frameworks.mantid_fit import MADE, FitRefused
from mantidlab.plots.errors import WrongArgument
from mantidlab.plots.fitting import fit, in_mantid, model_named
from mantidlab.plots.fitting.fit import Wish
from mantidlab.plots.fitting.models import BACKGROUNDS
from mantidlab.plots.fitting.points import points_in

X = np.linspace(0.5, 10, 400)


class Table:
    """A table workspace of `Fit`."""

    def __init__(self, columns):
        self._columns = columns

    def column(self, name):
        return list(self._columns[name])

    def getColumnNames(self):  # noqa: N802
        return list(self._columns)


class Service:
    def __init__(self):
        self.removed = []

    def remove(self, name):
        self.removed.append(name)


def back_to_back(x, area, a, b, x0, s):
    d = x - x0
    return (
        area
        * a
        * b
        / (2 * (a + b))
        * (
            np.exp(a / 2 * (a * s**2 + 2 * d)) * special.erfc((a * s**2 + d) / (s * np.sqrt(2)))
            + np.exp(b / 2 * (b * s**2 - 2 * d)) * special.erfc((b * s**2 - d) / (s * np.sqrt(2)))
        )
    )


# Formulas of Mantid's documentation of fit functions, written here once more.
FUNCTIONS = {
    "Gaussian": (["Height", "PeakCentre", "Sigma"], lambda x, h, c, s: h * np.exp(-0.5 * ((x - c) / s) ** 2)),
    "Lorentzian": (
        ["Amplitude", "PeakCentre", "FWHM"],
        lambda x, a, c, w: a / np.pi * (w / 2) / ((x - c) ** 2 + (w / 2) ** 2),
    ),
    "BackToBackExponential": (["I", "A", "B", "X0", "S"], back_to_back),
    "ExpDecay": (["Height", "Lifetime"], lambda x, h, t: h * np.exp(-x / t)),
    "FlatBackground": (["A0"], lambda x, a0: a0 + 0 * x),
    "LinearBackground": (["A0", "A1"], lambda x, a0, a1: a0 + a1 * x),
    "Quadratic": (["A0", "A1", "A2"], lambda x, a0, a1, a2: a0 + a1 * x + a2 * x**2),
    "Polynomial": (["A0", "A1", "A2", "A3"], lambda x, *a: sum(c * x**i for i, c in enumerate(a))),
}


class SimpleApi:
    """Answers as Mantid's `Fit` does (its recording: names, the last row, correlations in per cent)."""

    status = "success"

    def CreateWorkspace(self, **properties):  # noqa: N802
        assert properties["OutputWorkspace"].startswith("__")
        return properties

    def Fit(self, **properties):  # noqa: N802
        self.asked = properties
        data, parts = properties["InputWorkspace"], []
        several = properties["Function"].count("name=") > 1
        names, start = [], []
        for number, text in enumerate(properties["Function"].split(";")):
            function, *given = [item.split("=")[1] for item in text.split(",") if not item.startswith("n=")]
            expected, formula = FUNCTIONS[function]
            assert [item.split("=")[0] for item in text.split(",")[1:] if not item.startswith("n=")] == expected
            parts.append((formula, len(expected)))
            names += [f"f{number}.{name}" if several else name for name in expected]
            start += [float(value) for value in given]
        tied = dict(re.findall(r"([\w.]+)=([^,]+)", properties["Ties"]))
        free = np.array([name not in tied for name in names])

        def whole(x, *moving):
            values, at, total = np.array(start), 0, 0.0
            values[free] = moving
            for formula, count in parts:
                total = total + formula(x, *values[at : at + count])
                at += count
            return total

        found, covariance = optimize.curve_fit(
            whole, data["DataX"], data["DataY"], p0=np.array(start)[free], sigma=data["DataE"], absolute_sigma=True
        )
        values, errors = np.array(start), np.zeros(len(names))
        values[free], errors[free] = found, np.sqrt(np.diag(covariance))
        percent = 100 * covariance / np.outer(errors[free], errors[free])
        kept = [name for name, is_free in zip(names, free, strict=True) if is_free]
        residual = (data["DataY"] - whole(data["DataX"], *found)) / data["DataE"]
        chi_square = float((residual**2).sum() / (len(residual) - free.sum()))
        table = {"Name": [*names, "Cost function value"], "Value": [*values, chi_square], "Error": [*errors, 0.0]}
        correlations = {"Name": kept, **{name: percent[:, at] for at, name in enumerate(kept)}}
        return SimpleNamespace(
            OutputStatus=self.status,
            OutputChi2overDoF=chi_square,
            OutputParameters=Table(table),
            OutputNormalisedCovarianceMatrix=Table(correlations),
        )


@pytest.fixture
def mantid(monkeypatch):
    api, service = SimpleApi(), Service()
    modules = SimpleNamespace(simpleapi=api, api=SimpleNamespace(AnalysisDataService=service))
    monkeypatch.setattr(in_mantid.mantid, "mantid_modules", lambda: modules)
    return SimpleNamespace(api=api, service=service)


TRUTH = {
    "gaussian": [400, 5, 0.4],
    "lorentzian": [400, 5, 0.4],
    "back_to_back": [250, 5, 0.1, 8, 3],
    "line": [30, 20],
    "quadratic": [30, 10, 5],
    "cubic": [30, 20, -3, 0.4],
    "exponential": [300, 2.0],
}


@pytest.mark.parametrize("model", list(in_mantid.NAMED))
def test_mantid_and_scipy_find_the_same(mantid, model):
    background = model_named(model).backgrounds[0]
    values = [*TRUTH[model], *[20.0, 2.0][: BACKGROUNDS[background] + 1]]
    expected = model_named(model).evaluate(X, values)
    sigma = np.sqrt(np.abs(expected)) + 1
    points = points_in(X, expected + sigma * np.random.default_rng(1).standard_normal(len(X)), errors=sigma)
    ours, theirs = (fit(points, model, Wish(background), engine=engine) for engine in ("scipy", "mantid"))
    assert theirs.engine == "Mantid's Fit"
    for one, other in zip((*ours.parameters, *ours.derived), (*theirs.parameters, *theirs.derived), strict=True):
        assert other.value == pytest.approx(one.value, abs=0.01 * one.error)
        assert other.error == pytest.approx(one.error, rel=0.02)
    assert theirs.reduced_chi_square == pytest.approx(ours.reduced_chi_square, rel=1e-4)
    assert set(MADE) <= set(mantid.service.removed)


def test_fixed_parameters_are_ties(mantid):
    y = model_named("gaussian").evaluate(X, [400, 5, 0.4, 20])
    points = points_in(X, y, errors=np.ones_like(y))
    found = fit(points, "gaussian", Wish("constant", fixed={"fwhm": 0.5, "background": 20.0}), engine="mantid")
    assert mantid.api.asked["Ties"].split(",")[1] == "f1.A0=20.0"
    assert found["fwhm"].value == pytest.approx(0.5)
    assert found["fwhm"].error == 0.0
    with pytest.raises(WrongArgument, match="Height of Lorentzian cannot be fixed in Mantid"):
        fit(points, "lorentzian", Wish(fixed={"height": 3.0}), engine="mantid")


def test_what_mantid_does_not_fit_the_same_way(mantid):
    points = points_in(X, np.sin(X), errors=np.ones_like(X))
    with pytest.raises(WrongArgument, match="Pseudo-Voigt is not fitted by Mantid here"):
        fit(points, "pseudo_voigt", engine="mantid")
    with pytest.raises(WrongArgument, match="no engine 'root'"):
        fit(points, "line", engine="root")


def test_what_goes_wrong_in_mantid_is_said(mantid):
    points = points_in(X, np.ones_like(X), errors=np.ones_like(X))
    mantid.api.status = "Failed to converge after 500 iterations."
    with pytest.raises(FitRefused, match="Fit of LinearBackground did not converge: Failed to converge"):
        fit(points, "line", engine="mantid")
    mantid.api.Fit = lambda **_: (_ for _ in ()).throw(RuntimeError("Some invalid Properties found"))
    with pytest.raises(FitRefused, match="Some invalid Properties found"):
        fit(points, "line", engine="mantid")
    assert set(MADE) <= set(mantid.service.removed)


def test_without_mantid_it_is_said():
    points = points_in(X, np.ones_like(X), errors=np.ones_like(X))
    with pytest.raises(Exception, match="Mantid is not in this environment"):
        fit(points, "line", engine="mantid")
