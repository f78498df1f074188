"""Jupyter Server's kernels and their connections to pages, with a keeper who listens to both."""

import json
from typing import Any

from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

from mantidlab.server.outputs.keeper import Keeper
from mantidlab.server.outputs.run import Run

DELIMITER = b"<IDS|MSG>"
GOING_AWAY = 1001
NORMAL = 1000


class KeptKernels(AsyncMappingKernelManager):
    """Listens to each kernel from its start, as the server does already for its activity."""

    keeper: Keeper | None = None

    def start_watching_activity(self, kernel_id: str) -> None:
        """Listen, too."""
        super().start_watching_activity(kernel_id)
        kernel = self.get_kernel(kernel_id)
        kernel._kept_stream = kernel.connect_iopub()
        kernel._kept_stream.on_recv(lambda frames: self._received(kernel_id, frames))
        for event in ("restart", "dead"):
            self.add_restart_callback(kernel_id, lambda: self._ended(kernel_id), event)

    def stop_watching_activity(self, kernel_id: str) -> None:
        """Listen no longer."""
        super().stop_watching_activity(kernel_id)
        stream = getattr(self.get_kernel(kernel_id), "_kept_stream", None)
        if stream is not None and not stream.socket.closed:
            stream.close()

    async def _async_shutdown_kernel(self, kernel_id: str, now: bool = False, restart: bool = False) -> Any:
        if self.keeper is not None:
            await self.keeper.leave(kernel_id)
        return await super()._async_shutdown_kernel(kernel_id, now=now, restart=restart)

    shutdown_kernel = _async_shutdown_kernel

    async def _async_restart_kernel(self, kernel_id: str, now: bool = False) -> Any:
        self._ended(kernel_id)
        return await super()._async_restart_kernel(kernel_id, now=now)

    restart_kernel = _async_restart_kernel

    def _ended(self, kernel_id: str) -> None:
        if self.keeper is not None:
            self.keeper.ended(kernel_id)

    def _received(self, kernel_id: str, frames: list[bytes]) -> None:
        """Pass a message on if it is about a run that is kept; only then is it read."""
        if self.keeper is None:
            return
        _signature, header, parent, _metadata, content = frames[frames.index(DELIMITER) + 1 :][:5]
        request = json.loads(parent).get("msg_id", "")
        if self.keeper.is_kept(kernel_id, request):
            said = json.loads(header)
            self.keeper.answered(kernel_id, request, said["msg_id"], said["msg_type"], json.loads(content))


class KeptConnection(ZMQChannelsWebsocketConnection):
    """Tells the keeper who is there, and which cells they ask to be run."""

    @property
    def _keeper(self) -> Keeper | None:
        return getattr(self.multi_kernel_manager, "keeper", None)

    def connect(self) -> Any:
        """Connect a page."""
        if self._keeper is not None:
            self._keeper.connected(self.kernel_id, self, self.session.session)
        return super().connect()

    def disconnect(self) -> None:
        """Let a page go."""
        closed = getattr(self.websocket_handler, "close_code", None) in {GOING_AWAY, NORMAL}
        if self._keeper is not None:
            self._keeper.disconnected(self.kernel_id, self, closed=closed)
        super().disconnect()
        if closed and self.kernel_id in self.multi_kernel_manager:
            # Jupyter keeps every message for this page, which does not come back.
            self.multi_kernel_manager.stop_buffering(self.kernel_id)

    def handle_incoming_message(self, incoming_msg: Any) -> None:
        """Pass on what a page sends."""
        run = None if self._keeper is None else self._asked_run(incoming_msg)
        if run is not None and self._keeper is not None:
            self._keeper.asked(self.kernel_id, run)
        super().handle_incoming_message(incoming_msg)

    def _asked_run(self, message: Any) -> Run | None:
        """Return the run that a message asks for, if it does and a notebook's cell is meant."""
        if self.subprotocol == "v1.kernel.websocket.jupyter.org":
            channel, parts = deserialize_msg_from_ws_v1(message)
            header = json.loads(parts[0])
            if channel != "shell" or header["msg_type"] != "execute_request":
                return None
            metadata, content = json.loads(parts[2]), json.loads(parts[3])
        elif isinstance(message, str) and '"execute_request"' in message:
            whole = json.loads(message)
            header, metadata, content = whole["header"], whole.get("metadata", {}), whole["content"]
            if whole.get("channel", "shell") != "shell" or header["msg_type"] != "execute_request":
                return None
        else:
            return None
        if "cellId" not in metadata:
            return None
        return Run(header["msg_id"], session=self.session.session, cell=metadata["cellId"], code=content["code"])
