"""The numbers of a picture: what the browser draws of each curve in a window, as JSON and arrays."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.plots.lines.scene import Drawn, Limits, Scene, extent, finite, heights
from mantidlab.plots.lines.view import View
from mantidlab.plots.reduction.lines import Envelope, Exact, Line
from mantidlab.plots.reduction.scales import Kind
from mantidlab.plots.reduction.working import Cancelled

FLAT = 1e-4
"""Values that differ by less than this part of their size are sent as differences: single precision has 7 digits."""

LARGEST, SMALLEST = 1e38, 1e-36
FEWEST_COLUMNS, MOST_COLUMNS = 50, 20_000


def picture(
    scene: Scene,
    view: View,
    x: tuple[float, float] | None,
    pixels: int,
    only: Collection[int] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[dict[str, Any], list[bytes]]:
    """Return what is drawn from x[0] to x[1], or from end to end, on so many columns of pixels.

    The layout is that of ``WindowContent`` in ``ui/src/lines/schema.ts``: each curve names its arrays, which follow one
    another in the order of curves and names; values are relative to the curve's ``base``.

    Raises
    ------
    Cancelled
        Nobody waits for it any more.
    """
    drawn = scene.drawn(view, only)
    whole = extent(drawn)
    low, high = window_of(whole, view) if x is None else _usable(x, whole, view)
    columns = min(max(FEWEST_COLUMNS, int(pixels)), MOST_COLUMNS)
    entries: list[dict[str, Any]] = []
    buffers: list[bytes] = []
    for each in drawn:
        if cancelled():
            raise Cancelled("The picture is no longer wanted.")
        for line, masked in ((each.shown.line, False), (each.shown.masked_line, True)):
            if line is not None:
                _append(entries, buffers, each, line, view, (low, high), columns, masked)
    seen, target = heights(drawn, view, (low, high)), scene.target(view.unit)
    content = {
        "x": [low, high],
        "pixels": columns,
        "scale": {"kind": view.x.kind.value, "linear_below": view.x.constant},
        "unit": target.unit,
        "x_label": target.label,
        "y_label": scene.y_label(view),
        "y_unit": scene.y_unit(view),
        "y": [finite(seen.low), finite(seen.high)],
        "y_positive_min": finite(seen.positive),
        "full": full(whole, heights(drawn, view), view),
        "curves": entries,
    }
    return content, buffers


def full(across: Limits, up: Limits, view: View) -> dict[str, Any]:
    """Return the extents of everything on both axes."""
    return {
        "x": list(_spread(across)),
        "x_positive_min": finite(across.positive),
        "y": [0.0, 1.0] if up.low == up.high == 0 else list(_spread(up)),
        "y_positive_min": finite(up.positive),
    }


def window_of(whole: Limits, view: View) -> tuple[float, float]:
    """Return a window that shows everything that has a place on the scale of the view."""
    low, high = _spread(whole)
    if view.x.kind is not Kind.LOG:
        return low, high
    if not (np.isfinite(whole.positive) and high > 0):
        return 1.0, 10.0
    return whole.positive, high if high > whole.positive else whole.positive * 10


def _spread(limits: Limits) -> tuple[float, float]:
    """Return an interval that is none of nothing, and has room around a single point."""
    low, high = limits.low, limits.high
    if not np.isfinite([low, high]).all():
        return 0.0, 1.0
    if low < high:
        return low, high
    around = abs(low) * 0.5 or 0.5
    return low - around, high + around


def _usable(x: tuple[float, float], whole: Limits, view: View) -> tuple[float, float]:
    if view.x.kind is not Kind.LOG or x[0] > 0:
        return x
    low, high = window_of(whole, view)
    return low, x[1] if x[1] > low else high


def _append(
    entries: list[dict[str, Any]],
    buffers: list[bytes],
    each: Drawn,
    line: Line,
    view: View,
    window: tuple[float, float],
    pixels: int,
    masked: bool,
) -> None:
    found = line.window(*window, pixels, scale=view.x)
    if masked and isinstance(found, Exact):
        return  # the curve itself has them, marked
    errors = view.errors != "none" and line.curve.errors is not None
    arrays = _exact(found, each.scale, errors) if isinstance(found, Exact) else _envelope(found, each.scale, errors)
    base = _base(arrays)
    parts = []
    exact = _needs_double(arrays)
    for name, array in arrays.items():
        kind = {"x": "float64", "mask": "uint8", "column": "float32"}.get(name, "float64" if exact else "float32")
        values = array - base if base and name not in ("x", "mask", "column") else array
        parts.append({"name": name, "dtype": kind})
        buffers.append(np.ascontiguousarray(values, dtype=kind).tobytes())
    mode = "exact" if isinstance(found, Exact) else "envelope"
    entry = {"id": each.curve.id, "mode": mode, "n": found.size, "bins_per_pixel": found.bins_per_pixel, "base": base}
    entries.append({**entry, **({"masked": True} if masked else {}), "parts": parts})


def _exact(found: Exact, scale: float, errors: bool) -> dict[str, NDArray[Any]]:
    y = found.y.astype(np.float64) * scale
    y[~np.isfinite(y)] = np.nan
    arrays: dict[str, NDArray[Any]] = {"x": found.x, "y": y}
    if errors and found.errors is not None:
        arrays["low"], arrays["high"] = y - abs(scale) * found.errors, y + abs(scale) * found.errors
    if found.mask is not None and found.mask.any():
        arrays["mask"] = found.mask
    return arrays


def _envelope(found: Envelope, scale: float, errors: bool) -> dict[str, NDArray[Any]]:
    names = ("first", "last", "low", "high", *(("error_low", "error_high") if errors else ()))
    return {"column": found.column, **{name: getattr(found, name) * scale for name in names}}


def _needs_double(arrays: Mapping[str, NDArray[Any]]) -> bool:
    """Tell whether values are beyond what single precision holds: above 10³⁸, or below 10⁻³⁶ and not zero."""
    for name, array in arrays.items():
        if name not in ("x", "column", "mask"):
            sizes = np.abs(array)
            if np.max(sizes, where=np.isfinite(sizes), initial=0.0) > LARGEST:
                return True
            if np.min(sizes, where=sizes > 0, initial=np.inf) < SMALLEST:
                return True
    return False


def _base(arrays: Mapping[str, NDArray[Any]]) -> float:
    """Return what is taken from all values before they are rounded: 0 unless they are nearly alike."""
    low, high = np.inf, -np.inf
    for name, array in arrays.items():
        if name not in ("x", "column", "mask"):
            good = array[np.isfinite(array)]
            if len(good):
                low, high = min(low, float(good.min())), max(high, float(good.max()))
    if not low <= high:
        return 0.0
    middle = (low + high) / 2
    return middle if high - low < FLAT * abs(middle) else 0.0
