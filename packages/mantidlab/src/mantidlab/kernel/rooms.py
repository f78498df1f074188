"""What panels ask of a kernel: found by room and kind, answered by one thread for each room, beside the running cell.

A request comes on the control channel as ``mantidlab_request`` with ``{id, room, kind, params}``. Its receipt comes at
once (``mantidlab_reply``: known or unknown), the answer as ``mantidlab_push`` with ``{answer_to: id}`` and a content,
an error, or that a newer request with the same key (``latest``) has taken its place.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future
from typing import Any, TypeAlias, TypeVar

from mantidlab.kernel import channel
from mantidlab.kernel.errors import KernelError, sentence_of
from mantidlab.kernel.importing import import_if_there
from mantidlab.kernel.pushes import MESSAGE as ANSWER
from mantidlab.kernel.requests import Request, Requests

MESSAGE = "mantidlab_request"
REPLY = "mantidlab_reply"
MODULES: Mapping[str, tuple[str, ...]] = {
    "forms": ("mantidlab.forms.in_kernel",),
    "interfaces": ("mantidlab.interfaces.in_kernel",),
    "running": ("mantidlab.kernel.running.in_kernel",),
    "workspaces": ("mantidlab.kernel.inventory.in_kernel", "mantidlab.workspaces.in_kernel"),
}
"""Which modules answer a room; they are imported with the first request of the room, in the room's thread."""

Content: TypeAlias = Mapping[str, Any]
Answering: TypeAlias = Callable[[Content], "Content | Future[Content]"]
Method = TypeVar("Method", bound=Callable[..., Any])

log = logging.getLogger("mantidlab.kernel")
_answering: dict[tuple[str, str], Answering] = {}
_requests: dict[str, Requests] = {}
_opening = threading.Lock()


def answers(room: str, kind: str) -> Callable[[Method], Method]:
    """Let a function answer the requests of a room and kind.

    It gets the parameters and returns what JSON can hold, or a future of that, such as `between_cells` returns: then
    the room's thread goes on. It runs in that thread, while the person's cells run in another, so it only reads; what
    asks Mantid goes through `between_cells`. Errors of the package's own classes reach the person as their sentence.
    """

    def register(function: Method) -> Method:
        _answering[room, kind] = function
        return function

    return register


def ask(content: Content) -> Content:
    """Take a request; it is answered in its room's thread. Never blocks for long.

    Returns
    -------
    Mapping
        The receipt: ``known``, or ``unknown`` where nobody answers for such a room.
    """
    room = str(content["room"])
    known = room in MODULES or any(room == answered for answered, _ in _answering)
    if known:
        with _opening:
            if room not in _requests:
                _requests[room] = Requests(
                    lambda request: _answer(room, request), _superseded, name=f"mantidlab-{room}"
                )
        _requests[room].put(Request.from_message(content))
    return {"receipt": "known" if known else "unknown"}


def _answer(room: str, request: Request) -> None:
    try:
        answer = _found(room, request.kind)(request.parameters)
    except Exception as problem:  # noqa: BLE001  (whatever it is, somebody waits for an answer)
        _tell(request, error=sentence_of(problem))
        return
    if isinstance(answer, Future):
        answer.add_done_callback(lambda future: _tell_outcome(request, future))
    else:
        _tell_content(request, answer)


def _found(room: str, kind: str) -> Answering:
    if (room, kind) not in _answering and room in MODULES:
        for module in MODULES[room]:
            import_if_there(module)
    try:
        return _answering[room, kind]
    except KeyError:
        raise KernelError(
            f"This kernel's environment does not know the request {room}/{kind}; it may be older than the page. Take "
            "a newer environment, or do it in a cell."
        ) from None


def _tell_outcome(request: Request, future: "Future[Content]") -> None:
    try:
        answer = future.result()
    except (Exception, CancelledError) as problem:  # noqa: BLE001  (as above)
        _tell(request, error=sentence_of(problem))
    else:
        _tell_content(request, answer)


def _tell_content(request: Request, content: Content) -> None:
    try:
        _tell(request, content=dict(content))
    except Exception as problem:  # noqa: BLE001  (what JSON cannot hold)
        _tell(request, error=sentence_of(problem))


def _superseded(request: Request) -> None:
    _tell(request, superseded=True)


def _tell(request: Request, **said: Any) -> None:
    kernel = channel.this_kernel()
    if kernel is not None:
        channel.publish(kernel, ANSWER, {"answer_to": request.id, **said})
