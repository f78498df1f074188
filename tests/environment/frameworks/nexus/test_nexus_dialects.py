"""Every dialect, on small files whose contents are known."""

from datetime import timedelta

import h5py
import numpy as np
import pytest

from mantidlab.frameworks.model import DataObject, EventObject, Kind, NotThere
from mantidlab.frameworks.nexus import open_file


def test_every_dialect_is_a_data_object_and_is_recognised(make, dialect):
    names = {
        "isis_raw": "ISIS raw",
        "sns_event": "SNS events",
        "standard": "NeXus events",
        "processed": "Mantid processed",
        "workspace_events": "Mantid processed",
        "nxspe": "NXSPE",
        "ill": "ILL",
        "muon": "muon",
        "psi": "PSI",
        "md_histo": "Mantid multi-dimensional histogram",
        "generic": "NeXus",
    }
    with open_file(make(dialect)) as file:
        assert file.contents().entries[0].dialect == names[dialect]
        assert isinstance(file, DataObject)
        for name, part in file.members().items():
            assert isinstance(part, DataObject)
            summary = part.summary()
            assert summary.name == part.name
            assert summary.framework == "nexus"
            if summary.kind is Kind.EVENTS:
                assert isinstance(part, EventObject), name


def test_isis_histograms_have_periods_and_spectrum_numbers(make):
    with open_file(make("isis_raw")) as file:
        members = file.members()
        second = members["detector_1 period 2"]
        assert [spectrum.name for spectrum in second.spectra()] == [f"spectrum {number}" for number in (3, 4, 5, 6)]
        spectrum = second.spectra()[1]
        assert spectrum.values.tolist() == [15, 16, 17]
        assert spectrum.errors == pytest.approx(np.sqrt([15, 16, 17]))
        assert (spectrum.axis.unit, spectrum.axis.edges, spectrum.axis.size) == ("µs", True, 3)
        assert second.image().values.tolist() == np.arange(12, 24).reshape(4, 3).tolist()
        assert second.image().axes[0].values.tolist() == [3, 4, 5, 6]
        summary = file.contents().entries[0]
        assert (summary.periods, summary.detectors, summary.spectra, summary.run) == (2, 4, 4, "42")
        assert (summary.events, summary.total_counts) == (1000, 1000)
        assert [monitor.counts for monitor in summary.monitors] == [3, 3, 6, 6]
        assert any("2 periods" in note for note in file.notes)
        with pytest.raises(NotThere, match="azimuth"):
            file.geometry()


def test_isis_logs_are_read_from_both_places(make):
    with open_file(make("isis_raw")) as file:
        logs = file.logs()
        assert list(logs) == ["good_frames", "Temp"]
        assert logs["Temp"].values.tolist() == [1.5, 2.5]
        assert logs["Temp"].value == 2.5
        assert logs["Temp"].unit == "K"
        # one hour east of Greenwich
        assert logs["Temp"].times[1] == np.datetime64("2019-12-31T23:00:01", "ns")
        with pytest.raises(KeyError):
            logs["no such log"]


@pytest.mark.parametrize("kind", ["i8", "u8"])
def test_times_in_whole_nanoseconds_are_exact(make, kind):
    """As the ESS writes them: since 1970, which a float tells apart to 256 ns."""
    path = make("generic")
    with h5py.File(path, "a") as raw:
        log = raw["scan/temperature"]
        del log["time"]
        log["time"] = np.array([1_700_000_000_123_456_789, 2**63 - 1], kind)
        log["time"].attrs.update(units="ns", start="1970-01-01T00:00:00Z")
    with open_file(path) as file:
        times = file.logs()["temperature"].times
        assert times[0] == np.datetime64("2023-11-14T22:13:20.123456789")
        assert times[1] == np.datetime64("1970-01-01", "ns") + np.timedelta64(4 * 10**18, "ns")


def test_isis_events_can_be_chosen_by_period(make):
    path = make("isis_raw")
    periods = np.arange(20) % 2 + 1
    with h5py.File(path, "a") as raw:
        log = raw.create_group("raw_data_1/framelog/period_log")
        log.attrs["NX_class"] = "NXlog"
        log["value"], log["time"] = periods, np.arange(20) / 10
        detector = raw["raw_data_1/instrument/detector_1"]
        first = [*detector["event_index"][()].astype(int), 1000]
    with open_file(path) as file:
        period = file.logs()["period_log"].values
        counted = file.main.count(np.array([0.0, 20_000]), pulses=lambda times: period == 2)
        assert counted.events == sum(first[pulse + 1] - first[pulse] for pulse in np.flatnonzero(periods == 2)) > 0


