"""MantidHub as the benchmark sees it: started with the command that people use, driven through the hub's API."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from platforms import JupyterHubPlatform
from support.person import Person
from support.platform import Platform as RunningMantidHub


class MantidHub(JupyterHubPlatform):
    """A MantidHub of our own, used with the administrator's token."""

    def __init__(self, running: RunningMantidHub) -> None:
        administrator = Person.from_link(running.administrators_link, "admin")
        super().__init__("MantidHub", running.address, administrator.token)
        self._running = running

    async def prepare(self, user: str) -> None:
        """Add the account, then make the user known to the hub."""
        await asyncio.to_thread(self._running.invite, user)
        await super().prepare(user)


@asynccontextmanager
async def mantid_hub(state: Path, *options: str) -> AsyncIterator[MantidHub]:
    """Run ``mantidhub up`` with a state folder of its own, which is made anew."""
    running = RunningMantidHub(state, options)
    await asyncio.to_thread(running.start)
    try:
        yield await asyncio.to_thread(MantidHub, running)
    finally:
        await asyncio.to_thread(running.stop)
