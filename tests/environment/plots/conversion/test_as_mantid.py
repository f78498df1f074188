"""Positions that Mantid's ConvertUnits wrote, and ours from the same detectors."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from mantidlab.frameworks.model import Geometry
from mantidlab.plots.conversion.axes import convert
from mantidlab.plots.conversion.flight import Flights
from mantidlab.plots.conversion.quantities import Quantity

MANTID = Path(os.environ.get("MANTIDHUB_SHARED_MANTID") or Path(__file__).parents[4].parent / "shared" / "mantid")


def test_mantid_converted_a_powder_to_d_spacing():
    """Mantid's ConvertUnits, spectrum by spectrum: 194 spectra, two of them monitors, from time of flight."""
    if not (MANTID / "sample_workspaces.npz").exists():
        pytest.skip(f"no recordings in {MANTID}; name their folder with MANTIDHUB_SHARED_MANTID")
    recorded = np.load(MANTID / "sample_workspaces.npz")
    facts = json.loads((MANTID / "sample_workspaces.json").read_text())["workspaces"]["powder"]
    times, spacings = recorded["powder/X"], recorded["powder_d_ragged/X"]
    detectors = recorded["powder/det_positions"]
    geometry = Geometry(
        "basic_rect",
        ids=np.arange(len(detectors)),
        positions=detectors,
        monitor=recorded["powder/det_is_monitor"].astype(bool),
        masked=np.zeros(len(detectors), bool),
        source=np.array(facts["instrument"]["source_position"]),
        sample=np.zeros(3),
        beam=np.array([0.0, 0.0, 1.0]),
        up=np.array([0.0, 1.0, 0.0]),
    )
    all_flights, compared = Flights(geometry, None, None), 0
    behind = recorded["powder/spec_to_det_index"]
    for row in range(len(times)):
        flight = all_flights.of(np.atleast_1d(behind[row]))
        if flight.two_theta is None or not np.isfinite(spacings[row]).all():
            continue
        np.testing.assert_allclose(
            convert(times[row], Quantity.TIME, Quantity.SPACING, flight), spacings[row], rtol=1e-6
        )
        compared += 1
    assert compared > 180
