"""Hands what plots ask on the kernel's control channel to the plot that is meant.

ipykernel reads the messages of widgets between two cells. Ours on the control channel carry the plot's route beside
the request, since they are not messages of a widget.
"""

from collections.abc import Mapping
from typing import Any
from weakref import WeakValueDictionary

from mantidlab.kernel import channel

MESSAGE = "mantidlab_plot_request"
REPLY = "mantidlab_plot_reply"

Plot = Any
_plots: WeakValueDictionary[str, Plot] = WeakValueDictionary()


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
    kernel = channel.this_kernel()
    if kernel is None:
        return ""
    channel.listen(kernel, MESSAGE, REPLY, _hand_over)
    _plots[route] = plot
    return MESSAGE


def forget(route: str) -> None:
    """Let a plot no longer be asked."""
    _plots.pop(route, None)


def _hand_over(content: Mapping[str, Any]) -> Mapping[str, Any]:
    plot = _plots.get(content["route"])
    if plot is None:
        return {"receipt": "unknown"}
    plot.receive(content["request"])
    return {"receipt": "known"}
