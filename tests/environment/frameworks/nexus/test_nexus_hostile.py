"""Files that mean harm, or are broken: either they are read, or one sentence says why not; never anything else."""

import os
import resource
import shutil
import signal
from pathlib import Path

import h5py
import numpy as np
import pytest

from mantidlab.frameworks.model import FrameworkError, Unreadable
from mantidlab.frameworks.nexus import TooLarge, open_file
from mantidlab.frameworks.nexus.tree import ATTRIBUTE_LIMIT, NAMES_LIMIT

ROUNDS = 40
"""Damaged copies of each dialect."""


def exercise(path: Path) -> None:
    """Ask a file for everything it may have; only `FrameworkError` may come of it."""
    try:
        with open_file(path) as file:
            file.contents()
            for part in (file, *file.members().values()):
                for ask in (part.summary, part.image, part.geometry, part.spectrum_detectors, part.history, part.table):
                    quietly(ask)
                quietly(lambda part=part: [spectrum.values.sum() for spectrum in part.spectra()[:3]])
                quietly(lambda part=part: list(part.spectrum_detectors()[:3]))
            for name in file.logs():
                quietly(lambda name=name: file.logs()[name])
    except FrameworkError as problem:
        assert str(problem)


def quietly(ask):
    try:
        ask()
    except FrameworkError as problem:
        assert str(problem).strip()


def everything(file: h5py.File) -> list[str]:
    names: list[str] = []
    file.visit(names.append)
    return names


def wound(file: h5py.File, rng: np.random.Generator) -> None:
    """Do one random harm to a file."""
    names = everything(file)
    if not names:
        return
    name = str(rng.choice(names))
    parent, last = file[name].parent, name.rsplit("/", 1)[-1]
    item = file[name]
    harm = rng.integers(0, 12)
    if harm == 0:
        del parent[last]
    elif harm == 1:
        parent.move(last, f"other_{last}")
    elif harm in (2, 3, 4, 5, 6):
        values = [
            np.array([], "f4"),
            np.array("text", dtype=h5py.string_dtype()),
            np.full((2, 1, 2, 3), np.nan),
            np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]),
            np.array([2**63, 1], "u8"),
            h5py.Empty("f8"),
            np.array([1 + 2j]),
            np.array([-5, 10**9], "i8"),
            np.array([b"\xff\xfe\x00x", b"2020-13-45T99:99:99"]),
            np.float64(np.inf),
            np.array([1e300, -1e300, np.nan]),
        ]
        attributes = dict(item.attrs)
        del parent[last]
        parent[last] = values[rng.integers(len(values))]
        if rng.random() < 0.7:
            parent[last].attrs.update(attributes)
    elif harm == 7:
        for attribute in list(item.attrs):
            wrong = ["", "NXentry", b"\xff", 7, np.nan, np.arange(3), "99", h5py.Empty("i4")]
            item.attrs[attribute] = wrong[rng.integers(len(wrong))]
    elif harm == 8:
        del parent[last]
        parent.create_group(last).attrs["NX_class"] = str(rng.choice(["NXlog", "NXdata", "NXevent_data", "NXdetector"]))
    elif harm == 9:
        del parent[last]
        parent[last] = h5py.SoftLink(str(rng.choice([name, "/", "/no/where", f"/{name}/{name}", ".."])))
    elif harm == 10:
        del parent[last]
        parent[last] = h5py.ExternalLink("/etc/passwd", "/")
    elif isinstance(item, h5py.Dataset) and item.shape and item.size and item.dtype.kind in "iuf":
        shape, kind, attributes = item.shape, item.dtype, dict(item.attrs)
        del parent[last]
        factors = [1] * len(shape)
        factors[rng.integers(len(shape))] = int(rng.choice([2, 10**10]))
        longer = tuple(length * factor for length, factor in zip(shape, factors, strict=True))
        parent.create_dataset(last, longer, kind, chunks=tuple(min(length, 256) for length in longer))
        parent[last].attrs.update(attributes)


