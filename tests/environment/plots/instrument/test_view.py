"""The call `instrument`: what it says, what the browser is answered, and what a person takes out of it."""

import numpy as np
import pytest
import scipp as sc

from mantidlab import instrument
from mantidlab.frameworks import as_data_object
from mantidlab.plots.errors import NotPlottable, WrongArgument
from mantidlab.plots.instrument.answering import NEAR
from mantidlab.plots.instrument.settings import VIEWS

from .conftest import make_geometry

SIDE = 8


def array(side: int = SIDE, bins: int = 20) -> sc.DataArray:
    """A square detector two metres behind the sample; each pixel counts its number in the first bin and 1 in each."""
    across = np.linspace(-0.35, 0.35, side)
    u, v = np.meshgrid(across, across)
    values = np.ones((side, side, bins))
    values[:, :, 0] = np.arange(side * side).reshape(side, side)
    return sc.DataArray(
        sc.array(dims=["y", "x", "tof"], values=values, variances=values.copy(), unit="counts"),
        coords={
            "tof": sc.linspace("tof", 1000.0, 21_000.0, bins + 1, unit="us"),
            "position": sc.vectors(dims=["y", "x"], values=np.stack([u, v, np.full_like(u, 2.0)], axis=-1), unit="m"),
            "detector_number": sc.array(dims=["y", "x"], values=100 + np.arange(side * side).reshape(side, side)),
            "source_position": sc.vector([0, 0, -8.0], unit="m"),
            "sample_position": sc.vector([0, 0, 0.0], unit="m"),
        },
    )


@pytest.fixture
def view():
    return instrument(array())


def ask(view, kind, **asked):
    return getattr(view, view._methods[kind])(asked)


def test_counts_of_all_and_of_a_range(view):
    assert np.array_equal(view.counts(), 19.0 + np.arange(64))
    view.view = {**view.view, "range": [2000.0, 4000.0]}
    assert np.array_equal(view.counts(), np.full(64, 2.0))
    content = ask(view, "counts").content
    assert content["colours"] == {"low": 2.0, "high": 2.0, "positive": 2.0, "total": 128.0}
    assert "2000 to 4000 µs" in content["summary"]


def test_the_first_picture_travels_with_the_widget(view):
    places = np.frombuffer(view.first["places"], np.float32).reshape(-1, 3)
    assert places[0] == pytest.approx([-0.35, -0.35, 2.0])
    assert np.array_equal(np.frombuffer(view.first["values"], np.float32), view.counts())
    sizes = np.frombuffer(view.first["near"]["sizes"], np.float32).reshape(-1, 3)
    assert sizes[:, :2] == pytest.approx(0.1)
    assert view.spec["count"] == 64
    assert "64 detectors" in view.first["summary"]


def test_of_many_detectors_only_those_near_the_eye_are_told_with_their_shapes():
    view = instrument(array(side=300, bins=1))
    assert "near" not in view.first
    whole = view.settings.camera
    far = ask(view, "near", matrix=whole.matrix(1.6).ravel(order="F").tolist())
    assert (far.content["seen"], len(far.buffers)) == (90_000, 0)
    assert far.content["seen"] > NEAR
    near = whole.__class__((0.0, 0.0, 1.7), (0.0, 0.0, 2.0), (0.0, 1.0, 0.0))
    answer = ask(view, "near", matrix=near.matrix(1.0).ravel(order="F").tolist())
    indices = np.frombuffer(answer.buffers[0], np.uint32)
    assert 0 < len(indices) < 10_000
    assert len(np.frombuffer(answer.buffers[2], np.float32)) == 4 * len(indices)


@pytest.mark.parametrize("projection", VIEWS[1:])
def test_every_unwrapped_view_is_answered(view, projection):
    answer = ask(view, "unwrapped", projection=projection)
    uv = np.frombuffer(answer.buffers[0], np.float32).reshape(-1, 2)
    (u0, u1), (v0, v1) = answer.content["extent"]
    assert ((uv[:, 0] >= u0) & (uv[:, 0] <= u1) & (uv[:, 1] >= v0) & (uv[:, 1] <= v1)).all()


