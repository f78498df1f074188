"""Bare arrays, histograms, tables and logs as data objects: what has no workspace and no file behind it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.lazily import LazySequence
from mantidlab.frameworks.model import Axis, Histogram, Image, Kind, Log, NotThere, Summary, Table
from mantidlab.frameworks.partial import PartialObject
from mantidlab.frameworks.spacing import grows
from mantidlab.plots.errors import NotPlottable


class PlainObject(PartialObject):
    """Something that has a name, and parts that a subclass adds."""

    kind = Kind.SPECTRA
    framework = "numpy"

    def __init__(self, name: str) -> None:
        self._name = name

    def summary(self) -> Summary:
        """Return what it is."""
        return Summary(self._name, self.kind, type(self).__name__, self.framework)

    def _absent(self, what: str) -> NotThere:
        return NotThere(f"{self._name!r} has no {what}.")


class HistogramObject(PlainObject):
    """One `Histogram` of the data model."""

    def __init__(self, histogram: Histogram, name: str = "") -> None:
        super().__init__(name or histogram.name or "histogram")
        self._histogram = histogram

    def spectra(self) -> Sequence[Histogram]:
        """Return the one."""
        return [self._histogram]


class ArraysObject(PlainObject):
    """Arrays of NumPy: y of shape (n,) or (rows, n), x with n points or n + 1 edges, errors of y's shape."""

    def __init__(
        self,
        name: str,
        axis: Axis,
        values: NDArray[Any],
        errors: NDArray[Any] | None,
        mask: NDArray[np.bool_] | None = None,
    ) -> None:
        super().__init__(name)
        self._axis, self._values, self._errors, self._mask = axis, values, errors, mask

    @classmethod
    def of(cls, arrays: Any, name: str) -> "ArraysObject":
        """Make one of y, (x, y) or (x, y, errors).

        Raises
        ------
        NotPlottable
            They are no numbers, or do not belong together.
        """
        given = arrays if isinstance(arrays, tuple) else (None, arrays)
        if not 2 <= len(given) <= 3:
            raise NotPlottable(f"A tuple of {len(given)} cannot be plotted: give (x, y) or (x, y, errors).")
        values = _numbers(given[1], "y")
        if values.ndim not in (1, 2):
            raise NotPlottable(
                f"y has shape {values.shape}; curves have one dimension, or two for rows. Use slices for more."
            )
        size = values.shape[-1]
        errors = None if len(given) < 3 or given[2] is None else _errors(given[2], values.shape)
        positions = np.arange(size, dtype=np.float64) if given[0] is None else _positions(given[0])
        if positions.ndim != 1 or len(positions) not in (size, size + 1):
            raise NotPlottable(
                f"x has shape {positions.shape}, and y has {size} values: "
                f"x needs {size} (points) or {size + 1} (edges)."
            )
        edges = len(positions) == size + 1
        if edges and not _in_order(positions):
            raise NotPlottable(
                "x has one place more than y, so that its places are edges of bins, and these must rise or fall "
                "throughout: others would overlap. Sort them, or give the middles of the bins."
            )
        axis = Axis("index" if given[0] is None else "x", "Index" if given[0] is None else "", "", positions, edges)
        mask = np.ma.getmaskarray(given[1]) if isinstance(given[1], np.ma.MaskedArray) else None
        return cls(name, axis, values, errors, mask)

    def spectra(self) -> Sequence[Histogram]:
        """Return the rows."""
        rows = np.atleast_2d(self._values)
        errors = None if self._errors is None else np.atleast_2d(self._errors)

        def make(row: int) -> Histogram:
            name = self._name if len(rows) == 1 else f"row {row}"
            mask = None if self._mask is None else np.atleast_2d(self._mask)[row]
            return Histogram(self._axis, rows[row], None if errors is None else errors[row], mask, name=name)

        return LazySequence(len(rows), make)

    def image(self) -> Image:
        """Return rows × positions."""
        if self._values.ndim != 2:
            raise self._absent("grid: it has one row")
        across = Axis("row", "Row", "", np.arange(len(self._values), dtype=np.float64))
        return Image((across, self._axis), self._values, self._errors, self._mask)


def _errors(given: Any, shape: tuple[int, ...]) -> NDArray[Any]:
    errors = _numbers(given, "errors")
    if errors.shape not in ((), shape, shape[-1:]):
        raise NotPlottable(
            f"Errors of shape {errors.shape} do not belong to y of shape {shape}: give one for each value, "
            "or one for all."
        )
    return np.broadcast_to(errors, shape)


