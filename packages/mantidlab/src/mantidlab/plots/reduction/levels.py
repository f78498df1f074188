"""The pyramid over a large image: coarser and coarser cells, made in one pass over the values."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mantidlab.plots.reduction.cells import Cells, columns_joined, joined, of_values
from mantidlab.plots.reduction.working import Asked, never, share

Array: TypeAlias = NDArray[Any]

CELL = 64
"""Values in a cell of the finest level: 17 bytes a cell for float32, so that all levels together take 9 % of them."""
COARSEST = 1 << 20
"""Cells; from so many on no coarser level is worth its making."""
PIECE = 1 << 18
"""Values that are worked on at once: few enough to stay in the processor's cache."""


@dataclass(frozen=True, eq=False)
class Level:
    """One grid of cells over the whole image, each of ``grain`` = rows × columns of values, fewer at the far ends."""

    grain: tuple[int, int]
    cells: Cells

    def strip(self, rows: slice) -> Cells:
        """Join the cells over some rows of the values (multiples of the grain, or the end) to one row of cells."""
        first, last = rows.start // self.grain[0], -(-rows.stop // self.grain[0])
        return _lifted(joined(self.cells.rows(slice(first, last)), axis=0))


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
        levels.append(_coarser(levels[-1], cancelled))
    return tuple(levels)


def _finest(values: Array, mask: Array | None, grain: tuple[int, int], cancelled: Asked) -> Cells:
    rows, columns = values.shape
    out = Cells.empty((-(-rows // grain[0]), -(-columns // grain[1])), values.dtype, grain[0] * grain[1])

    def fill(piece: slice) -> None:
        for first, last, step in _blocks(piece, rows, grain[0]):
            block = values[first:last].reshape(-1, step, columns)
            covered = None if mask is None else mask[first:last].reshape(-1, step, columns)
            out.put(slice(first // grain[0], -(-last // grain[0])), _narrowed(of_values(block, covered, 1), grain[1]))

    share(fill, _pieces(rows, columns, grain[0]), cancelled=cancelled)
    return out


def _coarser(level: Level, cancelled: Asked) -> Level:
    cells = level.cells
    rows, columns = cells.sum.shape
    step = (2, 2) if min(rows, columns) > 2048 else (4, 1) if rows >= columns else (1, 4)
    grain = level.grain[0] * step[0], level.grain[1] * step[1]
    out = Cells.empty((-(-rows // step[0]), -(-columns // step[1])), cells.largest.dtype, grain[0] * grain[1])

    def fill(piece: slice) -> None:
        for first, last, height in _blocks(piece, rows, step[0]):
            part = cells.rows(slice(first, last))
            shape = (-1, height, columns)
            tall = joined(
                Cells(
                    part.sum.reshape(shape),
                    part.largest.reshape(shape),
                    part.smallest.reshape(shape),
                    part.count.reshape(shape),
                ),
                axis=1,
            )
            out.put(slice(first // step[0], -(-last // step[0])), _narrowed(tall, step[1]))

    share(fill, _pieces(rows, columns, step[0]), cancelled=cancelled)
    return Level(grain, out)


def _narrowed(cells: Cells, step: int) -> Cells:
    """Join `step` columns to one; the last may have fewer."""
    if step == 1:
        return cells
    start = np.arange(0, cells.sum.shape[1], step)
    return columns_joined(cells, start, np.minimum(start + step, cells.sum.shape[1]))


def _pieces(rows: int, columns: int, step: int) -> list[slice]:
    """Share out rows in multiples of `step`, so that a piece is some milliseconds of work."""
    height = max(1, PIECE // max(1, columns * step)) * step * 4
    return [slice(first, min(first + height, rows)) for first in range(0, rows, height)]


def _blocks(piece: slice, rows: int, step: int) -> Iterator[tuple[int, int, int]]:
    """Cut a piece into what fits the cache, and the few rows that are left over at the end of the image."""
    whole = piece.start + (piece.stop - piece.start) // step * step
    height = max(step, (piece.stop - piece.start) // 4 // step * step)
    for first in range(piece.start, whole, height):
        yield first, min(first + height, whole), step
    if whole < piece.stop:
        yield whole, piece.stop, piece.stop - whole


def _lifted(cells: Cells) -> Cells:
    return Cells(cells.sum[None], cells.largest[None], cells.smallest[None], cells.count[None])