def test_a_damaged_file_is_read_or_said(make, dialect, tmp_path):
    """Groups and datasets are taken away, renamed, given other types and shapes, and bent into links."""
    whole = make(dialect)
    for seed in range(ROUNDS):
        rng = np.random.default_rng([seed, len(dialect)])
        path = tmp_path / "damaged.nxs"
        shutil.copy(whole, path)
        with h5py.File(path, "a") as file:
            for _ in range(rng.integers(1, 4)):
                wound(file, rng)
        try:
            exercise(path)
        except Exception as error:
            error.add_note(f"{dialect}, seed {seed}")
            raise


def test_a_file_that_is_cut_anywhere_is_read_or_said(make, dialect, tmp_path):
    content = make(dialect).read_bytes()
    for length in np.linspace(1, len(content) - 1, 30, dtype=int):
        path = tmp_path / "cut.nxs"
        path.write_bytes(content[:length])
        exercise(path)


def outcome(path: Path) -> int:
    """Exercise a file in a process of its own: 0, 1 for an error of ours, less than 0 if HDF5 itself fell or hung."""
    child = os.fork()
    if child == 0:
        # Seconds of work, not of the clock: a loaded machine must not look like a hang.
        signal.setitimer(signal.ITIMER_PROF, 3)
        try:
            exercise(path)
        except Exception:  # noqa: BLE001  (whatever it is, it is what the test looks for)
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_file_with_wrong_bytes_is_read_or_said(make, dialect, tmp_path):
    """HDF5 itself hangs or falls over a few of them, which only a process of its own can survive; we never do."""
    content = make(dialect).read_bytes()
    found = []
    for seed in range(15):
        rng = np.random.default_rng(seed)
        wrong = bytearray(content)
        for place in rng.integers(8, len(content), 10):
            wrong[place] = rng.integers(256)
        path = tmp_path / "wrong.nxs"
        path.write_bytes(wrong)
        found.append(outcome(path))
    assert 1 not in found
    assert found.count(0) >= 13


def test_links_into_other_files_are_never_followed(make, tmp_path):
    secret = tmp_path / "secret.nxs"
    shutil.copy(make("nxspe"), secret)
    path = tmp_path / "linked.nxs"
    with h5py.File(path, "w") as file:
        entry = file.create_group("entry")
        entry.attrs["NX_class"] = "NXentry"
        data = entry.create_group("data")
        data.attrs["NX_class"] = "NXdata"
        data["counts"] = np.ones(3, "i4")
        data["errors"] = h5py.ExternalLink("secret.nxs", "/ws/data/error")
        entry["bridge"] = h5py.ExternalLink("secret.nxs", "/ws")
        entry["title"] = h5py.SoftLink("/entry/bridge/definition")
        file["stolen"] = h5py.ExternalLink("secret.nxs", "/ws")
    with open_file(path) as file:
        contents = file.contents()
        assert [entry.name for entry in contents.entries] == ["entry"]
        assert contents.entries[0].title == ""
        assert file.spectra()[0].errors.tolist() == [1, 1, 1]
        assert sum("another file" in note for note in file.notes) >= 3
        assert any("secret.nxs" in note for note in file.notes)


def test_values_that_lie_in_other_files_are_refused(make, tmp_path):
    secret = tmp_path / "secret.bin"
    np.arange(4.0).tofile(secret)
    path = make("nxspe")
    with h5py.File(path, "a") as file:
        data = file["ws/data"]
        del data["data"], data["error"]
        data.create_dataset("data", (2, 2), "f8", external=[(str(secret), 0, 32)])
        layout = h5py.VirtualLayout((2, 2), "f8")
        layout[:] = h5py.VirtualSource(str(tmp_path / "another.h5"), "x", (2, 2))
        data.create_virtual_dataset("error", layout)
        assert data["data"][()].sum() == 6  # h5py itself would follow it
    with open_file(path) as file, pytest.raises(Unreadable, match="other files, which are not followed"):
        file.spectra()[0]


