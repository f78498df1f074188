"""The first process of a container, tried as an ordinary one: it filters, passes on, and ends as its program does."""

import base64
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mantidhub.confinement.seccomp import session_filter
from mantidhub.engines.docker import first_process

PROGRAM = [sys.executable, "-I", "-S", str(Path(first_process.__file__))]


def begin(*command: str, instructions: bytes = b"", mounts: str = "") -> "subprocess.Popen[str]":
    carried = base64.b64encode(instructions).decode()
    return subprocess.Popen(
        ["setpriv", "--no-new-privs", *PROGRAM, carried, mounts, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(("script", "code"), [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137), ("kill -15 $$", 143)])
def test_it_ends_as_its_program_does(script: str, code: int):
    assert begin("/bin/sh", "-c", script).wait(timeout=20) == code


def test_a_program_that_is_not_there_is_named():
    process = begin("/usr/bin/none")
    assert process.communicate(timeout=20)[1] == "exec /usr/bin/none failed: No such file or directory\n"
    assert process.returncode == 127


def test_signals_reach_the_program():
    process = begin("/bin/sh", "-c", "trap 'echo told; exit 3' TERM; echo ready; while :; do sleep 0.1; done")
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=20)[0] == "told\n"
    assert process.returncode == 3


@pytest.mark.skipif(session_filter() is None, reason="there is no filter for this processor")
def test_the_program_is_filtered_and_so_is_the_first_process_itself():
    shown = "grep -h '^Seccomp:' /proc/$PPID/status /proc/self/status"
    output = begin("/bin/sh", "-c", shown, instructions=session_filter() or b"").communicate(timeout=20)[0]
    assert [line.split()[1] for line in output.splitlines()] == ["2", "2"]
    vsock = "import socket; socket.socket(40)"
    process = begin(sys.executable, "-c", vsock, instructions=session_filter() or b"")
    assert "Address family not supported" in process.communicate(timeout=20)[1]


def test_what_the_kernel_does_not_take_as_a_filter_starts_nothing():
    process = begin("/bin/sh", "-c", "echo started", instructions=b"12345678")
    output, errors = process.communicate(timeout=20)
    assert output == ""
    assert "the filter of system calls cannot be set" in errors
    assert process.returncode != 0


@pytest.mark.skipif(os.getuid() != 0, reason="only root can change mounts")
def test_nothing_starts_before_the_mounts_are_strict(tmp_path: Path):
    """It waits for /run to be read-only: here it is that of a mount namespace of its own."""
    go = tmp_path / "go"
    script = 'mount --bind /run /run; "$@" & until [ -e "$0" ]; do sleep 0.05; done; '
    script += "mount -o remount,bind,ro /run; wait $!"
    program = [*PROGRAM, "", first_process.STRICT, "/bin/echo", "started"]
    process = subprocess.Popen(
        ["unshare", "--mount", "sh", "-c", script, go, *program], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert select.select([process.stdout], [], [], 0.5)[0] == [], "nothing is said yet"
    go.touch()
    assert process.communicate(timeout=20)[0] == "started\n"