def test_isis_events_carry_spectrum_numbers(make):
    path = make("isis_raw")
    with h5py.File(path) as raw:
        numbers = raw["raw_data_1/instrument/detector_1/event_id"][()]
        times = raw["raw_data_1/instrument/detector_1/event_time_offset"][()]
    with open_file(path) as file:
        part = file.members()["detector_1 events"]
        assert part.edges.tolist() == [0, 10_000, 20_000, 30_000]
        for row, number in enumerate((3, 4, 5, 6)):
            expected = np.histogram(times[numbers == number], part.edges)[0]
            assert part.spectra()[row].values.tolist() == expected.tolist()
        assert part.image().values.sum() == 1000


def test_a_bank_that_counted_nothing_has_no_event(make):
    with open_file(make("sns_event")) as file:
        summary = file.contents().entries[0]
        assert (summary.instrument, summary.facility, summary.technique) == ("EQSANS", "SNS", "small-angle scattering")
        assert [(part.name, part.counts) for part in summary.parts] == [("events", 1000), ("bank1", 1000), ("bank2", 0)]
        assert summary.total_counts == 1000
        assert file.members()["bank2"].total().values.sum() == 0


def test_sns_positions_come_from_distance_and_angles(make):
    with open_file(make("sns_event")) as file:
        geometry = file.geometry()
        assert geometry.ids.tolist() == [*range(10, 16), *range(20, 26)]
        assert [(bank.name, bank.first, bank.last, bank.shape) for bank in geometry.banks] == [
            ("bank1", 0, 6, (2, 3)),
            ("bank2", 6, 12, (2, 3)),
        ]
        assert geometry.l2() == pytest.approx(np.full(12, 5.0))
        assert geometry.two_theta() == pytest.approx([0.1] * 6 + [0.2] * 6)
        assert np.arctan2(*geometry.positions[:6, 1::-1].T) == pytest.approx(np.linspace(0, 1, 6))
        assert geometry.source.tolist() == [0, 0, -14]


def test_the_manuals_chain_of_transformations_is_followed(make):
    with open_file(make("standard")) as file:
        geometry = file.geometry()
        # Turned by 90° about y, what was along z is along x, and what was along x is against z.
        assert geometry.positions == pytest.approx(
            np.array([[3, -0.02, 0.05], [3, -0.02, -0.05], [3, 0.02, 0.05], [3, 0.02, -0.05]])
        )
        assert geometry.banks[0].shape == (2, 2)
        assert file.logs()["temperature"].values.tolist() == [4, 5]
        entry = file.contents().entries[0]
        assert (entry.facility, entry.technique) == ("simulated", "small-angle scattering")
        assert entry.zone_known
        assert entry.duration == timedelta(minutes=1)


def test_the_offset_of_a_rotation_is_not_turned_and_an_axis_without_a_type_moves_nothing(make):
    """As the manual has it: the matrix of a rotation is R beside the offset."""
    path = make("standard")
    with open_file(path) as file:
        before = file.geometry().positions
    with h5py.File(path, "a") as raw:
        moves = raw["entry/instrument/detector/transformations"]
        moves["turn"].attrs.update(offset=[1000.0, 0, 0], offset_units="mm", depends_on="direction")
        moves["direction"] = np.nan
        moves["direction"].attrs.update(vector=[0.0, 1, 0], depends_on="/entry/sample/transformations/stage")
    with open_file(path) as file:
        assert file.geometry().positions == pytest.approx(before + np.array([1.0, 0, 0]), abs=1e-12)
    with h5py.File(path, "a") as raw:
        raw["entry/instrument/detector/transformations/arm"].attrs["transformation_type"] = "shear"
    with open_file(path) as file, pytest.raises(NotThere, match="is a 'shear'"):
        file.geometry()


def test_a_chain_that_runs_in_a_circle_is_said(make):
    path = make("standard")
    with h5py.File(path, "a") as raw:
        raw["entry/sample/transformations/stage"].attrs["depends_on"] = "/entry/sample/transformations/stage"
    with open_file(path) as file, pytest.raises(NotThere, match="does not end"):
        file.geometry()


def test_a_workspace_has_its_own_bins_for_each_spectrum(make):
    with open_file(make("processed")) as file:
        first, second = file.spectra()
        assert first.axis.values.tolist() == [1, 2, 4, 8]
        assert second.axis.values.tolist() == [3, 4, 5, 6]
        assert (second.name, second.unit, second.axis.name, second.axis.unit) == (
            "spectrum 9",
            "counts",
            "dSpacing",
            "Å",
        )
        assert second.errors.tolist() == [0.4, 0.5, 0.6]
        assert file.contents().entries[0].run == "123"


