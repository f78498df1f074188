"""The widget as the page and a person meet it."""

import json

import numpy as np
import pytest
import scipp as sc

from mantidlab.frameworks.model import Histogram, Image
from mantidlab.plots.errors import WrongArgument
from mantidlab.plots.slices import section, slices

DATA = np.random.default_rng(3).poisson(5, (6, 20, 30)).astype(float)
COORDS = {"energy": np.linspace(-1, 1, 7), "y": None, "x": np.linspace(0.0, 3.0, 31)}


@pytest.fixture
def plot():
    return slices(DATA, coords=COORDS)


def arrays(answer):
    return dict(zip(answer.content["parts"], answer.buffers, strict=True))


def test_the_first_picture_travels_with_the_widget(plot):
    content = {name: value for name, value in plot.first.items() if name != "buffers"}
    json.dumps([plot.spec, plot.view, content])  # all else is JSON
    values = np.frombuffer(plot.first["buffers"]["values"], "<f4").reshape(20, 30)
    np.testing.assert_array_equal(values, DATA[3])


def test_a_window_is_what_it_was_asked_for(plot):
    answer = plot.window(
        {"view": {**plot.view, "at": [[0, 6], [0, 20], [0, 30]], "over": "sum"}, "width": 30, "height": 20}
    )
    values = np.frombuffer(arrays(answer)["values"], "<f4").reshape(20, 30)
    np.testing.assert_allclose(values, DATA.sum(axis=0))
    assert answer.content["at"][0] == [-1.0, 1.0]


def test_the_cursor_reads_the_exact_value_and_the_largest_of_its_pixel(plot):
    found = plot.readout({"x": 0.05, "y": 4.0, "reach": [0.5, 2.0]}).content["found"]
    assert found["value"] == DATA[3, 4, 0]
    assert found["largest"]["value"] == DATA[3, 2:7, 0:6].max()
    assert plot.readout({"x": 99.0, "y": 4.0}).content["found"] is None


def test_regions_give_data(plot):
    region = plot.rectangle(x=(0.0, 1.0), y=(2.0, 8.0))
    held = DATA[3, 2:8, 0:10]
    assert float(region.sum()) == held.sum()
    assert region.mean() == pytest.approx(held.mean())
    assert region.profile("x", over="sum").values.tolist() == held.sum(axis=0).tolist()
    assert region.profile("energy", over="sum").values.tolist() == DATA[:, 2:8, 0:10].sum(axis=(1, 2)).tolist()
    assert isinstance(region.image(), Image)
    assert plot.region.name == "region 1"
    assert region.mask().sum() == held.size


def test_a_region_of_the_same_name_takes_the_place_of_the_other(plot):
    plot.ellipse((1.0, 5.0), (0.5, 2.0), name="peak")
    plot.polygon([(0, 0), (1, 0), (1, 5)], name="peak")
    assert [region["kind"] for region in plot.view["regions"]] == ["polygon"]


def test_a_region_stays_where_it_is_when_axes_are_exchanged(plot):
    before = float(plot.rectangle(x=(0.0, 1.0), y=(2.0, 8.0)).sum())
    plot.view = {**plot.view, "x": plot.view["y"], "y": plot.view["x"]}
    assert float(plot.region.sum()) == before
    plot.view = {**plot.view, "x": 0, "y": 1}
    with pytest.raises(WrongArgument, match="No region"):
        plot.region  # noqa: B018


def test_cuts_give_data(plot):
    assert plot.cut(y=4.0).values.tolist() == DATA[3, 4].tolist()
    assert plot.cut(x=0.05).values.tolist() == DATA[3, :, 0].tolist()
    assert isinstance(plot.line((0, 0), (3, 0)).cut(), Histogram)
    with pytest.raises(WrongArgument, match="nothing at"):
        plot.cut(y=400.0)


def test_other_planes_are_named_by_their_positions(plot):
    plot.at(energy=(-1.0, 0.0))
    np.testing.assert_allclose(plot.image().values, DATA[:3].mean(axis=0))