@pytest.mark.parametrize("target", ["/entry/data", "/entry/data/loop", "loop", "/entry/other"])
def test_links_in_a_circle_end(tmp_path, target):
    path = tmp_path / "loop.nxs"
    with h5py.File(path, "w") as file:
        entry = file.create_group("entry")
        entry.attrs["NX_class"] = "NXentry"
        data = entry.create_group("data")
        data.attrs["NX_class"] = "NXdata"
        data["counts"] = np.ones(3)
        data["loop"] = h5py.SoftLink(target)
        entry["other"] = h5py.SoftLink("/entry/data/loop")
        data["itself"] = data
        data["above"] = file["/"]
    exercise(path)
    with open_file(path) as file:
        assert file.spectra()[0].values.sum() == 3


def test_history_within_itself_ends(make):
    path = make("processed")
    with h5py.File(path, "a") as file:
        note = file["mantid_workspace_1/process/MantidAlgorithm_1"]
        note["MantidAlgorithm_1"] = note
    with open_file(path) as file:
        depth, steps = 0, file.history()
        while steps:
            depth, steps = depth + 1, steps[0].children
        assert depth < 50


def test_a_dataset_of_absurd_shape_is_told_and_not_read(make):
    path = make("nxspe")
    with h5py.File(path, "a") as file:
        data = file["ws/data"]
        for name in ("data", "error"):
            del data[name]
            data.create_dataset(name, (10**9, 10**6), "f8", chunks=(1, 1000))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with open_file(path) as file:
        assert file.contents().entries[0].parts[0].shape == (10**9, 10**6)
        assert len(file.spectra()) == 10**9
        assert file.spectra()[10**8].values.shape == (10**6,)
        with pytest.raises(TooLarge, match=r"would take 7\.45e\+06 GB"):
            file.image()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


def test_counts_too_many_to_add_up_are_not_added_up(make):
    path = make("muon")
    with h5py.File(path, "a") as file:
        detector = file["raw_data_1/instrument/detector_1"]
        del detector["counts"]
        detector.create_dataset("counts", (1, 10**9, 10**6), "i4", chunks=(1, 1, 1000))
    with open_file(path) as file:
        assert file.contents().entries[0].total_counts is None


def test_a_block_that_unpacks_to_too_much_is_refused(make):
    path = make("nxspe")
    with h5py.File(path, "a") as file:
        data = file["ws/data"]
        del data["data"]
        # one block of zeros, which would take half a megabyte on the disk if it were written
        data.create_dataset("data", (2, 2**25), "f8", chunks=(2, 2**25), compression="gzip")
    with open_file(path) as file, pytest.raises(TooLarge, match=r"blocks of 0\.5 GB.*h5repack"):
        file.spectra()[0]


def test_many_names_and_long_attributes_do_no_harm(make):
    path = make("generic")
    with h5py.File(path, "a", libver="latest") as file:
        entry = file["scan"]
        crowd = entry.create_group("crowd", track_order=False)
        for number in range(NAMES_LIMIT + 5):
            crowd[f"link_{number}"] = h5py.SoftLink("/nowhere")
        crowd.attrs["NX_class"] = "NXcollection"
        entry["new"].attrs["axes"] = np.zeros(ATTRIBUTE_LIMIT + 1)
    with open_file(path) as file:
        assert file.contents().entries[0].parts[0].name == "new"
        assert any("the rest was left out" in note for note in file.notes)


def test_text_that_repeats_without_end_is_cut(make):
    path = make("generic")
    with h5py.File(path, "a") as file:
        log = file["scan/temperature"]
        del log["value"], log["time"]
        kind = h5py.string_dtype()
        log.create_dataset("value", (10**12,), kind, chunks=(1000,), fillvalue="x" * 10_000)
        log.create_dataset("time", (10**12,), "f4", chunks=(1000,))
    with open_file(path) as file, pytest.raises(FrameworkError, match=r"text|would take"):
        file.logs()["temperature"]
