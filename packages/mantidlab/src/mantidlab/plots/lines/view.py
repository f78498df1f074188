"""The state of a view of curves: what has to be known to draw the same picture again, as plain JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, cast

from mantidlab.plots.axis_control import range_of
from mantidlab.plots.errors import WrongArgument
from mantidlab.plots.reduction.scales import Kind, Scale

NORMALISERS = ("none", "maximum", "area", "monitor", "charge")
Errors: TypeAlias = Literal["none", "bars", "band"]
ERRORS = ("none", "bars", "band")
LINEAR = Scale()
FEW_CURVES = 4
"""So many curves show their errors without being asked; those of more hide one another."""


@dataclass(frozen=True)
class View:
    """What of the view decides about numbers; the rest is the browser's.

    Attributes
    ----------
    unit
        Name of a quantity; empty for the unit that the data have.
    x, y
        The scales.
    x_range, y_range
        What is seen; None for everything.
    hidden
        Curves that are not drawn.
    """

    unit: str = ""
    x: Scale = LINEAR
    y: Scale = LINEAR
    x_range: tuple[float, float] | None = None
    y_range: tuple[float, float] | None = None
    errors: Errors = "none"
    divide_by_width: bool = False
    normalise: str = "none"
    hidden: frozenset[int] = frozenset()

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> "View":
        """Read the state of a widget, with what is missing as it is by itself.

        Raises
        ------
        WrongArgument
            Something in it has no meaning.
        """
        x, y = state.get("x") or {}, state.get("y") or {}
        return cls(
            unit=str(x.get("unit") or ""),
            x=_scale(x),
            y=_scale(y),
            x_range=range_of(x.get("range")),
            y_range=range_of(y.get("range")),
            errors=cast("Errors", one_of(state.get("errors") or "none", ERRORS, "errors")),
            divide_by_width=bool(state.get("divide_by_width")),
            normalise=one_of(state.get("normalise") or "none", NORMALISERS, "normalise"),
            hidden=frozenset(int(number) for number in state.get("hidden") or ()),
        )


def _scale(axis: Mapping[str, Any]) -> Scale:
    below = axis.get("linear_below")
    return Scale(scale_named(axis.get("scale") or "linear"), float(below) if below else 1.0)


def initial(curves: int, *, divide_by_width: bool) -> dict[str, Any]:
    """Return the state of a plot that nobody has touched."""
    return {
        "x": {"scale": "linear", "range": None, "unit": "", "linear_below": None},
        "y": {"scale": "linear", "range": None, "linear_below": None},
        "errors": "bars" if curves <= FEW_CURVES else "none",
        "divide_by_width": divide_by_width,
        "normalise": "none",
        "waterfall": {"x": 0.0, "y": 0.0},
        "hidden": [],
        "highlighted": None,
        "legend": "auto",
        "selection": None,
        "grid": False,
        "masked": "shown",
        "colours": "auto",
        "fits": [],
    }


def scale_named(name: Any) -> Kind:
    """Return a scale by its name.

    Raises
    ------
    WrongArgument
        There is none of this name.
    """
    try:
        return Kind(str(name))
    except ValueError as error:
        raise WrongArgument(
            f"There is no scale {name!r}. There are: {', '.join(kind.value for kind in Kind)}."
        ) from error


def one_of(value: Any, allowed: tuple[str, ...], argument: str) -> str:
    """Return a word that is allowed.

    Raises
    ------
    WrongArgument
        It is not.
    """
    if value not in allowed:
        raise WrongArgument(f"{argument} cannot be {value!r}. It can be: {', '.join(allowed)}.")
    return str(value)
