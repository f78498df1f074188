"""What a kernel holds, whichever framework: variables of the notebook and Mantid's workspaces, live."""

from mantidlab.kernel.inventory.finding import find, items, names_in_use
from mantidlab.kernel.inventory.items import Item

__all__ = ["Item", "find", "items", "names_in_use"]
