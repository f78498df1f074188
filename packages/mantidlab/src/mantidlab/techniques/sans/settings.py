"""What a person can choose in a SANS reduction."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from mantidlab.interfaces import Advanced, Group, InputFile, Range, Unit
from mantidlab.techniques.ranges import PositiveRange
from mantidlab.techniques.settings import Positive, Settings

LENGTH = Unit("m")
BINS = "Bins"
MASK = "What is left out"
NORMALISATION = "Normalisation"
TRANSMISSION = "Transmission"
RESOLUTION = "Resolution"
GEOMETRY = "Geometry"


class SansSettings(Settings):
    """How I(Q) is made of counts. The defaults are those of SIMSANS."""

    wavelength: Annotated[
        PositiveRange, Unit("angstrom"), Group(BINS), Field(description="Wavelengths that are used; from above 0.")
    ] = (2.2, 13.5)
    wavelength_bins: Annotated[int, Group(BINS), Field(ge=1, le=2000, description="Bins, each wider by a factor.")] = (
        100
    )
    q: Annotated[PositiveRange, Unit("1/angstrom"), Group(BINS), Field(description="Range of Q.")] = (0.006, 0.3)
    q_bins: Annotated[int, Group(BINS), Field(ge=1, le=5000, description="How many.")] = 125
    q_steps: Annotated[
        Literal["logarithmic", "linear"], Group(BINS), Field(description="Whether bins grow with Q or are alike.")
    ] = "logarithmic"

    beam_stop: Annotated[
        float, LENGTH, Group(MASK), Field(ge=0, description="Radius around the beam that is left out.")
    ] = 0.045
    outer: Annotated[
        Positive | None, LENGTH, Group(MASK), Field(description="Radius beyond which detectors are left out.")
    ] = None
    edge: Annotated[float, LENGTH, Group(MASK), Field(ge=0, description="Margin of the detector that is left out.")] = (
        0.0
    )
    mask: Annotated[
        InputFile | None, Group(MASK), Field(description="A mask file (XML), as Mantid and `detector_mask` write it.")
    ] = None
    mask_detectors: Annotated[
        str, Group(MASK), Field(description="Detector numbers that are left out, such as 1-128,300.")
    ] = ""
    find_bad: Annotated[
        bool,
        Group(MASK),
        Field(description="Leave out dead, hot and noisy detectors, by the rules of `detector_mask`."),
    ] = False
    centre: Annotated[
        tuple[float, float], LENGTH, Group(MASK), Field(description="Where the beam passes the detector: x, y.")
    ] = (0.0, 0.0)
    find_centre: Annotated[
        bool, Group(MASK), Field(description="Find the beam's centre from the scattering, beginning at the one given.")
    ] = False
    centre_ring: Annotated[
        Range, LENGTH, Group(MASK), Advanced(), Field(description="Ring in which the scattering is looked at for that.")
    ] = (0.045, 0.3)

    monitor: Annotated[
        str,
        Group(NORMALISATION),
        Field(description="Incident monitor; empty for the usual one, `charge` for the protons."),
    ] = ""
    direct_beam: Annotated[
        InputFile | None,
        Group(NORMALISATION),
        Field(
            description="Detector's efficiency over the monitor's: a text of wavelength and value. Else the empty beam."
        ),
    ] = None
    thickness: Annotated[
        Positive | None, Unit("cm"), Group(NORMALISATION), Field(description="Of the sample; empty for the file's.")
    ] = None
    scale: Annotated[
        float, Group(NORMALISATION), Field(gt=0, description="Factor to absolute units, from a standard sample.")
    ] = 1.0
    gravity: Annotated[
        bool, Group(NORMALISATION), Field(description="Correct for how far neutrons fall between sample and detector.")
    ] = False

    distance: Annotated[
        Positive | None, LENGTH, Group(GEOMETRY), Field(description="Sample to detector; empty for the file's.")
    ] = None
    source_distance: Annotated[
        Positive | None, LENGTH, Group(GEOMETRY), Field(description="Source to sample; empty for the file's.")
    ] = None

    transmission_on: Annotated[
        str,
        Group(TRANSMISSION),
        Field(description="`detector` where the beam falls on it, else the monitor behind the sample."),
    ] = "detector"
    transmission_radius: Annotated[
        float, LENGTH, Group(TRANSMISSION), Field(gt=0, description="Radius of the beam on the detector.")
    ] = 0.03
    transmission_fit: Annotated[
        Literal["none", "linear", "log", "polynomial"], Group(TRANSMISSION), Field(description="What smooths T(λ).")
    ] = "none"
    transmission_degree: Annotated[
        int, Group(TRANSMISSION), Advanced(), Field(ge=2, le=6, description="Of the polynomial.")
    ] = 2
    transmission: Annotated[
        float, Group(TRANSMISSION), Field(gt=0, le=1, description="Of the sample where no run tells it.")
    ] = 1.0
    can_transmission: Annotated[
        float, Group(TRANSMISSION), Field(gt=0, le=1, description="Of the empty cell where no run tells it.")
    ] = 1.0

    resolution: Annotated[
        bool, Group(RESOLUTION), Field(description="Give each point its σ(Q), from apertures, pixels and wavelengths.")
    ] = True
    source_aperture: Annotated[
        Positive | None, LENGTH, Group(RESOLUTION), Field(description="Diameter; empty for the file's.")
    ] = None
    sample_aperture: Annotated[
        Positive | None, LENGTH, Group(RESOLUTION), Field(description="Diameter; empty for the file's.")
    ] = None
    collimation: Annotated[
        Positive | None, LENGTH, Group(RESOLUTION), Field(description="Between the apertures; empty for the file's.")
    ] = None
    pulse: Annotated[
        float, Unit("us"), Group(RESOLUTION), Advanced(), Field(ge=0, description="σ of the moderator's pulse.")
    ] = 0.0

    def wavelength_edges(self) -> tuple[float, ...]:
        """Return the edges of the wavelength bins, Å."""
        return tuple(np.geomspace(*self.wavelength, self.wavelength_bins + 1).tolist())

    def q_edges(self) -> tuple[float, ...]:
        """Return the edges of the Q bins, 1/Å."""
        space = np.geomspace if self.q_steps == "logarithmic" else np.linspace
        return tuple(space(*self.q, self.q_bins + 1).tolist())
