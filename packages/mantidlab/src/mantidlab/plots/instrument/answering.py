"""What the browser is told of an instrument, and what it asks."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import Geometry, Numbers
from mantidlab.plots.calls import Call
from mantidlab.plots.errors import WrongArgument
from mantidlab.plots.instrument.choosing import Choosing, together
from mantidlab.plots.instrument.counting import extremes
from mantidlab.plots.instrument.describing import described
from mantidlab.plots.instrument.facts import detector_facts, summary, table_page
from mantidlab.plots.instrument.masks import ranges
from mantidlab.plots.instrument.projections import ends_without_strays
from mantidlab.plots.instrument.regions import on_screen
from mantidlab.plots.instrument.scene import Scene, told_axis
from mantidlab.plots.instrument.settings import VIEWS, Settings, read_settings
from mantidlab.plots.instrument.standouts import find_standouts
from mantidlab.plots.publication import FigureDescription, Paper, figure_code
from mantidlab.plots.widget import Answer, PlotWidget, answers

NEAR = 70_000
"""So many detectors at most are drawn as what they are; of more, the picture is made of points until one goes near."""

DATA_OPTIONS = ("geometry", "part")
"""Arguments that choose the data; their text is kept as it was written."""


class InstrumentWidget(PlotWidget):
    """The part of the view that talks with the browser; `InstrumentView` is the part for the person."""

    def __init__(self, scene: Scene, settings: Settings, call: Call) -> None:
        self._scene = scene
        self._choosing = Choosing(scene)
        self._call = call
        self._counted: dict[str, Numbers] = {}
        values = self._values(settings)
        super().__init__(
            spec=self._describe_scene(),
            view=settings.told(),
            first=self._first(settings, values),
        )

    @property
    def settings(self) -> Settings:
        """What is seen now, and how."""
        return read_settings(self.view, self._scene)

    @property
    def geometry(self) -> Geometry:
        """Where the detectors are."""
        return self._scene.detectors.geometry

    def python(self) -> str:
        """Return the call that draws this view again."""
        return self._call_of("instrument", self.settings)

    def describe(self) -> FigureDescription:
        """Return what the picture shows, for a figure on paper."""
        return self._described(self.settings)

    def _described(self, settings: Settings) -> FigureDescription:
        on_paper = replace(settings, selection=())
        expression = self._call_of("detectors_seen", on_paper, aspect=settings.aspect)
        return described(self._scene, settings, expression, self._call.things)

    def _call_of(self, name: str, settings: Settings, **more: float) -> str:
        """Return a call with what differs from the first view; what data are meant stays as it was written."""
        first = read_settings({}, self._scene).told()
        said = [*(self._call.things or ("data",))]
        said += [f"{option}={self._call.options[option]}" for option in DATA_OPTIONS if option in self._call.options]
        for option, value in settings.told().items():
            # The scale is always said: left out, it is chosen by the counts.
            if option != "aspect" and (option == "scale" or value != first[option]):
                said.append(f"{option}={_written(value)}")
        said += [f"{option}={value!r}" for option, value in more.items()]
        return f"{name}({', '.join(said)})"

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
            "towards": _triple(scene.towards),
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
        low, high, _ = ends_without_strays(uv, ~self._scene.detectors.geometry.monitor, half)
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

    @answers("figure")
    def _send_figure(self, asked: Mapping[str, Any]) -> Answer:
        """Answer with a cell of matplotlib that draws this view on paper."""
        width = asked.get("width") or "single"
        options = {name: asked[name] for name in ("font_size", "name") if asked.get(name) is not None}
        options["formats"] = tuple(asked.get("formats") or ("pdf",))
        paper = Paper.named(width, **options) if isinstance(width, str) else Paper(float(width), **options)
        return Answer({"code": figure_code(self._described(self._asked(asked)), paper)})

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
            text = f"from mantidlab import instrument\n\n{self._call_of('instrument', self._asked(asked))}"
        return Answer({"text": text})

    def _called(self) -> str:
        """Return the variable that holds this view, or a call that makes it again."""
        shell = sys.modules.get("IPython")
        names = shell.get_ipython().user_ns if shell is not None and shell.get_ipython() is not None else {}
        for name, value in list(names.items()):
            if value is self and not name.startswith("_"):
                return str(name)
        return self.python()

    def _asked(self, asked: Mapping[str, Any]) -> Settings:
        """Return the settings that a request is for: those it brings, else those of the view."""
        return read_settings(asked.get("view") or self.view, self._scene)


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
