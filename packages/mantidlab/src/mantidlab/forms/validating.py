"""Asks Mantid's own validators what they say of the values of a form; for a kernel, between two cells."""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mantidlab.forms.book import form_book
from mantidlab.forms.literals import is_expression
from mantidlab.forms.namespace import notebook_names
from mantidlab.forms.spec import FormSpec, Json, Values, Widget
from mantidlab.frameworks.mantid_algorithm_calls import AlgorithmUnderTest
from mantidlab.frameworks.mantid_validating import objections

# Mantid would look for such files in every folder and archive that it knows, and make the folders to write into.
_FILES = (Widget.FILE, Widget.FILES, Widget.SAVE_FILE, Widget.FOLDER)

_UNKNOWN = object()


def validated(of: str, values: Values, targets: Sequence[str] = ()) -> dict[str, str]:
    """Return what Mantid says against the values of an algorithm's form; nothing where Mantid is not loaded.

    Raises
    ------
    NoSuchForm
        The environment has no such algorithm.
    """
    # Nothing of Mantid is imported for a form alone: that takes seconds.
    if "mantid.simpleapi" not in sys.modules or not of.startswith("algorithm/"):
        return {}
    spec = form_book().form(of)
    from mantidlab.frameworks.mantid import is_group, mantid_modules

    name, _, version = of.partition("/")[2].rpartition("-v")
    algorithm = mantid_modules().api.AlgorithmManager.createUnmanaged(name, int(version))
    return validated_with(algorithm, spec, values, targets, notebook_names(), is_group)


def validated_with(
    algorithm: AlgorithmUnderTest,
    spec: FormSpec,
    values: Values,
    targets: Sequence[str],
    names: Mapping[str, Any],
    is_group: Callable[[Any], bool] = lambda value: False,
) -> dict[str, str]:
    """Return what an algorithm says against values.

    Parameters
    ----------
    names
        The notebook's variables; expressions that are no names of these are not judged, since nothing may be run.
    is_group
        Returns whether a handle or a name is that of a group. Mantid runs the algorithm with each member then, and asks
        each run what it says of all values together: asked of the group, some look for a workspace that is not there,
        and that ends the process.
    """
    given: dict[str, Any] = {}
    judged: list[str] = []
    unknown = False
    left = list(targets)
    for field in spec.fields:
        value = values.get(field.name)
        if value in (None, "") and field.direction == "output" and left:
            value = left.pop(0)
        known = _UNKNOWN if field.widget in _FILES and value is not None else _known(value, names)
        if known is _UNKNOWN:
            unknown = True
            continue
        judged.append(field.name)
        unknown = unknown or (field.accepts is not None and known is not None and is_group(known))
        if known is not None and not (isinstance(known, str) and not known):  # arrays compare item by item
            given[field.name] = known
    return objections(algorithm, given, judged, whole=not unknown)


def _known(value: Json, names: Mapping[str, Any]) -> Any:
    if not isinstance(value, dict) or not is_expression(value):
        return value
    return names.get(value["expression"].strip(), _UNKNOWN)
