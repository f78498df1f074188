"""Lines of matplotlib for what ``plot`` shows."""

from dataclasses import replace
from itertools import groupby

from mantidlab.plots.publication.cell import Cell, ends, number, quoted, set_axes
from mantidlab.plots.publication.description import AxisView, CurveView, FitView, LinesView

MOST = 20_000
"""Points of a curve that are all drawn; with more, a file of vectors grows without anybody seeing more."""
MOST_IN_LEGEND = 20
RESIDUAL = "below"


def draw_lines(cell: Cell, name: str, view: LinesView) -> None:
    """Add the drawing of curves, of their fits and of what these leave over."""
    residuals = [fit.residual for fit in view.fits if fit.residual is not None]
    if any(curve.size > MOST for curve in view.curves):
        _thin(cell, name, view)
        view = _as_lines(view)
    if residuals:
        cell.add(
            f"fig, (ax, {RESIDUAL}) = plt.subplots(",
            '    2, sharex=True, figsize=size, layout="constrained", height_ratios=[3, 1]',
            ")",
        )
    else:
        cell.add('fig, ax = plt.subplots(figsize=size, layout="constrained")')
    _add_curves(cell, name, view)
    for fitted, fit in named_fits(view):
        _add_fit(cell, fit, fitted)
    if view.selection:
        cell.call("ax.axvspan", ends(*view.selection)[1:-1], color='"0.5"', alpha="0.15", linewidth="0")
    if view.grid:
        cell.add("ax.grid(linewidth=0.4, alpha=0.4)")
    _set_axes(cell, view, residuals[0] if residuals else None)
    if view.legend and any(curve.name for curve in view.curves):
        _add_legend(cell, len(view.curves) + len(view.fits))


def named_fits(view: LinesView) -> list[tuple[str, FitView]]:
    """Return the fits with the names that they have in the cell."""
    return [("fit" if len(view.fits) == 1 else f"fit_{count + 1}", fit) for count, fit in enumerate(view.fits)]


def _thin(cell: Cell, name: str, view: LinesView) -> None:
    """Keep of each curve what can be told apart on paper; the envelope of its errors with it."""
    cell.imports.add("from mantidlab.plots import thinned")
    low, high = sorted(view.x.range)
    cell.add("# Of bins that share a column of the paper, the first, last, lowest and highest are drawn.")
    if view.x.is_time:
        cell.add(f"{name} = [thinned(curve) for curve in {name}]")
    else:
        scale = ', scale="log"' if view.x.scale == "log" else ""
        cell.add(f"{name} = [thinned(curve, {ends(low, high)}{scale}) for curve in {name}]")


def _as_lines(view: LinesView) -> LinesView:
    curves = (replace(each, mark="line" if each.mark == "steps" else each.mark, binned=False) for each in view.curves)
    return replace(view, curves=tuple(curves))


def _add_curves(cell: Cell, name: str, view: LinesView) -> None:
    """Add a loop for each run of curves that are drawn alike, and a few lines where it is one curve."""
    step = 0
    for _, alike in groupby(view.curves, lambda each: (each.mark, each.errors, each.binned, each.width)):
        curves = list(alike)
        if len(curves) == 1:
            cell.add(f"curve, colour = {name}[{curves[0].index}], {quoted(curves[0].colour)}")
            _add_curve(cell, curves[0], view, _in_legend(curves[0].name), str(step))
        else:
            with cell.block(_loop_over(cell, curves, any(view.waterfall), step)):
                cell.add(f"curve = {name}[index]")
                _add_curve(cell, curves[0], view, "name", "step")
        step += len(curves)


def _loop_over(cell: Cell, curves: list[CurveView], is_waterfall: bool, start: int) -> str:
    """Add the list of a loop, and return the line that ends it."""
    rows = [f"    ({each.index}, {_in_legend(each.name)}, {quoted(each.colour)})," for each in curves]
    if not is_waterfall:
        cell.add("for index, name, colour in [", *rows)
        return "]:"
    cell.add("for step, (index, name, colour) in enumerate([", *rows)
    return f"], start={start}):" if start else "]):"


