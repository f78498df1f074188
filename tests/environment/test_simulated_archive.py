"""The archive of simulated instruments: its layout, its files, and what happens when writing goes wrong."""

import re
import resource
import subprocess
import sys

import h5py
import numpy as np
import pytest
import scipp as sc
import scippnexus as snx
from scippneutron.conversion.graph import beamline, tof

from mantidlab.archive import find_run, list_instruments, list_runs
from mantidlab.simulation import truth
from mantidlab.simulation.archive import ArchiveNotWritten, _alone, plans, write_archive

RUNS = {"SIMPOW": [3001, 3002, 3003], "SIMREF": [2001, 2002, 2003, 2004], "SIMSANS": [1001, 1002, 1003, 1004, 1005]}
EVERY_RUN = [(instrument, number) for instrument, numbers in RUNS.items() for number in numbers]


def command(archive, *options, **kwargs):
    call = [sys.executable, "-m", "mantidlab.simulation", "--archive", str(archive), *options]
    return subprocess.run(call, capture_output=True, text=True, check=False, **kwargs)


def test_it_is_laid_out_like_a_facilitys(archive):
    assert list_instruments(archive) == sorted(RUNS)
    assert {name: [run.number for run in list_runs(name, archive)] for name in RUNS} == RUNS
    assert find_run("simsans", 1001, archive) == archive / "SIMSANS" / "cycle_26_1" / "SIMSANS00001001.nxs"


def test_it_is_small(archive):
    assert sum(path.stat().st_size for path in archive.rglob("*.nxs")) < 60e6


@pytest.mark.parametrize(("instrument", "number"), EVERY_RUN)
def test_a_file_is_a_complete_nexus_entry(archive, instrument, number):
    with h5py.File(find_run(instrument, number, archive)) as file:
        entry = file["entry"]
        assert entry["run_number"][()] == number
        assert entry["instrument/name"].asstr()[()] == instrument
        assert entry["proton_charge"].attrs["units"] == "uA*h"
        assert entry["proton_charge"][()] == pytest.approx(entry["logs/proton_charge/value"][()].sum(), rel=1e-5)
        assert entry["start_time"].asstr()[()] < entry["end_time"].asstr()[()]
        assert "user" not in entry
        events = entry["instrument/detector/events"]
        count, index = events["event_id"].shape[0], events["event_index"][()]
        assert count == events["event_time_offset"].shape[0] == entry["total_counts"][()] > 1000
        assert index[0] == 0
        assert np.all(np.diff(index) >= 0)
        assert index[-1] <= count
        assert index.shape == events["event_time_zero"].shape
        assert np.isin(events["event_id"][:1000], entry["instrument/detector/detector_number"][()]).all()
        frame = 1e6 / entry["instrument/source/frequency"][()]
        assert events["event_time_offset"][()].min() > 0
        assert events["event_time_offset"][()].max() < frame
        assert entry["instrument/monitor_incident/data"][()].sum() > 1000


def test_no_file_holds_the_answer(archive):
    answers = (truth.SPHERE_RADIUS, truth.FILM_THICKNESS, truth.LATTICE_PARAMETER)

    def look(name, item):
        if isinstance(item, h5py.Dataset) and item.shape == () and item.dtype.kind == "f":
            assert float(item[()]) not in answers, name

    for path in archive.rglob("*.nxs"):
        with h5py.File(path) as file:
            file.visititems(look)


@pytest.mark.parametrize(
    ("instrument", "length", "wavelengths"), [("SIMSANS", 19.0, (2, 14)), ("SIMPOW", 18.5, (0.6, 5.4))]
)
def test_scipp_finds_positions_paths_and_wavelengths(archive, instrument, length, wavelengths):
    entry = snx.compute_positions(snx.load(find_run(instrument, RUNS[instrument][0], archive), root="entry"))
    parts = entry["instrument"]
    events = parts["detector"]["events"].assign_coords(
        source_position=parts["source"]["position"], sample_position=entry["sample"]["position"]
    )
    graph = {**beamline.beamline(scatter=True), **tof.elastic("tof"), "tof": "event_time_offset"}
    converted = events.transform_coords("wavelength", graph=graph)
    assert converted.coords["Ltotal"].unit == "m"
    assert converted.coords["Ltotal"].min().value == pytest.approx(length, abs=0.01)
    found = converted.bins.coords["wavelength"]
    assert found.bins.unit == "angstrom"
    assert found.bins.min().min().value > wavelengths[0] - 0.1
    assert found.bins.max().max().value < wavelengths[1] + 0.1
    assert sc.norm(parts["source"]["position"]).value in (15.0, 17.0)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others():
    plan = min(plans(), key=lambda plan: plan.header.charge)
    assert plan.simulate(7) == plan.simulate(7)
    assert plan.simulate(7) != plan.simulate(8)


def test_the_command_tells_its_progress_and_leaves_alone_what_is_there(archive):
    kept = {path: path.stat().st_mtime_ns for path in archive.rglob("*.nxs")}
    lost = find_run("SIMPOW", 3003, archive)
    content = lost.read_bytes()
    lost.unlink()
    done = command(archive)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert all(re.fullmatch(r"progress \d+/12 \S.*", line) for line in lines)
    assert [int(line.split()[1].split("/")[0]) for line in lines] == list(range(13))
    assert lost.read_bytes() == content
    assert {path: path.stat().st_mtime_ns for path in kept if path != lost} == {
        path: time for path, time in kept.items() if path != lost
    }


def test_force_writes_again(archive, tmp_path):
    place = tmp_path / "SIMPOW" / "cycle_26_1" / "SIMPOW00003003.nxs"
    place.parent.mkdir(parents=True)
    place.write_text("not a run")
    for path in archive.rglob("*.nxs"):
        other = tmp_path / path.relative_to(archive)
        other.parent.mkdir(parents=True, exist_ok=True)
        if other != place:
            other.write_bytes(path.read_bytes())
    assert command(tmp_path).returncode == 0
    assert place.read_text() == "not a run"
    assert command(tmp_path, "--force").returncode == 0
    assert place.read_bytes() == find_run("SIMPOW", 3003, archive).read_bytes()


def test_a_place_that_cannot_be_a_folder_is_named_in_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    done = command(tmp_path / "file" / "archive")
    assert done.returncode == 1
    assert "Not a directory" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_when_the_disk_refuses_nothing_half_written_stays(tmp_path):
    """A limit on the size of files stands for the full disk: both fail in the same write."""
    done = command(tmp_path, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)))
    assert done.returncode == 1
    assert "File too large" in done.stderr
    assert "Free some space" in done.stderr
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_two_writers_do_not_meet(tmp_path):
    with _alone(tmp_path), pytest.raises(ArchiveNotWritten, match="Another process"):
        write_archive(tmp_path)
