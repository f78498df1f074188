"""The cell that draws a figure anew draws what the view shows: ends, scales, colours, labels, errors, masks, fits."""

import dataclasses
import types
from pathlib import Path

import matplotlib as mpl

mpl.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
import scipp as sc
from matplotlib.colors import LogNorm, SymLogNorm, to_rgb
from PIL import Image as Picture

from mantidlab.frameworks.model import Axis, Histogram, Image
from mantidlab.plots.publication import (
    AxisView,
    ColourView,
    CurveView,
    FigureDescription,
    FitView,
    ImageView,
    InstrumentView,
    LinesView,
    Outline,
    Paper,
    Recreation,
    figure_code,
    provenance_of,
    thinned,
)

BLUE, ORANGE, GREEN = "#0072b2", "#e69f00", "#009e73"
SPECTRA = Recreation(
    "as_data_object(sample).spectra()", ("from mantidlab.frameworks import as_data_object",), ("sample",)
)
X = AxisView("Wavelength", (1.0, 9.0), "Å")
Y = AxisView("Counts", (-2.0, 60.0), "counts")


@pytest.fixture
def sample():
    """Three spectra of eight bins, in scipp; a flat one, one that rises, and one with a masked bin."""
    values = np.array([np.full(8, 20.0), np.arange(8.0) * 5, np.full(8, 50.0)])
    array = sc.DataArray(
        sc.array(dims=["spectrum", "wavelength"], values=values, variances=values, unit="counts"),
        coords={"wavelength": sc.linspace("wavelength", 1.0, 9.0, 9, unit="angstrom")},
    )
    mask = np.zeros((3, 8), bool)
    mask[2, 4] = True
    array.masks["hot"] = sc.array(dims=["spectrum", "wavelength"], values=mask)
    return array


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    yield
    plt.close("all")


def lines(**changes) -> FigureDescription:
    curves = tuple(CurveView(n, f"spectrum {n + 1}", colour) for n, colour in enumerate((BLUE, ORANGE, GREEN)))
    return FigureDescription(SPECTRA, dataclasses.replace(LinesView(X, Y, curves), **changes))


def drawn(description: FigureDescription, paper: Paper | None = None, **names):
    """Run the cell as a fresh kernel does, and return the figure and its axes."""
    space = dict(names)
    exec(compile(figure_code(description, paper), "cell", "exec"), space)  # noqa: S102
    figure = space["fig"]
    return figure, figure.axes[0], space


def colour_at(figure, ax, x: float, y: float) -> tuple[float, ...]:
    """Return the colour of the picture at a place of the axes, the most saturated within two pixels."""
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[:, :, :3] / 255
    column, row = ax.transData.transform((x, y))
    row = pixels.shape[0] - row
    near = pixels[round(row) - 2 : round(row) + 3, round(column) - 2 : round(column) + 3].reshape(-1, 3)
    return tuple(near[np.argmax(np.ptp(near, axis=1))])


def test_axes_have_the_views_ends_scales_labels_and_units(sample):
    y = AxisView("Counts", (0.5, 70.0), "counts", "log")
    _, ax, _ = drawn(lines(y=y, x=AxisView("Wavelength", (8.123456, 2.0), "Å", "symlog", 0.5)), sample=sample)
    assert ax.get_xlim() == pytest.approx((8.123456, 2.0), abs=6e-5)
    assert ax.get_ylim() == (0.5, 70.0)
    assert (ax.get_xscale(), ax.get_yscale()) == ("symlog", "log")
    assert ax.xaxis.get_transform().linthresh == 0.5
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Wavelength (Å)", "Counts (counts)")


def test_each_curve_lies_where_its_data_are_in_the_views_colour(sample):
    figure, ax, _ = drawn(lines(legend=False), sample=sample)
    assert colour_at(figure, ax, 4.5, 20.0) == pytest.approx(to_rgb(BLUE), abs=0.02)
    assert colour_at(figure, ax, 8.5, 35.0) == pytest.approx(to_rgb(ORANGE), abs=0.02)
    assert colour_at(figure, ax, 2.5, 50.0) == pytest.approx(to_rgb(GREEN), abs=0.02)


