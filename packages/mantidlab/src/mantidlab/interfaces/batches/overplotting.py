"""Draws the curves of rows of a batch over each other in one plot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mantidlab.interfaces.drawing import FRAMEWORKS, NothingToDraw, draw
from mantidlab.interfaces.errors import CannotKeep, InterfaceError
from mantidlab.plots.errors import NotPlottable

if TYPE_CHECKING:
    from mantidlab.frameworks.model import Histogram
    from mantidlab.interfaces.batches.outcome import BatchResult, RowOutcome
    from mantidlab.interfaces.results import Result

MOST_ROWS = 50
"""That are drawn if nobody names any."""

MOST_TOLD = 3
"""Cells of a row that the name of its curve has."""

LONGEST = 40
"""Characters of such a cell."""

LINEAR = ("linear", "linear")


@dataclass(frozen=True)
class Overplot:
    """What is drawn.

    Attributes
    ----------
    curves
        By their names in the plot: the row's number and what tells the row from others.
    rows
        Their numbers, in the same order.
    scales
        ``linear``, ``log`` or ``symlog`` of x and y, as the plot of a single result has them.
    note
        On what is not drawn; empty where everything is.
    """

    curves: "dict[str, Histogram]"
    rows: tuple[int, ...]
    scales: tuple[str, str]
    note: str


def overplot(outcome: "BatchResult", rows: Sequence[int] | None) -> Any:
    """Return the plot; see `BatchResult.plot`."""
    from mantidlab.plots.calls import Call
    from mantidlab.plots.lines.choice import Choice
    from mantidlab.plots.lines.curves import MOST_CURVES, Energies, curves_of
    from mantidlab.plots.lines.scene import Scene
    from mantidlab.plots.lines.view import initial
    from mantidlab.plots.lines.widget import Lines
    from mantidlab.plots.sources import sources_of

    if rows is not None and len(rows) > MOST_CURVES:
        raise NotPlottable(f"{len(rows)} rows are more than the {MOST_CURVES} curves that a plot shows. Name fewer.")
    found = gathered(outcome, rows)
    scene = Scene(curves_of(sources_of(found.curves), Choice(), Energies())[0])
    scene.check_axes()
    state = initial(len(scene.curves), divide_by_width=False)
    for axis, scale in zip(("x", "y"), found.scales, strict=True):
        state[axis]["scale"] = scale
    # What the plot writes when it is asked for its Python.
    again = Call((f"open_batch({str(outcome.folder.path)!r}).curves({list(found.rows)})",))
    return Lines(scene, state, title=outcome.folder.path.name, note=found.note, calls=[again])


def gathered(outcome: "BatchResult", rows: Sequence[int] | None) -> Overplot:
    """Return the curves of rows.

    Raises
    ------
    InterfaceError
        A row that was named has no result, or no row is done.
    NotPlottable
        None of them has a curve, or their values are in different units.
    """
    chosen, note = _chosen(outcome, rows)
    names = _names(chosen)
    drawn: dict[int, Histogram] = {}
    scales, without = None, {}
    for row in chosen:
        try:
            drawn[row.row], seen = _first_curve(outcome.result(row.row), is_first=scales is None)
            scales = scales or seen
        except (NothingToDraw, CannotKeep) as problem:
            without[row.row] = str(problem)
    if not drawn:
        raise NothingToDraw(f"None of the rows {list(without)} has a curve. {next(iter(without.values()))}")
    _check_units(drawn)
    if without:
        note = f"{note} Nothing can be drawn of rows {', '.join(map(str, without))}.".lstrip()
    return Overplot({names[row]: curve for row, curve in drawn.items()}, tuple(drawn), scales or LINEAR, note)


def _chosen(outcome: "BatchResult", rows: Sequence[int] | None) -> "tuple[list[RowOutcome], str]":
    if rows is not None:
        for row in rows:
            outcome.check_done(row)
        if not rows:
            raise InterfaceError("No row was named: give their numbers, plot(rows=[1, 2]), or none for all.")
        return [outcome.rows[row - 1] for row in dict.fromkeys(rows)], ""
    done = list(outcome.done)
    if not done:
        raise InterfaceError(f"None of the {len(outcome.rows)} rows is done, so that there is nothing to plot yet.")
    if len(done) <= MOST_ROWS:
        return done, ""
    return done[:MOST_ROWS], f"The first {MOST_ROWS} of {len(done)} rows are drawn; plot(rows=[…]) draws others."


def _first_curve(result: "Result[Any]", *, is_first: bool) -> "tuple[Histogram, tuple[str, str] | None]":
    """Return the curve that stands for a result, and the scales of its own plot if that was drawn.

    Raises
    ------
    NothingToDraw
        It has numbers and texts alone.
    NotPlottable
        It is shown as something else than curves.
    """
    from mantidlab.plots import curves
    from mantidlab.plots.widget import unseen

    value = result.value
    is_framework = type(value).__module__.partition(".")[0] in FRAMEWORKS
    own = None if is_framework else getattr(value, "curve", None)
    if own is not None and not is_first:
        return curves(own)[0], None
    with unseen():
        drawn = draw(value, result.values, result.provenance.title)
    found, scales = _shown_by(drawn, result.provenance.title)
    return (found if own is None else curves(own)[0]), scales


def _shown_by(drawn: Any, title: str) -> "tuple[Histogram, tuple[str, str]]":
    """Return the first curve of a result's own plots and their scales, and forget the plots, which no page has seen."""
    from mantidlab.plots.lines.widget import Lines

    plots = list(drawn.values()) if isinstance(drawn, Mapping) else [drawn]
    try:
        lines = next((plot for plot in plots if isinstance(plot, Lines)), None)
        if lines is None:
            raise NotPlottable(
                f"{title or 'The result'} is shown as {type(plots[0]).__name__.lower()}, not as a curve, and cannot be "
                "drawn over others. Show one row alone: result(1).plot()."
            )
        return lines.histograms()[0], (lines.view["x"]["scale"], lines.view["y"]["scale"])
    finally:
        for plot in plots:
            if hasattr(plot, "close"):
                plot.close()


def _check_units(drawn: "Mapping[int, Histogram]") -> None:
    units: dict[str, list[int]] = {}
    for row, curve in drawn.items():
        units.setdefault(curve.unit, []).append(row)
    if len(units) > 1:
        listed = ", ".join(f"rows={rows} in {unit or 'no unit'}" for unit, rows in units.items())
        raise NotPlottable(f"The values of these rows have different units, and need a plot for each: {listed}.")


def _names(rows: "Sequence[RowOutcome]") -> dict[int, str]:
    """Return names for the legend: the row's number, its first cell, and the cells in which rows differ."""
    cells = [{name: _short(value) for name, value in row.written.items()} for row in rows]
    columns = list(dict.fromkeys(name for row in cells for name in row))
    differing = [name for name in columns[1:] if len({row.get(name, "") for row in cells}) > 1]
    return {row.row: _name(row.row, own, columns[:1], differing) for row, own in zip(rows, cells, strict=True)}


def _name(row: int, cells: Mapping[str, str], first: Sequence[str], differing: Sequence[str]) -> str:
    parts = [cells[name] for name in first if cells.get(name)]
    parts += [f"{name} {cells[name]}" for name in differing if cells.get(name)]
    return f"{row}: {', '.join(parts[:MOST_TOLD])}" if parts else f"row {row}"


def _short(value: Any) -> str:
    text = str(value).strip()
    if "/" in text and "," not in text:
        text = text.rpartition("/")[2] or text
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
