"""Extracts Mantid's fit functions."""

import math
from typing import Any

from mantidlab.docs.catalogue import FitAttribute, FitFunction, FitParameter
from mantidlab.docs.extract.asking import Asking
from mantidlab.docs.extract.mantid_api import Api, FitFunctionObject
from mantidlab.docs.extract.mantid_properties import plain, texts


def fit_functions(asking: Asking, api: Api) -> tuple[FitFunction, ...]:
    """Return all registered fit functions by name; one that cannot be made keeps its name."""
    names = asking.ask("names", "the fit functions", lambda: texts(api.FunctionFactory.getFunctionNames()), ())
    name_peaks = getattr(getattr(api, "FunctionFactory", None), "getPeakFunctionNames", None)  # since 4.0
    peaks = asking.ask("names", "the peak functions", lambda: texts(name_peaks()), ()) if callable(name_peaks) else ()
    return tuple(_function(asking, api, name, peak=name in peaks) for name in sorted(set(names)))


def _function(asking: Asking, api: Api, name: str, *, peak: bool) -> FitFunction:
    of = f"fit function {name}"
    made = asking.ask("an object", of, lambda: api.FunctionFactory.createFunction(name), None)
    if made is None:
        return FitFunction(name, (), peak, "", (), ())
    peak_class = getattr(api, "IPeakFunction", None)
    return FitFunction(
        name=name,
        categories=asking.ask("getCategories", of, lambda: texts(made.getCategories()), ()),
        is_peak=peak or (isinstance(peak_class, type) and isinstance(made, peak_class)),
        initial=asking.ask("text", of, lambda: str(made), ""),
        parameters=asking.ask("parameters", of, lambda: _parameters(made), ()),
        attributes=asking.ask("attributes", of, lambda: _attributes(made), ()),
    )


def _parameters(made: FitFunctionObject) -> tuple[FitParameter, ...]:
    values = [float(made.getParameterValue(i)) for i in range(made.nParams())]
    return tuple(
        FitParameter(made.parameterName(i), made.paramDescription(i), value if math.isfinite(value) else None)
        for i, value in enumerate(values)
    )


def _attributes(made: FitFunctionObject) -> tuple[FitAttribute, ...]:
    values: list[tuple[str, Any]] = [(name, made.getAttributeValue(name)) for name in texts(made.attributeNames())]
    return tuple(FitAttribute(name, type(value).__name__, plain(value)) for name, value in values)