def test_a_workspace_has_masked_detectors_and_monitors(make):
    with open_file(make("processed")) as file:
        geometry = file.geometry()
        assert geometry.positions == pytest.approx(np.array([[2, 0, 0], [0, 2, 0], [0, 0, -5]]), abs=1e-12)
        assert geometry.masked.tolist() == [False, True, False]
        assert geometry.monitor.tolist() == [False, False, True]
        assert [row.tolist() for row in file.spectrum_detectors()] == [[0, 1], [2]]


def test_a_spectrum_is_masked_if_all_its_detectors_are(make):
    path = make("processed")
    with h5py.File(path, "a") as raw:
        entry = raw["mantid_workspace_1"]
        del entry["instrument/instrument_parameter_map/data"]
        entry["instrument/instrument_parameter_map/data"] = np.array(
            [b"detID:11;bool;masked;1|detID:12;bool;masked;1|"]
        )
    with open_file(path) as file:
        first, second = file.spectra()
        assert first.mask is None
        assert second.mask.all()


def test_a_workspace_has_masked_bins_and_a_resolution(make):
    path = make("processed")
    with h5py.File(path, "a") as raw:
        workspace = raw["mantid_workspace_1/workspace"]
        workspace["masked_spectra"] = np.array([[1, 0]], "i4")
        workspace["masked_bins"] = np.array([0, 2, 77], "i4")
        workspace["mask_weights"] = np.ones(3)
        workspace["xerrors"] = np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]])
        del workspace["axis1"]
        workspace["axis1"] = np.array([1.0, 2, 4, 8])
    with open_file(path) as file:
        first, second = file.spectra()
        assert first.mask is None
        assert second.mask.tolist() == [True, False, True]
        assert file.image().mask.tolist() == [[False, False, False], [True, False, True]]
        assert second.axis.errors.tolist() == [0.4, 0.5, 0.6]


def test_without_a_list_of_detectors_the_instrument_says_where_they_are(make):
    path = make("processed")
    with h5py.File(path, "a") as raw:
        instrument = raw["mantid_workspace_1/instrument"]
        del instrument["detector"], instrument["physical_monitors"]
        for name, number, distance in (
            ("physical_detectors", [11, 12], [2.0, 3.0]),
            ("physical_monitors", [-1], [1.0]),
        ):
            folder = instrument.create_group(name)
            folder["detector_number"] = np.array(number, "i4")
            folder["distance"] = distance
            folder["polar_angle"] = np.full(len(number), 90.0)
            folder["azimuthal_angle"] = np.full(len(number), 90.0)
    with open_file(path) as file:
        geometry = file.geometry()
        assert geometry.ids.tolist() == [11, 12, -1]
        assert geometry.positions == pytest.approx(np.array([[0, 2, 0], [0, 3, 0], [0, 1, 0]]), abs=1e-12)
        assert geometry.masked.tolist() == [True, False, False]
        assert geometry.monitor.tolist() == [False, False, True]
        with pytest.raises(NotThere, match="which detectors each spectrum has"):
            file.spectrum_detectors()


def test_history_is_in_order_and_values_may_hold_commas_and_line_breaks(make):
    with open_file(make("processed")) as file:
        steps = file.history()
        assert [(step.name, step.version) for step in steps] == [("Load", 1), ("Rebin", 2), ("Fit", 10)]
        assert steps[0].duration == timedelta(seconds=0.5)
        assert steps[0].started.isoformat() == "2014-06-11T12:37:03+00:00"
        function, output = steps[2].parameters
        assert (function.name, function.value, function.is_default) == ("Function", "name=A,\nB", False)
        assert (output.value, output.is_default, output.direction) == ("", True, "both")


def test_a_table_has_texts_and_numbers(make):
    with open_file(make("processed")) as file:
        part = file.members()["mantid_workspace_2/fitted"]
        assert part.summary().kind is Kind.TABLE
        table = part.table()
        assert [(column.name, column.unit) for column in table.columns] == [("Name", ""), ("Value", "")]
        assert table.columns[0].values.tolist() == ["f0.A", "f1.Width"]
        assert table.columns[1].values.tolist() == [1.5, 2.5]
        with pytest.raises(NotThere, match="spectra"):
            part.spectra()


def test_weighted_events_are_added_with_their_errors(make):
    with open_file(make("workspace_events")) as file:
        first, second = file.spectra()
        assert first.values.tolist() == [1, 2]
        assert first.errors.tolist() == [1, 2]
        assert second.values.tolist() == [24, 0]
        assert second.errors.tolist() == [5, 0]
        wider = file.main.binned(np.array([0, 10.0]))
        assert [spectrum.values.tolist() for spectrum in wider.spectra()] == [[7], [24]]
        assert file.contents().entries[0].total_counts == 31


