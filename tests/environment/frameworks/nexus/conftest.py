"""Small files of every dialect, written by the tests themselves."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

EVENTS = 1000
PULSES = 20


def group(parent: h5py.Group, name: str, nexus_class: str, /, **attributes: Any) -> h5py.Group:
    made = parent.create_group(name)
    made.attrs["NX_class"] = nexus_class
    made.attrs.update(attributes)
    return made


def put(parent: h5py.Group, name: str, value: Any, /, **attributes: Any) -> h5py.Dataset:
    dataset = parent.create_dataset(name, data=value)
    dataset.attrs.update(attributes)
    return dataset


def put_events(parent: h5py.Group, ids: np.ndarray, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Write events of the detectors `ids` over 20 pulses, 0.1 s apart; return numbers and times (µs)."""
    rng = np.random.default_rng(seed)
    numbers = rng.choice(ids, EVENTS).astype(np.uint32)
    times = rng.uniform(0, 20_000, EVENTS).astype(np.float32)
    put(parent, "event_id", numbers)
    put(parent, "event_time_offset", times, units="microsecond")
    put(parent, "event_index", np.sort(rng.integers(0, EVENTS, PULSES)).astype(np.uint64))
    put(parent, "event_time_zero", np.arange(PULSES) / 10, units="second", offset="2020-01-01T00:00:00Z")
    return numbers, times


def put_log(parent: h5py.Group, name: str, values: Any, nexus_class: str = "NXlog") -> None:
    log = group(parent, name, nexus_class)
    put(log, "value", values, units="K")
    put(log, "time", np.arange(len(values), dtype="f4"), units="second", start="2020-01-01T00:00:00+01:00")


def header(entry: h5py.Group, title: str) -> None:
    for name, value in {
        "title": title,
        "start_time": "2020-01-01T00:00:00Z",
        "end_time": "2020-01-01T00:01:00Z",
    }.items():
        put(entry, name, np.array([value], dtype="S"))


def isis_raw(path: Path) -> None:
    """Two periods, four spectra, three bins; events in spectra 3 to 6; two monitors."""
    with h5py.File(path, "w") as file:
        entry = group(file, "raw_data_1", "NXentry")
        header(entry, "isis")
        put(entry, "run_number", np.array([42], "i4"))
        instrument = group(entry, "instrument", "NXinstrument")
        put(instrument, "name", np.array([b"LOQ"]))
        detector = group(instrument, "detector_1", "NXdetector")
        put(detector, "counts", np.arange(24, dtype="i4").reshape(2, 4, 3))
        put(detector, "spectrum_index", np.arange(3, 7, dtype="i4"))
        put(detector, "time_of_flight", np.array([0, 10, 20, 30], "f4") * 1000, units="microsecond")
        put_events(detector, np.arange(3, 7))
        tables = group(entry, "isis_vms_compat", "IXvms")
        put(tables, "NDET", np.array([6], "i4"))
        put(tables, "NMON", np.array([2], "i4"))
        put(group(entry, "periods", "IXperiods"), "number", np.array([2], "i4"))
        for number in (1, 2):
            monitor = group(entry, f"monitor_{number}", "NXmonitor")
            put(monitor, "data", np.full((2, 1, 3), number, "i4"))
            put(monitor, "time_of_flight", np.arange(4, dtype="f4"), units="microsecond")
        put_log(group(entry, "runlog", "IXrunlog"), "good_frames", np.arange(5))
        block = group(group(entry, "selog", "IXselog"), "Temp", "IXseblock")
        put_log(block, "value_log", np.array([1.5, 2.5]))


