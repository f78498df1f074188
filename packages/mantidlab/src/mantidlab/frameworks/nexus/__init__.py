"""NeXus files as data objects, read lazily: only what is asked for, a block at a time.

``open_file`` is all that most callers need:

>>> with open_file("SIMSANS00001001.nxs") as file:  # doctest: +SKIP
...     total = file.main.count(edges)

Nothing here imports scipp or Mantid.
"""

from mantidlab.frameworks.nexus.counting import BadEdges, Counted
from mantidlab.frameworks.nexus.events import Stopped
from mantidlab.frameworks.nexus.file import NexusFile, open_file
from mantidlab.frameworks.nexus.summary import EntrySummary, FileSummary, PartSummary
from mantidlab.frameworks.nexus.tree import TooLarge

__all__ = [
    "BadEdges",
    "Counted",
    "EntrySummary",
    "FileSummary",
    "NexusFile",
    "PartSummary",
    "Stopped",
    "TooLarge",
    "open_file",
]
