"""The Python type of a Mantid property, as an argument and as a result, in the words of the stubs."""

from collections.abc import Collection

from mantidlab.docs.catalogue import Property

# Which class of `stubs_workspaces` an argument must be. Mantid looks at the workspace, not at its Python class: what a
# function returns as MatrixWorkspace may hold events, so all kinds of one family are accepted.
_ACCEPTED = {
    "Workspace": "Workspace",
    "MatrixWorkspace": "MatrixWorkspace",
    "EventWorkspace": "MatrixWorkspace",
    "IEventWorkspace": "MatrixWorkspace",
    "Workspace2D": "MatrixWorkspace",
    "MaskWorkspace": "MatrixWorkspace",
    "GroupingWorkspace": "MatrixWorkspace",
    "OffsetsWorkspace": "MatrixWorkspace",
    "TableWorkspace": "ITableWorkspace",
    "PeaksWorkspace": "ITableWorkspace",
    "LeanElasticPeaksWorkspace": "ITableWorkspace",
    "IPeaksWorkspace": "ITableWorkspace",
    "IMDWorkspace": "IMDWorkspace",
    "IMDHistoWorkspace": "IMDWorkspace",
    "MDHistoWorkspace": "IMDWorkspace",
    "MDEventWorkspace": "IMDWorkspace",
    "IMDEventWorkspace": "IMDWorkspace",
    "WorkspaceGroup": "WorkspaceGroup",
}

_RETURNED = {
    "Workspace": "AnyWorkspace",
    "MatrixWorkspace": "MatrixWorkspace",
    "EventWorkspace": "IEventWorkspace",
    "IEventWorkspace": "IEventWorkspace",
    "PeaksWorkspace": "IPeaksWorkspace",
    "LeanElasticPeaksWorkspace": "IPeaksWorkspace",
    "IPeaksWorkspace": "IPeaksWorkspace",
    "TableWorkspace": "ITableWorkspace",
    "IMDWorkspace": "AnyWorkspace",
    "IMDHistoWorkspace": "IMDHistoWorkspace",
    "MDHistoWorkspace": "IMDHistoWorkspace",
    "MDEventWorkspace": "IMDEventWorkspace",
    "IMDEventWorkspace": "IMDEventWorkspace",
    "WorkspaceGroup": "WorkspaceGroup",
}

_ARGUMENTS = {
    "boolean": "bool",
    "optional boolean": "bool | str",
    "string": "str",
    "dbl list": "str | float | Iterable[float]",
    "int list": "str | int | Iterable[int]",
    "unsigned int list": "str | int | Iterable[int]",
    "str list": "str | Iterable[str | Workspace]",
    "list of str lists": "str | Iterable[str | Iterable[str]]",
    "Function": "str | IFunction | FunctionWrapper",
}

_RESULTS = {
    "boolean": "bool",
    "string": "str",
    "dbl list": "Sequence[float]",
    "int list": "Sequence[int]",
    "unsigned int list": "Sequence[int]",
    "str list": "Sequence[str]",
    "Function": "FunctionWrapper",
}

NAME = "str | Workspace"

# Here Mantid checks only how a value begins: "Levenberg-Marquardt,AbsError=0.01".
BEGINNINGS = ("Minimizer",)


def is_workspace(prop: Property) -> bool:
    """Return whether simpleapi treats a property as a workspace: some kinds Python knows by their name alone."""
    return prop.is_workspace or (prop.python_class.endswith(".Property") and "Workspace" in prop.name)


def argument_type(prop: Property, extensible: Collection[str] = ()) -> str:
    """Return the type of an argument.

    Parameters
    ----------
    extensible
        Words of lists that a facility or a user extends (instruments, fit functions); a list of them alone is not
        closed.
    """
    if prop.direction == "Output":
        return NAME if is_workspace(prop) else _plain(prop, _ARGUMENTS)
    if prop.type in _ACCEPTED:
        kind = _ACCEPTED[prop.type]
        group = "" if kind in ("Workspace", "WorkspaceGroup") else " | WorkspaceGroup"
        return f"str | {kind}{group}"
    if is_workspace(prop):
        return "str | Workspace"
    choices = prop.choices
    closed = prop.name not in BEGINNINGS and not all(word.split(" (")[0] in extensible for word in choices)
    if choices and closed and prop.type == "string":
        return f"Literal[{', '.join(_quoted(word) for word in dict.fromkeys(choices))}]"
    return _plain(prop, _ARGUMENTS)


def result_type(prop: Property) -> str:
    """Return the type of what a function returns for an output."""
    return rebindable(result_class(prop)) if is_workspace(prop) else _plain(prop, _RESULTS)


def result_class(prop: Property) -> str:
    """Return the class of a workspace that a function returns."""
    return _RETURNED.get(prop.type, "MatrixWorkspace" if prop.type in _ACCEPTED else "AnyWorkspace")


def rebindable(kind: str) -> str:
    """Return a type that has the methods of a kind of workspaces, for a variable that may hold another kind later.

    ``ws = Load(…); ws = Rebin(ws, …)`` is how people write. mypy gives a variable the type of its first value, and lets
    it have any other where that is a union with Any; what is not in the kind is found all the same. Jedi 0.20
    understands ``Union``, and not ``|`` with Any.
    """
    return f"Union[{kind}, Any]"


def _plain(prop: Property, types: dict[str, str]) -> str:
    if prop.type in types:
        return types[prop.type]
    if prop.default_type in ("int", "float"):  # `number`, and unsigned integers, which have a word of the compiler's
        return prop.default_type
    return "Any"


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'