def test_a_masked_bin_is_left_out_or_pale(sample):
    figure, ax, _ = drawn(lines(legend=False), sample=sample)
    assert colour_at(figure, ax, 5.5, 50.0) == (1.0, 1.0, 1.0)
    figure, ax, _ = drawn(lines(legend=False, masked="pale"), sample=sample)
    pale = np.array(to_rgb(GREEN)) * 0.35 + 0.65
    assert colour_at(figure, ax, 5.5, 50.0) == pytest.approx(pale, abs=0.03)
    assert colour_at(figure, ax, 2.5, 50.0) == pytest.approx(to_rgb(GREEN), abs=0.02)


def test_steps_are_steps_and_points_lie_in_the_middle_of_bins(sample):
    curves = (
        CurveView(1, "rises", BLUE),
        CurveView(1, "rises", ORANGE, "points"),
        CurveView(1, "rises", GREEN, "line"),
    )
    _, ax, _ = drawn(lines(curves=curves), sample=sample)
    [steps] = ax.patches
    np.testing.assert_array_equal(steps.get_data().values, np.arange(8) * 5)
    np.testing.assert_array_equal(steps.get_data().edges, np.arange(1, 10))
    points, line = ax.lines
    np.testing.assert_allclose(points.get_xdata(), np.arange(1.5, 9))
    assert (points.get_marker(), points.get_linestyle()) == (".", "None")
    assert (line.get_marker(), line.get_linestyle()) == ("None", "-")


@pytest.mark.parametrize("mark", ["steps", "points", "line"])
def test_errors_are_bars_or_a_band_of_one_standard_deviation(sample, mark):
    for errors in ("bars", "band"):
        curve = CurveView(0, "flat", BLUE, mark, errors)
        figure, ax, _ = drawn(lines(curves=(curve,), legend=False), sample=sample)
        if errors == "bars":
            [bars] = ax.containers
            ends = np.array(bars.lines[2][0].get_segments())
            np.testing.assert_allclose(ends[:, 0], np.stack([np.arange(1.5, 9), np.full(8, 20 - 20**0.5)], axis=1))
            np.testing.assert_allclose(ends[:, 1], np.stack([np.arange(1.5, 9), np.full(8, 20 + 20**0.5)], axis=1))
        else:
            assert colour_at(figure, ax, 4.5, 22.5) == pytest.approx(np.array(to_rgb(BLUE)) * 0.25 + 0.75, abs=0.02)
            assert colour_at(figure, ax, 4.5, 28.0) == (1.0, 1.0, 1.0)


def test_a_waterfall_moves_each_curve_by_the_same(sample):
    _, ax, _ = drawn(lines(waterfall=(0.25, 3.0), masked="pale"), sample=sample)
    steps = [patch.get_data() for patch in ax.patches if np.isfinite(patch.get_data().values).sum() > 1]
    for count, found in enumerate(steps):
        np.testing.assert_allclose(found.edges, np.arange(1, 10) + 0.25 * count)
    np.testing.assert_allclose(steps[1].values, np.arange(8) * 5 + 3.0)
    np.testing.assert_allclose(steps[2].values[:4], 56.0)


def test_a_waterfall_goes_on_through_curves_of_another_look(sample):
    curves = (CurveView(0, "", BLUE), CurveView(1, "", BLUE, "line"), CurveView(2, "", BLUE, "line"))
    _, ax, _ = drawn(lines(curves=curves, waterfall=(0.0, 3.0)), sample=sample)
    assert ax.lines[0].get_ydata()[0] == 3.0
    assert ax.lines[1].get_ydata()[0] == 56.0


def test_names_stand_in_the_legend_unless_it_is_hidden(sample):
    _, ax, _ = drawn(lines(), sample=sample)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["spectrum 1", "spectrum 2", "spectrum 3"]
    _, ax, _ = drawn(lines(legend=False), sample=sample)
    assert ax.get_legend() is None


@pytest.mark.parametrize("name", ["a \"quoted\" 'name'", "back\\slash", "$5 and $6", "new\nline", "_hidden", "µ Å 中"])
def test_any_name_is_written_as_it_is(sample, name):
    curve = CurveView(0, name, BLUE)
    figure, ax, _ = drawn(lines(curves=(curve,)), sample=sample)
    figure.canvas.draw()
    assert [text.get_text().replace("\\$", "$").lstrip() for text in ax.get_legend().get_texts()] == [name]


