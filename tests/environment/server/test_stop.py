"""How a session ends: on SIGTERM, within five seconds, with its kernels."""

import time
from pathlib import Path

import pytest
from real_sessions import wait_for
from test_work import family, talk_to_terminal


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.mark.parametrize(
    "work",
    [
        "",
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.signal(signal.SIGINT, signal.SIG_IGN)",
    ],
    ids=["idle kernel", "kernel that ignores signals"],
)
def test_it_ends_within_five_seconds_and_takes_kernels_and_terminals_along(sessions, work):
    session = sessions.start()
    session.run_cell(work or "1")
    talk_to_terminal(session, "echo ready ':'", until=" :\r\n")
    whole_family = family(session.process.pid)
    assert len(whole_family) >= 3
    began = time.perf_counter()
    assert session.stop() == 0
    assert time.perf_counter() - began < 5
    wait_for(lambda: all(gone(pid) for pid in whole_family), what="the kernel and the shell to end", seconds=3)


def test_it_ends_in_time_while_a_cell_computes(sessions):
    session = sessions.start()
    kernel = session.ask("POST", "api/kernels", body={"name": "python3"}).json["id"]
    session.run_cell(
        "import threading, time; threading.Thread(target=lambda: [None for _ in iter(int, 1)]).start()", kernel
    )
    whole_family = family(session.process.pid)
    began = time.perf_counter()
    assert session.stop() == 0
    assert time.perf_counter() - began < 5
    wait_for(lambda: all(gone(pid) for pid in whole_family), what="the kernel to end", seconds=3)


def test_it_leaves_no_folder_behind(sessions):
    session = sessions.start()
    runtime = Path(session.run_cell("import ipykernel.connect as c; print(c.get_connection_file())").strip()).parent
    assert runtime.is_dir()
    session.stop()
    assert not runtime.exists()
