"""Numbers with their errors, as people write them."""

import math


def with_error(value: float | None, error: float | None) -> str:
    """Return ``12.34 ± 0.06``: the error with two digits, the value with as many decimals."""
    if value is None or not math.isfinite(value):
        return "–"
    if error is None or not math.isfinite(error) or error <= 0:
        return f"{value:.6g}" if error is None or error == 0 else f"{value:.6g} (error not known)"
    largest = max(abs(value), error)
    decimals = 1 - math.floor(math.log10(error))
    if 1e-4 <= largest < 1e7 and decimals <= 10:
        decimals = max(0, decimals)
        return f"{value:.{decimals}f} ± {error:.{decimals}f}"
    power = math.floor(math.log10(largest))
    digits = max(1, power + decimals)
    scale = 10.0**power
    return f"({value / scale:.{digits}f} ± {error / scale:.{digits}f})·10^{power}"
