"""Real files: those that know where their detectors are are shown, the others say why not."""

import os
from pathlib import Path

import numpy as np
import pytest

from mantidlab import instrument
from mantidlab.plots.errors import NotPlottable

SHARED = Path(os.environ.get("MANTIDHUB_SHARED_DATA") or Path(__file__).parents[4].parent / "shared" / "data")


def real(name: str) -> Path:
    if not (SHARED / name).exists():
        pytest.skip(f"no {name} in {SHARED}; name its folder with MANTIDHUB_SHARED_DATA")
    return SHARED / name


def test_eqsans_counts_its_events_by_detector():
    view = instrument(real("EQSANS_1466_event.nxs"))
    assert (view.spec["count"], view.spec["banks"]) == (49_152, 48)
    assert view.counts().sum() == 20_400
    view.view = {**view.view, "range": [1000.0, 9000.0]}
    part = view._scene.data.binned([1000.0, 9000.0]).image().values.ravel()
    assert np.array_equal(view.counts(), part)
    view.select({"kind": "pick", "level": "tube", "index": 25_725})
    assert len(view.detectors()) == 256
    assert view.spec["sides"] == pytest.approx([0.0043, 0.011], rel=0.01)


def test_topaz_spreads_the_single_bin_of_its_events():
    view = instrument(real("TOPAZ_3007_bank_37_20_sec.nxs"))
    assert view.counts().sum() == 11_639
    view.select(view.geometry.ids)
    assert view.spectrum().values.sum() == 11_639
    assert view.spectrum().axis.size == 500


def test_wish_focused_shows_one_spectrum_on_all_detectors():
    view = instrument(real("emptycryo3307-1foc.nx5"))
    assert view.spec["count"] == 70_632
    assert len(np.unique(view.counts())) == 1
    assert view.first["colours"]["total"] == pytest.approx(view.counts()[0])


@pytest.mark.parametrize("name", ["SANS2D00022048.nxs", "LOQ74044.nxs", "001425.nxs", "GPS5397.NXS"])
def test_files_without_places_say_so(name):
    with pytest.raises(NotPlottable, match=r"cannot be drawn.*geometry="):
        instrument(real(name))
