"""Limits through cgroups of either version, on a copy of the kernel's files."""

from pathlib import Path

import pytest

from mantidhub.engines.sandbox.cgroups import find_cgroups, members, out_of_memory_kills
from mantidhub.sessions.spec import Limits

LIMITS = Limits(memory=2**30, cpus=1.5, processes=100)
FILES = {
    "memory": ("memory.limit_in_bytes", "memory.memsw.limit_in_bytes"),
    "cpu": ("cpu.cfs_period_us", "cpu.cfs_quota_us"),
    "pids": ("pids.max",),
}


@pytest.fixture
def version_one(tmp_path: Path):
    own = tmp_path / "own"
    own.write_text("4:memory:/inside/here\n3:cpu,cpuacct:/\n2:pids:/\n0::/\n")
    for folder in ("memory/inside/here", "cpu", "pids"):
        (tmp_path / folder).mkdir(parents=True)
    return find_cgroups("m", root=tmp_path, own=own)


@pytest.fixture
def version_two(tmp_path: Path):
    own = tmp_path / "own"
    own.write_text("0::/user.slice\n")
    (tmp_path / "cgroup.controllers").write_text("cpuset cpu io memory pids\n")
    return find_cgroups("m", root=tmp_path, own=own), tmp_path


def made_by_kernel(folder: Path, files: tuple[str, ...]) -> None:
    folder.mkdir(parents=True)
    for file in files:
        (folder / file).write_text("max")


def test_version_one_limits_stand_below_the_cgroup_that_we_are_in(version_one, tmp_path):
    places = {name: folder / "alice" for name, folder in version_one.folders.items()}
    assert places["memory"] == tmp_path / "memory/inside/here/mantidhub-m/alice"
    for controller, folder in places.items():
        made_by_kernel(folder, FILES[controller])
    version_one.create("alice", LIMITS)
    assert (places["memory"] / "memory.limit_in_bytes").read_text() == str(2**30)
    assert (places["memory"] / "memory.memsw.limit_in_bytes").read_text() == str(2**30), "swap is not a way out"
    assert (places["cpu"] / "cpu.cfs_quota_us").read_text() == "150000"
    assert (places["pids"] / "pids.max").read_text() == "100"


def test_version_two_needs_one_folder_for_all(version_two):
    host, root = version_two
    assert host.missing == {}
    assert (root / "cgroup.subtree_control").read_text() == "+memory +cpu +pids"
    folder = root / "mantidhub-m" / "alice"
    made_by_kernel(folder, ("memory.max", "memory.swap.max", "memory.oom.group", "cpu.max", "pids.max"))
    assert host.create("alice", LIMITS) == (folder,)
    found = {file.name: file.read_text() for file in folder.iterdir()}
    assert found == {
        "memory.max": str(2**30),
        "memory.swap.max": "0",
        "memory.oom.group": "0",
        "cpu.max": "150000 100000",
        "pids.max": "100",
    }


def test_who_only_looked_leaves_nothing_and_takes_nothing_from_who_runs(version_one, version_two):
    version_one.remove_if_empty()
    assert not any(folder.exists() for folder in version_one.folders.values())
    made = version_one.create("alice", LIMITS)
    assert all(cgroup.is_dir() for cgroup in made)
    version_one.remove_if_empty()
    assert all(cgroup.is_dir() for cgroup in made), "what holds a session stays"

    host, root = version_two
    (root / "mantidhub-m" / "cgroup.subtree_control").unlink()  # the kernel's own files go with their cgroup
    host.remove_if_empty()
    assert not (root / "mantidhub-m").exists()
    assert all(cgroup.is_dir() for cgroup in host.create("alice", LIMITS))
    assert (root / "mantidhub-m" / "cgroup.subtree_control").read_text() == "+memory +cpu +pids"


def test_a_session_sees_its_own_counts_of_memory_where_containers_have_them(version_one, version_two, tmp_path):
    mount = version_one.memory_as_seen_inside("alice")
    assert (mount.source, mount.target) == (
        tmp_path / "memory/inside/here/mantidhub-m/alice",
        Path("/sys/fs/cgroup/memory"),
    )
    host, root = version_two
    mount = host.memory_as_seen_inside("alice")
    assert (mount.source, mount.target) == (root / "mantidhub-m/alice", Path("/sys/fs/cgroup"))
    assert not mount.writable


def test_where_nothing_counts_memory_nothing_is_shown(tmp_path):
    assert find_cgroups("m", root=tmp_path / "nowhere", own=tmp_path / "none").memory_as_seen_inside("alice") is None


def test_what_the_host_does_not_offer_is_named_with_its_reason(tmp_path):
    own = tmp_path / "own"
    own.write_text("2:pids:/\n")
    (tmp_path / "pids").mkdir()
    host = find_cgroups("m", root=tmp_path, own=own)
    assert set(host.folders) == {"pids"}
    assert host.missing == {"memory": "the kernel does not offer it", "cpu": "the kernel does not offer it"}


def test_a_host_without_cgroups_offers_nothing(tmp_path):
    own = tmp_path / "own"
    own.write_text("0::/\n")
    host = find_cgroups("m", root=tmp_path / "nowhere", own=own)
    assert host.folders == {}
    assert set(host.missing) == {"memory", "cpu", "pids"}


@pytest.mark.parametrize("file", ["memory.events", "memory.oom_control"])
def test_processes_ended_for_want_of_memory_are_counted(tmp_path, file):
    (tmp_path / file).write_text("low 0\noom 4\noom_kill 2\n")
    assert out_of_memory_kills((tmp_path,)) == 2
    assert out_of_memory_kills(()) == 0


def test_members_are_read_from_every_folder(tmp_path):
    for name, text in (("a", "1\n2\n"), ("b", "2\n3\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "cgroup.procs").write_text(text)
    assert members((tmp_path / "a", tmp_path / "b", tmp_path / "gone")) == {1, 2, 3}
