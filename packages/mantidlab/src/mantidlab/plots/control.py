"""Reads what plots ask on the kernel's control channel, which a thread of its own serves while a cell runs.

ipykernel reads the messages of widgets between two cells. Its control channel takes kinds of messages that are added to
``Kernel.control_handlers``; ours carries the plot's route beside the request, since it is not a message of a widget.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any
from weakref import WeakValueDictionary

MESSAGE = "mantidlab_plot_request"
REPLY = "mantidlab_plot_reply"

log = logging.getLogger("mantidlab.plots")
Plot = Any
_plots: WeakValueDictionary[str, Plot] = WeakValueDictionary()
_kernels: list[Any] = []


def register(route: str, plot: Plot) -> str:
    """Let a plot be asked on the control channel of the kernel that this process is.

    Parameters
    ----------
    route
        By which the browser names it.
    plot
        Its ``receive(message)`` is called in the control thread, and must not block it.

    Returns
    -------
    str
        The type of the messages to send; empty where this process is no kernel, or one without such a channel.
    """
    kernel = _this_kernel()
    if kernel is None:
        return ""
    if kernel not in _kernels:
        kernel.control_handlers[MESSAGE] = _handler(kernel)
        _say_nothing_of_the_status(kernel)
        _kernels.append(kernel)
    _plots[route] = plot
    return MESSAGE


def forget(route: str) -> None:
    """Let a plot no longer be asked."""
    _plots.pop(route, None)


def _this_kernel() -> Any:
    try:
        from ipykernel.kernelbase import Kernel
    except ImportError:
        return None
    kernel = Kernel.instance() if Kernel.initialized() else None
    in_a_thread = getattr(kernel, "control_thread", None) is not None
    return kernel if in_a_thread and hasattr(kernel, "control_handlers") else None


def _handler(kernel: Any) -> Callable[[Any, Any, Mapping[str, Any]], None]:
    def handle(stream: Any, identity: Any, message: Mapping[str, Any]) -> None:
        content = message["content"]
        plot = _plots.get(content["route"])
        receipt = "unknown" if plot is None else "known"
        kernel.session.send(stream, REPLY, {"status": "ok", "receipt": receipt}, parent=message, ident=identity)
        if plot is not None:
            plot.receive(content["request"])

    return handle


def _say_nothing_of_the_status(kernel: Any) -> None:
    """Publish neither "busy" nor "idle" for these messages.

    Whoever listens (JupyterLab, the session's server) does not tell channels apart: after the "idle" of a plot's
    request, a kernel whose cell still runs would be shown as idle, and stopped as one.
    """
    publish = kernel._publish_status

    def publish_unless_ours(status: str, channel: str, parent: Any = None) -> None:
        about = parent or kernel.get_parent(channel) or {}
        if channel != "control" or about.get("header", {}).get("msg_type") != MESSAGE:
            publish(status, channel, parent)

    kernel._publish_status = publish_unless_ours
