"""The calls: ``instrument(thing, …)``, and ``detectors_seen(thing, …)`` for figures on paper."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mantidlab.plots.calls import Call, call_of, called_by
from mantidlab.plots.instrument.scene import Scene, open_scene
from mantidlab.plots.instrument.seen import Seen, detectors_on_page
from mantidlab.plots.instrument.settings import Settings, fitting_scale, read_settings
from mantidlab.plots.instrument.view import InstrumentView


def instrument(  # noqa: PLR0913  # all by keyword, but the thing itself
    thing: Any,
    *,
    view: str = "3d",
    range: Sequence[float] | None = None,  # noqa: A002  # the word that people look for
    unit: str | None = None,
    scale: str | None = None,
    limits: Sequence[float] | None = None,
    colours: str = "viridis",
    monitors: bool = False,
    masked: bool = True,
    selection: Any = (),
    camera: Mapping[str, Any] | str | None = None,
    box: Sequence[Sequence[float]] | None = None,
    geometry: Any = None,
    part: str = "",
) -> InstrumentView:
    """Show an instrument: every detector where it is, coloured by what it counts.

    Parameters
    ----------
    thing
        A workspace of Mantid or its name, a data array of scipp, the path of a NeXus file.
    view
        ``3d``, ``cylinder x`` (y, z), ``sphere x`` (y, z), or ``side by side``.
    range
        From where to where on the axis of the spectra, in `unit`; None counts all. A bin counts where its middle is.
    unit
        Such as ``wavelength``, ``d_spacing``, ``Q``, where the geometry allows it; None for that of the data.
    scale
        Of the colours: ``linear``, ``log``, ``symlog``. None takes ``log`` where a few detectors count so much more
        than the others that a linear scale would show nothing else.
    limits
        Of the colours; None for those of the data.
    colours
        A colour map: ``viridis``, ``cividis``, ``magma``, ``inferno``, ``plasma``, ``grey``, ``RdBu`` …
    monitors, masked
        Whether they are drawn.
    selection
        Detector numbers, or choices as the view writes them.
    camera
        ``x+``, ``x-``, … for a view along an axis, or a position, target and up in metres from the sample.
    box
        The part of an unwrapped view that is seen, ((u₀, u₁), (v₀, v₁)); None for all.
    geometry
        Another object that knows where the detectors are, for data that do not.
    part
        Of a file with several: the name of the one that is meant.

    Raises
    ------
    NotPlottable
        Nobody knows where the detectors are; the message says why and what to do.
    WrongArgument
        An argument is none of those that there are.
    """
    told = {
        "view": view,
        "range": range,
        "unit": unit,
        "scale": scale,
        "limits": limits,
        "colours": colours,
        "monitors": monitors,
        "masked": masked,
        "selection": selection,
        "camera": camera,
        "box": box,
    }
    scene, settings, call = _opened(thing, told, geometry, part)
    return InstrumentView(scene, settings, call)


def detectors_seen(thing: Any, *, aspect: float = 1.6, geometry: Any = None, part: str = "", **shown: Any) -> Seen:
    """Return the outlines of detectors as `instrument` shows them, for drawing them with something else.

    Parameters
    ----------
    aspect
        Width of the picture by its height.
    geometry, part, shown
        As for `instrument`.
    """
    scene, settings, _ = _opened(thing, {**shown, "aspect": aspect}, geometry, part)
    return detectors_on_page(scene, settings)


def _opened(thing: Any, told: Mapping[str, Any], geometry: Any, part: str) -> tuple[Scene, Settings, Call]:
    call = call_of((thing,))
    scene = open_scene(called_by((thing,), call)[0], geometry=geometry, part=part)
    settings = read_settings({**told, "scale": told.get("scale") or "linear"}, scene)
    if told.get("scale") is None and settings.limits is None:
        settings = replace(settings, scale=fitting_scale(scene.values(settings.range, settings.quantity), scene))
    return scene, settings, call
