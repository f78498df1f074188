"""What a click in the panel of workspaces leaves in the notebook: the exact lines of Python."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mantidlab.names import is_name
from mantidlab.workspaces.errors import AlreadyThere, WorkspaceError

SHOWN_BY = {"plot": "plot", "slice": "slices", "instrument": "instrument"}


class NoSuchAction(WorkspaceError):
    """An action that there is not, or not for such a workspace."""


def line_of(action: str, names: Sequence[str], framework: str, options: Mapping[str, Any]) -> str:
    """Return the lines that do something to workspaces.

    Parameters
    ----------
    action
        ``plot``, ``slice``, ``instrument``, ``rename``, ``delete``, ``group`` or ``save``.
    names
        Of the workspaces: what is written in Python to mean them, such as ``sample`` or ``group["sample"]``, for scipp;
        the names that Mantid knows them by for Mantid.
    framework
        ``scipp`` or ``mantid``.
    options
        ``to``, a new name; ``path``, ``format`` and ``replace`` of a file.

    Raises
    ------
    NoSuchAction
        There is none of the name.
    AlreadyThere, NoSuchAction
        A new name cannot be.
    """
    of_mantid = framework == "mantid"
    said = [quoted(name) if of_mantid else name for name in names]
    if action in SHOWN_BY:
        function = SHOWN_BY[action]
        shown = said if action == "plot" else said[:1]
        return f"from mantidlab import {function}\n\n{function}({', '.join(shown)})"
    written: dict[str, Callable[[], str]] = {
        "rename": lambda: (_renamed_in_mantid if of_mantid else _renamed)(
            names[0], str(options.get("to", "")), options
        ),
        "delete": lambda: _deleted_in_mantid(said) if of_mantid else f"del {', '.join(said)}",
        "group": lambda: (_grouped_in_mantid if of_mantid else _grouped)(names, str(options.get("to", "")), options),
        "save": lambda: _saved(said[0], options),
    }
    if action not in written:
        raise NoSuchAction(f"There is no action {action!r}; there are {', '.join([*SHOWN_BY, *written])}.")
    return written[action]()


def quoted(text: str) -> str:
    """Return a text as Python, in double quotes where it can be."""
    return f'"{text}"' if repr(text) == f"'{text}'" and '"' not in text else repr(text)


def _renamed(old: str, new: str, options: Mapping[str, Any]) -> str:
    _refuse(new, options)
    gone = "" if "[" in old else f"\ndel {old}"  # what a group holds stays in it
    return f"{new} = {old}{gone}"


def _renamed_in_mantid(old: str, new: str, options: Mapping[str, Any]) -> str:
    _refuse_taken(new, options)
    arguments = f"InputWorkspace={quoted(old)}, OutputWorkspace={quoted(new)}"
    return f"from mantid.simpleapi import RenameWorkspace\n\nRenameWorkspace({arguments})"


def _deleted_in_mantid(said: Sequence[str]) -> str:
    if len(said) == 1:
        return f"from mantid.simpleapi import DeleteWorkspace\n\nDeleteWorkspace({said[0]})"
    return f"from mantid.simpleapi import DeleteWorkspaces\n\nDeleteWorkspaces([{', '.join(said)}])"


def _grouped(names: Sequence[str], new: str, options: Mapping[str, Any]) -> str:
    _refuse(new, options)
    members = ", ".join(f"{quoted(name)}: {name}" for name in names)
    return f"import scipp as sc\n\n{new} = sc.DataGroup({{{members}}})"


def _grouped_in_mantid(names: Sequence[str], new: str, options: Mapping[str, Any]) -> str:
    _refuse_taken(new, options)
    members = ", ".join(quoted(name) for name in names)
    arguments = f"InputWorkspaces=[{members}], OutputWorkspace={quoted(new)}"
    return f"from mantid.simpleapi import GroupWorkspaces\n\nGroupWorkspaces({arguments})"


def _saved(said: str, options: Mapping[str, Any]) -> str:
    arguments = [said, quoted(str(options.get("path", "")))]
    if options.get("format"):
        arguments.append(quoted(str(options["format"])))
    if options.get("replace"):
        arguments.append("replace=True")
    return f"from mantidlab.workspaces import save\n\nsave({', '.join(arguments)})"


def _refuse(new: str, options: Mapping[str, Any]) -> None:
    if not is_name(new):
        raise NoSuchAction(
            f"{new!r} cannot be the name of a variable. Take letters, digits and underscores, a letter first."
            if new
            else "A name is needed."
        )
    if new.startswith("_"):
        raise NoSuchAction(f"{new} would be hidden: what begins with an underscore is in no list. Take another name.")
    _refuse_taken(new, options)


def _refuse_taken(new: str, options: Mapping[str, Any]) -> None:
    if not new.strip():
        raise NoSuchAction("A name is needed.")
    if new in options.get("taken", ()):
        raise AlreadyThere(f"There is a {new} already, and it would be lost. Take another name.")
