"""Finds out when a form enables or shows a property, by setting the others and looking.

Mantid's rules say neither which property they look at nor what they compare it with; they only answer ``isEnabled`` and
``isVisible`` for an algorithm.
"""

from collections.abc import Callable, Sequence

from mantidlab.docs.catalogue import Dependency, Property
from mantidlab.docs.extract.asking import Asking
from mantidlab.docs.extract.mantid_api import MantidAlgorithm
from mantidlab.docs.extract.mantid_properties import settings_of, state_of


def find_dependencies(
    asking: Asking, of: str, properties: Sequence[Property], make: Callable[[], MantidAlgorithm]
) -> dict[str, tuple[Dependency, ...]]:
    """Return the dependencies of each property that has rules.

    Each property is set to each of `values_to_try` on a fresh algorithm, the others keeping their defaults. Workspaces
    are not tried: there are none.

    Parameters
    ----------
    of
        The algorithm's name, for what fails.
    make
        Returns a fresh, initialised algorithm.
    """
    ruled = {prop.name: prop for prop in properties if prop.settings}
    found: dict[str, list[Dependency]] = {name: [] for name in ruled}
    for control in properties if ruled else ():
        values = values_to_try(control)
        algorithm = asking.ask("a fresh one", of, make, None) if values else None
        if algorithm is None:
            continue
        for value in values:
            if not _set(algorithm, control.name, value):
                continue
            for name, start in ruled.items():
                state = _state(asking, f"{of}.{name}", algorithm, name)
                if name != control.name and state not in (None, (start.enabled, start.visible)):
                    found[name].append(Dependency(control.name, value, *state))
    return {name: tuple(dependencies) for name, dependencies in found.items()}


def values_to_try(prop: Property) -> tuple[str, ...]:
    """Return values of a property that a rule may ask for, as Mantid writes them.

    Texts, lists and files are only asked whether anything is given: ``1`` is as good as any, and is the name of a file
    too where the file need not exist.
    """
    if prop.direction == "Output" or prop.is_workspace or prop.multiple_files:
        return ()
    if prop.choices:
        return prop.choices
    if prop.python_class.endswith(".Property"):  # not known to Python, so what it takes is not known here
        return ()
    return {"boolean": ("1", "0"), "number": ("1", "0", "2")}.get(prop.type, ("1",))


def _set(algorithm: MantidAlgorithm, name: str, value: str) -> bool:
    try:
        algorithm.setPropertyValue(name, value)
    except Exception:  # noqa: BLE001 - a value that the property refuses decides nothing
        return False
    return True


def _state(asking: Asking, of: str, algorithm: MantidAlgorithm, name: str) -> tuple[bool, bool] | None:
    prop = asking.ask("property", of, lambda: algorithm.getProperty(name), None)
    return None if prop is None else state_of(asking, of, settings_of(asking, of, prop), algorithm)
