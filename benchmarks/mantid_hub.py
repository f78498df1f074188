"""MantidHub as the benchmark sees it: started with the command that people use, driven through the hub's API."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from platforms import BenchmarkFailed, JupyterHubPlatform

MANTIDHUB = Path(sys.executable).parent / "mantidhub"
PRINTED_ADDRESS = re.compile(r"https?://[^\s/]+")
PATIENCE = 900
"""Seconds; the first start builds the environment."""


@asynccontextmanager
async def mantid_hub(state: Path, token_file: Path) -> AsyncIterator[JupyterHubPlatform]:
    """Run ``mantidhub up`` with a state folder of its own.

    Parameters
    ----------
    state
        The state folder.
    token_file
        Where the hub's API token for the benchmark lies once the hub is up.
    """
    process = await asyncio.create_subprocess_exec(
        MANTIDHUB, "up", "--state", state, "--host", "127.0.0.1", "--port", "0",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    reading: asyncio.Task[None] | None = None
    try:
        async with asyncio.timeout(PATIENCE):
            address = await _printed_address(process)
            reading = asyncio.create_task(_drain(process))
            platform = running(address, token_file)
            while not await platform.answers():
                await asyncio.sleep(0.1)
        yield platform
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        if reading is not None:
            await reading


def running(address: str, token_file: Path) -> JupyterHubPlatform:
    """Use a MantidHub that runs already."""
    try:
        token = token_file.read_text().strip()
    except OSError as missing:
        raise BenchmarkFailed(
            f"The benchmark needs an API token of MantidHub's hub in {token_file}: {missing}"
        ) from None
    return JupyterHubPlatform("MantidHub", address, token)


async def _printed_address(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    said = []
    async for line in process.stdout:
        said.append(line.decode(errors="replace").rstrip())
        if found := PRINTED_ADDRESS.search(said[-1]):
            return found[0]
    raise BenchmarkFailed("`mantidhub up` ended without an address. It said:\n    " + "\n    ".join(said[-10:]))


async def _drain(process: asyncio.subprocess.Process) -> None:
    assert process.stdout is not None
    async for _ in process.stdout:
        pass
