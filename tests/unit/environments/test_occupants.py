"""Sessions are known by their records, and by what the kernel has mounted for them."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from mantidhub.confinement.bubblewrap import find_bubblewrap
from mantidhub.environments import Environment
from mantidhub.environments.occupants import find_occupants
from mantidhub.environments.store import set_aside


def record(folder: Path, key: str, environment: str) -> Path:
    folder.mkdir(exist_ok=True)
    content = {"key": key, "user": key, "server": "", "environment": environment}
    (folder / f"{key}.json").write_text(json.dumps(content))
    return folder / f"{key}.json"


def test_records_name_what_runs(tmp_path: Path, environment: Environment) -> None:
    record(tmp_path / "records", "alice", environment.id)
    record(tmp_path / "records", "bob", "small-bbbbbbbbbbbb")
    occupants = find_occupants(tmp_path / "records", processes=tmp_path)
    assert occupants.of(environment) == ["alice"]


def test_no_records_are_no_sessions(tmp_path: Path, environment: Environment) -> None:
    assert find_occupants(tmp_path / "missing", processes=tmp_path).of(environment) == []


def test_a_record_that_cannot_be_read_is_told_and_left_where_it_is(tmp_path: Path) -> None:
    broken = record(tmp_path / "records", "alice", "x")
    broken.write_text("{")
    assert find_occupants(tmp_path / "records", processes=tmp_path).unreadable == (broken,)
    assert broken.exists()


def test_mounts_are_read_as_the_kernel_writes_them(tmp_path: Path) -> None:
    root = tmp_path / "with space" / "environments"
    root.mkdir(parents=True)
    process = tmp_path / "proc" / "17"
    process.mkdir(parents=True)
    escaped = str(root).replace(" ", "\\040")
    lines = [f"36 35 98:0 / {escaped}/{name} ro - ext4 /dev/x rw" for name in ("small-" + "a" * 12, "homes")]
    (process / "mountinfo").write_text("\n".join(lines))
    found = find_occupants(tmp_path / "records", processes=tmp_path / "proc").mounted
    assert found == {root / f"small-{'a' * 12}"}


@pytest.mark.skipif(shutil.which("setpriv") is None or os.geteuid() != 0, reason="a sandbox of root's")
def test_a_sandbox_that_sees_it_is_noticed_also_when_it_is_out_of_sight(
    environment: Environment, tmp_path: Path
) -> None:
    bubblewrap = find_bubblewrap().program
    command = [bubblewrap, "--bind", "/", "/", "--ro-bind", environment.prefix, environment.prefix, "--", "cat"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as sandbox:
        assert sandbox.stdin is not None and sandbox.stdout is not None
        sandbox.stdin.write(b"\n")
        sandbox.stdin.flush()
        sandbox.stdout.read(1)
        set_aside(environment.prefix)
        during = find_occupants(tmp_path / "records").of(environment)
        sandbox.stdin.close()
    assert during == ["one that has it mounted"]
    assert find_occupants(tmp_path / "records").of(environment) == []