def _add_curve(cell: Cell, curve: CurveView, view: LinesView, name: str, step: str) -> None:
    """Add the drawing of one curve; its *name* in the legend and its *step* in a waterfall are given as Python."""
    x, y = _coordinates(cell, curve, view, step)
    width = number(curve.width, 1)
    styles = [("", "")]
    if view.masked == "pale":
        styles = [("kept", ""), ("dropped", "0.35")]
        cell.imports.add("import numpy as np")
        cell.add(
            "masked = np.zeros(curve.values.shape, bool) if curve.mask is None else curve.mask",
            f"kept, dropped = np.where(masked, np.nan, {y}), np.where(masked, {y}, np.nan)",
        )
    for part, alpha in styles:
        values = part or y
        named = {"color": "colour", **({"alpha": alpha} if alpha else {"label": name} if name != '""' else {})}
        if curve.mark == "steps":
            cell.call("ax.stairs", values, "edges", **named, baseline="None", linewidth=width)
        elif curve.mark == "line":
            cell.call("ax.plot", x, values, **named, linewidth=width)
        else:
            cell.call("ax.plot", x, values, '"."', **named, markersize=number(max(curve.width * 3, 2.0), 1))
        if not alpha:
            _add_errors(cell, curve, x, values)


def _coordinates(cell: Cell, curve: CurveView, view: LinesView, step: str) -> tuple[str, str]:
    """Add where the points of one curve lie, and return the names of its places and values."""
    right, up = view.waterfall if step != "0" else (0.0, 0.0)
    along = f"curve.axis.values + {number(right, right)} * {step}" if right else "curve.axis.values"
    if curve.binned:
        cell.add(f"edges = {along}")
        if curve.mark != "steps" or curve.errors == "bars":
            # The difference is halved and not the sum, which moments do not have.
            cell.add("x = edges[:-1] + (edges[1:] - edges[:-1]) / 2")
    else:
        cell.add(f"x = {along}")
    values = "curve.values"
    if view.masked == "hidden":
        cell.imports.add("import numpy as np")
        values = "np.where(curve.mask, np.nan, curve.values) if curve.mask is not None else curve.values"
    if up:
        values = f"({values})" if " if " in values else values
        values += f" + {number(up, up)} * {step}"
    cell.add(f"y = {values}")
    return "x", "y"


def _add_errors(cell: Cell, curve: CurveView, x: str, y: str) -> None:
    if curve.errors == "none":
        return
    with cell.block("if curve.errors is not None:"):
        if curve.errors == "bars":
            cell.call("ax.errorbar", x, y, "curve.errors", fmt='"none"', ecolor="colour", elinewidth="0.6")
        elif curve.mark == "steps":
            band = {"color": "colour", "alpha": "0.25", "linewidth": "0"}
            low, high = f"{y} - curve.errors", f"{y} + curve.errors"
            cell.call("ax.stairs", high, "edges", baseline=low, fill="True", **band)
        else:
            band = {"color": "colour", "alpha": "0.25", "linewidth": "0"}
            cell.call("ax.fill_between", x, f"{y} - curve.errors", f"{y} + curve.errors", **band)


def _add_fit(cell: Cell, fit: FitView, name: str) -> None:
    cell.imports.update(fit.recreation.imports)
    cell.call(
        "ax.plot", f"{name}.x", f"{name}.y", color=quoted(fit.colour), label=_in_legend(fit.name), linewidth="1.2"
    )
    if fit.residual is not None:
        cell.call(f"{RESIDUAL}.plot", f"{name}.x", f"{name}.residual", '"."', color=quoted(fit.colour), markersize="2")


def _set_axes(cell: Cell, view: LinesView, residual: AxisView | None) -> None:
    if residual is None:
        set_axes(cell, "ax", view.x, view.y)
        return
    # The two panels share their x axis, whose label stands below the lower one.
    without_label = AxisView("", view.x.range, "", view.x.scale, view.x.linear_below, view.x.is_time)
    set_axes(cell, "ax", without_label, view.y)
    cell.add(f'{RESIDUAL}.axhline(0, color="0.5", linewidth=0.6)')
    set_axes(cell, RESIDUAL, view.x, residual)


def _in_legend(name: str) -> str:
    """Return a name as Python; matplotlib leaves names out of a legend that begin with an underscore."""
    return quoted(f" {name}" if name.startswith("_") else name)


def _add_legend(cell: Cell, count: int) -> None:
    if count <= MOST_IN_LEGEND:
        cell.add('ax.legend(fontsize="small", framealpha=0.8, edgecolor="none")')
    else:
        columns = -(-count // MOST_IN_LEGEND)
        cell.add(f'ax.legend(frameon=False, fontsize="xx-small", ncols={min(columns, 4)}, loc="center left",')
        cell.add("          bbox_to_anchor=(1.0, 0.5))")