def sns_event(path: Path) -> None:
    """Two banks of 2 × 3 pixels, the second without an event."""
    with h5py.File(path, "w") as file:
        entry = group(file, "entry", "NXentry")
        header(entry, "sns")
        put(entry, "run_number", np.array([b"7"]))
        instrument = group(entry, "instrument", "NXinstrument")
        put(instrument, "name", np.array([b"EQ-SANS"]), short_name="EQSANS")
        put(group(instrument, "moderator", "NXmoderator"), "distance", np.array([-14.0]), units="metre")
        for number in (1, 2):
            bank = group(instrument, f"bank{number}", "NXdetector")
            put(bank, "pixel_id", np.arange(6, dtype="u4").reshape(2, 3) + 10 * number)
            put(bank, "distance", np.full((2, 3), 5.0, "f4"), units="metre")
            put(bank, "polar_angle", np.full((2, 3), 0.1 * number, "f4"), units="radian")
            put(bank, "azimuthal_angle", np.linspace(0, 1, 6, dtype="f4").reshape(2, 3), units="radian")
        first = group(entry, "bank1_events", "NXevent_data")
        put_events(first, np.arange(10, 16))
        second = group(entry, "bank2_events", "NXevent_data")
        for name, kind in (("event_id", "u4"), ("event_index", "u8"), ("event_time_offset", "f4")):
            put(second, name, np.zeros(1, kind))
        put(second, "total_counts", np.zeros(1, "u4"))
        monitor = group(entry, "monitor1", "NXmonitor")
        put(monitor, "data", np.arange(4, dtype="u4"))
        put(monitor, "time_of_flight", np.arange(5, dtype="f4"), units="microsecond")
        put_log(group(entry, "DASlogs", "NXgroup"), "Speed1", np.array([60.0]))


def standard(path: Path) -> None:
    """One detector of 2 × 2 pixels that is turned by 90° about y and lies 3 m from a sample at z = 1 m."""
    with h5py.File(path, "w") as file:
        entry = group(file, "entry", "NXentry")
        header(entry, "standard")
        sample = group(entry, "sample", "NXsample")
        put(sample, "depends_on", "transformations/stage")
        moves = group(sample, "transformations", "NXtransformations")
        put(moves, "stage", 1.0, units="m", transformation_type="translation", vector=[0.0, 0, 1], depends_on=".")
        instrument = group(entry, "instrument", "NXinstrument")
        put(instrument, "name", "SIMSANS")
        detector = group(instrument, "detector", "NXdetector")
        put(detector, "detector_number", np.array([[1, 2], [3, 4]], "i4"))
        put(detector, "x_pixel_offset", np.array([-50.0, 50.0]), units="mm")
        put(detector, "y_pixel_offset", np.array([-0.02, 0.02]), units="m")
        put(detector, "depends_on", "/entry/instrument/detector/transformations/arm")
        moves = group(detector, "transformations", "NXtransformations")
        put(moves, "arm", 3.0, units="m", transformation_type="translation", vector=[0.0, 0, 1], depends_on="turn")
        turn = group(moves, "turn", "NXlog", transformation_type="rotation", vector=[0.0, 1, 0])
        turn.attrs["depends_on"] = "/entry/sample/transformations/stage"
        put(turn, "value", np.array([0.0, 90.0]), units="deg")
        put_events(group(detector, "events", "NXevent_data"), np.arange(1, 5))
        put_log(group(entry, "logs", "NXcollection"), "temperature", np.array([4.0, 5.0]))


