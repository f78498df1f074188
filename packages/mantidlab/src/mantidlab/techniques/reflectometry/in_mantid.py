"""Reflectivities by Mantid's ``ReflectometryReductionOneAuto``, as its ISIS Reflectometry interface uses it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mantidlab.frameworks.model import Numbers
from mantidlab.techniques.counting import Counts
from mantidlab.techniques.errors import WrongSetting
from mantidlab.techniques.mantid_plans import Call, call, carry_out, cleaned, spectrum, workspace
from mantidlab.techniques.reflectometry.optics import lit_share, middles
from mantidlab.techniques.reflectometry.peaks import Ridge, angle_of_logs
from mantidlab.techniques.reflectometry.reduction import q_grid
from mantidlab.techniques.reflectometry.settings import ReflectivitySettings
from mantidlab.techniques.reflectometry.stitching import Piece
from mantidlab.techniques.runs import OpenRun


def loading(name: str, path: Path) -> tuple[Call, ...]:
    """Return the call that loads a run."""
    return (call("Load", Filename=str(path), OutputWorkspace=workspace(name)),)


def reducing(
    name: str, run: str, degrees: float, beams: Sequence[str], settings: ReflectivitySettings
) -> tuple[Call, ...]:
    """Return the calls that make the reflectivity ``name`` of a loaded run.

    Parameters
    ----------
    degrees
        Angle of incidence.
    beams
        Loaded direct beams: none, one, or two that are joined.

    Raises
    ------
    WrongSetting
        Mantid takes two direct beams at most.
    """
    if len(beams) > 2:
        raise WrongSetting(f"Mantid joins two direct beams, and there are {len(beams)}.")
    overlap = settings.direct_overlap if len(beams) == 2 else None
    return (
        call(
            "ReflectometryReductionOneAuto",
            InputWorkspace=workspace(run),
            ThetaIn=degrees,
            WavelengthMin=settings.wavelength[0],
            WavelengthMax=settings.wavelength[1],
            I0MonitorIndex=int(settings.monitor) if settings.monitor.strip().isdigit() else None,
            FirstTransmissionRun=workspace(beams[0]) if beams else None,
            SecondTransmissionRun=workspace(beams[1]) if len(beams) == 2 else None,
            StartOverlap=overlap[0] if overlap else None,
            EndOverlap=overlap[1] if overlap else None,
            CorrectionAlgorithm="None" if not beams else None,
            MomentumTransferMin=settings.q[0],
            MomentumTransferMax=settings.q[1],
            MomentumTransferStep=settings.q_step,
            OutputWorkspaceBinned=workspace(name),
            OutputWorkspace=workspace(f"{name}_fine"),
            OutputWorkspaceWavelength=workspace(f"{name}_wavelength"),
        ),
    )


def rebinning(name: str) -> tuple[Call, ...]:
    """Return the calls that put a reflectivity onto the bins that all angles share."""
    return (
        call(
            "RebinToWorkspace",
            WorkspaceToRebin=workspace(f"{name}_fine"),
            WorkspaceToMatch=workspace("grid"),
            OutputWorkspace=workspace(name),
        ),
    )


def gridding(edges: Numbers) -> tuple[Call, ...]:
    """Return the call that makes a workspace of these bins."""
    return (
        call(
            "CreateWorkspace",
            OutputWorkspace=workspace("grid"),
            DataX=edges.tolist(),
            DataY=[0.0] * (len(edges) - 1),
            UnitX="MomentumTransfer",
        ),
    )


def reduce_runs(
    runs: Sequence[Path], beams: Sequence[Path], settings: ReflectivitySettings
) -> tuple[Numbers, list[tuple[Piece, Ridge]]]:
    """Reduce each angle with Mantid, onto bins that all share.

    Returns
    -------
    :
        Edges of Q, and for each run its reflectivity and what is known of it.

    Raises
    ------
    AlgorithmFailed
        Mantid refused.
    """
    edges = q_grid(*settings.q, settings.q_step)
    found = []
    for number, path in enumerate(runs):
        degrees = angle_of_logs(path, settings.angle, number)
        used = list(beams) if settings.direct_beams == "joined" else list(beams[min(number, len(beams) - 1) :][:1])
        names = [f"beam_{place}" for place in range(len(used))]
        plan = [
            *gridding(edges),
            *loading("run", path),
            *(one for name, beam in zip(names, used, strict=True) for one in loading(name, beam)),
            *reducing("r", "run", degrees, names, settings),
            *rebinning("r"),
        ]
        with cleaned(plan):
            carry_out(plan)
            found.append((_piece(edges, degrees, settings), _ridge(path, degrees)))
    return edges, found


def _piece(edges: Numbers, degrees: float, settings: ReflectivitySettings) -> Piece:
    histogram = spectrum("r")
    share = lit_share(np.radians(degrees), settings.footprint, settings.sample_length, 1e-3 * settings.beam_height)
    values = np.asarray(histogram.values, dtype=np.float64) / share
    errors = np.zeros_like(values) if histogram.errors is None else np.asarray(histogram.errors) / share
    seen = (values != 0) & np.isfinite(values) & (errors > 0)
    middle = middles(edges)
    return Piece(
        np.where(seen, values, np.nan), np.where(seen, errors**2, np.nan), middle * settings.q_step / np.sqrt(12)
    )


def _ridge(path: Path, degrees: float) -> Ridge:
    empty = Counts(np.zeros(1), np.zeros(0), np.zeros(0))
    with OpenRun(path) as run:
        return Ridge(empty, float(np.radians(degrees)), np.nan, None, run.instrument, run.title, run.number)
