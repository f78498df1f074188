"""Runs of known instruments are reduced as these need it; what looks wrong about a run is refused, or said."""

import os
from pathlib import Path

import numpy as np
import pytest

from mantidlab.techniques.errors import WrongRun
from mantidlab.techniques.instruments import INSTRUMENTS
from mantidlab.techniques.powder_pattern import powder_pattern
from mantidlab.techniques.reflectivity import reflectivity
from mantidlab.techniques.reflectometry.settings import ReflectivitySettings
from mantidlab.techniques.sans.settings import SansSettings
from mantidlab.techniques.sans_iq import sans_iq

SHARED = Path(os.environ.get("MANTIDHUB_SHARED_DATA") or Path(__file__).parents[4] / "shared" / "data")
real = pytest.mark.skipif(
    not SHARED.is_dir(), reason=f"no real runs in {SHARED}; name their folder with MANTIDHUB_SHARED_DATA"
)
WHOLE = {
    "sample": 1001, "can": 1002, "sample_transmission": 1003, "can_transmission": 1004, "empty_beam": 1005,
    "settings": {"pulse": 20.0},
}  # fmt: skip


def test_every_setting_of_an_instrument_is_one_of_its_technique():
    models = {"small-angle scattering": SansSettings, "reflectometry": ReflectivitySettings}
    for name, instrument in INSTRUMENTS.items():
        if instrument.settings:
            assert instrument.settings.keys() <= models[instrument.techniques[0]].model_fields.keys(), name


def test_a_whole_measurement_of_the_simulated_instrument_gives_no_doubt():
    found = sans_iq(**WHOLE)
    assert found.cautions == ()
    assert found.provenance.remarks == ()


def test_a_transmission_run_as_sample_is_doubted():
    (doubt,) = sans_iq(sample=1003).cautions
    assert "was measured through an attenuator" in doubt


def test_flat_and_weak_scattering_raises_no_doubt_of_the_centre():
    assert sans_iq(sample=1002).cautions == ()


def test_a_centre_that_is_far_from_the_scattering_is_doubted():
    (doubt,) = sans_iq(**{**WHOLE, "settings": {"centre": (0.03, 0.0)}}).cautions
    assert "the beam's centre was taken to be (30, 0) mm" in doubt


def test_a_run_of_another_technique_is_refused():
    with pytest.raises(WrongRun, match="is a run of SIMSANS, which is for small-angle scattering; this is for reflect"):
        reflectivity(runs=["SIMSANS 1001"], settings={"angle": "1.0"})
    with pytest.raises(WrongRun, match="this is for powder diffraction, with runs of SIMPOW"):
        powder_pattern(sample="SIMREF 2002")


@real
def test_what_was_left_open_is_taken_as_the_instrument_needs_it():
    left_open = sans_iq(sample=SHARED / "SANS2D00022048.nxs")
    assert left_open.value.centre == pytest.approx((0.0045, -0.169), abs=0.003)
    assert "taken as SANS2D needs it: wavelength (2.5, 11.5) Å, " in left_open.provenance.remarks[0]
    assert left_open.cautions == ()
    chosen = sans_iq(sample=SHARED / "SANS2D00022048.nxs", settings={**INSTRUMENTS["SANS2D"].settings})
    assert np.array_equal(left_open.value.intensity.y, chosen.value.intensity.y)


@real
def test_what_was_chosen_stays():
    found = sans_iq(sample=SHARED / "SANS2D00022048.nxs", settings={"centre": (0.0, 0.0), "find_centre": False})
    assert found.value.centre == (0.0, 0.0)
    assert "The scattering lies around (4, -169) mm" in found.cautions[0]


@real
def test_a_place_that_the_log_tells_is_taken_from_there():
    (taken, _) = sans_iq(sample=SHARED / "EQSANS_1466_event.nxs").provenance.remarks
    assert "distance 5.00002 m, source distance 14.122 m" in taken


@real
def test_runs_of_two_instruments_are_not_reduced_together():
    with pytest.raises(WrongRun, match=r"The can, LOQ74044\.nxs, is a run of LOQ, and SIMSANS00001001\.nxs one of SIM"):
        sans_iq(sample=1001, can=SHARED / "LOQ74044.nxs")


@real
def test_a_reflectivity_above_one_is_doubted():
    runs, beams = ([SHARED / f"INTER0001346{last}.nxs" for last in pair] for pair in ((0, 2), (3, 4)))
    found = reflectivity(runs=runs, direct_beams=beams)
    assert "nothing reflects more than 1" in found.cautions[0]
    scaled = reflectivity(runs=runs, direct_beams=beams, settings={"plateau": (0.0095, 0.0125)})
    assert scaled.cautions == ()
