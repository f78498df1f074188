"""Lines of matplotlib for what ``instrument`` shows: every detector's outline on the plane of the picture."""

from mantidlab.plots.publication.cell import Cell, set_axes
from mantidlab.plots.publication.code_images import add_colour_bar, add_outlines, colours
from mantidlab.plots.publication.description import InstrumentView


def draw_instrument(cell: Cell, name: str, view: InstrumentView) -> None:
    """Add the drawing of detectors, the farthest first, with a colour bar."""
    cell.imports.add("from matplotlib.collections import PolyCollection")
    values = f"{name}.values"
    if view.colour.masked:
        cell.imports.add("import numpy as np")
        values = f"np.ma.array({name}.values, mask={name}.mask)"
    cell.add('fig, ax = plt.subplots(figsize=size, layout="constrained")', *colours(cell, view.colour))
    cell.call(
        "detectors = PolyCollection",
        f"{name}.corners",
        array=values,
        cmap="colours",
        norm="norm",
        edgecolors='"face"',
        linewidths="0.3",
        rasterized="True",
    )
    cell.add("ax.add_collection(detectors)")
    add_outlines(cell, view.outlines)
    # An unwrapped view may have metres along one axis and degrees along the other.
    set_axes(cell, "ax", view.x, view.y, aspect='"auto"' if view.framed else '"equal"')
    if not view.framed:
        cell.add("ax.set_axis_off()")
    add_colour_bar(cell, "detectors", view.colour)