def test_nxspe_has_errors_energies_and_positions(make):
    with open_file(make("nxspe")) as file:
        spectrum = file.spectra()[1]
        assert spectrum.values.tolist() == [3, 4]
        assert spectrum.errors.tolist() == [0.3, 0.4]
        assert (spectrum.axis.name, spectrum.axis.unit, spectrum.axis.edges) == ("DeltaE", "meV", True)
        assert file.geometry().positions == pytest.approx(np.array([[2, 0, 0], [0, 0, 3]]), abs=1e-12)
        assert file.logs()["fixed_energy"].value == 3
        assert file.contents().entries[0].total_counts is None


def test_ill_banks_are_images_with_time_channels(make):
    with open_file(make("ill")) as file:
        image = file.image()
        assert image.values.tolist() == np.arange(24).reshape(2, 4, 3).tolist()
        assert [axis.name for axis in image.axes] == ["x", "y", "TOF"]
        assert image.axes[2].values.tolist() == [7, 107, 207, 307]
        assert file.spectra()[5].values.tolist() == [15, 16, 17]
        assert file.spectra()[5].name == "data1 pixel 2, 2"
        entry = file.contents().entries[0]
        assert entry.total_counts == 2 * sum(range(24))
        assert entry.start.isoformat() == "2013-03-04T16:04:08+00:00"
        assert not entry.zone_known
        assert file.logs()["beamstop.bx_actual"].value == 1.5


def test_muon_counts_have_periods(make):
    with open_file(make("muon")) as file:
        entry = file.contents().entries[0]
        assert (entry.instrument, entry.technique, entry.periods) == ("EMU", "muon spectroscopy", 2)
        spectrum = file.members()["detector_1 period 2"].spectra()[1]
        assert spectrum.values.tolist() == [9, 10, 11]
        assert (spectrum.axis.label, spectrum.axis.unit) == ("Time", "µs")
        assert file.logs()["sample.temperature"].unit == "K"


def test_muon_files_of_the_first_version_are_read_with_their_periods(tmp_path):
    path = tmp_path / "first.nxs"
    with h5py.File(path, "w") as raw:
        entry = raw.create_group("run")
        data = entry.create_group("histogram_data_1")
        entry.attrs["NX_class"], data.attrs["NX_class"] = "NXentry", "NXdata"
        entry["analysis"], entry["number"], entry["switching_states"] = "muonTD", 20884, 2
        entry["start_time"], entry["stop_time"] = "2008-02-05T12:00:00", "2008-02-05T12:01:00"
        data["counts"] = np.arange(12, dtype="i4").reshape(4, 3)
        data["raw_time"] = np.arange(3, dtype="f4") * 0.016
    with open_file(path) as file:
        entry = file.contents().entries[0]
        assert (entry.run, entry.technique, entry.total_counts) == ("20884", "muon spectroscopy", 66)
        assert (entry.periods, entry.spectra, entry.end.minute) == (2, 2, 1)
        assert len(file.spectra()) == 4
        assert file.notes == ("The spectra of 2 periods follow one another, 2 of each.",)


def test_the_merged_bank_stands_for_the_others(make):
    with open_file(make("psi")) as file:
        entry = file.contents().entries[0]
        assert [part.name for part in entry.parts] == ["merged", "bank1", "lowerbank"]
        assert entry.total_counts == 9
        assert entry.detectors == 3
        assert file.image().axes[0].label == "Scattering angle"


def test_a_multi_dimensional_histogram_has_a_mask_and_squared_errors(make):
    with open_file(make("md_histo")) as file:
        image = file.image()
        assert image.values.tolist() == [[0, 1, 2], [3, 4, 5]]
        assert np.all(image.errors == 2)
        assert image.mask.tolist() == [[False, True, False], [False, False, False]]
        assert [(axis.label, axis.size) for axis in image.axes] == [("[0,K,0]", 2), ("[H,0,0]", 3)]


def test_other_nexus_is_shown_as_it_is(make):
    with open_file(make("generic")) as file:
        members = file.members()
        spectrum = members["new"].spectra()[0]
        assert spectrum.values.tolist() == [1, 4, 9]
        assert spectrum.errors.tolist() == [1, 2, 3]
        assert (spectrum.axis.label, spectrum.axis.unit, spectrum.axis.edges) == ("Angle", "°", True)
        old = members["old"].image()
        assert [axis.name for axis in old.axes] == ["y", "x"]
        assert old.unit == "arbitrary"
        assert old.errors is None
        oldest = members["zoldest"].image()
        assert [axis.name for axis in oldest.axes] == ["dimension 0", "columns"]
        assert file.contents().entries[0].technique == ""
        assert list(file.logs()) == ["temperature"]


def test_what_is_given_out_cannot_be_changed(make):
    with open_file(make("isis_raw")) as file:
        spectrum = file.members()["detector_1 period 1"].spectra()[0]
        for array in (spectrum.values, spectrum.errors, spectrum.axis.values):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 1
