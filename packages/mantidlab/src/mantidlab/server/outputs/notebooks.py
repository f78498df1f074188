"""Puts outputs into notebooks on disk, cell by cell, and only where the cell is still the one that ran."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from mantidlab.server.outputs.run import Run

RECORD = "mantidhub"
"""Where a notebook says in which environment it ran, see ``execution-record.js``."""

WIDGET = "application/vnd.jupyter.widget-view+json"
PICTURE = "image/png"


class Version(Protocol):
    """What a file held, see :class:`mantidlab.server.saving.Version`."""

    def put_back(self) -> None:
        """Write it again, with its time."""

    def is_current(self) -> bool:
        """Tell whether the file is still the same."""


@dataclass(frozen=True)
class Change:
    """What a notebook held before outputs were written into it, and after."""

    before: Version
    after: Version

    def then(self, later: "Change") -> "Change | None":
        """Return this change and a later one as one, or None if somebody wrote in between."""
        return Change(self.before, later.after) if later.before == self.after else None

    def undo(self) -> bool:
        """Put back what was there, unless somebody has written since; return whether that was done."""
        if not self.after.is_current():
            return False
        self.before.put_back()
        return True


class ServersNotebooks:
    """The notebooks as the server's contents manager has them, and its sessions know them."""

    def __init__(self, server: Any) -> None:
        self._contents = server.contents_manager
        self._sessions = server.session_manager
        self._kernels = server.kernel_manager

    async def path_of(self, kernel: str) -> str | None:
        """Return the notebook that a kernel runs."""
        sessions = await self._sessions.list_sessions()
        paths = (each["path"] for each in sessions if each["kernel"]["id"] == kernel and each["type"] == "notebook")
        return next(paths, None)

    async def put(self, path: str, kernel: str, runs: list[Run]) -> Change | None:
        """Write outputs into a notebook, if there is one and it lacks them; return the change, if it is known."""
        if not await _result(self._contents.file_exists(path)):
            return None
        before = self._version(path)
        model = dict(await _result(self._contents.get(path, content=True, type="notebook")))
        if not put_outputs(model["content"]["cells"], runs):
            return None
        put_record(model["content"]["metadata"], self._metadata_of(kernel))
        await _result(self._contents.save(model, path))
        after = self._version(path)
        return Change(before, after) if before and after else None

    def _version(self, path: str) -> Version | None:
        return self._contents.version(path) if hasattr(self._contents, "version") else None

    def _metadata_of(self, kernel: str) -> Mapping[str, Any]:
        try:
            return dict(self._kernels.get_kernel(kernel).kernel_spec.metadata)
        except KeyError:  # it is gone; the file says what it says
            return {RECORD: None}


def put_outputs(cells: Iterable[dict[str, Any]], runs: Iterable[Run]) -> bool:
    """Put the outputs of *runs* into the cells that ran; return whether anything is different then.

    A cell is found by its id, or in files that have none by its text. One whose text has changed since is left alone.
    """
    changed = False
    code_cells = [cell for cell in cells if cell["cell_type"] == "code"]
    for run in runs:
        for cell in _ran(code_cells, run):
            outputs = with_pictures(run.outputs(), cell["outputs"])
            if (cell["outputs"], cell["execution_count"]) != (outputs, run.count):
                cell.update(outputs=outputs, execution_count=run.count)
                changed = True
            # What one's own kernel showed may show itself again, as if the page had been there; see notebook security
            # in Jupyter's documentation. The contents manager signs the notebook if all its cells say so.
            cell["metadata"]["trusted"] = True
    return changed


def with_pictures(outputs: list[dict[str, Any]], former: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a kernel's outputs with the pictures that a page put beside the same widgets; see ``last-view.js``."""
    shown = {_widget(output): output for output in former if PICTURE in output.get("data", {})}
    return [_with_picture(output, shown.get(_widget(output))) for output in outputs]


def _with_picture(output: dict[str, Any], seen: Mapping[str, Any] | None) -> dict[str, Any]:
    if seen is None or not _widget(output):
        return output
    metadata = {**output.get("metadata", {}), PICTURE: seen.get("metadata", {}).get(PICTURE, {})}
    return {**output, "data": {PICTURE: seen["data"][PICTURE], **output["data"]}, "metadata": metadata}


def _widget(output: Mapping[str, Any]) -> str:
    return str(output.get("data", {}).get(WIDGET, {}).get("model_id", ""))


def put_record(metadata: dict[str, Any], kernels: Mapping[str, Any]) -> None:
    """Write in which environment the cells ran, as the page does that is there."""
    if RECORD not in kernels:
        metadata.pop(RECORD, None)  # a kernel of the user's own, of which nobody knows
    elif kernels[RECORD] is not None:
        metadata[RECORD] = kernels[RECORD]


def _ran(cells: list[dict[str, Any]], run: Run) -> list[dict[str, Any]]:
    same = [cell for cell in cells if "".join(cell["source"]) == run.code]
    named = [cell for cell in same if cell.get("id") == run.cell]
    nameless = [cell for cell in same if "id" not in cell]
    return named or (nameless if len(nameless) == 1 else [])


async def _result(value: Any) -> Any:
    """Return the value: managers of contents come in two kinds, those that one waits for and those that block."""
    return await value if hasattr(value, "__await__") else value
