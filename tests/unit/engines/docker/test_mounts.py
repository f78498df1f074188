"""Which mounts of a container are made stricter, and that the kernel then does as they say."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from mantidhub.engines.docker.mounts import MountPoint, NotOurs, make_strict, parse, stricter
from mantidhub.sessions.spec import Mount

ARCHIVE = Mount(Path("/archive"), Path("/data/instrument"))
HOME = Mount(Path("/homes/alice"), Path("/home/alice"), writable=True)
NOTES = Mount(Path("/notes"), Path("/home/alice/notes"))
MOUNTINFO = r"""
1 0 0:1 / / ro,relatime - overlay overlay rw
2 1 0:2 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw
3 1 0:3 / /dev rw,nosuid - tmpfs tmpfs rw
4 1 0:4 / /run rw,nosuid,nodev,noexec,relatime - tmpfs tmpfs rw
5 4 8:1 /run /run/mantidhub/hub ro,relatime - ext4 /dev/sda rw
6 1 8:1 /archive /data/instrument ro,relatime - ext4 /dev/sda rw
7 6 8:2 / /data/instrument/new\040cycle rw,noatime - ext4 /dev/sdb rw
8 1 8:1 /homes/alice /home/alice rw,relatime - ext4 /dev/sda rw
9 1 0:5 / /tmp rw,nosuid,nodev,relatime - tmpfs tmpfs rw
10 1 0:6 / /var/tmp rw,nosuid,nodev,relatime - tmpfs tmpfs rw
""".strip()


def flags(*mounts: Mount) -> dict[str, set[str]]:
    return {point.place: set(point.flags) for point in stricter(parse(MOUNTINFO), mounts)}


def test_files_give_no_rights_and_reach_no_devices():
    made = flags(ARCHIVE, HOME)
    for place in ("/", "/run/mantidhub/hub", "/data/instrument", "/home/alice"):
        assert made[place] >= {"nosuid", "nodev"}


def test_what_is_so_already_and_what_is_the_kernels_is_left_alone():
    assert not {"/proc", "/dev", "/tmp"} & set(flags(ARCHIVE, HOME))


def test_nothing_that_was_forbidden_or_spared_before_is_no_longer():
    made = flags(ARCHIVE, HOME)
    assert made["/"] == {"ro", "relatime", "nosuid", "nodev"}
    assert made["/run"] >= {"noexec"}
    assert made["/data/instrument/new cycle"] >= {"noatime"}


def test_what_is_mounted_below_something_read_only_is_read_only_too():
    assert "ro" in flags(ARCHIVE, HOME)["/data/instrument/new cycle"]


def test_what_nobody_asked_for_is_read_only():
    assert "ro" in flags(ARCHIVE, HOME)["/var/tmp"]


def test_what_is_writable_stays_so_and_the_nearest_mount_decides():
    assert "ro" not in flags(ARCHIVE, HOME)["/home/alice"]
    below = [MountPoint("/home/alice", frozenset()), MountPoint("/home/alice/notes", frozenset())]
    assert ["ro" in point.flags for point in stricter(below, (HOME, NOTES))] == [False, True]


def test_the_sign_that_all_is_done_comes_last():
    made = stricter(parse(MOUNTINFO), (ARCHIVE, HOME))
    assert made[-1].place == "/run"
    assert "ro" in made[-1].flags


MUST_BE_ROOT = pytest.mark.skipif(os.getuid() != 0, reason="only root can change mounts")
LAID_OUT = """
mount -t tmpfs -o mode=755 none /mnt && cd /mnt && mkdir home sub run && cp /usr/bin/id home/id && chmod 4755 home/id &&
mknod -m 666 home/zero c 1 5 && mkdir -p archive/sub && mount --bind home home && mount --bind archive archive &&
mount -t tmpfs -o mode=777 none archive/sub && mount --bind run run && echo laid out && exec sleep 60
"""


HOME_INSIDE, ARCHIVE_INSIDE = Path("/mnt/home"), Path("/mnt/archive")


@pytest.fixture
def process() -> Iterator[int]:
    """A process in a mount namespace of its own, which has a home with a setuid program and a device in it."""
    with subprocess.Popen(
        ["unshare", "--mount", "sh", "-e", "-c", LAID_OUT], stdout=subprocess.PIPE, text=True
    ) as laid:
        assert laid.stdout is not None
        assert laid.stdout.readline() == "laid out\n"
        yield laid.pid
        laid.kill()


def inside(process: int, *command: str) -> str:
    enter = [
        "nsenter",
        f"--mount=/proc/{process}/ns/mnt",
        "setpriv",
        "--reuid=65534",
        "--regid=65534",
        "--clear-groups",
    ]
    done = subprocess.run([*enter, *command], capture_output=True, text=True, check=False)
    return done.stdout.strip() or done.stderr.strip()


@MUST_BE_ROOT
def test_the_kernel_does_as_they_say_and_did_not_before(process: int):
    program, device, below = f"{HOME_INSIDE}/id", f"{HOME_INSIDE}/zero", f"{ARCHIVE_INSIDE}/sub/file"
    assert inside(process, program, "-u") == "0", "a setuid program gives rights"
    assert inside(process, "head", "-c", "0", device) == "", "a device can be opened"
    assert inside(process, "touch", below) == "", "what is mounted below can be written"
    mounts = (Mount(HOME_INSIDE, HOME_INSIDE, writable=True), Mount(ARCHIVE_INSIDE, ARCHIVE_INSIDE))
    before = Path("/proc/self/mountinfo").read_text()
    make_strict(process, mounts, marker=HOME_INSIDE)
    assert inside(process, program, "-u") == "65534"
    assert "Permission denied" in inside(process, "head", "-c", "0", device)
    assert "Read-only file system" in inside(process, "touch", below)
    assert Path("/proc/self/mountinfo").read_text() == before, "nothing changed out here"


@MUST_BE_ROOT
def test_what_is_not_ours_is_not_touched(process: int):
    with pytest.raises(NotOurs, match="has nothing at /nowhere"):
        make_strict(process, (), marker=Path("/nowhere"))
    assert inside(process, f"{HOME_INSIDE}/id", "-u") == "0"


@MUST_BE_ROOT
def test_a_process_that_has_ended_is_an_error_of_the_system():
    ended = subprocess.Popen(["true"])
    ended.wait()
    with pytest.raises(OSError, match="No such"):
        make_strict(ended.pid, (), marker=Path("/"))
