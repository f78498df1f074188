"""What is measured: a running platform on which a user's session can be started and stopped.

Both platforms are JupyterHubs, so one class drives both through JupyterHub's REST API, and both are timed alike.
"""

import asyncio
import json
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

import aiohttp

PATIENCE = timedelta(minutes=3)
POLL = timedelta(milliseconds=10)


class BenchmarkFailed(Exception):
    """A platform did not do what was to be measured."""


@dataclass(frozen=True)
class Start:
    """One start of a session; all times in seconds since the request was sent.

    Attributes
    ----------
    ready
        When the hub says that the session is ready.
    reachable
        When the session's server answers through the public port; never before ``ready``.
    messages
        What the hub told the waiting user, and when.
    """

    user: str
    ready: float
    reachable: float
    messages: list[tuple[float, str]] = field(default_factory=list)


class Platform(Protocol):
    """A platform that can be measured."""

    name: str

    async def prepare(self, user: str) -> None:
        """Make the user known, so that this is not part of the start."""

    async def request_start(self, user: str) -> Start:
        """Start the user's session and return when it is reachable."""

    async def stop(self, user: str) -> None:
        """Stop the user's session and return when it is gone."""


class JupyterHubPlatform:
    """Any running JupyterHub.

    Parameters
    ----------
    name
        What the report calls it.
    url
        The public address, without the path.
    token
        An API token that may administer users and servers.
    """

    def __init__(self, name: str, url: str, token: str) -> None:
        self.name = name
        self.url = url.rstrip("/")
        self._headers = {"Authorization": f"token {token}"}

    async def prepare(self, user: str) -> None:
        """Make the user known."""
        async with self._client() as client, client.post(f"{self._api(user)}") as answer:
            if answer.status not in {201, 409}:
                raise await self._failed(f"creating the user {user}", answer)

    async def request_start(self, user: str) -> Start:
        """Start the user's session and return when it is reachable."""
        async with self._client() as client:
            began = time.perf_counter()
            messages: list[tuple[float, str]] = []
            async with asyncio.timeout(PATIENCE.total_seconds()):
                watching = asyncio.create_task(self._watch(client, user, began, messages))
                async with client.post(f"{self._api(user)}/server") as answer:
                    if answer.status not in {201, 202}:
                        watching.cancel()
                        raise await self._failed(f"starting the session of {user}", answer)
                    # 201: it is ready; 202: it takes longer than the hub lets a request wait
                    ready = time.perf_counter() - began if answer.status == 201 else None
                last = await watching
                ready = last if ready is None else ready
                while not await self._answers(client, user):
                    await asyncio.sleep(POLL.total_seconds())
                reachable = time.perf_counter() - began
        return Start(user, ready, reachable, messages)

    async def stop(self, user: str) -> None:
        """Stop the user's session and return when it is gone."""
        async with self._client() as client, asyncio.timeout(PATIENCE.total_seconds()):
            async with client.delete(f"{self._api(user)}/server") as answer:
                if answer.status not in {202, 204}:
                    raise await self._failed(f"stopping the session of {user}", answer)
            while True:
                async with client.get(self._api(user)) as answer:
                    if not (await answer.json())["servers"]:
                        return
                await asyncio.sleep(0.1)

    async def answers(self) -> bool:
        """Say whether the hub itself is up."""
        async with self._client() as client:
            try:
                async with client.get(f"{self.url}/hub/api/") as answer:
                    return answer.status == 200
            except aiohttp.ClientError:
                return False

    async def _watch(
        self, client: aiohttp.ClientSession, user: str, began: float, messages: list[tuple[float, str]]
    ) -> float:
        """Note what the hub tells about the start, and return when it said that the session is ready."""
        while True:
            async with client.get(f"{self._api(user)}/server/progress") as answer:
                if answer.status != 200:  # the start has not begun yet
                    await asyncio.sleep(POLL.total_seconds())
                    continue
                async for line in answer.content:
                    kind, _, data = line.decode().partition(":")
                    if kind != "data":
                        continue
                    event = json.loads(data)
                    messages.append((round(time.perf_counter() - began, 4), event.get("message", "")))
                    if event.get("failed"):
                        raise BenchmarkFailed(f"The session of {user} on {self.name} failed: {event.get('message')}")
                    if event.get("ready"):
                        return time.perf_counter() - began

    async def _answers(self, client: aiohttp.ClientSession, user: str) -> bool:
        async with client.get(f"{self.url}/user/{user}/api", allow_redirects=False) as answer:
            return answer.status == 200

    async def _failed(self, what: str, answer: aiohttp.ClientResponse) -> BenchmarkFailed:
        return BenchmarkFailed(f"{self.name}: {what} was answered with {answer.status}: {(await answer.text())[:500]}")

    def _api(self, user: str) -> str:
        return f"{self.url}/hub/api/users/{user}"

    def _client(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(headers=self._headers)
