"""Tells panels what changes in a kernel's inventory: at most four times a second, and at a cost that has a limit.

One thread looks after each cell, and at most four times a second while one runs. However much there is to look at, it
then rests until cells have had two hundred times as long as it worked. Nothing is done before the first panel asks.
"""

import logging
import threading
import time
from collections.abc import Iterator
from typing import Any

from mantidlab.kernel import cells, channel
from mantidlab.kernel.inventory.inventory import Inventory, News
from mantidlab.kernel.inventory.items import Item
from mantidlab.kernel.inventory.mantid_list import MantidList
from mantidlab.kernel.inventory.namespace import Namespace
from mantidlab.kernel.mantid_arrives import when_mantid_arrives
from mantidlab.kernel.pushes import PER_SECOND, push
from mantidlab.kernel.time_of_cells import time_of_cells

RESTS = 200
"""Times as long as it worked, of the time that cells have: a look costs them about as much again as it works itself."""
BESIDE_A_CELL = (0.002, 0.0)
"""Seconds of processor time for one look: for what is new, and for what is the same object."""
BETWEEN_CELLS = (0.1, 0.05)
UNTIL_MANTID_ANSWERS = 1.0
"""Seconds that a panel which asks for the list waits for what only the main thread may read."""

log = logging.getLogger("mantidlab.kernel")


class LiveInventory:
    """The inventory of this kernel and the thread that keeps it.

    Parameters
    ----------
    shell
        IPython's shell, with the notebook's variables.
    """

    def __init__(self, shell: Any) -> None:
        self._variables = shell.user_ns
        self._namespace = Namespace(shell.user_ns, frozenset(shell.user_ns_hidden))
        self.mantid = MantidList(self._handles, self.wake)
        self._inventory = Inventory(self._namespace, self.mantid)
        self._awake = threading.Event()
        self._known = threading.Event()
        self._thread = threading.Thread(target=self._work, name="mantidlab-inventory", daemon=True)

    def start(self) -> None:
        """Begin to look and to tell."""
        when_mantid_arrives(self.mantid.begin)
        cells.at_begin(self.wake)
        cells.at_end(self.wake)
        self._thread.start()

    def items(self) -> list[Item]:
        """Look now, and return everything."""
        self._tell(self._inventory.look(*BETWEEN_CELLS)[0], self._inventory.memory())
        until = time.monotonic() + UNTIL_MANTID_ANSWERS
        while self.mantid.ask() and not cells.cell_runs() and time.monotonic() < until:
            self._known.wait(0.05)
            self._known.clear()
        self._tell(self._inventory.look(*BETWEEN_CELLS)[0], self._inventory.memory())
        return self._inventory.items()

    def count(self) -> int:
        """Return how many items were there at the last look, without members of groups."""
        return sum(item.parent is None for item in self._inventory.items())

    def memory(self) -> int:
        """Return the bytes that everything takes together."""
        return self._inventory.memory()

    def _handles(self) -> Iterator[tuple[str, Any]]:
        for name in self._namespace.mantid_handles():
            yield name, self._variables.get(name)

    def wake(self) -> None:
        """Look soon: something has changed. Cells say so by themselves."""
        self._known.set()
        self._awake.set()

    def _work(self) -> None:
        while True:
            next_news, running = time.monotonic() + 1 / PER_SECOND, cells.cell_runs()
            begun, worked = time_of_cells(), time.thread_time()
            try:
                complete = self._look(running)
            except Exception:  # what one look meets must not end the telling
                log.exception("What the kernel holds could not be looked at")
                complete = True
            time.sleep(max(0.0, next_news - time.monotonic()))
            if running:
                _rest_while_a_cell_runs(until=begun + RESTS * (time.thread_time() - worked))
            # What a cell leaves is told at once.
            if complete and not cells.cell_runs():
                self._awake.wait()
            self._awake.clear()

    def _look(self, running: bool) -> bool:
        news, complete = self._inventory.look(*(BESIDE_A_CELL if running else BETWEEN_CELLS))
        self._tell(news, None if running else self._inventory.memory())
        self.mantid.ask()
        return complete

    def _tell(self, news: News, memory: int | None) -> None:
        if news:
            content = {
                "changed": [item.to_json() for item in news.changed],
                "removed": news.removed,
                "renamed": news.renamed,
                # Known after a close look alone.
                "memory": memory,
            }
            push("workspaces", "changed", content)


def _rest_while_a_cell_runs(*, until: float) -> None:
    """Rest until cells have had their time, as `time_of_cells` counts it."""
    while cells.cell_runs() and (left := until - time_of_cells()) > 0:
        time.sleep(min(left, 1 / PER_SECOND))


_live: list[LiveInventory] = []
_making = threading.Lock()


def live_inventory() -> LiveInventory | None:
    """Return the inventory of this kernel, which begins with the first call; None where this process is no kernel."""
    kernel = channel.this_kernel()
    if kernel is None:
        return None
    with _making:
        if not _live:
            _live.append(LiveInventory(kernel.shell))
            _live[0].start()
    return _live[0]
