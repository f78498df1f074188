"""What a person can choose in a fit of quasi-elastic widths."""

from typing import Annotated, Literal

from pydantic import Field

from mantidlab.interfaces import Group, Range, Unit
from mantidlab.techniques.settings import Settings

RANGE = "Range"
LINE = "Line"
MOTION = "Motion"


class WidthSettings(Settings):
    """How lines are fitted. The defaults are those of IRIS and OSIRIS with graphite 002."""

    energy: Annotated[Range, Unit("meV"), Group(RANGE), Field(description="Energy transfers that are fitted.")] = (
        -0.5,
        0.5,
    )
    combine: Annotated[
        int, Group(RANGE), Field(ge=1, le=100, description="Bins that are added to one before the fit.")
    ] = 1
    final_energy: Annotated[
        float,
        Unit("meV"),
        Group(RANGE),
        Field(gt=0, description="Of the analyser, for Q where the file gives angles only."),
    ] = 1.845

    resolution: Annotated[
        float,
        Unit("meV"),
        Group(LINE),
        Field(gt=0, description="FWHM of a Gaussian, where no run tells the resolution."),
    ] = 0.0175
    resolution_background: Annotated[
        bool, Group(LINE), Field(description="Subtract a constant from the resolution run.")
    ] = True
    elastic: Annotated[bool, Group(LINE), Field(description="Whether there is an elastic line.")] = True
    slope: Annotated[bool, Group(LINE), Field(description="Whether the background may slope.")] = True
    weights: Annotated[
        Literal["model", "data"],
        Group(LINE),
        Field(
            description="For counts, the errors that the fit makes one expect; the data's if something was subtracted."
        ),
    ] = "model"

    diffusion: Annotated[
        Literal["none", "fickian", "chudley-elliott", "singwi-sjolander", "hall-ross"],
        Group(MOTION),
        Field(description="What is fitted to the widths."),
    ] = "none"
    q: Annotated[Range, Unit("1/angstrom"), Group(MOTION), Field(description="Widths that this fit uses.")] = (
        0.0,
        10.0,
    )