def test_what_is_said_of_a_detector(view):
    facts = ask(view, "read", index=9).content
    assert (facts["id"], facts["value"], facts["state"]) == (109, 28.0, "")
    assert facts["l2"] == pytest.approx(np.sqrt(0.25**2 * 2 + 4))
    assert facts["two_theta"] == pytest.approx(np.degrees(np.arctan(0.25 * np.sqrt(2) / 2)))
    assert facts["phi"] == pytest.approx(-135)
    with pytest.raises(WrongArgument):
        ask(view, "read", index=64)


def test_a_choice_gives_detectors_a_spectrum_and_a_mask(view):
    view.select(100, [105, 163])
    assert view.detectors().tolist() == [100, 105, 163]
    spectrum = view.spectrum()
    assert spectrum.values[0] == 0 + 5 + 63
    assert (spectrum.values[1:] == 3).all()
    np.testing.assert_allclose(spectrum.errors[1:], np.sqrt(3))
    mask = view.mask()
    assert mask.spectra.shape == (SIDE, SIDE)
    assert mask.dims == ("y", "x")
    assert mask.text() == "100,105,163"
    assert len(view.mask(invert=True)) == 61
    view.select()
    assert len(view.detectors()) == 0


def test_a_mask_for_scipp_masks_what_was_chosen(view):
    data = array()
    view.select(100, 163)
    data.masks["chosen"] = view.mask().scipp()
    assert data.sum().value == array().sum().value - (0 + 19) - (63 + 19)


def test_a_region_on_an_unwrapped_view(view):
    region = {"kind": "region", "shape": "rectangle", "projection": "cylinder y", "points": [[0, 0], [90, 1]]}
    view.select(region)
    x, y = np.meshgrid(np.linspace(-0.35, 0.35, SIDE), np.linspace(-0.35, 0.35, SIDE))
    # To the right as seen from the sample is where x is negative.
    assert view.detectors().tolist() == (100 + np.flatnonzero((x < 0) & (y > 0))).tolist()
    told = ask(view, "chosen").content["choices"][0]
    assert (told["detectors"], told["sum"]) == (16, view.counts()[(x < 0).ravel() & (y > 0).ravel()].sum())


def test_a_region_on_the_screen_goes_through_the_camera_that_it_was_drawn_with(view):
    matrix = view.settings.camera.__class__((0, 0, -3), (0, 0, 2), (0, 1, 0)).matrix(1.0).ravel(order="F").tolist()
    view.select({"kind": "region", "shape": "polygon", "matrix": matrix, "points": [[0, 0], [1, 0], [1, 1], [0, 1]]})
    x, y = np.meshgrid(np.linspace(-0.35, 0.35, SIDE), np.linspace(-0.35, 0.35, SIDE))
    assert view.detectors().tolist() == (100 + np.flatnonzero((x < 0) & (y > 0))).tolist()


def test_choices_are_compared_one_by_one(view):
    view.select({"kind": "pick", "level": "detector", "index": 3}, {"kind": "pick", "level": "bank", "index": 0})
    assert [one.values[0] for one in view.spectra()] == [3.0, sum(range(64))]
    assert [one.name for one in view.spectra()] == ["detector 103", "all detectors"]
    assert view.detectors(0).tolist() == [103]
    with pytest.raises(WrongArgument, match="there are 2"):
        view.detectors(2)


def test_other_units_where_the_geometry_allows(view):
    units = [unit["id"] for unit in view.spec["axis"]["units"]]
    assert {"wavelength", "d_spacing", "Q", "energy"} <= set(units)
    view.select(*range(100, 164))
    total = view.spectrum(unit="wavelength")
    assert total.axis.unit == "Å"
    assert total.values.sum() == pytest.approx(view.counts().sum(), rel=0.02)
    # A range of wavelengths is another range of times for each detector: here those of the bins' middles are counted.
    view.view = {**view.view, "unit": "wavelength", "range": [2.0, 4.0]}
    middles = np.arange(1500.0, 21_000, 1000)
    length = 8 + np.linalg.norm(view.geometry.positions, axis=1)
    wavelengths = middles[None, :] / (252.7784 * length[:, None])
    weights = np.ones((64, 20))
    weights[:, 0] = np.arange(64)
    assert np.array_equal(view.counts(), (weights * ((wavelengths >= 2) & (wavelengths < 4))).sum(axis=1))


