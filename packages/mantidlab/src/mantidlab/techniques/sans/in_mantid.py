"""I(Q) by Mantid's algorithms: ``CalculateTransmission`` and ``Q1D``, as its ISIS SANS interface uses them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mantidlab.frameworks import mantid
from mantidlab.frameworks.model import Histogram
from mantidlab.techniques.detectors.masking import inside_of_detector, numbers_in, read_mask
from mantidlab.techniques.errors import WrongSetting
from mantidlab.techniques.mantid_plans import Call, call, carry_out, cleaned, spectrum, workspace
from mantidlab.techniques.runs import Places, placed
from mantidlab.techniques.sans.settings import SansSettings

FIT_METHODS = {"none": "Linear", "linear": "Linear", "log": "Log", "polynomial": "Polynomial"}


@dataclass(frozen=True, eq=False)
class Reduced:
    """What Mantid gave: intensities over Q and transmissions over wavelength; None for what was not measured."""

    sample: Histogram
    can: Histogram | None
    transmission: Histogram | None
    can_transmission: Histogram | None
    masked: int


def loading(name: str, path: Path) -> tuple[Call, ...]:
    """Return the calls that load a run as workspace ``name``."""
    return (call("Load", Filename=str(path), OutputWorkspace=workspace(name)),)


def over_wavelength(source: str, target: str, settings: SansSettings) -> tuple[Call, ...]:
    """Return the calls that convert a loaded run to wavelength bins."""
    return (
        call("ConvertUnits", InputWorkspace=workspace(source), OutputWorkspace=workspace(target), Target="Wavelength"),
        call(
            "Rebin",
            InputWorkspace=workspace(target),
            OutputWorkspace=workspace(target),
            Params=wavelength_steps(settings),
            PreserveEvents=False,
        ),
    )


def wavelength_steps(settings: SansSettings) -> list[float]:
    """Return the wavelength bins as ``Rebin`` takes them: a negative step grows with the value."""
    low, high = settings.wavelength
    return [low, -((high / low) ** (1 / settings.wavelength_bins) - 1), high]


def q_steps(settings: SansSettings) -> list[float]:
    """Return the Q bins as ``Q1D`` takes them."""
    low, high = settings.q
    if settings.q_steps == "linear":
        return [low, (high - low) / settings.q_bins, high]
    return [low, -((high / low) ** (1 / settings.q_bins) - 1), high]


def transmitting(name: str, run: str, empty: str, settings: SansSettings) -> tuple[Call, ...]:
    """Return the calls that make the transmission ``name`` from two loaded runs.

    Raises
    ------
    WrongSetting
        The monitor behind the sample is not a number.
    """
    behind, incident = settings.transmission_on, settings.monitor
    if not behind.strip().isdigit() or not incident.strip().isdigit():
        raise WrongSetting(
            "With Mantid the monitors are spectrum numbers: give the incident one as “monitor” and the one behind the "
            "sample as “transmission on”."
        )
    fit = settings.transmission_fit
    return (
        *over_wavelength(run, f"{run}_wavelength", settings),
        *over_wavelength(empty, f"{empty}_wavelength", settings),
        call(
            "CalculateTransmission",
            SampleRunWorkspace=workspace(f"{run}_wavelength"),
            DirectRunWorkspace=workspace(f"{empty}_wavelength"),
            OutputWorkspace=workspace(name),
            IncidentBeamMonitor=int(incident),
            TransmissionMonitor=int(behind),
            RebinParams=wavelength_steps(settings),
            FitMethod=FIT_METHODS[fit],
            PolynomialOrder=settings.transmission_degree if fit == "polynomial" else None,
            OutputUnfittedData=fit == "none",
        ),
    )


def reducing(name: str, source: str, masked: Sequence[int], transmission: str | None, constant: float,
             settings: SansSettings) -> tuple[Call, ...]:  # fmt: skip
    """Return the calls that make I(Q), ``name``, of a loaded run.

    Parameters
    ----------
    masked
        Numbers of detectors that are left out.
    transmission
        The workspace of one; None for a constant.
    """
    monitor = int(settings.monitor) if settings.monitor.strip().isdigit() else 1
    calls = [
        *over_wavelength(source, name, settings),
        call(
            "ExtractSingleSpectrum",
            InputWorkspace=workspace(name),
            OutputWorkspace=workspace(f"{name}_beam"),
            WorkspaceIndex=monitor - 1,
        ),
    ]
    if transmission is not None:
        beam = workspace(f"{name}_beam")
        calls.append(call("Multiply", LHSWorkspace=beam, RHSWorkspace=workspace(transmission), OutputWorkspace=beam))
    elif constant != 1.0:
        beam = workspace(f"{name}_beam")
        calls.append(call("Scale", InputWorkspace=beam, OutputWorkspace=beam, Factor=constant))
    if masked:
        calls.append(call("MaskDetectors", Workspace=workspace(name), DetectorList=list(masked)))
    calls.append(
        call(
            "Q1D",
            DetBankWorkspace=workspace(name),
            OutputWorkspace=workspace(name),
            OutputBinning=q_steps(settings),
            WavelengthAdj=workspace(f"{name}_beam"),
            AccountForGravity=settings.gravity,
            SolidAngleWeighting=True,
        )
    )
    return tuple(calls)


def masked_numbers(places: Places, settings: SansSettings) -> list[int]:
    """Return the numbers of the detectors that the settings leave out."""
    shifted = places.shifted(*settings.centre)
    lit = inside_of_detector(shifted, beam_stop=settings.beam_stop, outer=settings.outer, edge=settings.edge)
    chosen = places.usable & ~lit
    numbers = set(places.numbers[chosen].tolist())
    if settings.mask is not None:
        numbers |= set(read_mask(settings.mask).tolist())
    if settings.mask_detectors.strip():
        numbers |= set(numbers_in(settings.mask_detectors).tolist())
    return sorted(int(number) for number in numbers)


def places_in(name: str) -> Places:
    """Return where Mantid puts the detectors of a workspace."""
    geometry = mantid.open_workspace(workspace(name)).geometry()
    frame = np.stack([np.cross(geometry.up, geometry.beam), geometry.up, geometry.beam])
    positions = (geometry.positions - geometry.sample) @ frame.T
    l1 = np.nan if geometry.source is None else float(np.linalg.norm(geometry.sample - geometry.source))
    return placed(geometry.ids, positions, l1, None, ~geometry.monitor & ~geometry.masked)


def reduce_runs(
    sample: Path,
    can: Path | None,
    sample_transmission: Path | None,
    can_transmission: Path | None,
    empty: Path | None,
    settings: SansSettings,
) -> Reduced:
    """Reduce with Mantid.

    Raises
    ------
    WrongSetting
        What only scipp's side has was asked for.
    AlgorithmFailed
        Mantid refused.
    """
    check(settings)
    loads: list[Call] = [*loading("sample", sample)]
    for name, path in (
        ("can", can),
        ("through", sample_transmission),
        ("can_through", can_transmission),
        ("empty", empty),
    ):
        loads += () if path is None else loading(name, path)
    plan: list[Call] = []
    with cleaned(loads):
        carry_out(loads)
        masked = masked_numbers(places_in("sample"), settings)
        for name, source, run, constant in (
            ("i_sample", "sample", sample_transmission, settings.transmission),
            ("i_can", "can", can_transmission, settings.can_transmission),
        ):
            if source == "can" and can is None:
                continue
            through = None
            if run is not None:
                if empty is None:
                    raise WrongSetting("A transmission needs the empty beam: give it, or take a constant.")
                through = f"{name}_transmission"
                plan += transmitting(through, "through" if source == "sample" else "can_through", "empty", settings)
            plan += reducing(name, source, masked, through, constant, settings)
        with cleaned(plan):
            carry_out(plan)
            return Reduced(
                sample=spectrum("i_sample"),
                can=None if can is None else spectrum("i_can"),
                transmission=None if sample_transmission is None else spectrum("i_sample_transmission"),
                can_transmission=None if can_transmission is None or can is None else spectrum("i_can_transmission"),
                masked=len(masked),
            )


def check(settings: SansSettings) -> None:
    """Refuse what Mantid's plan does not have.

    Raises
    ------
    WrongSetting
    """
    unknown = {
        "find_centre": settings.find_centre,
        "find_bad": settings.find_bad,
        "direct_beam": settings.direct_beam is not None,
        "distance": settings.distance is not None,
        "source_distance": settings.source_distance is not None,
        "centre": settings.centre != (0.0, 0.0),
    }
    asked = [name for name, wanted in unknown.items() if wanted]
    if asked:
        raise WrongSetting(
            f"With Mantid, {', '.join(asked)} cannot be chosen here: its instrument definition says where detectors "
            f"are, and its ISIS SANS interface finds centres. Leave them as they were."
        )