def test_data_of_scipp_come_back_as_scipp():
    array = sc.DataArray(
        sc.array(dims=["y", "x"], values=DATA[0], variances=DATA[0], unit="counts"),
        coords={"x": sc.linspace("x", 0.0, 3.0, 31, unit="angstrom")},
    )
    plot = slices(array)
    region = plot.rectangle(x=(0.0, 1.0), y=(2.0, 8.0))
    total = region.sum()
    assert total.unit == "counts"
    assert total.value == total.variance == DATA[0, 2:8, 0:10].sum()
    profile = region.profile("x")
    assert profile.coords["x"].unit == "angstrom"
    assert sc.allclose(profile.data, array.data["y", 2:8]["x", 0:10].sum("y"))
    assert float(region.sum(model=True)) == total.value
    assert isinstance(plot.cut(y=3.0, model=True), Histogram)


def test_cells_do_again_what_was_done_by_hand(plot):
    plot.rectangle(x=(0.0, 1.0), y=(2.0, 8.0))
    plot.line((0.0, 1.0), (3.0, 15.0), width=2.0)
    plot.view = {**plot.view, "cursor": [1.0, 5.0]}
    for what in ("view", "sum", "profile x", "profile energy", "image", "cut", "row", "column"):
        code = plot.cell({"what": what}).content["code"]
        names = {"DATA": DATA, "COORDS": COORDS}
        exec(code, names)  # noqa: S102
        if what == "sum":
            assert float(names["total"]) == DATA[3, 2:8, 0:10].sum()
        if what == "profile x":
            assert names["profile"].values.tolist() == pytest.approx(DATA[3, 2:8, 0:10].mean(axis=0).tolist())


def test_the_figure_shows_the_same_numbers(plot):
    shown = section(DATA, coords=COORDS, x="x", y="y", at={"energy": 0.1667}, x_range=(0.0, 1.0))
    np.testing.assert_array_equal(shown.values, DATA[3, :, :10])
    code = plot.figure({"width": "double", "formats": ["svg"]}).content["code"]
    compile(code, "cell", "exec")
    assert "section(DATA, coords=COORDS" in code


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (np.full((3, 4), np.nan), "NaN"),
        (np.ones((1, 1)), "one bin"),
        (np.zeros((0, 5)), "no bins"),
        (np.full((5, 6), 2.0), "every value drawn is 2"),
        (np.array([[np.inf, 1.0]]), "1 pixel is infinite"),
        (np.full((2, 2), np.inf), "infinite"),
    ],
)
def test_odd_data_are_shown_with_words(values, words):
    assert words in slices(values).first["said"]


def test_all_masked_says_so():
    from mantidlab.frameworks.model import Axis

    axes = tuple(Axis(name, name, "", np.arange(3.0)) for name in "yx")
    plot = slices(Image(axes, np.ones((3, 3)), mask=np.ones((3, 3), bool)))
    assert plot.first["said"] == "Everything here is masked."


def test_the_table_tells_what_is_in_sight(plot):
    page = plot.table({"x": [0.0, 0.5], "y": [3.5, 6.5], "start": 1, "count": 5}).content
    assert page["total"] == 3
    assert page["rows"][0][1:] == DATA[3, 5, :5].tolist()


def test_profiles_of_many_bins_keep_the_smallest_and_the_largest():
    values = np.ones((2, 100_000))
    values[0, 77_777] = 500.0
    plot = slices(values)
    answer = plot.profiles({"at": [5.0, 0.0], "width": 300, "height": 2})
    parts = answer.content["profiles"][0]["parts"]
    found = dict(zip(parts, answer.buffers, strict=False))
    assert np.frombuffer(found["high"]).max() == 500.0
    assert np.frombuffer(found["low"]).min() == 1.0


def test_a_mistyped_argument_is_named():
    with pytest.raises(TypeError, match="colour"):
        slices(DATA, colour="viridis")
