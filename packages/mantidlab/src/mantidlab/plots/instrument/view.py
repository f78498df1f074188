"""The widget of `instrument`: what the browser is told, what it asks, and what a person does with it in Python."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import Geometry, Histogram, Numbers
from mantidlab.plots.errors import WrongArgument
from mantidlab.plots.instrument.choosing import Choice, Choosing, together
from mantidlab.plots.instrument.counting import extremes
from mantidlab.plots.instrument.detectors import NONE
from mantidlab.plots.instrument.facts import detector_facts, summary, table_page
from mantidlab.plots.instrument.masks import DetectorMask, ranges
from mantidlab.plots.instrument.regions import on_screen
from mantidlab.plots.instrument.scene import Scene, told_axis
from mantidlab.plots.instrument.settings import VIEWS, Settings, read_settings
from mantidlab.plots.instrument.standouts import find_standouts
from mantidlab.plots.widget import Answer, PlotWidget, answers

NEAR = 70_000
"""So many detectors at most are drawn as what they are; of more, the picture is made of points until one goes near."""

LISTED = 12
"""So many detector numbers are written into a cell; more are drawn as the regions that they come from."""


class InstrumentView(PlotWidget, bundle="instrument"):
    """An instrument: every detector where it is, coloured by what it counts.

    Made by `mantidlab.instrument`. What is chosen in the picture can be taken out: `detectors`, `spectrum`, `spectra`,
    `mask`.
    """

    def __init__(self, scene: Scene, settings: Settings, source: str = "") -> None:
        self._scene = scene
        self._choosing = Choosing(scene)
        self._source = source
        self._counted: dict[str, Numbers] = {}
        values = self._values(settings)
        super().__init__(
            spec=self._describe_scene(),
            view=settings.told(),
            first=self._first(settings, values),
        )

    # --- for the person -------------------------------------------------------------------------------------------

    @property
    def settings(self) -> Settings:
        """What is seen now, and how."""
        return read_settings(self.view, self._scene)

    @property
    def geometry(self) -> Geometry:
        """Where the detectors are."""
        return self._scene.detectors.geometry

    def counts(self) -> Numbers:
        """Return what each detector counts in the chosen range, shape (n,); NaN without a spectrum."""
        return self._values(self.settings).copy()

    def select(self, *chosen: Any) -> None:
        """Choose detectors: numbers, arrays of them, or dicts as in the view's ``selection``; nothing clears."""
        numbers: list[int] = []
        found: list[Mapping[str, Any]] = []
        for one in chosen:
            if isinstance(one, Mapping):
                found.append(one)
            else:
                numbers += [int(number) for number in np.atleast_1d(one)]
        if numbers:
            found.insert(0, {"kind": "ids", "ids": numbers})
        self._choosing.choices(found)
        self.view = {**self.view, "selection": [dict(one) for one in found]}

    def detectors(self, which: int | None = None) -> NDArray[np.integer[Any]]:
        """Return the numbers of the chosen detectors, in the geometry's order.

        Parameters
        ----------
        which
            Of one choice alone, counted from 0; None for all of them together.
        """
        return self.geometry.ids[self._chosen(which)]

    def spectrum(self, which: int | None = None, unit: str | None = None) -> Histogram:
        """Return the sum of the spectra of the chosen detectors; `mantidlab.plot` draws it.

        Parameters
        ----------
        which
            Of one choice alone, counted from 0; None for all of them together.
        unit
            Such as ``wavelength``; None for that of the view.
        """
        settings = self.settings if unit is None else read_settings({**self.view, "unit": unit}, self._scene)
        found = self._scene.spectrum(self._chosen(which), settings.quantity)
        return _named(found, "chosen" if which is None else self._choices()[which].name)

    def spectra(self, unit: str | None = None) -> list[Histogram]:
        """Return a spectrum for each choice, to compare them."""
        return [self.spectrum(which, unit) for which in range(len(self._choices()))]

    def mask(self, which: int | None = None, *, invert: bool = False) -> DetectorMask:
        """Return the chosen detectors as a mask, for NumPy, scipp and Mantid.

        Parameters
        ----------
        invert
            Mask all but those that were chosen (monitors are left as they are).
        """
        detectors = self._scene.detectors
        array = np.zeros(detectors.count, dtype=np.bool_)
        array[self._chosen(which)] = True
        if invert:
            array = ~array & ~detectors.geometry.monitor
        of, rows = detectors.spectrum_of, self._scene.counts.rows
        used = of != NONE
        masked = np.bincount(of[used & array], minlength=rows)
        every = np.bincount(of[used], minlength=rows)
        spectra = (masked > 0) & (masked == every)
        shape, dims = self._shape(rows)
        partly = int(np.count_nonzero((masked > 0) & ~spectra))
        return DetectorMask(detectors.geometry.ids, array, spectra.reshape(shape), dims, partly)

    def _shape(self, rows: int) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """Return the shape of the data without their last dimension, and its names, where the spectra fill it."""
        found = self._scene.data.summary()
        if len(found.shape) == len(found.dims) and int(np.prod(found.shape, dtype=np.int64)) == rows:
            return tuple(found.shape), tuple(found.dims)
        if len(found.shape) == len(found.dims) and int(np.prod(found.shape[:-1], dtype=np.int64)) == rows:
            return tuple(found.shape[:-1]), tuple(found.dims[:-1])
        return (rows,), ("spectrum",)

    def python(self) -> str:
        """Return the call that draws this view again."""
        settings = self.settings
        said = [self._source or "thing"]
        first = read_settings({}, self._scene)
        for name, value in settings.told().items():
            if name not in ("aspect", "box") and value != first.told()[name]:
                said.append(f"{name}={_written(value)}")
        return f"instrument({', '.join(said)})"

    # --- what the browser is told -----------------------------------------------------------------------------------

    def _describe_scene(self) -> dict[str, Any]:
        scene, detectors = self._scene, self._scene.detectors
        geometry = detectors.geometry
        low, high = scene.bounds()
        return {
            "version": 1,
            "name": scene.name,
            "title": scene.data.summary().title,
            "instrument": geometry.instrument,
            "count": detectors.count,
            "counted": int(np.count_nonzero(detectors.counting())),
            "axis": told_axis(scene),
            "value": {"label": scene.counts.label or "Value", "unit": scene.counts.unit},
            "source": _triple(geometry.source - geometry.sample) if geometry.source is not None else None,
            "beam": _triple(geometry.beam),
            "up": _triple(geometry.up),
            "bounds": [_triple(low), _triple(high)],
            "sides": list(detectors.usual_sides()),
            "banks": len(geometry.banks),
            "tubes": any(len(bank.shape) == 2 for bank in geometry.banks),
            "monitors": int(np.count_nonzero(geometry.monitor)),
            "masked": int(np.count_nonzero(geometry.masked)),
            "near": NEAR,
            "views": list(VIEWS),
            "notes": list(scene.notes()),
            "variable": "",
        }

    def _first(self, settings: Settings, values: Numbers) -> dict[str, Any]:
        detectors = self._scene.detectors
        first: dict[str, Any] = {
            "places": _bytes(detectors.places, np.float32),
            "flags": _bytes(detectors.flags, np.uint8),
            "values": _bytes(values, np.float32),
            "standouts": _bytes(find_standouts(values, detectors.counting()), np.uint32),
            "colours": self._colour_limits(values),
            "summary": summary(self._scene, settings, values),
        }
        if detectors.count <= NEAR:
            first["near"] = self._shapes(np.arange(detectors.count))
        return first

    def _shapes(self, some: NDArray[np.int64]) -> dict[str, Any]:
        extents = self._scene.detectors.extents
        return {
            "sizes": _bytes(extents.sizes[some], np.float32),
            "rotations": _bytes(extents.rotations[some][:, [1, 2, 3, 0]], np.float32),
            "kinds": _bytes(extents.kinds[some], np.uint8),
        }

    def _colour_limits(self, values: Numbers) -> dict[str, Any]:
        found = extremes(values[self._scene.detectors.counting()])
        return {"low": found.low, "high": found.high, "positive": found.positive, "total": self._scene.total(values)}

    def _values(self, settings: Settings) -> Numbers:
        """Return the counts of a range; the last one asked for is kept, and that of all."""
        key = json.dumps([settings.range, settings.quantity if settings.range is not None else None])
        if key not in self._counted:
            everything = {name: kept for name, kept in self._counted.items() if name == "[null, null]"}
            self._counted = {**everything, key: self._scene.values(settings.range, settings.quantity)}
        return self._counted[key]

    # --- what it asks ----------------------------------------------------------------------------------------------

    @answers("counts")
    def _send_counts(self, asked: Mapping[str, Any]) -> Answer:
        settings = self._asked(asked)
        values = self._values(settings)
        standouts = find_standouts(values, self._scene.detectors.counting())
        content = {
            "colours": self._colour_limits(values),
            "summary": summary(self._scene, settings, values),
            "range": list(settings.range) if settings.range is not None else None,
        }
        return Answer(content, [_bytes(values, np.float32), _bytes(standouts, np.uint32)])

    @answers("strip")
    def _send_strip(self, asked: Mapping[str, Any]) -> Answer:
        """Answer with the spectrum of all detectors that count."""
        settings = self._asked(asked)
        rows = self._scene.counted_rows
        total = self._scene.spectrum_of_rows(rows, settings.quantity)
        label, unit = self._scene.axis(settings.quantity)
        content = {
            "label": label,
            "unit": unit,
            "value": {"label": total.label or "Value", "unit": total.unit},
            "edges": total.axis.edges,
            "log": total.axis.log,
            "spectra": len(rows),
        }
        return Answer(content, [_bytes(total.axis.values, np.float64), _bytes(total.values, np.float64)])

    @answers("unwrapped")
    def _send_unwrapped(self, asked: Mapping[str, Any]) -> Answer:
        found = self._scene.unwrapped(str(asked.get("projection", "")))
        low, high = self._extent(found.uv, found.half)
        content = {
            "projection": found.projection,
            "labels": list(found.labels),
            "units": list(found.units),
            "natural": found.natural,
            "extent": [[low[0], high[0]], [low[1], high[1]]],
            "names": [{"text": name.text, "u": name.u, "v": name.v} for name in found.names],
        }
        return Answer(content, [_bytes(found.uv, np.float32), _bytes(found.half, np.float32)])

    def _extent(self, uv: Numbers, half: Numbers) -> tuple[list[float], list[float]]:
        shown = np.isfinite(uv).all(axis=1) & ~self._scene.detectors.geometry.monitor
        if not shown.any():
            return [-1.0, -1.0], [1.0, 1.0]
        low, high = (uv - half)[shown].min(axis=0), (uv + half)[shown].max(axis=0)
        return [float(part) for part in low], [float(part) for part in high]

    @answers("near")
    def _send_near(self, asked: Mapping[str, Any]) -> Answer:
        """Answer with the shapes of the detectors that a camera sees, if they are not too many."""
        seen = on_screen(self._scene.detectors.places, asked.get("matrix", ()))
        with np.errstate(invalid="ignore"):
            inside = np.flatnonzero((np.abs(seen) <= float(asked.get("margin", 1.1))).all(axis=1))
        if len(inside) > NEAR:
            return Answer({"seen": len(inside), "names": []}, [])
        shapes = self._shapes(inside)
        return Answer({"seen": len(inside), "names": list(shapes)}, [_bytes(inside, np.uint32), *shapes.values()])

    @answers("read")
    def _send_facts(self, asked: Mapping[str, Any]) -> Answer:
        index = int(asked.get("index", -1))
        if not 0 <= index < self._scene.detectors.count:
            raise WrongArgument(f"There is no detector with index {index}.")
        return Answer(detector_facts(self._scene, index, float(self._values(self._asked(asked))[index])))

    @answers("chosen")
    def _send_chosen(self, asked: Mapping[str, Any]) -> Answer:
        """Answer with the detectors of each choice, what they count together, and their spectra."""
        settings = self._asked(asked)
        choices = self._choosing.choices(settings.selection, monitors=settings.monitors)
        values = self._values(settings)
        told: list[dict[str, Any]] = []
        buffers: list[Any] = []
        for choice in choices:
            rows = self._scene.rows_of(choice.indices)
            counted = values[self._scene.first_detector[rows]]
            entry: dict[str, Any] = {
                "name": choice.name,
                "detectors": len(choice.indices),
                "spectra": len(rows),
                "sum": float(counted[np.isfinite(counted)].sum()),
                "ids": ranges(self.geometry.ids[choice.indices[:2000]]),
            }
            buffers.append(_bytes(choice.indices, np.uint32))
            if len(rows):
                one = self._scene.spectrum_of_rows(rows, settings.quantity)
                entry |= {"edges": one.axis.edges, "log": one.axis.log, "errors": one.errors is not None}
                buffers += [_bytes(one.axis.values, np.float64), _bytes(one.values, np.float64)]
                buffers += [_bytes(one.errors, np.float32)] if one.errors is not None else []
            told.append(entry)
        label, unit = self._scene.axis(settings.quantity)
        return Answer({"choices": told, "label": label, "unit": unit}, buffers)

    @answers("table")
    def _send_table(self, asked: Mapping[str, Any]) -> Answer:
        settings = self._asked(asked)
        chosen = together(self._choosing.choices(settings.selection)) if asked.get("chosen") else None
        start, count = max(0, int(asked.get("start", 0))), min(1000, int(asked.get("count", 100)))
        return Answer(table_page(self._scene, self._values(settings), start, count, order=chosen))

    @answers("cell")
    def _send_cell(self, asked: Mapping[str, Any]) -> Answer:
        """Answer with the text of a cell: one that draws spectra, masks, or draws this view again."""
        view = self._called()
        what = str(asked.get("what", "python"))
        if what == "plot":
            text = f"from mantidlab import plot\n\nplot({view}.spectra())"
        elif what == "detectors":
            text = f"{view}.detectors()"
        elif what == "mask":
            numbers = self.mask().text()
            text = (
                f"mask = {view}.mask()  # {len(self.mask()):,} detectors\n"
                f'mask.save_xml("mask.xml")  # for Mantid\'s LoadMask\n'
                f"# MaskDetectors(Workspace=…, DetectorList=mask.detector_list())\n"
                f"# detectors: {numbers if len(numbers) < 200 else numbers[:200] + ' …'}\n"
                "mask.spectra"
            )
        else:
            text = f"from mantidlab import instrument\n\n{self.python()}"
        return Answer({"text": text})

    def _called(self) -> str:
        """Return the variable that holds this view, or a call that makes it again."""
        shell = sys.modules.get("IPython")
        names = shell.get_ipython().user_ns if shell is not None and shell.get_ipython() is not None else {}
        for name, value in list(names.items()):
            if value is self and not name.startswith("_"):
                return str(name)
        return f"{self.python()}" if self._source else "view"

    # --- shared ----------------------------------------------------------------------------------------------------

    def _asked(self, asked: Mapping[str, Any]) -> Settings:
        """Return the settings that a request is for: those it brings, else those of the view."""
        return read_settings(asked.get("view") or self.view, self._scene)

    def _choices(self) -> list[Choice]:
        settings = self.settings
        return self._choosing.choices(settings.selection, monitors=settings.monitors)

    def _chosen(self, which: int | None) -> NDArray[np.int64]:
        choices = self._choices()
        if which is None:
            return together(choices)
        if not -len(choices) <= which < len(choices):
            raise WrongArgument(f"There is no choice {which}; there are {len(choices)}, counted from 0.")
        return choices[which].indices


def _named(found: Histogram, name: str) -> Histogram:
    return Histogram(
        found.axis, found.values, found.errors, found.mask, found.label, found.unit, name, found.distribution
    )


def _bytes(values: Any, kind: Any) -> bytes:
    return bytes(np.ascontiguousarray(values, dtype=kind).tobytes())


def _triple(vector: Numbers) -> list[float]:
    return [float(part) for part in vector]


def _written(value: Any) -> str:
    if isinstance(value, list) and len(value) == 2 and all(isinstance(part, float) for part in value):
        return f"({value[0]:.8g}, {value[1]:.8g})"
    return repr(_rounded(value))


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.8g}")
    if isinstance(value, Mapping):
        return {key: _rounded(part) for key, part in value.items()}
    return [_rounded(part) for part in value] if isinstance(value, Sequence) and not isinstance(value, str) else value
