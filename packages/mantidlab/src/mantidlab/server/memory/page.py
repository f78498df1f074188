"""What memory has ended, kept for the page: it asks when it is loaded, and is told of each event at once.

``GET mantidlab/losses`` returns a list of ``{kernel, at, sentence}``; ``DELETE mantidlab/losses/KERNEL`` forgets one,
when the person has read it. A loss is kept as long as its kernel, so it is found by whoever opens the notebook later.
"""

import json
from collections.abc import Callable, Collection
from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado.web import authenticated

from mantidlab.server.memory.losses import Loss

EVENT = {
    "$id": "https://schema.mantidhub.example/losses/v1",
    "version": "1",
    "title": "Memory was used up, and something of a notebook was ended",
    "type": "object",
    "properties": {"kernel": {"type": "string"}},
    "required": ["kernel"],
}


class LossesOfKernels:
    """The latest loss of each kernel that people have not yet read.

    Parameters
    ----------
    kernels
        Returns the ids of the kernels that there are.
    """

    def __init__(self, kernels: Callable[[], Collection[str]]) -> None:
        self._kernels = kernels
        self._losses: dict[str, Loss] = {}

    def keep(self, kernel: str, loss: Loss) -> None:
        """Keep a loss. That the kernel itself was ended says more than what happens to its programs later."""
        earlier = self._losses.get(kernel)
        if earlier is None or loss.is_kernel or not earlier.is_kernel:
            self._losses[kernel] = loss

    def forget(self, kernel: str) -> None:
        """Forget what a person has read."""
        self._losses.pop(kernel, None)

    def told(self) -> list[dict[str, str]]:
        """Return what there is to tell, for the kernels that there are."""
        kernels = set(self._kernels())
        self._losses = {kernel: loss for kernel, loss in self._losses.items() if kernel in kernels}
        return [
            {"kernel": kernel, "at": loss.at.isoformat(), "sentence": loss.in_words()}
            for kernel, loss in self._losses.items()
        ]


class _LossesHandler(APIHandler):
    auth_resource = "kernels"

    def initialize(self, losses: LossesOfKernels) -> None:
        self._kept = losses

    @authenticated
    @authorized
    async def get(self) -> None:
        self.finish(json.dumps(self._kept.told()))

    @authenticated
    @authorized
    async def delete(self, kernel: str) -> None:
        self._kept.forget(kernel)
        self.set_status(204)
        self.finish()


def offer_losses(server: Any) -> Callable[[str, Loss], None]:
    """Let pages ask this server for losses; return what keeps one of a kernel, and tells the pages that are open."""
    losses = LossesOfKernels(server.kernel_manager.list_kernel_ids)
    address = url_path_join(server.base_url, "mantidlab", "losses")
    shared = {"losses": losses}
    server.web_app.add_handlers(
        ".*$", [(address, _LossesHandler, shared), (f"{address}/([^/]+)", _LossesHandler, shared)]
    )
    server.event_logger.register_event_schema(EVENT)

    def tell(kernel: str, loss: Loss) -> None:
        server.log.warning("Of kernel %s: %s", kernel, loss.in_words())
        losses.keep(kernel, loss)
        server.event_logger.emit(schema_id=EVENT["$id"], data={"kernel": kernel})

    return tell
