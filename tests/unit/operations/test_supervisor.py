"""A service is kept whatever happens, and what a killed supervisor leaves is ended before the next one begins."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from mantidhub.operations.supervisor import Service, SupervisedService, end_remains

MARK = "the folder of this platform"
LISTENS = """
import socket, sys, threading, time
listener = socket.create_server(("127.0.0.1", 0))
for _ in range(200):
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
print(listener.getsockname()[1], flush=True)
time.sleep(60)
"""


def start() -> tuple["subprocess.Popen[str]", int]:
    process = subprocess.Popen(
        [sys.executable, "-c", LISTENS],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "MARK": MARK},
    )
    assert process.stdout is not None
    return process, int(process.stdout.readline())


def test_its_port_is_free_at_once(tmp_path: Path) -> None:
    for attempt in range(20):
        process, port = start()
        record = tmp_path / f"{attempt}.pid"
        record.write_text(str(process.pid))
        end_remains([record], MARK)
        socket.create_server(("127.0.0.1", port)).close()
        assert process.wait() == -signal.SIGKILL
        assert not record.exists()


def test_a_process_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    process, port = start()
    record = tmp_path / "edge.pid"
    record.write_text(str(process.pid))
    end_remains([record], "another folder")
    try:
        with pytest.raises(OSError, match="in use"):
            socket.create_server(("127.0.0.1", port))
    finally:
        process.kill()
        process.wait()


async def until(condition) -> None:
    """Wait for what a service does."""
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


async def test_it_is_kept_and_noted_also_where_the_disk_had_no_room_for_the_note(tmp_path: Path) -> None:
    starts, record = tmp_path / "starts", tmp_path / "room" / "edge.pid"
    service = Service(
        name="edge",
        command=["/bin/sh", "-c", f"echo $$ >> {starts}; exec sleep 60"],
        variables={"PATH": os.environ["PATH"]},
        folder=tmp_path,
        log=tmp_path / "edge.log",
        record=record,
    )
    kept = SupervisedService(service)
    try:
        await kept.start()
        await until(lambda: starts.exists() and starts.read_text())
        os.kill(int(starts.read_text()), signal.SIGKILL)
        await until(lambda: len(starts.read_text().splitlines()) == 2)
        record.parent.mkdir()
        await until(record.exists)
        assert record.read_text() == starts.read_text().splitlines()[1]
    finally:
        await kept.stop(grace=1)
