"""Kinds of messages of our own on the kernel's control channel, which a thread of its own serves while a cell runs.

ipykernel takes further kinds in ``Kernel.control_handlers``. Whoever listens to a kernel (JupyterLab, the session's
server) does not tell channels apart: after the "idle" of a request that was answered beside a running cell, the kernel
would be shown as idle, and be stopped as an idle one. So the kernel publishes no status for these messages.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

Content: TypeAlias = Mapping[str, Any]
Handler: TypeAlias = Callable[[Content], Content]

_without_status: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


def this_kernel() -> Any:
    """Return the kernel that this process is, or None where it is none with a control channel in its own thread."""
    try:
        from ipykernel.kernelbase import Kernel
    except ImportError:
        return None
    kernel = Kernel.instance() if Kernel.initialized() else None
    in_a_thread = getattr(kernel, "control_thread", None) is not None
    return kernel if in_a_thread and hasattr(kernel, "control_handlers") else None


def listen(kernel: Any, request: str, reply: str, handler: Handler) -> None:
    """Let a kind of message on the control channel be answered. A second call for the same kind changes nothing.

    Parameters
    ----------
    kernel
        As `this_kernel` returns it.
    request, reply
        The types of the messages.
    handler
        Gets the content of the request and returns that of the reply, in the control thread, which it must not block.
    """
    if request in kernel.control_handlers:
        return

    def handle(stream: Any, identity: Any, message: Mapping[str, Any]) -> None:
        content = {"status": "ok", **handler(message["content"])}
        kernel.session.send(stream, reply, content, parent=message, ident=identity)

    kernel.control_handlers[request] = handle
    say_nothing_of_the_status(kernel, request)


def say_nothing_of_the_status(kernel: Any, request: str) -> None:
    """Publish neither "busy" nor "idle" for a kind of message on the control channel."""
    silent = _without_status.get(kernel)
    if silent is not None:
        silent.add(request)
        return
    silent = _without_status[kernel] = {request}
    publish = kernel._publish_status

    def publish_unless_ours(status: str, channel: str, parent: Any = None) -> None:
        about = parent or kernel.get_parent(channel) or {}
        if channel != "control" or about.get("header", {}).get("msg_type") not in silent:
            publish(status, channel, parent)

    kernel._publish_status = publish_unless_ours


def publish(kernel: Any, kind: str, content: Content, buffers: Sequence[Any] = (), parent: Any = None) -> None:
    """Send everybody who listens to the kernel a message. May be called from any thread.

    Texts that cannot be encoded, such as a name out of a broken file, are sent with marks in place of what is wrong in
    them: the rest of the message is worth more.
    """

    def send(content: Content) -> None:
        kernel.session.send(
            kernel.iopub_socket, kind, dict(content), parent=parent, ident=kind.encode(), buffers=list(buffers) or None
        )

    try:
        send(content)
    except UnicodeEncodeError:
        send({key: _encodable(value) for key, value in content.items()})


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", errors="replace").decode("utf-8")
    if isinstance(value, Mapping):
        return {_encodable(key): _encodable(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_encodable(part) for part in value]
    return value