def _in_order(edges: NDArray[Any]) -> bool:
    rising = edges[1:] >= edges[:-1]
    return bool(rising.all() or not (edges[1:] > edges[:-1]).any())


def _numbers(given: Any, what: str) -> NDArray[Any]:
    try:
        array = np.asarray(given)
    except ValueError as error:
        raise NotPlottable(f"{what} is no array of numbers: {error}.") from error
    if array.dtype.kind == "O":
        try:
            array = array.astype(np.float64)
        except (TypeError, ValueError) as error:
            raise NotPlottable(f"{what} holds {type(array.flat[0]).__name__} objects, which are no numbers.") from error
    if array.dtype.kind not in "fiub":
        raise NotPlottable(f"{what} holds {array.dtype}, which are no real numbers.")
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def _positions(given: Any) -> NDArray[Any]:
    array = np.asarray(given)
    if array.dtype.kind in "MU":
        return array
    return _numbers(given, "x")


class LogObject(PlainObject):
    """A sample log over time."""

    def __init__(self, log: Log) -> None:
        super().__init__(log.name)
        self._log = log

    def spectra(self) -> Sequence[Histogram]:
        """Return its values over time; texts and truth values make no curve."""
        log = self._log
        if log.values is None or log.times is None or not len(log.values):
            raise self._absent(f"series over time; its value is {log.value!r}")
        values = np.asarray(log.values)
        if values.dtype.kind not in "fiub":
            raise self._absent(f"numbers over time; its values are {values.dtype}")
        axis = Axis("time", "Time (UTC)", "", log.times)
        return [Histogram(axis, values.astype(np.float64, copy=False), label=log.name, unit=log.unit, name=log.name)]


class TableOnly(PlainObject):
    """A `Table` of the data model."""

    kind = Kind.TABLE

    def __init__(self, table: Table, name: str) -> None:
        super().__init__(name)
        self._table = table

    def table(self) -> Table:
        """Return it."""
        return self._table


def axis_of_column(name: str, unit: str, values: NDArray[Any]) -> Axis:
    """Return a column as positions."""
    log = values.dtype.kind == "f" and grows(values)
    return Axis(name, name, unit, values, log=bool(log))


def histograms_of_table(table: Table, chosen: Mapping[str, Any], name: str) -> list[Histogram]:
    """Return a curve for each column that is a y, by the roles that its owner gave, or those in `chosen`.

    Parameters
    ----------
    chosen
        ``x``: a column; ``y``: one or a list; ``error``: one or a list, in the order of y. What is left out follows
        the roles of the columns; without any, the first column of numbers is x and all others are y.

    Raises
    ------
    NotPlottable
        A column is not there, or none holds numbers.
    """
    columns = {column.name: column for column in table.columns}
    for wanted in (*_listed(chosen.get("x")), *_listed(chosen.get("y")), *_listed(chosen.get("error"))):
        if wanted not in columns:
            raise NotPlottable(f"{name} has no column {wanted!r}. Columns: {', '.join(columns)}.")
    numeric = [column for column in table.columns if column.values.dtype.kind in "fiuM" and column.values.ndim == 1]
    by_role = {role: [column for column in numeric if column.role == role] for role in ("x", "y", "y error")}
    if not numeric:
        raise NotPlottable(f"{name} has no column of numbers. Columns: {', '.join(columns) or 'none'}.")
    across = columns[str(chosen["x"])] if chosen.get("x") else (by_role["x"] or numeric)[0]
    ups = [columns[up] for up in _listed(chosen.get("y"))] or by_role["y"]
    ups = ups or [column for column in numeric if column is not across and column.role != "y error"]
    errors = [columns[error] for error in _listed(chosen.get("error"))] or by_role["y error"]
    if not ups:
        raise NotPlottable(f"{name} has one column of numbers, {across.name}: nothing to draw it against.")
    axis = axis_of_column(across.name, across.unit, across.values)
    found = []
    for place, up in enumerate(ups):
        deviation = errors[place].values.astype(np.float64) if place < len(errors) else None
        values = up.values.astype(np.float64)
        found.append(Histogram(axis, values, deviation, label=up.name, unit=up.unit, name=up.name))
    return found


def _listed(names: Any) -> list[str]:
    if names is None:
        return []
    return [names] if isinstance(names, str) else [str(name) for name in names]
