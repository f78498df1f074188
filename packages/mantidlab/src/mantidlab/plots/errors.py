"""What can go wrong in plots. The text is for the person who asked for the plot.

PlotError
├── NotPlottable      there is nothing that curves could be drawn of
├── WrongArgument     an argument does not fit
├── NoConversion      the data do not say what a unit needs: distances, angles, energies
├── FitFailed         a fit has no answer
├── NoSuchCurve       a curve was named that is not shown
└── BundlesMissing    the programs that draw in a browser were not installed
"""


class PlotError(Exception):
    """The root of all of them: what was tried, what was found, what to do."""

    def _render_traceback_(self) -> list[str]:
        """Show the sentence alone in a notebook (IPython asks for this): where in our code it was said helps nobody."""
        return [f"{type(self).__name__}: {self}"]


class NotPlottable(PlotError):
    """The data have nothing to draw."""


class WrongArgument(PlotError, ValueError):
    """An argument of a call is none of those that there are."""


class NoConversion(PlotError):
    """A unit needs what nobody knows: positions of detectors, energies."""


class FitFailed(PlotError):
    """A fit did not converge, or the data cannot carry it."""


class NoSuchCurve(PlotError, KeyError):
    """A curve was named that is not shown."""

    def __str__(self) -> str:
        # KeyError would put quotation marks around the sentence.
        return str(self.args[0]) if self.args else ""


class BundlesMissing(PlotError):
    """The programs that draw plots in a browser were not installed with mantidlab."""
