"""What the real files of five facilities hold, each sum made independently with h5py alone."""

# ruff: noqa: E501  (one line a file is a table that can be read)
import os
from pathlib import Path

import h5py
import numpy as np
import pytest

from mantidlab.frameworks.nexus import open_file

ROOT = Path(__file__).parents[4]
DATA = Path(os.environ.get("MANTIDHUB_SHARED_DATA") or ROOT.parent / "shared" / "data")
MANTID = DATA.parent / "mantid"

if not DATA.is_dir():
    pytest.skip(f"no {DATA}; name the folder of real data with MANTIDHUB_SHARED_DATA", allow_module_level=True)

RAW = "raw_data_1/instrument/detector_1/counts"
PROCESSED = "mantid_workspace_1/workspace/values"
SANS, POWDER = "small-angle scattering", "powder diffraction"
DIRECT, INDIRECT = "inelastic scattering, direct geometry", "inelastic scattering, indirect geometry"

# name: instrument, run, title, technique, detectors, spectra, logs, datasets whose sum is the total
FACTS = {
    "001425.nxs": ("D33", "1425", "internal use", SANS, 65536, 65536, 116, [f"entry0/data{n}/data{n}" for n in range(1, 6)]),
    "CNCS_7860_coarse.nxspe": ("CNCS", "", "", DIRECT, 14, 14, 3, None),
    "EQSANS_1466_event.nxs": ("EQSANS", "1466", "silver behenate", SANS, 49152, 49152, 52, [f"entry/bank{n}/data_x_y" for n in range(1, 49)]),
    "GPS5397.NXS": ("GPS", "5397", "BioPd prepared with a 2mM salt solution. Pressed into a pellet", "muon spectroscopy", 5, 5, 3, [RAW]),
    "HRP38094Calib.nxs": ("HRPD", "38094", "usage calibration saved", POWDER, 2890, 2890, 33, [PROCESSED]),
    "ILLIN4_074252.nxs": ("IN4", "74252", "Internal use", DIRECT, 396, 396, 102, ["entry0/instrument/Detector/data", "entry0/instrument/Detector_Rosace/data"]),
    "INTER00013460.nxs": ("INTER", "13460", "Si/D2O S2 th=0.7", "reflectometry", 2, 2, 56, [RAW]),
    "INTER00013462.nxs": ("INTER", "13462", "Si/D2O S2 th=2.3", "reflectometry", 2, 2, 56, [RAW]),
    "INTER00013463.nxs": ("INTER", "13463", "short lambda transmission", "reflectometry", 2, 2, 56, [RAW]),
    "INTER00013464.nxs": ("INTER", "13464", "long lambda transmission", "reflectometry", 2, 2, 56, [RAW]),
    "LOQ74024.nxs": ("LOQ", "74024", "80%PCBM_150C_0.5tons_TRANS", SANS, 6, 6, 35, [RAW]),
    "LOQ74044.nxs": ("LOQ", "74044", "80%PCBM_150C_0.5tons_SANS", SANS, 17790, 17790, 35, [RAW]),
    "POLREF00004699.nxs": ("POLREF", "4699", "Sample S24, H=0,th=0.49 T=RT", "reflectometry", 257, 243, 99, [RAW]),
    "SANS2D00022048.nxs": ("SANS2D", "22048", "IN740_300hr_750C_SANS", SANS, 147456, 147456, 80, ["raw_data_1/instrument/detector_1/total_counts"]),
    "TOPAZ_3007_bank_37_20_sec.nxs": ("TOPAZ", "3007", "First 20 seconds of Bank 37 from TOPAZ_3007", "single-crystal diffraction", 65536, 65536, 64, 11639),
    "emptycryo3307-1foc.nx5": ("WISH", "", "", POWDER, 70632, 1, 0, [PROCESSED]),
    "focus2010n000468.hdf": ("FOCUS", "", "exp at 300 K", DIRECT, 375, 375, 40, ["entry1/FOCUS/merged/counts"]),
    "irs26176_graphite002_red.nxs": ("IRIS", "26176", "H20 in cyl can  280K", INDIRECT, 50, 10, 25, None),
    "osi97935_graphite002_sqw.nxs": ("OSIRIS", "97935", "Van PG002 12/1 RT", INDIRECT, 1002, 17, 29, None),
    "van_gem59378_benchmark-0.nxs": ("GEM", "59378", "8mm V rod", POWDER, 195, 1, 28, [PROCESSED]),
    "../mantid/nexus/event.nxs": ("basic_rect", "", "Test Workspace", "", 100, 100, 5, 42500),
    "../mantid/nexus/hist.nxs": ("basic_rect", "", "Test Workspace", "", 200, 200, 5, [PROCESSED]),
    "../mantid/nexus/md_histo.nxs": ("", "", "", "", None, None, 0, None),
    "../mantid/nexus/powder.nxs": ("basic_rect", "", "Test Workspace", "", 194, 194, 9, [PROCESSED]),
    "../mantid/nexus/powder_d_rebinned.nxs": ("basic_rect", "", "Test Workspace", "", 194, 194, 10, [PROCESSED]),
}  # fmt: skip


