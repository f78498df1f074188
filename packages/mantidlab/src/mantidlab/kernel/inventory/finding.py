"""Finds the object that an item stands for."""

import ast
import builtins
import sys
from typing import Any

from mantidlab.frameworks import mantid
from mantidlab.frameworks.model import Gone
from mantidlab.kernel import channel
from mantidlab.kernel.errors import KernelError
from mantidlab.kernel.inventory.items import Item
from mantidlab.kernel.inventory.live import live_inventory


def items() -> list[Item]:
    """Return what this kernel holds; nothing where this process is no kernel."""
    live = live_inventory()
    return [] if live is None else live.items()


def names_in_use() -> frozenset[str]:
    """Return what a new variable would take the place of: variables, modules, functions, and Python's own names."""
    return frozenset(_variables()) | frozenset(dir(builtins))


def find(name: str) -> Any:
    """Return the object that an item of that name stands for.

    Where it is one of Mantid's workspaces, call this in the main thread (`mantidlab.kernel.between_cells`).

    Raises
    ------
    KernelError
        Nothing of that name is there, or not any more.
    """
    variables = _variables()
    if name in variables:
        return variables[name]
    base, keys, of_values = _parts(name)
    if base != "mtd" and base in variables:
        return _member(name, variables[base].values if of_values else variables[base], keys)
    if "mantid.api" not in sys.modules:
        raise KernelError(f"There is no variable {name!r} any more. Look at the list again.")
    workspace = keys[0] if base == "mtd" and len(keys) == 1 else name
    try:
        return mantid.workspace(workspace)
    except Gone as problem:
        raise KernelError(str(problem)) from problem


def put_back(name: str, thing: Any) -> None:
    """Make the name of an item mean an object again: a variable, or a member of a group. In the main thread.

    Raises
    ------
    KernelError
        The group is not there any more, or takes no members.
    """
    variables = _variables()
    base, keys, of_values = _parts(name)
    if not keys:
        variables[name] = thing
    elif base in variables:
        holder = _member(name, variables[base].values if of_values else variables[base], keys[:-1])
        try:
            holder[keys[-1]] = thing
        except (TypeError, ValueError) as problem:
            raise KernelError(f"{name} cannot be put back: {problem}") from problem
    else:
        raise KernelError(f"{name} cannot be put back: {base} is not there any more.")
    live = live_inventory()
    if live is not None:
        live.wake()  # no cell has run that would


def _variables() -> dict[str, Any]:
    kernel = channel.this_kernel()
    return {} if kernel is None else kernel.shell.user_ns


def _parts(name: str) -> tuple[str, list[str], bool]:
    """Take ``group["up"]["a"]`` or ``result.values["up"]`` apart; a name that is no such expression stays whole."""
    keys: list[str] = []
    try:
        node = ast.parse(name, mode="eval").body
    except (SyntaxError, ValueError):
        return name, [], False
    while isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        keys.insert(0, str(node.slice.value))
        node = node.value
    of_values = isinstance(node, ast.Attribute) and node.attr == "values"
    if isinstance(node, ast.Attribute):
        node = node.value
    return (node.id, keys, of_values) if isinstance(node, ast.Name) else (name, [], False)


def _member(name: str, thing: Any, keys: list[str]) -> Any:
    for key in keys:
        try:
            thing = thing[key]
        except (KeyError, IndexError, TypeError) as problem:
            gone = f"{name} is not there any more: {key!r} was not found. Look at the list again."
            raise KernelError(gone) from problem
    return thing
