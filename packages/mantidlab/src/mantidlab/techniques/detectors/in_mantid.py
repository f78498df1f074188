"""Bad detectors by Mantid's ``MedianDetectorTest``: against the median of the whole instrument."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks import mantid
from mantidlab.techniques.mantid_plans import Call, call, carry_out, cleaned, workspace


def median_test(path: Path, low: float, high: float, deviations: float) -> tuple[Call, ...]:
    """Return the calls that make a mask workspace, ``mask``, of a run."""
    run = workspace("run")
    return (
        call("Load", Filename=str(path), OutputWorkspace=run),
        call("Integration", InputWorkspace=run, OutputWorkspace=workspace("sums")),
        call(
            "MedianDetectorTest",
            InputWorkspace=workspace("sums"),
            OutputWorkspace=workspace("mask"),
            LowThreshold=low,
            HighThreshold=high,
            SignificanceTest=deviations,
            ExcludeZeroesFromMedian=True,
        ),
    )


def find_bad(path: Path, low: float, high: float, deviations: float) -> NDArray[np.int64]:
    """Return the numbers of the detectors that fail Mantid's test.

    Raises
    ------
    AlgorithmFailed
        Mantid refused.
    """
    plan = median_test(path, low, high, deviations)
    with cleaned(plan):
        carry_out(plan)
        mask = mantid.open_workspace(workspace("mask"))
        geometry = mask.geometry()
        failed = [detectors for spectrum, detectors in zip(mask.spectra(), mask.spectrum_detectors(), strict=True)
                  if spectrum.values[0] > 0]  # fmt: skip
        numbers = [geometry.ids[some] for some in failed]
    return np.concatenate(numbers).astype(np.int64) if numbers else np.zeros(0, dtype=np.int64)
