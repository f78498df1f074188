"""A controller that goes away is asked again, as long as patience lasts."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from mantidhub.errors import ControllerUnreachable
from mantidhub.sessions.client import ControllerClient


class Controller:
    """Goes away over the first questions, and answers the later ones with 204."""

    def __init__(self, *, gone: int) -> None:
        self.gone = gone
        self.asked: list[str] = []

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = (await reader.readline()).decode().rsplit(" ", 1)[0]
        if asked:  # whoever only looks whether somebody listens says nothing
            self.asked.append(asked)
            if len(self.asked) > self.gone:
                writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        writer.close()


@pytest.fixture
async def controller(tmp_path: Path) -> AsyncIterator[Controller]:
    controller = Controller(gone=5)
    server = await asyncio.start_unix_server(controller.answer, tmp_path / "controller.sock")
    yield controller
    server.close()


async def test_a_stop_is_asked_again(controller: Controller, tmp_path: Path):
    client = ControllerClient(tmp_path / "controller.sock", patience=timedelta(seconds=20))
    await client.stop("alice")
    assert controller.asked == ["DELETE /sessions/alice?now=0"] * 6


async def test_without_patience_it_is_asked_once(controller: Controller, tmp_path: Path):
    with pytest.raises(ControllerUnreachable, match="does not answer"):
        await ControllerClient(tmp_path / "controller.sock").stop("alice")
    assert len(controller.asked) <= 2, "aiohttp by itself asks once more"
