"""A running edge for tests: a real Caddy in front of small servers on Unix sockets."""

import asyncio
import json
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
from aiohttp import web

from mantidhub.edge.caddyfile import EdgeSettings, caddyfile
from mantidhub.edge.command import edge_command, find_caddy
from mantidhub.edge.listener import open_listener
from mantidhub.edge.routes import Routes

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Edge:
    """A running Caddy with its listening socket, its folder of routes and a hub behind it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("routes", "sockets", "state"):
            (folder / name).mkdir()
        self.listener = open_listener("127.0.0.1", 0)
        self.port: int = self.listener.getsockname()[1]
        self.settings = EdgeSettings(
            port=self.port,
            routes=folder / "routes",
            hub=folder / "hub.sock",
            access_log=folder / "access.json",
            descriptor=self.listener.fileno(),
        )
        self.routes = Routes(self.settings.routes)
        self.url = f"http://127.0.0.1:{self.port}"
        self.caddy: subprocess.Popen[bytes] | None = None
        self._runners: list[web.AppRunner] = []

    def start(self) -> None:
        configuration = self.folder / "Caddyfile"
        configuration.write_text(caddyfile(self.settings))
        command = edge_command(
            self.settings,
            caddy=find_caddy(),
            configuration=configuration,
            state=self.folder / "state",
            secret="known-to-edge-and-hub",
        )
        self.caddy = subprocess.Popen(
            command.arguments,
            env=command.environment,
            cwd=command.folder,
            pass_fds=(self.listener.fileno(),),
            stderr=(self.folder / "messages").open("ab"),
        )

    def kill(self) -> None:
        assert self.caddy is not None
        self.caddy.kill()
        self.caddy.wait()

    async def serve(self, path: Path, handler: Handler, *, backlog: int = 128) -> web.AppRunner:
        """Answer requests on a socket."""
        application = web.Application(client_max_size=0)
        application.router.add_route("*", "/{rest:.*}", handler)
        runner = web.AppRunner(application, shutdown_timeout=0)
        await runner.setup()
        await web.UnixSite(runner, str(path), backlog=backlog).start()
        self._runners.append(runner)
        return runner

    async def session(self, key: str, handler: Handler | None = None) -> web.AppRunner:
        """Start a session of this key and add its route."""
        path = self.folder / "sockets" / f"{key}.{len(self._runners)}"
        runner = await self.serve(path, handler or telling(key))
        self.routes.add(key, path)
        return runner

    def requests_logged(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.settings.access_log.read_text().splitlines()]

    async def close(self) -> None:
        if self.caddy is not None:
            self.kill()
        self.listener.close()
        for runner in self._runners:
            await runner.cleanup()


def telling(who: str) -> Handler:
    """Make a handler that answers who it is and what it received."""

    async def handler(request: web.Request) -> web.StreamResponse:
        size = 0
        async for piece in request.content.iter_chunked(1 << 20):
            size += len(piece)
        headers = {name.lower(): value for name, value in request.headers.items()}
        return web.json_response({"who": who, "path": request.raw_path, "headers": headers, "size": size})

    return handler


async def ask(edge: Edge, path: str, *headers: str) -> dict[str, object]:
    """Send a path exactly as written, and return what the server behind the edge received."""
    reader, writer = await asyncio.open_connection("127.0.0.1", edge.port)
    lines = [f"GET {path} HTTP/1.1", "Host: hub.example", "Connection: close", *headers, "", ""]
    writer.write("\r\n".join(lines).encode())
    answer = await reader.read()
    writer.close()
    return json.loads(answer.partition(b"\r\n\r\n")[2])


async def who_answers(browser: aiohttp.ClientSession, url: str, body: bytes | None = None) -> str:
    async with browser.request("GET" if body is None else "POST", url, data=body) as answer:
        assert answer.status == 200
        return (await answer.json())["who"]
