"""What panels ask a kernel about forms: of its functions, and what Mantid itself says of values."""

from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

from mantidlab.forms.namespace import find_thing
from mantidlab.forms.opening import spec_of_live
from mantidlab.forms.validating import validated
from mantidlab.frameworks.mantid_loaders import chosen_loader
from mantidlab.kernel import answers, between_cells


@answers("forms", "form")
def form(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the form of what a name of the notebook means.

    Raises
    ------
    NoSuchForm
        The notebook has nothing of that name that can be called.
    """
    name = str(params["name"])
    return spec_of_live(find_thing(name), name).to_json()


@answers("forms", "validate")
def validate(params: Mapping[str, Any]) -> "Future[Mapping[str, Any]]":
    """Return what Mantid's own validators say, as ``problems`` by field; nothing where the form is not Mantid's."""
    of, values = str(params["of"]), dict(params.get("values") or {})
    targets = [str(name) for name in params.get("targets") or ()]
    return between_cells(lambda: {"problems": validated(of, values, targets)})


@answers("forms", "loader")
def loader(params: Mapping[str, Any]) -> "Future[Mapping[str, Any]]":
    """Return ``loader`` and ``version`` of what Mantid takes for a file; null where none is loaded that could say."""
    path = str(params["path"])

    def chosen() -> Mapping[str, Any]:
        name, version = chosen_loader(path) or (None, None)
        return {"loader": name, "version": version}

    return between_cells(chosen)