def test_grouped_detectors_show_the_counts_of_their_spectrum_and_count_once():
    data = array(side=2, bins=3)
    grouped = Grouped(as_data_object(data, "grouped"), make_geometry(), [np.arange(10), np.arange(10, 24), [30], [31]])
    view = instrument(grouped)
    counts = data.values.sum(axis=2).ravel()
    assert view.counts()[:10].tolist() == [counts[0]] * 10
    assert np.isnan(view.counts()[24])
    assert view.first["colours"]["total"] == counts.sum()
    view.select({"kind": "pick", "level": "detector", "index": 3}, {"kind": "pick", "level": "detector", "index": 4})
    assert view.spectrum().values.tolist() == data.values[0, 0].tolist()  # the same spectrum, added once
    assert ask(view, "read", index=3).content["shared"] == 10
    assert any("share a spectrum" in note for note in view.spec["notes"])
    # A spectrum is masked when all of its detectors are.
    mask = view.mask()
    assert (mask.spectra.any(), mask.partly) == (False, 1)


class Grouped:
    """Data of another object with detectors in groups."""

    def __init__(self, data, geometry, lists):
        self._data, self._geometry, self._lists = data, geometry, [np.asarray(one) for one in lists]

    def __getattr__(self, name):
        return getattr(self._data, name)

    def geometry(self):
        return self._geometry

    def spectrum_detectors(self):
        return self._lists

    def spectra(self):
        return self._data.spectra()

    def image(self):
        return self._data.image()

    def summary(self):
        return self._data.summary()

    def table(self):
        return self._data.table()

    def logs(self):
        return self._data.logs()

    def history(self):
        return self._data.history()

    def members(self):
        return self._data.members()


def test_a_logarithmic_scale_where_one_detector_outshines_all():
    data = array(side=40)
    assert instrument(data).settings.scale == "linear"
    data.values[3, 5, 4] = 1e7
    assert instrument(data).settings.scale == "log"
    assert instrument(data, scale="linear").settings.scale == "linear"


def test_the_call_that_draws_the_view_again(view):
    view.view = {**view.view, "view": "sphere z", "scale": "log", "range": [2000.0, 9000.0]}
    view.select(100)
    text = view.python()
    assert text.startswith("instrument(array(), ")
    again = eval(text, {"instrument": instrument, "array": array})  # noqa: S307
    assert again.settings.told() == view.settings.told()
    cell = ask(view, "cell", what="mask").content["text"]
    assert 'save_xml("mask.xml")' in cell
    assert "100" in cell


def test_tables_have_a_row_for_each_detector(view):
    page = ask(view, "table", start=60, count=10).content
    assert (len(page["rows"]), page["total"]) == (4, 64)
    assert page["rows"][0][:2] == [160, 79.0]
    view.select(163)
    assert ask(view, "table", start=0, count=10, chosen=True).content["total"] == 1


def test_data_without_positions_are_told_what_to_do():
    data = array()
    del data.coords["position"]
    with pytest.raises(NotPlottable, match="geometry="):
        instrument(data)
    assert instrument(data["y", 0]["x", 0:4], geometry=array()["y", 0]["x", 0:4]).spec["count"] == 4
    with pytest.raises(NotPlottable, match="64 detectors"):
        instrument(data["y", 0], geometry=array())


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ({"view": "cone"}, "cylinder y"),
        ({"range": [5.0, 1.0]}, "smaller number"),
        ({"unit": "furlongs"}, "wavelength"),
        ({"scale": "square"}, "symlog"),
        ({"camera": "w+"}, "x\\+"),
    ],
)
def test_wrong_arguments_are_answered_with_those_that_there_are(named, words):
    with pytest.raises(WrongArgument, match=words):
        instrument(array(), **named)


def test_masked_detectors_do_not_count(view):
    data = array()
    data.masks["bad"] = sc.array(dims=["y", "x"], values=np.arange(64).reshape(8, 8) == 63)
    masked = instrument(data)
    assert masked.spec["masked"] == 1
    assert masked.first["colours"]["high"] == 62 + 19
    assert ask(masked, "read", index=63).content["state"] == "masked"


def test_bare_arrays_are_told_that_they_have_no_places():
    with pytest.raises(NotPlottable, match="where its detectors are"):
        instrument(np.zeros((6, 20, 30)))
