"""What a person can choose in a reduction of powder runs."""

from typing import Annotated, Literal

from pydantic import Field

from mantidlab.interfaces import Advanced, Group, InputFile, Unit
from mantidlab.techniques.ranges import PositiveRange
from mantidlab.techniques.settings import Positive, Settings

BINS = "Bins"
CALIBRATION = "Calibration"
VANADIUM = "Vanadium"
CELL = "Lattice parameter"


class PowderSettings(Settings):
    """How a pattern is made of counts. The defaults are those of SIMPOW."""

    d: Annotated[PositiveRange, Unit("angstrom"), Group(BINS), Field(description="Range of d-spacing.")] = (0.745, 3.3)
    d_step: Annotated[float, Group(BINS), Field(gt=0, le=0.5, description="Δd/d of a bin.")] = 6.8e-4
    rings: Annotated[int, Group(BINS), Field(ge=1, le=100, description="Groups of detectors, equally wide in 2θ.")] = 1
    mask: Annotated[InputFile | None, Group(BINS), Field(description="A mask file (XML).")] = None

    calibration: Annotated[
        InputFile | None, Group(CALIBRATION), Field(description="As SaveDiffCal writes it; else the detectors' places.")
    ] = None
    source_distance: Annotated[
        Positive | None, Unit("m"), Group(CALIBRATION), Field(description="Source to sample; empty for the file's.")
    ] = None

    smooth_vanadium: Annotated[
        float,
        Group(VANADIUM),
        Field(
            ge=0,
            le=0.5,
            description="Δd/d of the bins in which vanadium is counted, with lines between; 0: as the sample.",
        ),
    ] = 0.0273

    cell: Annotated[
        Literal["none", "primitive", "body-centred", "face-centred", "diamond"],
        Group(CELL),
        Field(description="A cubic crystal's cell whose lattice parameter is fitted."),
    ] = "none"
    lattice: Annotated[
        float,
        Unit("angstrom"),
        Group(CELL),
        Field(gt=0, description="Where the fit begins; of a reference, the truth."),
    ] = 5.431020511
    reference_cell: Annotated[
        Literal["primitive", "body-centred", "face-centred", "diamond"],
        Group(CALIBRATION),
        Advanced(),
        Field(description="Of the reference that the calibration run measured."),
    ] = "diamond"
    reference_lattice: Annotated[
        float, Unit("angstrom"), Group(CALIBRATION), Advanced(), Field(gt=0, description="Of the reference; silicon's.")
    ] = 5.431020511
