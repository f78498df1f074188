"""Real files of several facilities, where they are there."""

import os
from pathlib import Path

import numpy as np
import pytest

from mantidlab.frameworks import as_data_object
from mantidlab.plots.slices import slices

SHARED = Path(os.environ.get("MANTIDHUB_SHARED_DATA") or Path(__file__).parents[5] / "shared" / "data")


def plot_of(name, **options):
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"no {name} in {SHARED}; name its folder with MANTIDHUB_SHARED_DATA")
    return slices(path, **options)


def whole(plot):
    (x0, x1), (y0, y1) = plot.plane.x.extent, plot.plane.y.extent
    return plot.rectangle(x=(x0, x1), y=(y0, y1))


def test_a_detector_of_psi_is_seen_flat_and_goes_along_time():
    plot = plot_of("001425.nxs")
    assert [plot.spec["dims"][plot.view[axis]]["name"] for axis in ("x", "y")] == ["x", "y"]
    with as_data_object(SHARED / "001425.nxs") as file:
        values = file.image().values
    assert float(whole(plot).sum()) == values[:, :, 50].sum()
    assert whole(plot).profile("TOF").values.tolist() == values.sum(axis=(0, 1)).tolist()


def test_events_of_topaz_are_counted_and_none_is_lost():
    plot = plot_of("TOPAZ_3007_bank_37_20_sec.nxs")
    assert plot.source.image.values.shape == (65536, 500)
    # The last event lies on the last edge, which no bin holds.
    assert float(whole(plot).sum()) == pytest.approx(11_639, abs=1)


def test_s_of_q_and_energy_of_iris_is_integrated_over_energy():
    plot = plot_of("osi97935_graphite002_sqw.nxs")
    image = plot.source.image
    assert image.distribution
    row = int(np.nanargmax(np.nanmax(image.values, axis=1)))
    edges = image.axes[0].values
    region = plot.rectangle(x=plot.plane.x.extent, y=(edges[row], edges[row + 1]))
    widths = np.diff(image.axes[1].values)
    assert float(region.sum()) == pytest.approx(np.nansum(image.values[row] * widths))


@pytest.mark.parametrize(
    "name",
    ["CNCS_7860_coarse.nxspe", "LOQ74044.nxs", "SANS2D00022048.nxs", "focus2010n000468.hdf", "HRP38094Calib.nxs"],
)
def test_what_is_drawn_adds_up_to_what_the_file_holds(name):
    plot = plot_of(name)
    with as_data_object(SHARED / name) as file:
        values = file.image().values
    answer = plot.window({"view": {**plot.view, "stands": "sum"}, "width": 700, "height": 400})
    shown = np.frombuffer(answer.buffers[answer.content["parts"].index("values")], "<f4").astype(float)
    assert np.nansum(shown) == pytest.approx(np.nansum(values[np.isfinite(values)]), rel=1e-5)
