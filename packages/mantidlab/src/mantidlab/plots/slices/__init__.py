"""``slices``: data of any number of dimensions as a colour map, with sliders, cuts and regions.

`source` makes an image of whatever a person has, `plane` takes two dimensions out of it, `picture` reduces a window of
that plane to what a screen can show, `regions`, `measuring` and `cuts` find out what lies where, `widget` brings it to
the notebook.
"""

from typing import Any

from mantidlab.plots.calls import call_of
from mantidlab.plots.slices.section import section
from mantidlab.plots.slices.source import source_of
from mantidlab.plots.slices.view import first_view
from mantidlab.plots.slices.widget import Slices

__all__ = ["Slices", "section", "slices"]


def slices(
    thing: Any,
    *,
    x: str | int | None = None,
    y: str | int | None = None,
    at: dict[str, Any] | None = None,
    bins: Any = None,
    coords: dict[str, Any] | None = None,
    note: str = "",
    name: str = "",
    **options: Any,
) -> Slices:
    """Show data of two dimensions or more as a colour map, with sliders for the dimensions that are not seen.

    Parameters
    ----------
    thing
        A workspace or its name, an object of scipp, the path of a NeXus file, an `Image`, an array of numbers (also
        one that is memory-mapped: it is read where it is).
    x, y
        The dimensions to see, by name or number; if they are not given: detector pixels as they lie, else the last
        dimension across and the one before it up.
    at
        Where the other dimensions are cut: ``{"energy": 3.2}``, or a pair to combine planes: ``{"energy": (3, 4)}``.
        The middle if it is not given.
    bins
        For events: a number of equal bins, or their edges, in the unit of the events.
    coords
        For arrays of numbers: names and positions of the dimensions, ``{"y": None, "x": np.linspace(0, 1, 101)}``; as
        many positions as values are points, one more are edges, None numbers them.
    note
        A sentence shown below the picture.
    name
        What it is called, if not as the variable is.
    over
        What is made of several planes: ``"sum"``, ``"mean"``, ``"max"``. Counts are added up, of all else the mean is
        taken.
    stands
        What a pixel shows that stands for several bins: ``"max"``, which hides nothing and is what you get, ``"mean"``
        or ``"sum"``.
    scale
        Of the colours: ``"linear"``, ``"log"``, ``"symlog"``.
    limits
        Of the colours: ``"minmax"``, ``"sigma"`` (mean ± 3 standard deviations), ``"percentile"`` (0.5 to 99.5 %), or
        a pair.
    colours
        A colour map: ``"viridis"``, ``"cividis"``, ``"magma"``, ``"inferno"``, ``"plasma"``, ``"grey"``, ``"RdBu"`` …

    Raises
    ------
    NotPlottable
        There are no two dimensions to see.
    WrongArgument
        An argument does not fit the data.
    """
    call = call_of((thing,))
    name = name or (call.things[0] if call.things[0].isidentifier() else "")
    source = source_of(thing, bins=bins, coords=coords, name=name)
    return Slices(source, first_view(source, x=x, y=y, at=at, **_known(options)), call, note)


def _known(options: dict[str, Any]) -> dict[str, Any]:
    known = ("over", "stands", "scale", "limits", "colours")
    for name in options:
        if name not in known:
            raise TypeError(f"slices() got an unexpected keyword argument {name!r}; there are {', '.join(known)}.")
    return options
