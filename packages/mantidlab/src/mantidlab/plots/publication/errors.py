"""What can go wrong with figures for publication.

::

    PlotError
    ├── NoSuchPaper     a size, font or format that cannot be had
    └── NoProvenance    a file that does not say where its figure came from
"""

from mantidlab.plots.errors import PlotError


class NoSuchPaper(PlotError):
    """A width, height, font size, resolution or format that cannot be had."""


class NoProvenance(PlotError):
    """A file that cannot be read, or that does not say where its figure came from."""
