"""A person at work: keeps saving notebooks and appending to a variable of a kernel, and notes what was acknowledged."""

import asyncio
import contextlib
import json
import uuid
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

PERIOD = 0.5
"""Seconds between two saves, and between two cells, of one person."""
ANSWER_LIMIT = 20
"""Seconds after which a save or a cell without an answer counts as not acknowledged."""
FILES = 5
"""Notebooks that each person saves in turn: what is lost of one is not covered at once by a later save."""
OUTPUT_SIZE = 100_000
"""Characters of output in each notebook: a save that takes long enough to be killed within."""
NOT_ANSWERED = (aiohttp.ClientError, OSError, TimeoutError, ValueError)


class NoKernel(Exception):
    """The kernel is gone, or has lost its memory."""


@dataclass
class Acknowledged:
    """What a person may rely on: the last acknowledged version of each notebook, and the numbers that the kernel took.

    ``saves`` counts all acknowledged saves of the round.
    """

    versions: dict[str, int] = field(default_factory=dict)
    saves: int = 0
    numbers: list[int] = field(default_factory=list)


class Worker:
    """One person, signed in, with a session and a kernel in it."""

    def __init__(self, address: str, name: str, token: str, home: Path) -> None:
        self.name = name
        self.acknowledged = Acknowledged()
        self.kernel = ""
        self._address = address
        self._home = home
        self._count = 0
        self._tried: list[int] = []
        self.web = aiohttp.ClientSession(headers={"Authorization": f"token {token}"})
        self._working = asyncio.Event()
        self._turns = (asyncio.Lock(), asyncio.Lock())
        self._tasks: list[asyncio.Task[None]] = []

    async def close(self) -> None:
        """End the work for good."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.web.close()

    async def begin(self) -> None:
        """Take an empty list in the kernel, and work until paused."""
        self._tried, self.acknowledged.numbers, self.acknowledged.saves = [], [], 0
        async with self._channels() as channels:
            await channels.run("seen = []")
        self._working.set()
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._keep_saving()), asyncio.create_task(self._keep_appending())]

    async def pause(self) -> None:
        """Stop working; return when what was sent has been answered or given up."""
        self._working.clear()
        for turn in self._turns:
            async with turn:
                pass

    async def start_session(self) -> int:
        """Ask the hub for the session; return the status of its answer."""
        return await self._ask("POST", f"/hub/api/users/{self.name}/server", json={})

    async def stop_session(self) -> int:
        """Ask the hub to stop the session; return the status of its answer."""
        return await self._ask("DELETE", f"/hub/api/users/{self.name}/server")

    async def answers(self) -> bool:
        """Tell whether the session answers through the edge."""
        try:
            return await self._ask("GET", f"/user/{self.name}/api/status", limit=10) == 200
        except NOT_ANSWERED:
            return False

    async def open_kernel(self) -> None:
        """Start a kernel."""
        async with (
            asyncio.timeout(60),
            self.web.post(f"{self._address}/user/{self.name}/api/kernels", json={"name": "python3"}) as answer,
        ):
            if answer.status != 201:
                raise NoKernel(f"{self.name}'s server answered {answer.status} to the request for a kernel")
            self.kernel = (await answer.json())["id"]

    def lost_saves(self) -> list[str]:
        """Compare the notebooks on the disk with what was acknowledged; a sentence for each that is behind."""
        return [
            f"{self.name}/{file}: version {version} was acknowledged, the disk has {found}"
            for file, version in list(self.acknowledged.versions.items())
            if not isinstance(found := self._version_on_disk(file), int) or found < version
        ]

    async def lost_numbers(self) -> list[int]:
        """Return the acknowledged numbers that the kernel does not have any more.

        Raises
        ------
        NoKernel
            If there is no such kernel, or not with this memory.
        """
        async with asyncio.timeout(60):
            if await self._ask("GET", f"/user/{self.name}/api/kernels/{self.kernel}") != 200:
                raise NoKernel(f"{self.name}'s kernel is gone")
            async with self._channels() as channels:
                printed = await channels.run("import json; print(json.dumps(seen))")
        seen = json.loads(printed)
        if not set(seen) <= set(self._tried) or seen != sorted(set(seen)):
            raise NoKernel(f"{self.name}'s kernel has numbers that were not sent, or twice, or in another order")
        return sorted(set(self.acknowledged.numbers) - set(seen))

    def _version_on_disk(self, file: str) -> int | str:
        try:
            return int(json.loads((self._home / file).read_text())["metadata"]["version"])
        except (OSError, ValueError, KeyError) as problem:
            return f"no whole notebook ({type(problem).__name__}: {problem})"

    async def _keep_saving(self) -> None:
        await self._keep(self._turns[0], self._save)

    async def _keep_appending(self) -> None:
        while True:
            await self._working.wait()
            with contextlib.suppress(NoKernel, *NOT_ANSWERED):
                async with self._channels() as channels:
                    while self._working.is_set():
                        async with self._turns[1]:
                            await self._append(channels)
                        await asyncio.sleep(PERIOD)
            await asyncio.sleep(PERIOD)

    async def _keep(self, turn: asyncio.Lock, act: Any) -> None:
        while True:
            await self._working.wait()
            async with turn:
                if self._working.is_set():
                    with contextlib.suppress(*NOT_ANSWERED):
                        await act()
            await asyncio.sleep(PERIOD)

    async def _save(self) -> None:
        self._count += 1
        version, file = self._count, f"work-{self._count % FILES}.ipynb"
        body = {"type": "notebook", "format": "json", "content": _notebook(version)}
        status = await self._ask("PUT", f"/user/{self.name}/api/contents/{file}", json=body)
        if status in {200, 201}:
            self.acknowledged.versions[file] = version
            self.acknowledged.saves += 1

    async def _append(self, channels: "Channels") -> None:
        number = len(self._tried)
        self._tried.append(number)
        await channels.run(f"seen.append({number})")
        self.acknowledged.numbers.append(number)

    async def _ask(self, method: str, path: str, *, limit: float = ANSWER_LIMIT, **options: Any) -> int:
        async with asyncio.timeout(limit), self.web.request(method, self._address + path, **options) as answer:
            await answer.read()
            return answer.status

    @contextlib.asynccontextmanager
    async def _channels(self) -> AsyncIterator["Channels"]:
        address = self._address.replace("http", "ws", 1)
        opening = self.web.ws_connect(
            f"{address}/user/{self.name}/api/kernels/{self.kernel}/channels", max_msg_size=0, heartbeat=10
        )
        socket = await asyncio.wait_for(opening, ANSWER_LIMIT)
        try:
            yield Channels(socket)
        finally:
            await _within(2, socket.close())


class Channels:
    """The connection to a kernel, as a browser's tab holds it."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def run(self, code: str) -> str:
        """Run a cell; return what it printed when both its reply and the end of its output have come.

        Raises
        ------
        NoKernel
            If the cell failed: a kernel that was started anew knows no variable.
        """
        message = uuid.uuid4().hex
        header = {"msg_id": message, "username": "", "session": message, "msg_type": "execute_request", "date": ""}
        content = {"code": code, "silent": False, "store_history": False, "stop_on_error": True, "allow_stdin": False}
        body = {"header": {**header, "version": "5.3"}, "parent_header": {}, "metadata": {}, "content": content}
        await self._socket.send_json({**body, "channel": "shell"})
        printed, waiting = "", {"reply", "idle"}
        async with asyncio.timeout(ANSWER_LIMIT):
            while waiting:
                received = json.loads(await self._socket.receive_str())
                if received.get("parent_header", {}).get("msg_id") != message:
                    continue
                kind, content = received["header"]["msg_type"], received["content"]
                if kind == "stream":
                    printed += content["text"]
                elif kind == "status" and content["execution_state"] == "idle":
                    waiting.discard("idle")
                elif kind == "execute_reply":
                    if content["status"] != "ok":
                        raise NoKernel(f"the cell {code!r} failed: {content.get('evalue')}")
                    waiting.discard("reply")
        return printed


async def _within(seconds: float, closing: Coroutine[Any, Any, object]) -> None:
    with contextlib.suppress(*NOT_ANSWERED):
        await asyncio.wait_for(closing, seconds)


def _notebook(version: int) -> dict[str, Any]:
    output = {"output_type": "stream", "name": "stdout", "text": f"{version:9d}\n" * (OUTPUT_SIZE // 10)}
    cell = {
        "cell_type": "code",
        "id": "c0",
        "metadata": {},
        "source": f"print({version})",
        "execution_count": None,
        "outputs": [output],
    }
    kernel = {"name": "python3", "display_name": "python3", "language": "python"}
    metadata = {"kernelspec": kernel, "version": version}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": [cell]}
