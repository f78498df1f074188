"""Answers panels that ask what the kernel holds."""

import time
from collections.abc import Mapping
from typing import Any

from mantidlab.kernel.inventory.live import live_inventory
from mantidlab.kernel.rooms import answers


@answers("workspaces", "list")
def list_(_: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return every item, when it was looked at (seconds since 1970), and the memory of all of them in bytes."""
    live = live_inventory()
    if live is None:
        return {"items": [], "at": time.time(), "memory": 0}
    return {"items": [item.to_json() for item in live.items()], "at": time.time(), "memory": live.memory()}