def test_no_real_file_is_left_out():
    found = {path.name for path in DATA.iterdir()} | {f"../mantid/nexus/{path.name}" for path in MANTID.glob("nexus/*")}
    assert found == set(FACTS)


@pytest.mark.parametrize("name", FACTS)
def test_facts(name):
    instrument, run, title, technique, detectors, spectra, logs, sums = FACTS[name]
    path = DATA / name
    with open_file(path) as file:
        (entry,) = file.contents().entries
        assert (entry.instrument, entry.run, entry.title, entry.technique) == (instrument, run, title, technique)
        assert (entry.detectors, entry.spectra, len(entry.logs)) == (detectors, spectra, logs)
        assert len(entry.logs) == len([file.logs()[log] for log in entry.logs])
        if sums is None:
            assert entry.total_counts is None
        elif isinstance(sums, int):
            assert entry.total_counts == sums
        else:
            with h5py.File(path) as raw:
                values = [raw[dataset][()] for dataset in sums]
            assert entry.total_counts == pytest.approx(sum(np.nansum(some, dtype="f8") for some in values), rel=1e-12)


def test_events_of_pulses_are_those_that_the_index_gives_to_them():
    """Each event looked up for itself: the last pulse that begins at it or before it."""
    edges = np.linspace(0, 80_000, 100)

    def chosen(times):
        return (times * 60).astype(int) % 2 == 0

    expected = np.zeros(99)
    with h5py.File(DATA / "EQSANS_1466_event.nxs") as raw:
        for name, bank in raw["entry"].items():
            if name.endswith("_events") and bank["total_counts"][0]:
                times, index = bank["event_time_offset"][()], bank["event_index"][()]
                begins = np.where(index == 2**64 - 1, len(times), index)
                pulse = np.searchsorted(begins, np.arange(len(times)), side="right") - 1
                expected += np.histogram(times[chosen(bank["event_time_zero"][()])[pulse]], edges)[0]
    with open_file(DATA / "EQSANS_1466_event.nxs") as file:
        assert file.main.count(edges, pulses=chosen).values.tolist() == expected.tolist()


def test_a_reduced_file_has_the_detectors_of_its_instrument():
    with open_file(DATA / "osi97935_graphite002_sqw.nxs") as file:
        geometry = file.geometry()
        assert (len(geometry.ids), int(geometry.monitor.sum())) == (1004, 2)
        assert geometry.l2()[:3] == pytest.approx([1.0115] * 3)


@pytest.mark.parametrize("name", ["hist", "powder", "powder_d_rebinned", "event"])
def test_what_mantid_saved_is_what_mantid_had(name):
    recorded = np.load(MANTID / "sample_workspaces.npz")
    with open_file(MANTID / "nexus" / f"{name}.nxs") as file:
        image, geometry = file.image(), file.geometry()
        assert np.array_equal(image.values, recorded[f"{name}/Y"])
        assert np.array_equal(image.errors, recorded[f"{name}/E"])
        assert np.array_equal(image.axes[1].values, recorded[f"{name}/X"][0])
        assert image.axes[0].values.tolist() == recorded[f"{name}/spectrum_numbers"].tolist()
        order = np.argsort(recorded[f"{name}/det_ids"])[np.argsort(np.argsort(geometry.ids))]
        assert geometry.ids.tolist() == recorded[f"{name}/det_ids"][order].tolist()
        # Mantid saves spherical coordinates, so a rounding error remains.
        assert geometry.positions == pytest.approx(recorded[f"{name}/det_positions"][order], abs=1e-11)
        assert geometry.monitor.tolist() == recorded[f"{name}/det_is_monitor"][order].tolist()
        assert file.history()[0].name == "CreateSampleWorkspace"


def test_a_multi_dimensional_histogram_is_what_mantid_had():
    recorded = np.load(MANTID / "sample_workspaces.npz")
    with open_file(MANTID / "nexus" / "md_histo.nxs") as file:
        image = file.image()
        assert np.array_equal(image.values.T, recorded["md_histo/signal"])
        assert pytest.approx(recorded["md_histo/error_squared"]) == image.errors.T**2
        assert [step.name for step in file.history()][-1] == "BinMD"


def test_events_of_sans2d_agree_with_its_own_histograms():
    """The data acquisition counted the same neutrons itself, and lost 97 of 170,817."""
    with open_file(DATA / "SANS2D00022048.nxs") as file:
        members = file.members()
        events, counts = members["detector_1 events"].image().values, members["detector_1"].image().values
        assert (events.sum(), counts.sum()) == (170_817, 170_720)
        assert np.abs(events.sum(axis=1) - counts.sum(axis=1)).sum() == 97
