"""What a real Mantid's `Fit` answered, and ours of the same spectrum."""

from types import SimpleNamespace

import numpy as np
import pytest

from mantidlab.frameworks.mantid_fit import fit as mantid_fit
from mantidlab.plots.fitting import fit
from mantidlab.plots.fitting.fit import Wish
from mantidlab.plots.fitting.points import points_in
from mantidlab.plots.fitting.shapes import SIGMAS_IN_FWHM


class Table:
    """A table workspace of `Fit`."""

    def __init__(self, columns):
        self._columns = columns

    def column(self, name):
        return list(self._columns[name])


def test_the_recorded_answer_is_read_and_ours_is_the_same(recorded):
    """A real Mantid fitted a line and a Gaussian to one spectrum."""
    facts = {key: recorded.DataService()._facts[key] for key in ("fit_parameters", "fit_covariance")}
    answer = SimpleNamespace(
        OutputStatus="success",
        OutputChi2overDoF=facts["fit_parameters"]["data"]["Value"][-1],
        OutputParameters=Table(facts["fit_parameters"]["data"]),
        OutputNormalisedCovarianceMatrix=Table(facts["fit_covariance"]["data"]),
    )
    api = SimpleNamespace(CreateWorkspace=lambda **_: None, Fit=lambda **_: answer)
    found = mantid_fit(api, SimpleNamespace(remove=lambda name: None), "name=LinearBackground", (np.ones(3),) * 3)
    assert found.names == ("f0.A0", "f0.A1", "f1.Height", "f1.PeakCentre", "f1.Sigma")
    np.testing.assert_allclose(np.sqrt(np.diag(found.covariance)), found.errors)
    np.testing.assert_allclose(found.covariance, found.covariance.T, rtol=1e-9, atol=1e-12)

    arrays = recorded.DataService()._arrays
    x, y, errors = (arrays[f"hist/{name}"][0] for name in "XYE")
    theirs = dict(zip(found.names, zip(found.values, found.errors, strict=True), strict=True))
    # The peak lies in one bin, so that its place and width are hardly determined; with Mantid's, the rest is the same.
    fixed = {"centre": theirs["f1.PeakCentre"][0], "fwhm": theirs["f1.Sigma"][0] * SIGMAS_IN_FWHM}
    ours = fit(points_in(x, y, errors=errors, between=(200, 19_200)), "gaussian", Wish(fixed=fixed))
    assert any("its width is that of the bins" in note for note in ours.notes)
    for name, called in {"height": "f1.Height", "background": "f0.A0", "slope": "f0.A1"}.items():
        value, error = theirs[called]
        assert ours[name].value == pytest.approx(value, abs=0.01 * error)
        assert ours[name].error == pytest.approx(error, rel=0.01)
