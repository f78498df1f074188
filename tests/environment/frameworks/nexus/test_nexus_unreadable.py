"""What cannot be read is said in a sentence: what it is, and what to do."""

import bz2
import gzip
import os
import struct
import subprocess
import sys

import h5py
import numpy as np
import pytest

from mantidlab.frameworks.model import Unreadable
from mantidlab.frameworks.nexus import open_file

RAW = b"LOQ48127Somebody".ljust(80) + struct.pack("<5i", 2, 32, 126, 3, 4) + bytes(400)

CONTENTS = {
    "hdf4": (b"\x0e\x03\x13\x01" + bytes(100), "is HDF4.*h4toh5.*SaveNexusProcessed"),
    "raw": (RAW, "is an ISIS RAW file.*LoadRaw"),
    "gzip": (gzip.compress(b"x" * 100), "gzip.*gunzip"),
    "bzip2": (bz2.compress(b"x" * 100), "bunzip2"),
    "empty": (b"", "is empty.*fetch it again"),
    "text": (b"  DATASET=1\n1.0 2.0 0.1\n" * 20, "is text, which begins “  DATASET=1”"),
    "text in Latin-1": ("µm and Å\n" * 30).encode("latin-1"),
    "git lfs": (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
        "Git LFS pointer.*git lfs pull",
    ),
    "netcdf 3": (b"CDF\x01" + bytes(100), "netCDF 3.*nccopy"),
    "noise": (bytes(range(1, 256)), "begins with 01 02 03.*not HDF5"),
    "one byte": (b"\x89", "begins with 89"),
}
CONTENTS["text in Latin-1"] = (CONTENTS["text in Latin-1"], "is text")


@pytest.mark.parametrize("name", CONTENTS)
def test_other_formats_are_told_by_their_content(tmp_path, name):
    content, expected = CONTENTS[name]
    path = tmp_path / "run.nxs"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=expected) as caught:
        open_file(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_what_is_no_file_is_said(tmp_path):
    with pytest.raises(Unreadable, match="is a folder"):
        open_file(tmp_path)
    with pytest.raises(Unreadable, match="is not there"):
        open_file(tmp_path / "no.nxs")
    (tmp_path / "link.nxs").symlink_to("nowhere.nxs")
    with pytest.raises(Unreadable, match="link to what is not there"):
        open_file(tmp_path / "link.nxs")
    os.mkfifo(tmp_path / "pipe.nxs")
    with pytest.raises(Unreadable, match="neither a file nor a folder"):
        open_file(tmp_path / "pipe.nxs")
    with pytest.raises(Unreadable, match="cannot be opened"):
        open_file(tmp_path / ("x" * 300))
    with pytest.raises(Unreadable, match="cannot be opened"):
        open_file("a\0b.nxs")


def test_a_file_of_somebody_else_is_said(make):
    path = make("nxspe")
    path.chmod(0)
    code = (
        "import os, sys\n"
        "if os.geteuid() == 0:\n"
        "    os.setresuid(65534, 65534, 65534)\n"
        "from mantidlab.frameworks.nexus.signatures import refuse_what_is_no_hdf5\n"
        "from pathlib import Path\n"
        "try:\n"
        "    refuse_what_is_no_hdf5(Path(sys.argv[1]))\n"
        "except Exception as problem:\n"
        "    print(problem)\n"
    )
    for folder in (path.parent, *list(path.parents)[1:3]):
        folder.chmod(0o755)
    # imported before the user changes: the environment may lie where that user may not look
    code = code.replace("import os, sys\n", "import os, sys, mantidlab.frameworks.nexus.signatures\n", 1)
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
    assert "may not be read by you" in done.stdout


@pytest.mark.parametrize("left", [100, 1000, -100])
def test_a_file_that_is_cut_off_is_said(make, left):
    path = make("isis_raw")
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(Unreadable, match=r"cut off|damaged"):
        open_file(path)


WRITER = """
import sys, h5py
with h5py.File(sys.argv[1], "w", libver="latest") as file:
    file.create_group("entry")
    file.flush()
    print("ready", flush=True)
    sys.stdin.read()
"""


def test_a_file_that_is_being_written_is_said(tmp_path):
    path = tmp_path / "live.nxs"
    call = [sys.executable, "-c", WRITER, path]
    with subprocess.Popen(call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout.readline() == "ready\n"
        with pytest.raises(Unreadable, match="is still being written"):
            open_file(path)
        writer.stdin.close()


def test_hdf5_without_nexus_says_what_there_is(tmp_path):
    path = tmp_path / "other.h5"
    with h5py.File(path, "w") as file:
        file["intensity"] = np.zeros((3, 4))
        file.create_group("settings")
    with pytest.raises(Unreadable, match=r"not NeXus.*intensity \(3, 4\), settings/"):
        open_file(path)


def test_an_empty_hdf5_file_is_said(tmp_path):
    path = tmp_path / "empty.h5"
    h5py.File(path, "w").close()
    with pytest.raises(Unreadable, match="nothing in it"):
        open_file(path)


def test_an_entry_without_data_says_what_it_holds(tmp_path):
    path = tmp_path / "bare.nxs"
    with h5py.File(path, "w") as file:
        entry = file.create_group("entry")
        entry.attrs["NX_class"] = "NXentry"
        entry["title"] = "nothing"
    with pytest.raises(Unreadable, match=r"the entry entry and holds no counts.*title"):
        open_file(path)


def test_what_was_odd_on_the_way_is_said_too(tmp_path):
    path = tmp_path / "master.nxs"
    with h5py.File(path, "w") as file:
        file["other"] = h5py.ExternalLink("gone.nxs", "/entry")
        entry = file.create_group("entry")
        entry.attrs["NX_class"] = "NXentry"
        entry["circle"] = h5py.SoftLink("/entry/circle")
        data = entry.create_group("data")
        data.attrs["NX_class"] = "NXdata"
        data["counts"] = np.zeros(3, complex)
    with pytest.raises(Unreadable) as refused:
        open_file(path)
    said = str(refused.value)
    assert "in it: circle, data/." in said
    assert "/other leads into another file (gone.nxs), which is not followed; open that file itself." in said
    assert "/entry/circle cannot be opened: too many links one after another." in said
    assert "/entry/data/counts was to hold numbers and holds complex128" in said


def test_a_user_block_before_the_signature_is_no_hindrance(tmp_path, make):
    path = tmp_path / "block.nxs"
    with h5py.File(make("nxspe")) as old, h5py.File(path, "w", userblock_size=1024) as new:
        old.copy("ws", new)
    with open_file(path) as file:
        assert file.main.summary().shape == (2, 2)


def test_an_unknown_compression_is_said_when_values_are_asked_for(make):
    path = make("nxspe")
    with h5py.File(path, "a") as file:
        data = file["ws/data"]
        del data["data"]
        plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plan.set_chunk((2, 2))
        plan.set_filter(32004, h5py.h5z.FLAG_OPTIONAL, ())
        space = h5py.h5s.create_simple((2, 2))
        made = h5py.h5d.create(data.id, b"data", h5py.h5t.NATIVE_DOUBLE, space, plan)
        made.write_direct_chunk((0, 0), b"compressed", 0)
    with open_file(path) as file, pytest.raises(Unreadable, match=r"compressed in a way|damaged"):
        file.spectra()[0]
