"""What a figure shows, as a widget knows it: enough to draw it anew with plain matplotlib.

A widget's ``describe()`` fills one of three views. All numbers are those of the picture on the screen: ranges are the
axes' ends, never "all", and colours are the ones that were drawn.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Range: TypeAlias = tuple[float, float]
Colour: TypeAlias = str
"""``#rrggbb``."""
Scale: TypeAlias = Literal["linear", "log", "symlog"]


@dataclass(frozen=True)
class Recreation:
    """How a cell that is run later gets the data again.

    Attributes
    ----------
    expression
        Python, in the names of the user's notebook: ``curves(sample, unit="Å")``.
    imports
        The lines that it needs: ``from mantidlab.plots import curves``.
    things
        What the data come from, each an expression by itself: ``sample``, ``"SANS2D00022048.nxs"``. Their files and
        history are stored with the figure.
    most
        For pictures of any size: which argument of the call in `expression` says how many rows and columns they may
        have; one pixel then stands for several bins as on the screen. Finer ones than the paper has dots would lose
        single bright pixels.
    """

    expression: str
    imports: tuple[str, ...] = ()
    things: tuple[str, ...] = ()
    most: str = ""


@dataclass(frozen=True)
class AxisView:
    """One axis of the picture: what it says, and from where to where it goes.

    Attributes
    ----------
    unit
        Written behind the label, in brackets.
    range
        From its left or lower end to the other; falls for an axis that is drawn the other way round.
    linear_below
        Where a symlog scale turns linear, in `unit`.
    is_time
        Whether it shows moments; the range then counts seconds from 1970-01-01T00:00 UTC.
    """

    label: str
    range: Range
    unit: str = ""
    scale: Scale = "linear"
    linear_below: float = 1.0
    is_time: bool = False


@dataclass(frozen=True)
class CurveView:
    """One curve as it was drawn.

    Attributes
    ----------
    index
        Which of the histograms that the recreation gives.
    name
        In the legend.
    mark
        Histograms are drawn as steps.
    binned
        Whether its axis has edges; points and lines then go through the middles.
    size
        Bins or points within the axis' range. Of very many, only those are drawn that can be told apart on paper.
    width
        Of the line, or size of the points, in typographic points.
    """

    index: int
    name: str
    colour: Colour
    mark: Literal["steps", "points", "line"] = "steps"
    errors: Literal["none", "bars", "band"] = "none"
    binned: bool = True
    size: int = 0
    width: float = 1.0


@dataclass(frozen=True)
class FitView:
    """A fitted function and what it left over.

    Attributes
    ----------
    recreation
        Gives an object with ``x``, ``y`` and ``residual``, each shape (n,).
    name
        In the legend: the model with its parameters.
    residual
        The axis of the panel below, or None where none was shown.
    """

    recreation: Recreation
    name: str
    colour: Colour
    residual: AxisView | None = None


@dataclass(frozen=True)
class LinesView:
    """What ``plot`` shows. The recreation gives a sequence of `mantidlab.frameworks.model.Histogram`.

    Attributes
    ----------
    waterfall
        By how much each curve lies right of and above the one before, in the axes' units.
    masked
        What is drawn of masked bins: nothing, or them in a pale shade of the curve's colour; ``none`` says that there
        are none.
    selection
        A range that is shaded.
    """

    x: AxisView
    y: AxisView
    curves: tuple[CurveView, ...]
    waterfall: Range = (0.0, 0.0)
    masked: Literal["none", "hidden", "pale"] = "hidden"
    legend: bool = True
    grid: bool = False
    selection: Range | None = None
    fits: tuple[FitView, ...] = ()


@dataclass(frozen=True)
class ColourView:
    """How values become colours.

    Attributes
    ----------
    map
        A colour map of matplotlib.
    limits
        The values of its two ends.
    label, unit
        Beside the colour bar.
    masked
        The colour of what is masked; None where nothing is.
    """

    map: str
    limits: Range
    label: str = ""
    unit: str = ""
    scale: Scale = "linear"
    linear_below: float = 1.0
    masked: Colour | None = None


@dataclass(frozen=True)
class Outline:
    """A region or a cut that is drawn over a picture, in the axes' units.

    Attributes
    ----------
    corners
        Of a polygon or of an ellipse's box (two opposite ones), or the two ends of a line.
    """

    shape: Literal["line", "rectangle", "ellipse", "polygon"]
    corners: tuple[Range, ...]
    colour: Colour = "#ffffff"


@dataclass(frozen=True)
class ImageView:
    """What ``slices`` shows. The recreation gives a `mantidlab.frameworks.model.Image` of two axes, y before x.

    Both axes have edges, shape (n + 1,), so that every pixel has its place.

    Attributes
    ----------
    skew
        For axes that do not stand at right angles: where the unit vectors of x and y point on the paper. The ranges
        are then those of the paper, and outlines are still in the axes' units.
    square
        Whether a unit of x is as long as one of y.
    """

    x: AxisView
    y: AxisView
    colour: ColourView
    outlines: tuple[Outline, ...] = ()
    skew: tuple[Range, Range] | None = None
    square: bool = False


@dataclass(frozen=True)
class InstrumentView:
    """What ``instrument`` shows. The recreation gives an object with ``corners``, ``values`` and ``mask``.

    ``corners`` (n, k, 2) are the detectors' outlines on the picture's plane, the farthest first, NaN where it has fewer
    than k; ``values`` (n,) and ``mask`` (n,) belong to them.

    Attributes
    ----------
    x, y
        The plane's axes; their labels may be empty.
    framed
        Whether the plane has ticks and labels: an unwrapped instrument has, a view in three dimensions has not.
    """

    x: AxisView
    y: AxisView
    colour: ColourView
    outlines: tuple[Outline, ...] = ()
    framed: bool = False


@dataclass(frozen=True)
class FigureDescription:
    """A figure: where its data come from, and what is seen of them.

    Attributes
    ----------
    height_to_width
        Of the picture on the screen; the figure on paper has the same.
    note
        A sentence for the reader of the code, such as what a pixel stands for.
    """

    data: Recreation
    view: LinesView | ImageView | InstrumentView
    title: str = ""
    height_to_width: float = 0.7
    note: str = ""
