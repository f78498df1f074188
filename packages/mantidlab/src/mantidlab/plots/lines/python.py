"""A view as Python: the call that draws it again, and the description of a figure on paper."""

from collections.abc import Mapping, Sequence
from typing import Any

from mantidlab.plots.calls import Call
from mantidlab.plots.lines.fits import Kept
from mantidlab.plots.lines.look import described
from mantidlab.plots.lines.scene import Scene

DATA_OPTIONS = ("spectra", "numbers", "detectors", "part", "bins", "columns", "incident_energy", "final_energy")
"""Arguments that choose data; their text is kept as it was written."""


def python_of(
    calls: Sequence[Call],
    state: Mapping[str, Any],
    removed: Sequence[int] = (),
    fits: Sequence[Kept] = (),
) -> str:
    """Return the cell that draws a view again: `plot`, then what was added, removed and fitted.

    Ids of curves are the same then: they count what was drawn, in its order.
    """
    first = calls[0] if calls else Call(("data",))
    named = [f"title={first.options['title']}"] if "title" in first.options else []
    whole = ", ".join((*first.things, *_data(first), *named, *_view(state)))
    more = [f"p.add({', '.join((*call.things, *_data(call)))})" for call in calls[1:]]
    if removed:
        more.append(f"p.remove({', '.join(str(number) for number in removed)})")
    more += [_fit(kept) for kept in fits]
    if not more:
        return f"plot({whole})"
    return "\n".join((f"p = plot({whole})", *more, "p"))


def curves_call(calls: Sequence[Call], state: Mapping[str, Any]) -> str:
    """Return the expression that gives the curves as they are shown, for the cell of a figure; by their ids."""
    shown = [item for item in _view(state) if item.split("=")[0] in ("unit", "divide_by_width", "normalise")]
    each = [f"curves({', '.join((*call.things, *_data(call), *shown))})" for call in calls or [Call(("data",))]]
    return each[0] if len(each) == 1 else f"[{', '.join(f'*{one}' for one in each)}]"


def _data(call: Call) -> list[str]:
    return [f"{name}={text}" for name, text in call.options.items() if name in DATA_OPTIONS]


def _fit(kept: Kept) -> str:
    found, number = kept.fit, kept.curve
    background = f", background={found.background!r}" if found.background else ""
    return f"p.fit({found.model!r}, {number}, between={_pair(found.range)}{background})"


def _view(state: Mapping[str, Any]) -> list[str]:
    x, y, moved = state.get("x") or {}, state.get("y") or {}, state.get("waterfall") or {}
    said = []
    if x.get("unit"):
        said.append(f"unit={x['unit']!r}")
    for name, axis in (("x", x), ("y", y)):
        if axis.get("scale", "linear") != "linear":
            said.append(f"{name}_scale={axis['scale']!r}")
        if axis.get("range"):
            said.append(f"{name}_range={_pair(axis['range'])}")
    if state.get("errors"):
        said.append(f"errors={state['errors']!r}")
    said.append(f"divide_by_width={bool(state.get('divide_by_width'))}")
    if state.get("normalise", "none") != "none":
        said.append(f"normalise={state['normalise']!r}")
    if moved.get("x") or moved.get("y"):
        said.append(f"waterfall={_pair((moved.get('x') or 0.0, moved.get('y') or 0.0))}")
    return said


def _pair(values: Any) -> str:
    return "(" + ", ".join(f"{float(value):.9g}" for value in values) + ")"


def figure_of(
    scene: Scene,
    state: Mapping[str, Any],
    calls: Sequence[Call],
    title: str,
    fits: Sequence[Kept],
) -> Any:
    """Return a `FigureDescription` of a view."""
    things = tuple(thing for call in calls for thing in call.things)
    return described(scene, state, curves_call(calls, state), things, title, fits)
