"""Waiting for a session's server asks this session's own socket and no other."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from mantidhub.controller.readiness import wait_until_answering
from mantidhub.sessions.deadline import Deadline


class Server:
    """Answers every question and counts them."""

    def __init__(self) -> None:
        self.asked = 0

    async def listen(self, socket: Path) -> asyncio.Server:
        return await asyncio.start_unix_server(self._answer, socket)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked += 1
        await reader.readline()
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        writer.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / ("deep" * 15) / ("deeper" * 10)  # a path too long for the address of a socket


async def ready(socket: Path, seconds: float) -> bool:
    return await wait_until_answering(socket, "/api", Deadline(timedelta(seconds=seconds)))


async def test_a_server_that_answers_is_ready(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    server = Server()
    listening = await server.listen(Path("server.sock"))
    assert await ready(folder / "server.sock", 20)
    listening.close()


@pytest.mark.parametrize("target", ["other.sock", "server.sock", "nowhere"])
async def test_a_link_in_its_place_is_not_followed(tmp_path: Path, target: str):
    server = Server()
    listening = await server.listen(tmp_path / "other.sock")
    (tmp_path / "server.sock").symlink_to(target)
    assert not await ready(tmp_path / "server.sock", 0.2)
    assert server.asked == 0
    listening.close()


async def test_what_is_no_socket_is_not_ready(tmp_path: Path):
    (tmp_path / "server.sock").write_text("HTTP/1.1 200 OK")
    assert not await ready(tmp_path / "server.sock", 0.1)
