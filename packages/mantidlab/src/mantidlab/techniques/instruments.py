"""What each instrument measures, and the settings of its reductions that take the place of what a person leaves open.

The settings were tried on the runs that ``docs/techniques.md`` names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from mantidlab.frameworks.model import Unreadable
from mantidlab.interfaces import Unit, caution, remark
from mantidlab.techniques.errors import WrongRun
from mantidlab.techniques.runs import OpenRun

UNITS = {"angstrom": "Å", "1/angstrom": "1/Å", "us": "µs"}
"""As people write those that scipp writes otherwise."""

S = TypeVar("S", bound=BaseModel)

SANS = "small-angle scattering"
REFLECTOMETRY = "reflectometry"
POWDER = "powder diffraction"
CRYSTALS = "diffraction of single crystals"
QUASIELASTIC = "quasi-elastic scattering"
SPECTROSCOPY = "inelastic scattering"
MUONS = "muon spectroscopy"


@dataclass(frozen=True)
class OfLog:
    """A setting that each run says for itself: the last value of a sample log, times a factor."""

    log: str
    factor: float


@dataclass(frozen=True)
class Instrument:
    """One instrument.

    Attributes
    ----------
    techniques
        What it measures, its main use first.
    settings
        Of its reduction, by the names of the technique's model, where they differ from those of the simulated one.
    """

    techniques: tuple[str, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)


INSTRUMENTS = {
    "SIMSANS": Instrument((SANS,)),
    "SANS2D": Instrument(
        (SANS,),
        {
            "wavelength": (2.5, 11.5),
            "q": (0.004, 0.06),
            "q_bins": 40,
            "beam_stop": 0.043,
            "gravity": True,
            "centre": (0.0, -0.17),
            "find_centre": True,
            "centre_ring": (0.043, 0.23),
        },
    ),
    "LOQ": Instrument(
        (SANS,),
        {
            "wavelength": (2.2, 10.0),
            "q": (0.01, 0.25),
            "beam_stop": 0.035,
            "find_centre": True,
            "centre_ring": (0.04, 0.25),
            "transmission_on": "3",
        },
    ),
    "EQSANS": Instrument(
        (SANS,),
        {
            "wavelength": (1.0, 5.5),
            "monitor": "charge",
            "q": (0.05, 0.28),
            "q_steps": "linear",
            "beam_stop": 0.06,
            "distance": OfLog("detectorZ", 1e-3),  # the file's detectors stand where they do not
            "source_distance": 14.122,
        },
    ),
    "D33": Instrument((SANS,)),
    "SIMREF": Instrument((REFLECTOMETRY,)),
    "INTER": Instrument(
        (REFLECTOMETRY,),
        {
            "wavelength": (1.6, 15.0),
            "normalise": "monitor",
            "direct_beams": "joined",
            "direct_overlap": (10.0, 12.0),
            "rescale": True,
        },
    ),
    "POLREF": Instrument((REFLECTOMETRY,), {"wavelength": (2.3, 10.0), "normalise": "monitor", "half_width": 0.0036}),
    "SIMPOW": Instrument((POWDER,)),
    "HRPD": Instrument((POWDER,)),
    "GEM": Instrument((POWDER,)),
    "WISH": Instrument((POWDER,)),
    "TOPAZ": Instrument((CRYSTALS, POWDER)),
    "IRIS": Instrument((QUASIELASTIC, POWDER)),
    "OSIRIS": Instrument((QUASIELASTIC, POWDER)),
    "CNCS": Instrument((SPECTROSCOPY,)),
    "IN4": Instrument((SPECTROSCOPY,)),
    "GPS": Instrument((MUONS,)),
}


def settings_for(
    path: Path,
    technique: str,
    settings: S,
    *,
    beside: Mapping[str, Path | None],
    without: frozenset[str] = frozenset(),
) -> S:
    """Return the settings of a reduction, with those of the run's instrument where the person has left them open.

    What was taken is said above the result, and so is an instrument of which nothing is known.

    Parameters
    ----------
    technique
        What the reduction is for, in words.
    settings
        As the person gave them.
    beside
        Runs that are reduced with it, by what they are, in words; None where there is none.
    without
        Settings that stay as they are.

    Raises
    ------
    WrongRun
        The run is of an instrument that measures something else, or one of the others is of another instrument.
    """
    run = _opened(path)
    if run is None:
        return settings
    with run:
        settings = _taken(run, technique, settings, without)
    for name, other in beside.items():
        if other is not None:
            _check_together(run, name, other)
    return settings


def _taken(run: OpenRun, technique: str, settings: S, without: frozenset[str]) -> S:
    instrument = INSTRUMENTS.get(run.instrument)
    if instrument is None:
        whose = run.instrument or "an instrument that it does not name"
        caution(
            f"{run.named} is of {whose}, which is not known here: "
            f"settings that you leave open are those of the simulated instrument. Look at each of them."
        )
        return settings
    _check_technique(run, instrument, technique)
    open_ones = instrument.settings.keys() - settings.model_fields_set - without
    found = {name: _value(run, instrument.settings[name]) for name in type(settings).model_fields if name in open_ones}
    taken = {name: value for name, value in found.items() if value is not None}
    if taken:
        listed = ", ".join(_words(type(settings), name, value) for name, value in taken.items())
        remark(f"What you left open was taken as {run.instrument} needs it: {listed}.")
    return settings.model_copy(update=taken)


def _check_together(run: OpenRun, name: str, path: Path) -> None:
    other = _opened(path)
    if other is None:
        return
    with other:
        if other.instrument != run.instrument:
            raise WrongRun(
                f"The {name}, {other.named}, is a run of {other.instrument}, and {run.named} one of {run.instrument}: "
                f"what is reduced together must be measured together. Choose another file."
            )


def _opened(path: Path) -> OpenRun | None:
    """Return a run; None where it is no NeXus file: Mantid may read it, and else that is said where it is read."""
    try:
        return OpenRun(path)
    except Unreadable:
        return None


def _check_technique(run: OpenRun, instrument: Instrument, technique: str) -> None:
    if technique in instrument.techniques:
        return
    fitting = ", ".join(name for name, one in INSTRUMENTS.items() if one.techniques[0] == technique)
    raise WrongRun(
        f"{run.named} is a run of {run.instrument}, which is for {instrument.techniques[0]}; this is for {technique}, "
        f"with runs of {fitting} or an instrument like them. Choose another file."
    )


def _value(run: OpenRun, value: Any) -> Any:
    """Return a setting as this run has it; None where the run does not say."""
    if not isinstance(value, OfLog):
        return value
    logged = run.log(value.log)
    return None if logged is None else round(logged * value.factor, 6)


def _words(model: type[BaseModel], name: str, value: Any) -> str:
    """Return a setting as people read it: ``beam stop 0.043 m``."""
    written = f"{value:g}" if isinstance(value, float) else str(value)
    if isinstance(value, tuple):
        written = f"({', '.join(f'{one:g}' for one in value)})"
    elif isinstance(value, bool):
        written = "on" if value else "off"
    units = [UNITS.get(one.name, one.name) for one in model.model_fields[name].metadata if isinstance(one, Unit)]
    return " ".join([name.replace("_", " "), written, *units])
