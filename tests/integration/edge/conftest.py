"""A running edge, and a browser, for the tests here."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from support.edge import Edge, telling


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    edge = Edge(tmp_path)
    await edge.serve(edge.settings.hub, telling("hub"))
    edge.start()
    yield edge
    await edge.close()


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
        yield session