def test_a_fit_is_drawn_with_its_residual_below(sample):
    fit = types.SimpleNamespace(x=np.array([2.0, 4.0]), y=np.array([10.0, 12.0]), residual=np.array([1.0, -1.0]))
    view = FitView(Recreation("straight"), "line 3.0(2)", "#cc79a7", AxisView("Residual", (-2.0, 2.0), "counts"))
    figure, ax, _ = drawn(lines(fits=(view,)), sample=sample, straight=fit)
    ax, below = figure.axes
    np.testing.assert_array_equal(ax.lines[-1].get_ydata(), fit.y)
    np.testing.assert_array_equal(below.lines[0].get_ydata(), fit.residual)
    assert (below.get_ylim(), below.get_xlim(), ax.get_xlim()) == ((-2.0, 2.0), (1.0, 9.0), (1.0, 9.0))
    assert (ax.get_xlabel(), below.get_xlabel(), below.get_ylabel()) == ("", "Wavelength (Å)", "Residual (counts)")


def test_moments_are_moments():
    times = np.datetime64("2026-11-30T04:00:00") + np.arange(5) * np.timedelta64(1, "m")
    log = [Histogram(Axis("time", "Time", "", times), np.arange(5.0))]
    start = times[0].astype("datetime64[s]").astype(float)
    view = LinesView(
        AxisView("Time", (start, start + 240.5), is_time=True),
        AxisView("Temperature", (0.0, 5.0), "K"),
        (CurveView(0, "log", BLUE, "line", binned=False),),
    )
    _, ax, _ = drawn(FigureDescription(Recreation("logs"), view), logs=log)
    low, high = mpl.dates.num2date(ax.get_xlim())
    assert (low.isoformat(), high.isoformat()) == ("2026-11-30T04:00:00+00:00", "2026-11-30T04:04:00.500000+00:00")


def image(values, mask=None) -> Image:
    rows, columns = values.shape
    axes = (
        Axis("y", "y", "", np.arange(rows + 1.0), edges=True),
        Axis("x", "x", "", np.arange(columns + 1.0) * 2, edges=True),
    )
    return Image(axes, values, mask=mask)


def image_view(**changes) -> FigureDescription:
    x, y = AxisView("h", (0.0, 8.0), "1/Å"), AxisView("k", (0.0, 3.0), "1/Å")
    view = ImageView(x, y, ColourView("viridis", (1.0, 100.0), "Counts", "counts", "log"))
    return FigureDescription(Recreation("grid"), dataclasses.replace(view, **changes))


def test_an_image_has_the_views_colours_limits_and_scale():
    values = np.array([[1.0, 10.0, 100.0, 1000.0]] * 3)
    figure, ax, _ = drawn(image_view(), grid=image(values))
    mesh = ax.collections[0]
    assert isinstance(mesh.norm, LogNorm)
    assert (mesh.norm.vmin, mesh.norm.vmax, mesh.cmap.name) == (1.0, 100.0, "viridis")
    colours = plt.get_cmap("viridis")
    for x, place in ((1.0, 0.0), (3.0, 0.5), (5.0, 1.0), (7.0, 1.0)):
        assert colour_at(figure, ax, x, 1.5) == pytest.approx(colours(place)[:3], abs=0.02)
    assert figure.axes[1].get_ylabel() == "Counts (counts)"


def test_masked_pixels_have_their_colour_and_symlog_its_linear_part():
    mask = np.zeros((3, 4), bool)
    mask[1, 1] = True
    colour = ColourView("RdBu_r", (-100.0, 100.0), scale="symlog", linear_below=2.0, masked="#7f7f7f")
    figure, ax, _ = drawn(image_view(colour=colour), grid=image(np.full((3, 4), 100.0), mask))
    norm = ax.collections[0].norm
    assert isinstance(norm, SymLogNorm)
    assert (norm.linthresh, norm.vmin, norm.vmax) == (2.0, -100.0, 100.0)
    assert colour_at(figure, ax, 3.0, 1.5) == pytest.approx(to_rgb("#7f7f7f"), abs=0.02)


