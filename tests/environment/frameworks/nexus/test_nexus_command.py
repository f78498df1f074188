"""The command, and the simulated instruments' files."""

import json
import os
import subprocess
import sys

import h5py
import pytest

from mantidlab.archive import find_run
from mantidlab.frameworks.nexus import open_file


def command(*arguments):
    call = [sys.executable, "-m", "mantidlab.frameworks.nexus", *map(str, arguments)]
    return subprocess.run(call, capture_output=True, text=True, check=False)


def test_a_table_for_a_person(make):
    done = command(make("isis_raw"))
    assert done.returncode == 0
    for expected in ("LOQ at ISIS", "small-angle scattering", "run:         42", "2 periods", "as 1,000 events"):
        assert expected in done.stdout


def test_what_the_file_does_not_say_is_said(make):
    assert "detectors:   not in the file\n" in command(make("md_histo")).stdout


def test_a_reader_that_goes_away_and_a_terminal_without_signs_make_no_traceback(make):
    call = [sys.executable, "-m", "mantidlab.frameworks.nexus", *[str(make("isis_raw"))] * 300]
    with subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert "isis_raw.nxs" in process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(call[:4], capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    assert "\\xd7" in done.stdout


def test_json_for_a_program_and_a_sentence_for_what_cannot_be_read(make, tmp_path):
    (tmp_path / "text.nxs").write_text("no NeXus\n")
    done = command("--json", make("ill"), tmp_path / "text.nxs")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "is text" in done.stderr
    (found,) = json.loads(done.stdout)
    assert found["entries"][0]["total_counts"] == 552
    assert found["entries"][0]["start"] == "2013-03-04T16:04:08+00:00"


@pytest.mark.parametrize(
    ("instrument", "run", "technique"),
    [
        ("SIMSANS", 1001, "small-angle scattering"),
        ("SIMREF", 2001, "reflectometry"),
        ("SIMPOW", 3001, "powder diffraction"),
    ],
)
def test_the_simulated_instruments_are_read(archive, instrument, run, technique):
    path = find_run(instrument, run, archive)
    with h5py.File(path) as raw:
        events, monitor = raw["entry/total_counts"][()], raw["entry/instrument/monitor_incident/data"][()].sum()
        detectors = raw["entry/instrument/detector/detector_number"].size
    with open_file(path) as file:
        entry = file.contents().entries[0]
        assert (entry.instrument, entry.run, entry.technique) == (instrument, str(run), technique)
        assert (entry.total_counts, entry.detectors, entry.monitors[0].counts) == (events, detectors, monitor)
        geometry = file.geometry()
        assert len(geometry.ids) == detectors
        assert -20 < geometry.source[2] < -10
        assert file.logs()["proton_charge"].unit == "µAh"
        assert file.main.total().values.sum() == events


def test_a_file_that_a_notebook_has_open_can_be_read_too(make):
    path = make("nxspe")
    with h5py.File(path), open_file(path) as file, h5py.File(path):
        assert file.spectra()[0].values.tolist() == [1, 2]
