"""What `slices` takes, and which plane it shows first."""

import numpy as np
import pytest
import scipp as sc

from mantidlab.frameworks.model import Axis, Histogram, Image, Kind, NotThere, Summary
from mantidlab.plots.errors import NotPlottable, WrongArgument
from mantidlab.plots.slices.plane import Cut, plane_of
from mantidlab.plots.slices.source import source_of
from mantidlab.plots.slices.view import cut_of, first_view, range_at


def test_an_array_is_not_copied():
    values = np.ones((3, 4), dtype=np.float32)
    source = source_of(values)
    assert np.shares_memory(source.image.values, values)
    assert source.dims == ("y", "x")
    assert np.shares_memory(plane_of(source, Cut(1, 0, ((0, 3), (0, 4)))).values, values)


def test_coords_name_and_place_the_dimensions():
    source = source_of(np.ones((3, 4)), coords={"energy": None, "q": np.linspace(0, 1, 5)})
    assert source.dims == ("energy", "q")
    assert source.places[1].edges.tolist() == [0, 0.25, 0.5, 0.75, 1]


@pytest.mark.parametrize("coords", [{"q": [1, 2, 3, 4]}, {"e": [1, 2], "q": None}, [1, 2]])
def test_coords_that_do_not_fit_are_refused(coords):
    with pytest.raises(WrongArgument):
        source_of(np.ones((3, 4)), coords=coords)


@pytest.mark.parametrize("thing", [np.ones(4), np.ones((2, 2), complex), np.array([["a", "b"]])])
def test_what_has_no_picture_is_refused_in_words(thing):
    with pytest.raises(NotPlottable, match="array"):
        source_of(thing)


def test_lists_of_rows_of_different_lengths_are_refused_in_words():
    with pytest.raises(NotPlottable, match="different lengths"):
        source_of([[1, 2, 3], [4, 5]])


def test_of_a_group_what_has_a_picture_is_shown_and_the_rest_is_said():
    group = sc.DataGroup({"a": sc.ones(dims=["x", "y"], shape=[2, 3]), "b": sc.scalar(1.0)})
    source = source_of(group)
    assert source.name == "a"
    assert "Left out: b; part=… shows one" in source.remarks[-1]


def test_a_group_without_a_picture_says_what_it_holds():
    with pytest.raises(NotPlottable, match="'b'"):
        source_of(sc.DataGroup({"a": sc.ones(dims=["x"], shape=[2]), "b": sc.scalar(1.0)}))


def test_events_are_counted_in_the_bins_asked_for():
    events = sc.DataArray(
        sc.ones(dims=["event"], shape=[100], unit="counts"),
        coords={
            "tof": sc.linspace("event", 1.0, 99.0, 100, unit="us"),
            "x": sc.array(dims=["event"], values=np.arange(100.0) % 4),
        },
    )
    binned = events.bin(x=4)
    source = source_of(binned, bins=np.array([0.0, 50.0, 100.0]))
    assert source.image.values.shape == (4, 2)
    assert source.image.values.sum() == 100
    assert "counted" in source.remarks[0]
    assert source_of(binned, bins=10).image.values.shape == (4, 10)


class Ragged:
    """A workspace whose spectra differ in length, as Mantid has them."""

    def summary(self):
        return Summary("ragged", Kind.SPECTRA, "Workspace2D", "mantid")

    def image(self):
        raise NotThere("no common grid")

    def spectra(self):
        return [
            Histogram(Axis("d", "d", "Å", np.array([0.0, 1.0, 2.0]), edges=True), np.array([1.0, 2.0])),
            Histogram(Axis("d", "d", "Å", np.array([5.0, 6.0]), edges=True), np.array([3.0])),
        ]

    def geometry(self):
        raise NotThere("none")

    spectrum_detectors = table = logs = history = members = geometry


def test_spectra_of_different_lengths_keep_their_own_bins():
    source = source_of(Ragged())
    np.testing.assert_array_equal(source.image.values, [[1.0, 2.0], [3.0, np.nan]])
    assert source.places[1].bin_at(5.5, row=1) == 0
    assert source.places[1].bin_at(6.5, row=1) is None


def three(names=("a", "b", "c")):
    axes = tuple(Axis(name, name, "", np.arange(float(size))) for name, size in zip(names, (4, 5, 6), strict=True))
    return source_of(Image(axes, np.arange(120.0).reshape(4, 5, 6)))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("a", "b", "c"), (2, 1)),
        (("x", "y", "TOF"), (0, 1)),
        (("[H,0,0]", "[0,K,0]", "DeltaE"), (0, 1)),
        (("detector", "row", "wavelength"), (1, 0)),
    ],
)
def test_pictures_are_seen_flat_and_spectra_lie_along_the_slider(names, expected):
    view = first_view(three(names))
    assert (view["x"], view["y"]) == expected


def test_dimensions_are_named_or_numbered():
    source = three()
    view = first_view(source, x="a", at={"b": (1.0, 3.0)})
    cut = cut_of(source, view)
    assert (cut.x, cut.y) == (0, 2)
    assert cut.at[1] == (1, 4)
    for wrong in (
        {"x": "nothing"},
        {"x": "a", "y": "a"},
        {"at": {"a": 99.0}},
        {"x": "c", "at": {"c": 1.0}},
        {"scale": "cubic"},
    ):
        with pytest.raises(WrongArgument):
            first_view(source, **wrong)


def test_a_range_takes_the_bins_between():
    source = three()
    assert range_at(source, 0, 2.0) == (2, 3)
    assert range_at(source, 0, (0.6, 2.4)) == (1, 3)
    assert range_at(source, 0, (-0.5, 3.5)) == (0, 4)


def test_planes_are_added_up_or_averaged_without_what_is_missing():
    values = np.array([[[1.0, 2.0]], [[3.0, np.nan]], [[5.0, np.nan]]])
    mask = np.zeros(values.shape, bool)
    mask[2, 0, 0] = True
    axes = tuple(Axis(name, name, "", np.arange(float(size))) for name, size in zip("zyx", values.shape, strict=True))
    source = source_of(Image(axes, values, np.ones(values.shape), mask))

    def plane(over):
        return plane_of(source, Cut(2, 1, ((0, 3), (0, 1), (0, 2)), over))

    assert plane("sum").values.tolist() == [[4.0, 2.0]]
    assert plane("mean").values.tolist() == [[2.0, 2.0]]
    assert plane("max").values.tolist() == [[3.0, 2.0]]
    assert plane("sum").errors.tolist() == [[np.sqrt(2.0), 1.0]]
    assert plane("mean").errors.tolist() == [[np.sqrt(2.0) / 2, 1.0]]


def test_a_view_that_does_not_fit_the_data_any_more_is_mended():
    source = three()
    cut = cut_of(source, {"x": 7, "y": 7, "at": [[90, 99], None, [0, 1]], "over": "cubic"})
    assert (cut.x, cut.y) == (2, 1)
    assert cut.at == ((3, 4), (0, 5), (0, 6))
