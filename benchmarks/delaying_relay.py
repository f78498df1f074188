"""A relay on loopback that holds every byte back for a while, as a long way does, and counts what it passes on.

Chromium's own emulation of slow networks does not hold back websockets, by which kernels talk.
"""

import asyncio
import threading
from dataclasses import dataclass


@dataclass
class Passed:
    """Bytes that went through."""

    to_browser: int = 0
    to_server: int = 0


class DelayingRelay:
    """Listens on a port of its own and passes everything on to another, in a thread of its own.

    Attributes
    ----------
    round_trip
        Seconds that a question and its answer take longer; may be changed at any time.
    """

    def __init__(self, port: int) -> None:
        self.round_trip = 0.0
        self.passed = Passed()
        self._port = port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="relay")

    def __enter__(self) -> "DelayingRelay":
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._connected, "127.0.0.1", 0), self._loop
        ).result()
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(timeout=10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            beyond, towards = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(
            self._pass_on(reader, towards, "to_server"),
            self._pass_on(beyond, writer, "to_browser"),
            return_exceptions=True,
        )

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: str) -> None:
        """Pass bytes on in order, each half a round trip after it came; what comes meanwhile is not held up by it."""
        waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(maxsize=4096)

        async def read() -> None:
            while True:
                try:
                    data = await reader.read(1 << 16)
                except OSError:  # whoever was there has gone
                    data = b""
                await waiting.put((self._loop.time() + self.round_trip / 2, data))
                if not data:
                    return

        reading = asyncio.ensure_future(read())
        try:
            while True:
                due, data = await waiting.get()
                await asyncio.sleep(max(0.0, due - self._loop.time()))
                if not data:
                    return
                setattr(self.passed, way, getattr(self.passed, way) + len(data))
                writer.write(data)
                await writer.drain()
        finally:
            reading.cancel()
            writer.close()
