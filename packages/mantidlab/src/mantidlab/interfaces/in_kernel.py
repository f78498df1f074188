"""What panels ask a kernel about interfaces: those that its notebook declares."""

from collections.abc import Mapping
from typing import Any

from mantidlab.interfaces.describing import described
from mantidlab.interfaces.discovery import Source, of_the_notebook
from mantidlab.interfaces.errors import NoSuchInterface
from mantidlab.kernel import answers

HERE = Source("notebook", "notebook")


@answers("interfaces", "list")
def list_(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return those that cells have declared, as the server lists the others."""
    del params
    listed = [described(each, HERE) for each in of_the_notebook()]
    return {
        "interfaces": [{key: value for key, value in each.items() if key != "form"} for each in listed],
        "broken": [],
    }


@answers("interfaces", "form")
def form(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the form of one of them.

    Raises
    ------
    NoSuchInterface
        No cell that has run declares it.
    """
    for each in of_the_notebook():
        if each.name == params.get("name"):
            return each.form().to_json()
    raise NoSuchInterface(f"No cell that has run in this notebook declares an interface {params.get('name')!r}.")