def processed(path: Path) -> None:
    """Two workspaces: ragged spectra with history, a masked detector and a monitor; and a table."""
    with h5py.File(path, "w") as file:
        entry = group(file, "mantid_workspace_1", "NXentry")
        put(entry, "definition", np.array([b"Mantid Processed Workspace"]))
        put(entry, "workspace_name", np.array([b"ragged"]))
        put(entry, "title", np.array([b"processed"]))
        workspace = group(entry, "workspace", "NXdata")
        values = np.array([[1.0, 2, 3], [4, 5, 6]])
        put(workspace, "values", values, signal=1, units="Counts", unit_label="Counts")
        put(workspace, "errors", values / 10)
        put(workspace, "axis1", np.array([[1.0, 2, 4, 8], [3, 4, 5, 6]]), units="dSpacing", distribution="0")
        put(workspace, "axis2", np.array([5.0, 9.0]), units="spectraNumber")
        instrument = group(entry, "instrument", "NXinstrument")
        put(instrument, "name", np.array([b"GEM"]))
        detector = group(instrument, "detector", "NXdetector")
        put(detector, "detector_list", np.array([10, 11, 12], "i4"))
        put(detector, "detector_positions", np.array([[2.0, 90, 0], [2, 90, 90], [5, 180, 0]]))
        put(detector, "detector_index", np.array([0, 2], "i4"))
        put(detector, "detector_count", np.array([2, 1], "i4"))
        put(detector, "spectra", np.array([5, 9], "i4"))
        put(group(instrument, "physical_monitors", "NXmonitor"), "detector_number", np.array([12], "i4"))
        note = group(instrument, "instrument_parameter_map", "NXnote")
        put(note, "data", np.array([b"detID:11;bool;masked;1|GEM;double;x;1|"]))
        process = group(entry, "process", "NXprocess")
        for number, name in ((2, "Rebin"), (10, "Fit"), (1, "Load")):
            text = (
                f"Algorithm: {name} v{number}\nExecution Date: 2014-Jun-11 12:37:03\nExecution Duration: 0.5 seconds\n"
                "Parameters:\n  Name: Function, Value: name=A,\nB, Default?: No, Direction: Input\n"
                "  Name: Output, Value: , Default?: Yes, Direction: InOut\n"
            )
            put(group(process, f"MantidAlgorithm_{number}", "NXnote"), "data", np.array([text.encode()]))
        logs = group(entry, "logs", "NXgroup")
        put(group(logs, "run_number", "NXlog"), "value", np.array([b"123"]))
        other = group(file, "mantid_workspace_2", "NXentry")
        put(other, "definition", np.array([b"Mantid Processed Workspace"]))
        put(other, "workspace_name", np.array([b"fitted"]))
        table = group(other, "table_workspace", "NXdata")
        names = np.frombuffer(b"f0.A  f1.Width", np.int8)
        texts = np.stack([np.pad(part, (0, 8 - len(part)), constant_values=32) for part in (names[:6], names[6:])])
        put(table, "column_1", texts, name="Name", interpret_as="A string", units="Not known")
        put(table, "column_2", np.array([1.5, 2.5]), name="Value", units="Not known")


def workspace_events(path: Path) -> None:
    """An event workspace with weights: two spectra."""
    with h5py.File(path, "w") as file:
        entry = group(file, "mantid_workspace_1", "NXentry")
        put(entry, "definition", np.array([b"Mantid Processed Workspace"]))
        events = group(entry, "event_workspace", "NXdata")
        put(events, "axis1", np.array([0.0, 1.0, 2.0]), units="dSpacing")
        put(events, "axis2", np.array([1.0, 2.0]), units="spectraNumber")
        put(events, "indices", np.array([0, 3, 5], "i8"))
        put(events, "tof", np.array([0.5, 1.5, 2.0, 0.0, 0.9]))
        put(events, "weight", np.array([1, 2, 4, 8, 16], "f4"))
        put(events, "error_squared", np.array([1, 4, 4, 9, 16], "f4"))


def nxspe(path: Path) -> None:
    with h5py.File(path, "w") as file:
        entry = group(file, "ws", "NXentry")
        put(entry, "definition", np.array([b"NXSPE"]))
        put(group(entry, "NXSPE_info", "NXcollection"), "fixed_energy", np.array([3.0]), units="meV")
        put(group(entry, "instrument", "NXinstrument"), "name", np.array([b"LET"]))
        data = group(entry, "data", "NXdata")
        put(data, "data", np.array([[1.0, 2], [3, 4]]))
        put(data, "error", np.array([[0.1, 0.2], [0.3, 0.4]]))
        put(data, "energy", np.array([-1.0, 0, 1]), units="meV")
        for name, values in (("polar", [90.0, 0.0]), ("azimuthal", [0.0, 0.0]), ("distance", [2.0, 3.0])):
            put(data, name, np.array(values))


def ill(path: Path) -> None:
    with h5py.File(path, "w") as file:
        entry = group(file, "entry0", "NXentry")
        put(entry, "start_time", np.array([b"04-Mar-13 16:04:08"]))
        put(entry, "end_time", np.array([b"04-Mar-13 16:05:08"]))
        put(entry, "run_number", np.array([9], "i4"))
        instrument = group(entry, "D33", "NXinstrument")
        put(instrument, "name", np.array([b"D33"]))
        put(group(instrument, "tof", "NXill_tof"), "time_of_flight", np.array([100.0, 3.0, 7.0], "f4"))
        put(group(instrument, "beamstop", "NXbeam_stop"), "bx_actual", np.array([1.5], "f4"), units="mm")
        for number in (1, 2):
            data = group(entry, f"data{number}", "NXdata")
            put(data, f"data{number}", np.arange(24, dtype="i4").reshape(2, 4, 3), signal=1)
        monitor = group(entry, "monitor1", "NXmonitor")
        put(monitor, "data", np.ones((1, 1, 3), "i4"))


