"""From data of any size to what a screen can show, truthfully: nothing large is lost and sums stay right.

* `lines`: `Line(x, y, errors=, mask=).window(low, high, pixels, scale=)` gives an `Envelope` (first, last, smallest and
  largest value per column of pixels, with error ends) or, where there are few, `Exact` values.
* `pixels`: `by_index` and `by_position` say which bins of an axis belong to which pixels.
* `images`: `ImageReducer(values, mask).picture(rows, columns)` gives sum, maximum, minimum and count per pixel.
* `ranges`: `RangeSums(values).between(start, stop)` or `.over(edges, low, high)` for 10⁶ spectra.

Missing values (NaN, infinite, masked) are left out everywhere and counted where that matters. Everything is NumPy, in
threads where that helps; long work can be cancelled.
"""

from mantidlab.plots.reduction.images import ImageReducer, Picture
from mantidlab.plots.reduction.lines import Envelope, Exact, Limits, Line
from mantidlab.plots.reduction.pixels import Pixels, by_index, by_position, edges_between
from mantidlab.plots.reduction.ranges import RangeSums
from mantidlab.plots.reduction.scales import Kind, Scale
from mantidlab.plots.reduction.working import Cancelled

__all__ = [
    "Cancelled",
    "Envelope",
    "Exact",
    "ImageReducer",
    "Kind",
    "Limits",
    "Line",
    "Picture",
    "Pixels",
    "RangeSums",
    "Scale",
    "by_index",
    "by_position",
    "edges_between",
]
