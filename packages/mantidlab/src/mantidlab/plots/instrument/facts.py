"""What is said of a detector and of the whole picture: numbers with their units, and sentences."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import Numbers
from mantidlab.plots.instrument.counting import extremes
from mantidlab.plots.instrument.detectors import EMPTY, MASKED, MONITOR, NONE, Detectors
from mantidlab.plots.instrument.scene import Scene
from mantidlab.plots.instrument.settings import THREE, Settings

COLUMNS = ("Detector", "Bank", "2θ / °", "φ / °", "L2 / m", "x / m", "y / m", "z / m", "State")


def detector_facts(scene: Scene, index: int, value: float) -> dict[str, Any]:
    """Return what is known of one detector, as plain values."""
    detectors, geometry = scene.detectors, scene.detectors.geometry
    bank = int(detectors.bank_of[index])
    spectrum = int(detectors.spectrum_of[index])
    one = slice(index, index + 1)
    place = geometry.positions[index]
    outward = place - geometry.sample
    length = float(np.linalg.norm(outward))
    cosine = float(outward @ geometry.beam) / length if length else 1.0
    shared = int(np.count_nonzero(detectors.spectrum_of == spectrum)) if spectrum != NONE else 0
    return {
        "index": index,
        "id": int(geometry.ids[index]),
        "bank": detectors.banks[bank].name if bank != NONE and geometry.banks else "",
        "tube": detectors.tube(index)[0] if bank != NONE and len(detectors.banks[bank].shape) == 2 else "",
        "two_theta": float(np.degrees(np.arccos(np.clip(cosine, -1, 1)))),
        "phi": float(azimuth_of(detectors, one)[0]),
        "l2": length,
        "position": [float(part) for part in place],
        "value": None if not np.isfinite(value) else float(value),
        "spectrum": spectrum if spectrum != NONE else None,
        "shared": shared,
        "state": state(int(detectors.flags[index])),
    }


def azimuth_of(detectors: Detectors, some: slice | NDArray[Any]) -> Numbers:
    """Return azimuths in degrees of some detectors."""
    beam, up = detectors.geometry.beam, detectors.geometry.up
    places = detectors.places[some]
    return np.asarray(np.degrees(np.arctan2(places @ up, places @ np.cross(up, beam))))


def state(flags: int) -> str:
    """Return in words what a detector is besides a detector that counts."""
    words = {MONITOR: "monitor", MASKED: "masked", EMPTY: "no spectrum"}
    return ", ".join(word for flag, word in words.items() if flags & flag)


def summary(scene: Scene, settings: Settings, values: Numbers) -> str:
    """Return what the picture shows, for who cannot see it."""
    detectors = scene.detectors
    counting = detectors.counting()
    found = extremes(values[counting])
    label, unit = scene.axis(settings.quantity)
    named = f" of {detectors.geometry.instrument}" if detectors.geometry.instrument else ""
    banks = f" in {len(detectors.geometry.banks)} banks" if detectors.geometry.banks else ""
    chosen = "all of" if settings.range is None else f"{settings.range[0]:.6g} to {settings.range[1]:.6g} {unit} of"
    parts = [
        f"{detectors.count:,} detectors{named}{banks}, coloured by {scene.counts.label.lower() or 'values'}"
        f" ({chosen} {label}).",
        "View in three dimensions." if settings.view == THREE else f"Unwrapped: {settings.view}.",
    ]
    if counting.any():
        shown = np.where(counting, values, -np.inf)
        highest = int(np.argmax(np.where(np.isfinite(shown), shown, -np.inf)))
        parts.append(
            f"From {found.low:.6g} to {found.high:.6g} {scene.counts.unit}".rstrip()
            + f", {scene.total(values):.8g} in all; "
            f"the highest is detector {detectors.geometry.ids[highest]}."
        )
    special = [
        (int(np.count_nonzero(detectors.flags & flag)), words)
        for flag, words in ((MASKED, "masked"), (MONITOR, "monitors"))
    ]
    parts += [f"{count:,} {words}." for count, words in special if count]
    return " ".join(parts)


def table_page(
    scene: Scene, values: Numbers, start: int, count: int, *, order: NDArray[np.int64] | None
) -> dict[str, Any]:
    """Return rows of the table of detectors, in their own order or in that of `order`."""
    total = scene.detectors.count if order is None else len(order)
    some = np.arange(start, min(start + count, total)) if order is None else order[start : start + count]
    detectors, geometry = scene.detectors, scene.detectors.geometry
    two_theta = np.degrees(_two_theta(detectors, some))
    length = np.linalg.norm(geometry.positions[some] - geometry.sample, axis=1)
    phi = azimuth_of(detectors, some)
    label = f"{scene.counts.label or 'Value'}" + (f" / {scene.counts.unit}" if scene.counts.unit else "")
    rows = []
    for row, index in enumerate(some):
        bank = int(detectors.bank_of[index])
        rows.append(
            [
                int(geometry.ids[index]),
                _finite(values[index]),
                detectors.banks[bank].name if bank != NONE and geometry.banks else "",
                _finite(two_theta[row]),
                _finite(phi[row]),
                _finite(length[row]),
                *(_finite(part) for part in geometry.positions[index]),
                state(int(detectors.flags[index])),
            ]
        )
    return {"columns": [COLUMNS[0], label, *COLUMNS[1:]], "rows": rows, "start": start, "total": total}


def _two_theta(detectors: Detectors, some: NDArray[np.int64]) -> Numbers:
    places = detectors.places[some]
    lengths = np.linalg.norm(places, axis=1)
    cosine = np.divide(places @ detectors.geometry.beam, lengths, out=np.ones(len(some)), where=lengths > 0)
    return np.arccos(np.clip(cosine, -1, 1))


def _finite(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None
