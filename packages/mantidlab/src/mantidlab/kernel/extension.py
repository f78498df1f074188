"""Lets a kernel be asked by panels: at its start, as an extension of IPython, or later by `start`."""

import importlib
import threading
from typing import Any

from mantidlab.kernel import between, cells, channel, rooms
from mantidlab.kernel.keeping import places
from mantidlab.kernel.mantid_arrives import when_mantid_arrives
from mantidlab.kernel.running import stopping
from mantidlab.kernel.server_log import log_to_the_server


def start() -> bool:
    """Let panels ask this kernel. A second call changes nothing.

    Kernels of a MantidHub session do it at their start; others (a kernel that someone installed in a home, a JupyterLab
    elsewhere) when this is called.

    Returns
    -------
    bool
        Whether panels can ask: False where this process is no kernel, or one without a control thread.
    """
    kernel = channel.this_kernel()
    if kernel is None:
        return False
    if rooms.MESSAGE not in kernel.control_handlers:
        channel.listen(kernel, rooms.MESSAGE, rooms.REPLY, rooms.ask)
        log_to_the_server()
        cells.watch_cells(kernel)
        cells.at_end(between.work)
        if threading.current_thread() is threading.main_thread():
            heard = stopping.let_it_be_stopped(kernel)
            when_mantid_arrives(lambda: _show_algorithms(*heard))
            _return_what_was_kept(kernel)
    return True


def _return_what_was_kept(kernel: Any) -> None:
    folder = places.folder_of_this_kernel()
    if folder is not None and folder.is_dir():
        importlib.import_module("mantidlab.kernel.keeping.returning").begin(kernel, folder)


def _show_algorithms(*heard: Any) -> None:
    # Needs NumPy, which takes longer than a kernel's start may; whoever has imported Mantid has it.
    importlib.import_module("mantidlab.kernel.running.mantid_algorithms").show_algorithms(*heard)


@rooms.answers("kernel", "hello")
def hello(_: rooms.Content) -> rooms.Content:
    """Say which rooms panels can ask here."""
    return {"rooms": sorted(rooms.MODULES)}


def load_ipython_extension(shell: Any) -> None:
    """Do what `start` does when IPython loads this package as an extension."""
    start()
