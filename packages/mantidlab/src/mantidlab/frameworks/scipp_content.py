"""All that a scipp object consists of, as plain containers of NumPy arrays: what tells two of them apart."""

from typing import Any

import numpy as np

SPATIAL = ("affine_transform3", "translation3", "rotation3", "linear_transform3")


def content(scipp: Any, thing: Any) -> Any:
    """Return what a variable, data array, dataset, data group or unit consists of.

    Returns
    -------
    object
        Tuples, dictionaries, texts and arrays; other members of a data group stay as they are. None for anything that
        is not scipp's, or whose elements are not known.
    """
    if isinstance(thing, scipp.Unit):
        return str(thing)
    if isinstance(thing, scipp.Variable):
        return _variable(scipp, thing)
    if isinstance(thing, scipp.DataArray):
        return _array(scipp, thing)
    if isinstance(thing, (scipp.Dataset, scipp.DataGroup)):
        return {str(name): _part(scipp, part) for name, part in thing.items()}
    return None


def _part(scipp: Any, part: Any) -> Any:
    found = content(scipp, part)
    return part if found is None else found


def _array(scipp: Any, array: Any) -> Any:
    data = _variable(scipp, array.data)
    coords = {name: (_variable(scipp, coord), bool(coord.aligned)) for name, coord in sorted(array.coords.items())}
    masks = {name: _variable(scipp, mask) for name, mask in sorted(array.masks.items())}
    return None if data is None else (str(array.name), data, coords, masks)


def _variable(scipp: Any, variable: Any) -> Any:
    heading = (tuple(variable.dims), tuple(variable.shape), str(variable.unit), str(variable.dtype))
    if variable.bins is not None:
        parts = variable.bins.constituents
        bounds = (_variable(scipp, parts["begin"]), _variable(scipp, parts["end"]))
        return (*heading, *bounds, content(scipp, parts["data"]))
    if str(variable.dtype) in SPATIAL:
        return (*heading, str(variable.values))
    if str(variable.dtype) in ("string", "PyObject") or not isinstance(variable.values, np.ndarray | np.generic):
        values = variable.value if variable.ndim == 0 else variable.values
        return (*heading, _elements(scipp, values))
    variances = None if variable.variances is None else np.asarray(variable.variances)
    return (*heading, np.asarray(variable.values), variances)


def _elements(scipp: Any, values: Any) -> Any:
    if isinstance(values, np.ndarray):
        return [_part(scipp, each) for each in values.ravel().tolist()]
    if type(values).__name__.startswith("ElementArrayView"):
        return [_part(scipp, each) for each in values]
    return _part(scipp, values)
