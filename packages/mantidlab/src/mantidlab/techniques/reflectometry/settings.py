"""What a person can choose in a reduction of reflectivities."""

from typing import Annotated, Literal

from pydantic import Field

from mantidlab.interfaces import Advanced, Group, Range, Unit
from mantidlab.techniques.ranges import PositiveRange
from mantidlab.techniques.settings import Settings

LENGTH = Unit("m")
BINS = "Bins"
RIDGE = "Ridge and angle"
NORMALISATION = "Normalisation"
SAMPLE = "Footprint"
SCALE = "Scaling and stitching"


class ReflectivitySettings(Settings):
    """How reflectivities are made of counts. The defaults are those of SIMREF."""

    wavelength: Annotated[
        PositiveRange, Unit("angstrom"), Group(BINS), Field(description="Wavelengths that are used.")
    ] = (
        2.3,
        13.5,
    )
    q: Annotated[PositiveRange, Unit("1/angstrom"), Group(BINS), Field(description="Range of Q.")] = (0.006, 0.4)
    q_step: Annotated[float, Group(BINS), Field(gt=0, le=1, description="ΔQ/Q of a bin.")] = 0.02

    angle: Annotated[
        str,
        Group(RIDGE),
        Field(
            description="`file`: what the file says; `detector`: from where the ridge is; or degrees, one for each run."
        ),
    ] = "file"
    ridge: Annotated[
        str,
        Group(RIDGE),
        Field(description="Where it is: at the `angle`, the `brightest`, or a height on the detector in m."),
    ] = "angle"
    half_width: Annotated[
        float, LENGTH, Group(RIDGE), Field(gt=0, description="How far from its middle the ridge is summed.")
    ] = 0.012
    background: Annotated[
        float, Group(RIDGE), Field(ge=0, description="Half widths beside the ridge that tell the background; 0: none.")
    ] = 2.0

    normalise: Annotated[
        Literal["charge", "monitor"], Group(NORMALISATION), Field(description="What runs are compared by.")
    ] = "charge"
    monitor: Annotated[str, Group(NORMALISATION), Field(description="Its name or number; empty for the usual one.")] = (
        ""
    )
    direct_beams: Annotated[
        Literal["one for each run", "joined"],
        Group(NORMALISATION),
        Field(description="Whether each run has its own, or several that differ in wavelength are joined for all."),
    ] = "one for each run"
    direct_overlap: Annotated[
        Range | None,
        Unit("angstrom"),
        Group(NORMALISATION),
        Field(description="Where joined direct beams are matched."),
    ] = None

    footprint: Annotated[
        Literal["none", "box", "gaussian"], Group(SAMPLE), Field(description="How the beam's height is filled.")
    ] = "none"
    sample_length: Annotated[float, LENGTH, Group(SAMPLE), Field(gt=0, description="Along the beam.")] = 0.08
    beam_height: Annotated[
        float,
        Unit("mm"),
        Group(SAMPLE),
        Field(gt=0, description="At the sample: the whole of a box, FWHM of a Gaussian."),
    ] = 1.0

    pulse: Annotated[
        float, Unit("us"), Group(BINS), Advanced(), Field(ge=0, description="σ of the moderator's pulse, for σ(Q).")
    ] = 0.0
    rescale: Annotated[
        bool, Group(SCALE), Field(description="Scale each angle to those before it where they overlap.")
    ] = False
    plateau: Annotated[
        Range | None,
        Unit("1/angstrom"),
        Group(SCALE),
        Field(description="Q between which everything is reflected; the whole curve is scaled so that it is 1 there."),
    ] = None
