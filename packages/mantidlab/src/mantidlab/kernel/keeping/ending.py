"""Ends what nothing can interrupt: a copy of the kernel writes its variables, and the kernel itself is restarted.

The page restarts it as always, by the server, so that the kernel's owner, other pages and whoever keeps outputs know.
Since the main thread computes, it would be killed after some seconds only; here it goes as soon as it is asked to.
"""

import linecache
import os
import sys
import textwrap
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Any

from mantidlab.kernel import cells, channel
from mantidlab.kernel.errors import KernelError
from mantidlab.kernel.inventory.describing import describe
from mantidlab.kernel.keeping import places
from mantidlab.kernel.keeping.definitions import names_in
from mantidlab.kernel.keeping.forking import PROBES, CannotCopy, copy_process
from mantidlab.kernel.keeping.report import in_words
from mantidlab.kernel.keeping.writing import Keeping, persons_names

GOES_BY_ITSELF = 10.0
"""Seconds after which the kernel ends though nobody restarted it: its owner does then."""
SECONDS_TO_LOOK = 0.2
"""For the sizes of variables, of which there may be thousands."""
REPLY_LEAVES = 0.1
"""Seconds for what was sent to leave the process."""

_begun = threading.Lock()


def offer() -> Mapping[str, Any] | None:
    """Return what would be kept, and for what there is no room; None where nothing can be kept.

    Returns
    -------
    Mapping
        ``items`` and ``memory`` (bytes) that would be kept, and a ``sentence``.
    """
    kernel = channel.this_kernel()
    if kernel is None or not PROBES or places.folder_of_this_kernel() is None:
        return None
    sizes = _sizes(kernel.shell)
    room = places.room_for_bytes()
    names = sorted(persons_names(kernel.shell), key=lambda name: sizes.get(name, 0))
    left, memory = [], 0
    for name in names:
        size = sizes.get(name, 0)
        if memory + size > room:
            left.append(name)
        else:
            memory += size
    items = len(names) - len(left)
    sentence = (
        f"Stopping it and keeping what there is ends it now too, and starts the kernel anew with {items} "
        f"variable{'' if items == 1 else 's'} ({memory / 1e6:.0f} MB, which your home holds for the moment)"
    )
    sentence += f", but without {in_words(left)}, for which the disk has no room." if left else "."
    return {"items": items, "memory": memory, "left": left, "sentence": sentence}


def keep_and_end() -> dict[str, Any]:
    """Have the variables written by a copy of this kernel, and let it end when its owner says so.

    Returns
    -------
    dict
        ``ends``: False where the cell has ended meanwhile, and nothing was done.

    Raises
    ------
    KernelError
        The kernel cannot be copied, or its variables cannot be written; it goes on as before.
    """
    kernel, folder = channel.this_kernel(), places.folder_of_this_kernel()
    if kernel is None or folder is None or not PROBES:
        raise KernelError("What this kernel holds cannot be kept: no server of Jupyter's has started it.")
    if not cells.cell_runs():
        return {"ends": False}
    if not _begun.acquire(blocking=False):
        return {"ends": True}
    try:
        _copy(kernel, folder)
    except (OSError, CannotCopy) as problem:
        _begun.release()
        raise KernelError(
            f"What the kernel holds could not be kept: {problem}. It goes on as before. Wait for the line's end, or "
            "restart the kernel, which loses its variables."
        ) from problem
    _end_when_told(kernel)
    return {"ends": True}


def _copy(kernel: Any, folder: Path) -> None:
    shell = kernel.shell
    keeping = Keeping(shell, folder, room=places.room_for_bytes(), sizes=_sizes(shell), in_use=_in_use(shell.user_ns))
    places.make(folder)
    child = copy_process(keeping.write, PROBES[-1])
    (folder / places.WRITER).write_text(str(child))


def _end_when_told(kernel: Any) -> None:
    """Say in the cell what became of it, and go at the request to shut down."""
    said = (
        "The line could not be interrupted, so its process was ended. What the kernel held was written, and the "
        "kernel was started anew with it."
    )
    shown = textwrap.wrap(f"KeyboardInterrupt: {said}", 56)
    content = {"ename": "KeyboardInterrupt", "evalue": said, "traceback": shown}
    channel.publish(kernel, "error", content, parent=kernel.get_parent("shell"))

    def shut_down(stream: Any, identity: Any, message: Mapping[str, Any]) -> None:
        reply = {"status": "ok", "restart": message["content"].get("restart", False)}
        kernel.session.send(stream, "shutdown_reply", reply, parent=message, ident=identity)
        threading.Thread(target=_leave, args=(REPLY_LEAVES,), name="mantidlab-end", daemon=True).start()

    kernel.control_handlers["shutdown_request"] = shut_down
    threading.Thread(target=_leave, args=(GOES_BY_ITSELF,), name="mantidlab-end", daemon=True).start()


def _leave(seconds: float) -> None:
    time.sleep(seconds)
    os._exit(0)


def _sizes(shell: Any) -> dict[str, int]:
    """Return the bytes of data of known frameworks, by variable; the live list knows them only once it is asked."""
    until = time.monotonic() + SECONDS_TO_LOOK
    sizes = {}
    for name in persons_names(shell):
        if time.monotonic() > until:
            break
        described = describe(name, shell.user_ns.get(name), fine=False)
        if described:
            sizes[name] = described[0].item.memory or 0
    return sizes


def _in_use(variables: dict[str, Any]) -> frozenset[str]:
    """Return the variables that the lines of the person's code which run now name."""
    frame: FrameType | None = sys._current_frames().get(threading.main_thread().ident or 0)
    names: set[str] = set()
    while frame is not None:
        if frame.f_globals is variables:
            names |= names_in("".join(linecache.getlines(frame.f_code.co_filename)), frame.f_lineno)
        frame = frame.f_back
    return frozenset(names)
