"""Imports in a thread beside the person's cells, such that neither sees a module that the other has half made.

Python locks each module while it is imported. Of two threads that import packages which import each other's parts, one
is given a module that is not complete, and fails; that one can be the person's. So here an import waits until no other
thread imports, and holds the lock that every further import needs to begin.
"""

import _imp
import importlib
import importlib.util
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

from mantidlab.kernel.errors import KernelError

STEP = 0.01
PATIENCE = 30.0
"""Seconds to wait for imports of others: a module that computes when it is imported takes its time."""

Result = TypeVar("Result")


def import_if_there(module: str) -> None:
    """Import a module of ours, if this environment has it. In any thread.

    Raises
    ------
    KernelError
        Other threads did nothing but import for half a minute.
    """
    if module not in sys.modules:
        _alone(lambda: _import_if_there(module))


def _import_if_there(module: str) -> None:
    package = module.rpartition(".")[0]
    if importlib.util.find_spec(package) is not None and importlib.util.find_spec(module) is not None:
        importlib.import_module(module)


def _alone(act: Callable[[], Result]) -> Result:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        _imp.acquire_lock()
        try:
            if not _others_import():
                return act()
        finally:
            _imp.release_lock()
        time.sleep(STEP)
    raise KernelError("The kernel is importing something and does nothing else meanwhile. Try again when it is done.")


def _others_import() -> bool:
    own = threading.get_ident()
    return any(_imports(frame) for thread, frame in sys._current_frames().items() if thread != own)


def _imports(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return True
        frame = frame.f_back
    return False
