"""The course of values in at most 48 numbers, at a cost that does not grow with the data.

Of rows, 8 at most are read, at equal distances; of a row 48 stretches, each with 8 values at most, at equal distances
too. Rows are averaged, of a stretch the largest value is taken: a peak that is wider than an eighth of a stretch shows.
While a cell runs, 3 rows and 2 values are enough: what counts then are the places of memory that are read.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

POINTS = 48
ROWS, FEW_ROWS = 8, 3
WITHIN, FEW_WITHIN = 8, 2
"""Values that are looked at for each point, between two cells and while one runs."""


def sparkline(values: NDArray[Any], *, fine: bool = True) -> tuple[float | None, ...]:
    """Return the course along the last axis.

    Parameters
    ----------
    values
        Numbers of any shape; no copy is made of more than 3,072 of them.
    """
    return course(sample(values, fine=fine)) if values.dtype.kind in "fiub" else ()


def sample(values: NDArray[Any], *, fine: bool = True) -> NDArray[Any]:
    """Return some values of some rows, shape (rows, values); empty for what has no rows."""
    if values.ndim == 0 or values.size == 0:
        return np.zeros((0, 0))
    within, most = (WITHIN, ROWS) if fine else (FEW_WITHIN, FEW_ROWS)
    some = values[..., :: max(1, math.ceil(values.shape[-1] / (POINTS * within)))]
    if some.ndim == 1:
        return some[np.newaxis]
    chosen = [np.unravel_index(place, some.shape[:-1]) for place in places(math.prod(some.shape[:-1]), most)]
    return np.stack([some[where] for where in chosen])


def course(rows: NDArray[Any]) -> tuple[float | None, ...]:
    """Return the course of a `sample`."""
    if rows.size == 0:
        return ()
    with np.errstate(all="ignore"):
        means = _mean(rows.astype(np.float64))
        begins = np.unique(np.linspace(0, means.size, POINTS, endpoint=False).astype(np.intp))
        # fmax passes over what is no number.
        return _short(np.fmax.reduceat(means, begins))


def of_rows(rows: Sequence[NDArray[Any]]) -> tuple[float | None, ...]:
    """Return the course of some rows, which may differ in length: then that of the first."""
    alike = [row for row in rows if row.shape == rows[0].shape]
    return sparkline(np.array(alike)) if alike else ()


def places(count: int, most: int = ROWS) -> list[int]:
    """Return at most so many of `count` places, at equal distances, the first and the last among them."""
    return list(range(count)) if count <= most else [round(place * (count - 1) / (most - 1)) for place in range(most)]


def _mean(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    if len(rows) == 1:
        return rows[0]
    finite = np.isfinite(rows)
    counts = finite.sum(axis=0)
    return np.where(counts > 0, np.where(finite, rows, 0.0).sum(axis=0) / np.maximum(counts, 1), np.nan)


def _short(numbers: NDArray[np.float64]) -> tuple[float | None, ...]:
    """Return numbers with four digits: more cannot be seen, and each is sent."""
    finite = np.isfinite(numbers)
    sizes = np.floor(np.log10(np.abs(numbers, where=finite & (numbers != 0), out=np.ones_like(numbers))))
    # A power of ten below 1 is not exact, and one above is: divided by it, the nearest decimal comes out.
    down, up = 10.0 ** np.clip(3 - sizes, 0, 300), 10.0 ** np.clip(sizes - 3, 0, 300)
    short = np.rint(numbers * down / up) * up / down
    return tuple(number if known else None for number, known in zip(short.tolist(), finite.tolist(), strict=True))
