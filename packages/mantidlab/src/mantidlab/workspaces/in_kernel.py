"""What the panel of workspaces asks the kernel for, beside the cell that runs.

Nothing is changed here: what changes something is a line of Python, which the panel puts into a cell and runs. Only
what such a line has deleted is put back from here, and its cell taken away: as if it had never been.
"""

import re
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeAlias

from mantidlab.kernel import answers, between_cells
from mantidlab.kernel.cells import at_begin, at_end
from mantidlab.kernel.inventory import find, items, names_in_use
from mantidlab.kernel.inventory.finding import put_back
from mantidlab.workspaces import kept
from mantidlab.workspaces.actions import line_of
from mantidlab.workspaces.file_formats import formats_of
from mantidlab.workspaces.histories import Entry, History, history
from mantidlab.workspaces.objects import opened
from mantidlab.workspaces.pages import logs_page, table_page

Content: TypeAlias = Mapping[str, Any]
ROOM = "workspaces"

_shelf = kept.Shelf(find, put_back)
at_begin(_shelf.look_before)
at_end(_shelf.look_after)


@answers(ROOM, "logs")
def logs(params: Content) -> "Content | Future[Content]":
    """Return the sample logs of a workspace."""
    name = str(params["name"])
    return _asked(name, lambda: logs_page(opened(find(name), name)))


@answers(ROOM, "table")
def table(params: Content) -> "Content | Future[Content]":
    """Return a page of a table, or of the bins of one spectrum."""
    name = str(params["name"])
    start, rows, spectrum = (int(params.get(key, 0)) for key in ("start", "rows", "spectrum"))
    return _asked(name, lambda: table_page(opened(find(name), name), start, rows or 50, spectrum))


@answers(ROOM, "formats")
def formats(params: Content) -> "Content | Future[Content]":
    """Return in which formats a workspace can be saved."""
    name = str(params["name"])
    return _asked(name, lambda: {"formats": [asdict(each) for each in formats_of(opened(find(name), name))]})


@answers(ROOM, "history")
def told_history(params: Content) -> "Content | Future[Content]":
    """Return how a workspace was made, as a tree, as a script and as cells."""
    name = str(params["name"])
    return _asked(name, lambda: _history(history(find(name), name)))


@answers(ROOM, "line")
def line(params: Content) -> Content:
    """Return the lines of Python that do what a person clicked on."""
    names = [str(name) for name in params["names"]]
    framework = _framework(names[0]) if names else ""
    if framework == "mantid":
        names = [_in_mantid(name) for name in names]
    taken = {item.name for item in items()}
    if framework != "mantid":
        taken |= names_in_use()
    options = {**params.get("options", {}), "taken": taken.difference(names)}
    return {"source": line_of(str(params["action"]), names, framework, options)}


@answers(ROOM, "keep")
def keep(params: Content) -> Content:
    """Keep what is about to be deleted, where it can be; return for how many seconds, or none."""
    names = [str(name) for name in params["names"]]
    held = {item.name: item for item in items()}
    meant = [held[name] for name in names if name in held]
    memory = sum(item.memory or 0 for item in meant)
    if len(meant) < len(names) or memory > kept.BYTES or any(item.framework == "mantid" for item in meant):
        _shelf.forget()
        return {"seconds": None}
    _shelf.keep(names)
    return {"seconds": kept.SECONDS}


@answers(ROOM, "restore")
def restore(params: Content) -> "Future[Content]":
    """Put back what was deleted last."""
    del params
    return between_cells(_shelf.restore)


@answers(ROOM, "forget")
def forget(params: Content) -> Content:
    """Let go what was deleted last, for its memory."""
    del params
    _shelf.forget()
    return {}


def _asked(name: str, ask: Callable[[], Content]) -> "Content | Future[Content]":
    """Ask beside the running cell, but Mantid between two cells: it may not be asked while it works."""
    return between_cells(ask) if _framework(name) == "mantid" else ask()


def _framework(name: str) -> str:
    return next((item.framework for item in items() if item.name == name), "")


def _in_mantid(name: str) -> str:
    """Return what Mantid calls a workspace: one that is called like a variable is listed as ``mtd["its name"]``."""
    found = re.fullmatch(r'mtd\["(.*)"\]', name)
    return found[1] if found else name


def _history(told: History) -> Content:
    return {
        "name": told.name,
        "framework": told.framework,
        "entries": [_entry(entry) for entry in told.entries],
        "files": [asdict(file) for file in told.files],
        "notes": list(told.notes),
        "script": told.script() if told.entries else "",
        "cells": told.cells() if told.entries else [],
    }


def _entry(entry: Entry) -> Content:
    return {
        "title": entry.title,
        "kind": entry.kind,
        "source": entry.source,
        "version": entry.version,
        "started": _moment(entry.started),
        "seconds": entry.seconds,
        "parameters": [asdict(parameter) for parameter in entry.parameters],
        "children": [_entry(child) for child in entry.children],
    }


def _moment(started: datetime | None) -> str | None:
    return None if started is None else started.isoformat(timespec="seconds")
