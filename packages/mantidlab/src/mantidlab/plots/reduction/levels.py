"""The pyramid over a large image: coarser and coarser cells, made in one pass over the values."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mantidlab.plots.reduction.cells import Cells, columns_joined, rows_joined, rows_of_values
from mantidlab.plots.reduction.groups import Groups
from mantidlab.plots.reduction.working import Asked, never, share

Array: TypeAlias = NDArray[Any]

CELL = 64
"""Values in a cell of the finest level: 17 bytes a cell for float32, so that all levels together take 9 % of them."""
COARSEST = 1 << 20
"""Cells; from so many on no coarser level is worth its making."""
BROAD = 2048
"""Cells; a side of so many or fewer is as fine as screens are, and stays so as long as the other is longer."""
PIECE = 1 << 18
"""Values that are worked on at once: few enough to stay in the processor's cache."""


@dataclass(frozen=True, eq=False)
class Level:
    """One grid of cells over the whole image, each of ``grain`` = rows × columns of values, fewer at the far ends."""

    grain: tuple[int, int]
    cells: Cells


def base_grain(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return the finest cells for an image of some shape: always the longer side is made shorter."""
    grain, sides = [1, 1], list(shape)
    while grain[0] * grain[1] < CELL:
        longer = 0 if sides[0] / grain[0] >= sides[1] / grain[1] else 1
        grain[longer] *= 2
    return grain[0], grain[1]


def built(values: Array, mask: Array | None, *, cancelled: Asked = never) -> tuple[Level, ...]:
    """Make all levels, the finest first: one pass over the values, then each level from the one before.

    Parameters
    ----------
    values
        Shape (rows, columns), rows lying together in memory.

    Raises
    ------
    Cancelled
        `cancelled` said so.
    """
    grain = base_grain(values.shape)
    levels = [Level(grain, _finest(values, mask, grain, cancelled))]
    while levels[-1].cells.sum.size > COARSEST:
        levels.append(_coarser(levels[-1], values.shape, cancelled))
    return tuple(levels)


def _finest(values: Array, mask: Array | None, grain: tuple[int, int], cancelled: Asked) -> Cells:
    def tall(rows: Groups) -> Cells:
        return rows_of_values(values, mask, rows)

    return _made(values.shape, grain, grain, values.dtype, tall, cancelled)


def _coarser(level: Level, shape: tuple[int, ...], cancelled: Asked) -> Level:
    cells = level.cells
    rows, columns = cells.sum.shape
    step = (2, 2) if min(rows, columns) > BROAD else (4, 1) if rows >= columns else (1, 4)
    grain = level.grain[0] * step[0], level.grain[1] * step[1]

    def tall(rows: Groups) -> Cells:
        return rows_joined(cells, rows)

    return Level(grain, _made((rows, columns), step, grain, cells.largest.dtype, tall, cancelled, shape))


def _made(
    shape: tuple[int, ...],
    step: tuple[int, int],
    grain: tuple[int, int],
    values: np.dtype[Any],
    tall: Callable[[Groups], Cells],
    cancelled: Asked,
    whole: tuple[int, ...] | None = None,
) -> Cells:
    """Join `step` rows and columns of something of a shape; cells then hold ``grain`` of the whole image's values."""
    rows, columns = (Groups.of(size, length) for size, length in zip(shape, step, strict=True))
    heights, widths = (Groups.of(size, length).lengths for size, length in zip(whole or shape, grain, strict=True))
    out = Cells.empty((rows.count, columns.count), values, grain[0] * grain[1])
    complete = True

    def fill(piece: slice) -> None:
        nonlocal complete
        cells = columns_joined(tall(rows.part(piece)), columns)
        complete &= cells.count is None  # only ever to False, from whichever thread
        out.put(piece, cells, np.outer(heights[piece], widths))

    height = max(1, PIECE // max(1, shape[1] * step[0])) * 4
    pieces = [slice(first, min(first + height, rows.count)) for first in range(0, rows.count, height)]
    share(fill, pieces, cancelled=cancelled)
    return Cells(out.sum, out.largest, out.smallest, None) if complete else out
