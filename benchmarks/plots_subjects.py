"""What is drawn by ours and by others: the cells that a person would write, on the same data."""

from dataclasses import dataclass

CALL = """
import time
called = time.time()
{call}
print("CALLED", called)
"""


@dataclass(frozen=True)
class Subject:
    """One way to draw something.

    Attributes
    ----------
    name
        As the table calls it.
    kind
        How it is seen that it has drawn, see ``plots_watch.js``.
    setup
        Cells that import and make the data; not timed.
    call
        The cell that is timed.
    root
        Where gestures are made, as a selector.
    before_pan
        A cell that switches a drag to panning, where it does something else at first.
    """

    name: str
    kind: str
    setup: tuple[str, ...]
    call: str
    root: str
    before_pan: str = ""

    @property
    def cells(self) -> list[str]:
        """All cells of its notebook, in order; each prints that it is done."""
        return [*self.setup, CALL.format(call=self.call), *([self.before_pan] if self.before_pan else [])]


OURS_ROOT = "[data-plot]"
MATPLOTLIB_ROOT = ".jupyter-matplotlib-canvas-div, .jupyter-matplotlib canvas"
PLOTLY_ROOT = ".js-plotly-plot .nsewdrag"

CURVE = """
import numpy as np
from IPython.display import display
edges = np.linspace(0.0, 20_000.0, {bins} + 1)
counts = np.random.default_rng(1).poisson(100 + 80 * np.sin(edges[:-1] / 900)).astype(np.float64)
"""
PLOTLY = "import sys; sys.path.insert(0, '{folder}')\nimport plotly.graph_objects as go"


def curves(bins: int, plotly: str) -> list[Subject]:
    """A histogram of so many bins."""
    data = CURVE.format(bins=bins)
    return [
        Subject("ours", "ours", (data + "from mantidlab import plot",), "display(plot((edges, counts)))", OURS_ROOT),
        Subject(
            "ipympl",
            "matplotlib",
            (data + "%matplotlib widget\nimport matplotlib.pyplot as plt",),
            "figure, axes = plt.subplots()\naxes.plot(edges[:-1], counts, drawstyle='steps-post')\nplt.show()",
            MATPLOTLIB_ROOT,
            "figure.canvas.toolbar.pan()",
        ),
        Subject(
            "plopp",
            "matplotlib",
            (
                data + "%matplotlib widget\nimport plopp, scipp as sc\n"
                "data = sc.DataArray(sc.array(dims=['tof'], values=counts, unit='counts'),"
                " coords={'tof': sc.array(dims=['tof'], values=edges, unit='us')})",
            ),
            "figure = data.plot(ignore_size=True)\ndisplay(figure)",
            MATPLOTLIB_ROOT,
            "figure.canvas.fig.canvas.toolbar.pan()",
        ),
        Subject(
            "plotly",
            "plotly",
            (data + PLOTLY.format(folder=plotly),),
            "display(go.FigureWidget(go.Scattergl(x=edges[:-1], y=counts, mode='lines', line_shape='hv'),"
            " layout={'dragmode': 'pan'}))",
            PLOTLY_ROOT,
        ),
    ]


FILE = """
import os, numpy as np
from IPython.display import display
shape = {shape}
if not os.path.exists('spectra.dat'):
    random = np.random.default_rng(1)
    values = np.memmap('spectra.dat', np.float32, 'w+', shape=shape)
    block = random.poisson(2.0, (500, shape[1])).astype(np.float32)
    for first in range(0, shape[0], 500):
        values[first:first + 500] = np.roll(block, first, axis=1)[: shape[0] - first]
    values.flush()
    del values
values = np.memmap('spectra.dat', np.float32, 'r', shape=shape)
for first in range(0, shape[0], 5000):
    values[first:first + 5000, ::1024].sum()  # the file is in memory, as after it was written or loaded
def memory(name):
    return [int(line.split()[1]) * 1024 for line in open('/proc/self/status') if line.startswith(name + ':')][0]
# A rival that wants more than the machine has is refused it, instead of taking it from everybody.
import resource
resource.setrlimit(resource.RLIMIT_AS, ({limit}, {limit}))
before = memory('RssAnon')
"""
MEMORY = """
print('MEMORY', memory('VmHWM'), memory('RssAnon') - before, values.nbytes)
"""


def maps(shape: tuple[int, int], limit: int) -> list[Subject]:
    """A memory-mapped array of spectra as a colour map."""
    data = FILE.format(shape=shape, limit=limit)
    return [
        Subject("ours", "ours", (data + "from mantidlab import slices",), "display(slices(values))", OURS_ROOT, MEMORY),
        Subject(
            "ipympl",
            "matplotlib",
            (data + "%matplotlib widget\nimport matplotlib.pyplot as plt",),
            "figure, axes = plt.subplots()\naxes.imshow(values, aspect='auto')\nplt.show()",
            MATPLOTLIB_ROOT,
            MEMORY,
        ),
        Subject(
            "plopp",
            "matplotlib",
            (data + "%matplotlib widget\nimport plopp, scipp as sc",),
            "data = sc.DataArray(sc.array(dims=['spectrum', 'tof'], values=values))\n"
            "figure = data.plot(ignore_size=True)\ndisplay(figure)",
            MATPLOTLIB_ROOT,
            MEMORY,
        ),
    ]


INSTRUMENT = """
import numpy as np, scipp as sc
from IPython.display import display
count = {pixels}
around = round(count ** 0.5)
number = np.arange(count)
angle = (number % around) / around * 5
places = np.stack([5 * np.sin(angle), (number // around / around - 0.5) * 6, 5 * np.cos(angle)], axis=1)
counts = np.random.default_rng(3).poisson(5.0, (count, 20)).astype(np.float32)
data = sc.DataArray(
    sc.array(dims=['spectrum', 'tof'], values=counts, unit='counts'),
    coords={{
        'position': sc.vectors(dims=['spectrum'], values=places, unit='m'),
        'sample_position': sc.vector([0, 0, 0], unit='m'),
        'source_position': sc.vector([0, 0, -20], unit='m'),
        'spectrum': sc.array(dims=['spectrum'], values=number, unit=None),
        'tof': sc.linspace('tof', 1000, 20000, 21, unit='us'),
    }},
)
"""


def instruments(pixels: int) -> list[Subject]:
    """A million detectors on a cylinder, as an array of scipp with positions."""
    data = INSTRUMENT.format(pixels=pixels)
    return [
        Subject("ours", "ours", (data + "from mantidlab import instrument",), "display(instrument(data))", OURS_ROOT),
        Subject(
            "scippneutron",
            "pythreejs",
            (data + "import scippneutron as scn",),
            "display(scn.instrument_view(data.sum('tof')))",
            ".jupyter-threejs canvas",
        ),
    ]


HOT = (31_415, 426)
HOT_SHAPE = (100_000, 1_000)
HOT_DATA = f"""
import numpy as np
from IPython.display import display
values = np.random.default_rng(2).poisson(3.0, {HOT_SHAPE}).astype(np.float32)
values[{HOT[0]}, {HOT[1]}] = 1000
"""
ZOOMS = (1, 2, 5, 20, 100, 1000, 10_000)
"""Of the rows; of the columns the hundredth part, as there are so many fewer."""


def window(zoom: int) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the rows and columns of a window around the hot pixel, not quite in its middle: low and high of each."""
    sides = []
    for at, size, part in zip(HOT, HOT_SHAPE, (zoom, max(1, zoom // 100)), strict=True):
        width = size / part
        low = min(max(at + 0.5 - 0.45 * width, 0), size - width)
        sides.append((low, low + width))
    return sides[0], sides[1]