def muon(path: Path) -> None:
    with h5py.File(path, "w") as file:
        entry = group(file, "raw_data_1", "NXentry")
        put(entry, "definition", np.array([b"pulsedTD"]))
        header(entry, "muon")
        instrument = group(entry, "instrument", "NXinstrument")
        put(instrument, "name", np.array([b"EMU"]))
        detector = group(instrument, "detector_1", "NXdetector")
        put(detector, "counts", np.arange(12, dtype="i4").reshape(2, 2, 3))
        put(detector, "raw_time", np.arange(4, dtype="f4") * 0.016, units="micro.second")
        put(group(entry, "sample", "NXsample"), "temperature", np.array([5.0]), units="Kelvin")


def psi(path: Path) -> None:
    with h5py.File(path, "w") as file:
        entry = group(file, "entry1", "NXentry")
        instrument = group(entry, "FOCUS", "NXinstrument")
        put(instrument, "name", np.array([b"FOCUS at SINQ"]))
        put(instrument, "tof_monitor", np.arange(3, dtype="i4"))
        for name, rows in (("bank1", 1), ("lowerbank", 2), ("merged", 3)):
            bank = group(instrument, name, "NXdetector")
            put(bank, "counts", np.ones((rows, 3), "i4"))
            put(bank, "theta", np.linspace(10, 20, rows, dtype="f4"), units="degree")
            put(bank, "time_binning", np.array([1000, 1005, 1010], "f4"), units="us")


def md_histo(path: Path) -> None:
    with h5py.File(path, "w") as file:
        entry = group(file, "MDHistoWorkspace", "NXentry")
        data = group(entry, "data", "NXdata")
        put(data, "signal", np.arange(6.0).reshape(2, 3), signal=1, axes="K:H")
        put(data, "errors_squared", np.full((2, 3), 4.0))
        put(data, "mask", np.array([[0, 1, 0], [0, 0, 0]], "i1"))
        put(data, "H", np.arange(4.0), units="r.l.u.", long_name="[H,0,0]")
        put(data, "K", np.arange(3.0), units="r.l.u.", long_name="[0,K,0]")


def generic(path: Path) -> None:
    """Axes named in the three ways that the NeXus manual has had."""
    with h5py.File(path, "w") as file:
        entry = group(file, "scan", "NXentry")
        new = group(entry, "new", "NXdata", signal="counts", axes=["angle"])
        put(new, "counts", np.array([1, 4, 9], "i4"))
        put(new, "angle", np.array([0.0, 1, 2, 3]), units="degrees", long_name="Angle")
        old = group(entry, "old", "NXdata")
        put(old, "intensity", np.ones((2, 3)), signal=1, axes="y:x", units="arbitrary")
        put(old, "x", np.arange(3.0), units="mm")
        put(old, "y", np.arange(2.0), units="mm")
        oldest = group(entry, "zoldest", "NXdata")
        put(oldest, "data", np.ones((2, 3), "i4"), signal=1)
        put(oldest, "columns", np.arange(3.0), axis=2)
        put_log(entry, "temperature", np.array([1.0, 2.0]))


WRITERS: dict[str, Callable[[Path], None]] = {
    writer.__name__: writer
    for writer in (
        isis_raw, sns_event, standard, processed, workspace_events, nxspe, ill, muon, psi, md_histo, generic,
    )
}  # fmt: skip


@pytest.fixture(params=sorted(WRITERS))
def dialect(request: pytest.FixtureRequest) -> str:
    """Each dialect in turn."""
    return str(request.param)


@pytest.fixture
def make(tmp_path: Path) -> Callable[[str], Path]:
    """Write a file of a dialect and return its path."""

    def made(name: str) -> Path:
        path = tmp_path / f"{name}.nxs"
        WRITERS[name](path)
        return path

    return made
