"""Lines of matplotlib for what ``slices`` shows, and what pictures of instruments have in common with it."""

from mantidlab.plots.publication.cell import Cell, end, label, number, points, quoted, set_axes
from mantidlab.plots.publication.description import ColourView, ImageView, Outline, Range


def draw_image(cell: Cell, name: str, view: ImageView) -> None:
    """Add the drawing of a picture of two axes with its colour bar."""
    cell.add(f"y, x = {name}.axes  # with edges")
    values = f"{name}.values"
    if view.colour.masked:
        cell.imports.add("import numpy as np")
        values = f"np.ma.array({name}.values, mask={name}.mask)"
    if view.skew:
        _add_skew_axes(cell, view.skew)
    else:
        cell.add('fig, ax = plt.subplots(figsize=size, layout="constrained")')
    cell.add(*colours(cell, view.colour))
    named = {"cmap": "colours", "norm": "norm", "rasterized": "True"}
    if view.skew:
        named["transform"] = "skew + ax.transData"
    cell.call("mesh = ax.pcolormesh", "x.values", "y.values", values, **named)
    add_outlines(cell, view.outlines, "skew + ax.transData" if view.skew else "")
    set_axes(cell, "ax", view.x, view.y, **({"aspect": '"equal"'} if view.square or view.skew else {}))
    add_colour_bar(cell, "mesh", view.colour)


def colours(cell: Cell, colour: ColourView) -> list[str]:
    """Return the lines that make a colour map and a norm of a view's colours."""
    low, high = (end(each, *colour.limits) for each in colour.limits)
    kind = {"linear": "Normalize", "log": "LogNorm", "symlog": "SymLogNorm"}[colour.scale]
    cell.imports.add(f"from matplotlib.colors import {kind}")
    below = f"{number(colour.linear_below, colour.linear_below)}, " if colour.scale == "symlog" else ""
    between = f"vmin={low}, vmax={high}" if below else f"{low}, {high}"
    bad = f".with_extremes(bad={quoted(colour.masked)})" if colour.masked else ""
    return [f"colours = plt.get_cmap({quoted(colour.map)}){bad}", f"norm = {kind}({below}{between})"]


def add_outlines(cell: Cell, outlines: tuple[Outline, ...], transform: str = "") -> None:
    """Add regions and cuts that are drawn over a picture."""
    more = {"transform": transform} if transform else {}
    for outline in outlines:
        if outline.shape == "line":
            across, along = zip(*outline.corners, strict=True)
            spans = (max(across) - min(across) or 1.0, max(along) - min(along) or 1.0)
            x, y = (
                f"[{', '.join(number(each, span) for each in found)}]"
                for found, span in zip((across, along), spans, strict=True)
            )
            cell.call("ax.plot", x, y, color=quoted(outline.colour), linewidth="1", **more)
            continue
        kind, arguments = _patch(outline)
        cell.imports.add(f"from matplotlib.patches import {kind}")
        style = {"fill": "False", "edgecolor": quoted(outline.colour), "linewidth": "1", **more}
        inner = ", ".join([*arguments, *(f"{name}={value}" for name, value in style.items())])
        cell.add(f"ax.add_patch({kind}({inner}))")


def _patch(outline: Outline) -> tuple[str, list[str]]:
    if outline.shape == "polygon":
        return "Polygon", [points(outline.corners)]
    (x0, y0), (x1, y1) = outline.corners
    width, height = abs(x1 - x0), abs(y1 - y0)
    if outline.shape == "rectangle":
        corner = f"({number(min(x0, x1), width)}, {number(min(y0, y1), height)})"
        return "Rectangle", [corner, number(width, width), number(height, height)]
    centre = f"({number((x0 + x1) / 2, width)}, {number((y0 + y1) / 2, height)})"
    return "Ellipse", [centre, number(width, width), number(height, height)]


def add_colour_bar(cell: Cell, mappable: str, colour: ColourView) -> None:
    """Add the colour bar beside a picture."""
    named = {"label": label(colour.label, colour.unit)} if colour.label or colour.unit else {}
    cell.call("fig.colorbar", mappable, ax="ax", **named)


def _add_skew_axes(cell: Cell, skew: tuple[Range, Range]) -> None:
    """Add axes whose grid follows directions that do not stand at right angles."""
    cell.imports.update(
        {
            "from matplotlib.transforms import Affine2D",
            "from mpl_toolkits.axisartist import Axes",
            "from mpl_toolkits.axisartist.grid_helper_curvelinear import GridHelperCurveLinear",
        }
    )
    values = ", ".join(number(each, 1e-3) for direction in skew for each in direction)
    cell.add(
        f"skew = Affine2D.from_values({values}, 0, 0)",
        'fig = plt.figure(figsize=size, layout="constrained")',
        "ax = fig.add_subplot(axes_class=Axes, grid_helper=GridHelperCurveLinear(skew))",
        "ax.grid(linewidth=0.4, alpha=0.4)",
    )