def test_one_bright_pixel_of_ten_million_is_seen_on_paper():
    values = np.zeros((3000, 4000))
    values[1234, 2345] = 100.0

    def section(grid, most):
        """Reduce as `slices` does: the largest of the bins that share a pixel."""
        step = -(-max(grid.shape) // most)
        rows, columns = (size // step for size in grid.shape)
        coarse = grid[: rows * step, : columns * step].reshape(rows, step, columns, step).max(axis=(1, 3))
        axes = (
            Axis("y", "y", "", np.arange(rows + 1.0) * step, edges=True),
            Axis("x", "x", "", np.arange(columns + 1.0) * step, edges=True),
        )
        return Image(axes, coarse)

    view = image_view(
        x=AxisView("x", (0.0, 4000.0)), y=AxisView("y", (0.0, 3000.0)), colour=ColourView("gray", (0.0, 100.0))
    )
    view = dataclasses.replace(view, data=Recreation("section(grid)", most="most"))
    _, ax, _ = drawn(view, Paper(formats=("png",), resolution=300), grid=values, section=section)
    with Picture.open("figure.png") as picture:
        pixels = np.asarray(picture.convert("L"))
    height, width = pixels.shape
    (left, bottom), (right, top) = ax.get_position().get_points()
    inside = pixels[int((1 - top) * height) + 4 : int((1 - bottom) * height) - 4, int(left * width) + 4 :]
    inside = inside[:, : int((right - left) * width) - 8]
    assert 1 <= np.count_nonzero(inside > 200) <= 9


def test_axes_that_are_not_at_right_angles_are_drawn_so():
    skew = ((1.0, 0.0), (-0.5, 0.8660254))
    values = np.zeros((3, 4))
    values[2, 3] = 50.0
    colour = ColourView("gray", (0.0, 50.0))
    x, y = AxisView("h", (-3.0, 9.0)), AxisView("k", (-1.0, 4.0))
    outline = Outline("line", ((6.0, 0.0), (6.0, 3.0)), "#ff0000")
    figure, ax, _ = drawn(image_view(colour=colour, skew=skew, x=x, y=y, outlines=(outline,)), grid=image(values))
    assert (ax.get_xlim(), ax.get_ylim()) == ((-3.0, 9.0), (-1.0, 4.0))
    h, k = 7.0, 2.5
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[:, :, :3]
    column, row = ax.transData.transform((h - 0.5 * k, 0.8660254 * k))
    assert tuple(pixels[pixels.shape[0] - round(row), round(column)]) == (255, 255, 255)
    assert colour_at(figure, ax, 6.0 - 0.5 * 1.5, 0.8660254 * 1.5) == pytest.approx((1.0, 0.0, 0.0), abs=0.1)


def test_regions_and_cuts_are_drawn_where_they_are():
    outlines = (
        Outline("rectangle", ((6.0, 2.5), (4.0, 0.5)), "#ff0000"),
        Outline("ellipse", ((4.0, 0.5), (6.0, 2.5)), "#00ff00"),
        Outline("polygon", ((1.0, 1.0), (2.0, 1.0), (2.0, 2.0)), "#0000ff"),
        Outline("line", ((1.0, 0.25), (7.0, 0.25)), "#ff00ff"),
    )
    figure, ax, _ = drawn(image_view(outlines=outlines), grid=image(np.full((3, 4), np.nan)))
    for x, y, colour in (
        (4.0, 1.9, "#ff0000"),
        (5.8, 2.5, "#ff0000"),
        (6.0, 0.6, "#ff0000"),
        (5 + 2**-0.5, 1.5 + 2**-0.5, "#00ff00"),
        (1.5, 1.0, "#0000ff"),
        (4.0, 0.25, "#ff00ff"),
    ):
        assert colour_at(figure, ax, x, y) == pytest.approx(to_rgb(colour), abs=0.35), (x, y)


def test_detectors_are_drawn_the_farthest_first_with_masked_ones_in_their_colour():
    square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    corners = np.stack([square, square + 0.5, square + np.array([3.0, 0.0])])
    seen = types.SimpleNamespace(corners=corners, values=np.array([0.0, 10.0, 5.0]), mask=np.array([0, 0, 1], bool))
    view = InstrumentView(
        AxisView("", (-1.0, 5.0)), AxisView("", (-1.0, 2.0)), ColourView("viridis", (0.0, 10.0), masked="#ff0000")
    )
    figure, ax, _ = drawn(FigureDescription(Recreation("seen"), view), seen=seen)
    colours = plt.get_cmap("viridis")
    assert colour_at(figure, ax, 0.25, 0.25) == pytest.approx(colours(0.0)[:3], abs=0.02)
    assert colour_at(figure, ax, 0.75, 0.75) == pytest.approx(colours(1.0)[:3], abs=0.02), "the nearer one covers it"
    assert colour_at(figure, ax, 3.5, 0.5) == pytest.approx((1.0, 0.0, 0.0), abs=0.02)
    assert not ax.axison


def test_the_files_have_the_size_that_was_asked_for(sample):
    paper = Paper(width=85.0, height=60.0, font_size=7.0, resolution=300, formats=("png", "svg", "pdf"), name="rise")
    figure, ax, _ = drawn(lines(), paper, sample=sample)
    with Picture.open("rise.png") as picture:
        assert picture.size == (int(85 / 25.4 * 300), int(60 / 25.4 * 300))
    assert ax.xaxis.label.get_fontsize() == 7.0
    svg = Path("rise.svg").read_text(encoding="utf-8")
    assert ">Wavelength (Å)<" in svg, "letters stay letters, which a journal can set anew"
    pdf = Path("rise.pdf").read_bytes()
    assert b"/MediaBox [ 0 0 240.94" in pdf
    assert b"/Type3" not in pdf, "many journals refuse fonts of type 3"
    assert figure.get_size_inches() == pytest.approx((85 / 25.4, 60 / 25.4))


def test_the_figure_says_where_it_came_from(sample):
    drawn(lines(), Paper(formats=("png", "svg", "pdf")), sample=sample)
    for ending in ("png", "svg", "pdf"):
        assert provenance_of(f"figure.{ending}").versions["scipp"] == sc.__version__


def big(size: int = 300_000) -> Histogram:
    random = np.random.default_rng(2)
    values = random.normal(size=size)
    values[size // 3] = 1000.0
    values[size // 2 : size // 2 + 50] = np.nan
    return Histogram(Axis("tof", "Time", "µs", np.arange(size + 1.0), edges=True), values, errors=np.ones(size))


def test_of_very_many_bins_those_are_drawn_that_can_be_told_apart():
    curve = big()
    view = LinesView(
        AxisView("Time", (0.0, 300_000.0), "µs"),
        AxisView("Counts", (-10.0, 1100.0)),
        (CurveView(0, "all", BLUE, "steps", "bars", size=300_000),),
    )
    _, ax, _ = drawn(FigureDescription(Recreation("[curve]"), view), Paper(formats=("pdf",)), curve=curve)
    y = ax.lines[0].get_ydata()
    assert y.size <= 6 * 4000
    assert np.nanmax(y) == 1000.0
    assert Path("figure.pdf").stat().st_size < 1_000_000


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_thinning_keeps_each_columns_extremes_and_is_all_points_of_the_data(scale):
    curve = big()
    centres = curve.axis.values[:-1] + 0.5
    between = (1000.0, 250_000.0)
    found = thinned(curve, between, scale=scale, columns=500)
    place = np.log if scale == "log" else np.asarray
    at = (place(centres) - place(between[0])) / (place(between[1]) - place(between[0])) * 500
    kept = np.searchsorted(centres, found.axis.values)
    np.testing.assert_array_equal(centres[kept], found.axis.values)
    np.testing.assert_array_equal(curve.values[kept], found.values)
    kept_at = np.floor(at[kept])
    for column in range(500):
        own, thin = curve.values[np.floor(at) == column], found.values[kept_at == column]
        if own.size:
            expected = (np.nanmin(own), np.nanmax(own)) if not np.isnan(own).all() else (np.nan, np.nan)
            np.testing.assert_array_equal((np.nanmin(thin), np.nanmax(thin)), expected)
            np.testing.assert_array_equal(thin[[0, -1]], own[[0, -1]])


def test_thinning_keeps_all_of_few_and_none_of_none():
    curve = big(100)
    np.testing.assert_array_equal(thinned(curve).values, curve.values)
    assert thinned(curve, (20.0, 30.0)).values.size == 12, "and one on either side, to which lines go"
    empty = Histogram(Axis("x", "x", "", np.zeros(0)), np.zeros(0))
    assert thinned(empty).values.size == 0
