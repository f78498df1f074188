"""The kernel that takes the place of a stopped one has its variables again, before its first cell."""

import json
import linecache
import logging
import os
import shutil
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mantidlab.kernel.keeping import places
from mantidlab.kernel.keeping.pickling import read_thing
from mantidlab.kernel.keeping.report import Left, Report, remember, report
from mantidlab.kernel.pushes import push
from mantidlab.kernel.running.tasks import TASKS, How, Task

STANDS_STILL = 20.0
"""Seconds in which not a byte was written, after which the rest is given up."""
STEP = 0.02
NAME = "Bringing back what the kernel held"

log = logging.getLogger("mantidlab.kernel")


def return_what_was_kept(kernel: Any, folder: Path) -> None:
    """Wait until all is written, and take it; never fails. In the main thread, before the first cell."""
    kernel._publish_status("busy", "shell")
    task = TASKS.begin(NAME, "python")
    began = time.monotonic()
    try:
        entries = _written(folder, task)
        taken = places.take(folder)
        _tell(_Returning(kernel.shell, taken, entries, task).report(began))
    except Exception:  # a kernel without its variables is better than none
        log.exception("What was kept could not be brought back")
        _tell(report([], [], [], 0, time.monotonic() - began))
    finally:
        for each in (folder, folder.with_name(folder.name + places.TAKEN)):
            shutil.rmtree(each, ignore_errors=True)
        TASKS.end(task, How.DONE)
        kernel._publish_status("idle", "shell")


def _tell(what: Report) -> None:
    remember(what)
    push("running", "kept", what.to_json())


def _written(folder: Path, task: Task) -> list[dict[str, Any]]:
    """Wait for the end of the journal, or for that of who writes it, and return its entries."""
    writer = int((folder / places.WRITER).read_text())
    size, grew = -1, time.monotonic()
    while True:
        alive = _is_alive(writer)
        entries = _entries(folder / places.JOURNAL)
        if entries and "end" in entries[-1]:
            return entries
        now = sum(each.stat().st_size for each in folder.iterdir())
        if now != size:
            size, grew = now, time.monotonic()
            task.message = f"{size / 1e6:.0f} MB are written"
        if not alive or time.monotonic() - grew > STANDS_STILL:
            if alive:
                os.kill(writer, signal.SIGKILL)
            return entries
        time.sleep(STEP)


def _entries(journal: Path) -> list[dict[str, Any]]:
    try:
        *lines, _unfinished = journal.read_text(encoding="utf-8").split("\n")
    except OSError:  # not begun
        return []
    return [json.loads(line) for line in lines]


def _is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


class _Returning:
    """Takes the entries of a journal, one after the other."""

    def __init__(self, shell: Any, folder: Path, entries: list[dict[str, Any]], task: Task) -> None:
        self._shell = shell
        self._variables = shell.user_ns
        self._folder = folder
        self._task = task
        self._about: Mapping[str, Any] = entries[0] if entries else {}
        self._entries = [entry for entry in entries if "name" in entry]
        self._back: list[str] = []
        self._problems: dict[str, str] = {}

    def report(self, began: float) -> Report:
        """Take all, and return what came of it."""
        self._take_cells()
        waiting = [entry for entry in self._entries if "why" not in entry]
        # A class can need what another cell made: as long as one more succeeds, the others are tried again.
        while waiting:
            later = [entry for entry in waiting if not self._take(entry, len(waiting))]
            if len(later) == len(waiting):
                break
            waiting = later
        known = {entry["name"]: entry for entry in self._entries}
        left = [
            Left(name, self._why(name, known), *self._made_by(known.get(name, {})))
            for name in self._about.get("names", [])
            if name not in self._back
        ]
        doubtful = [name for name in self._back if known[name].get("in_use")]
        size = sum(known[name].get("bytes", 0) for name in self._back)
        return report(self._back, left, doubtful, size, time.monotonic() - began)

    def _take_cells(self) -> None:
        """Go on counting, and know the text of functions that are kept."""
        if not self._about:
            return
        sys.path[:] = self._about["path"]
        history = self._shell.history_manager
        if len(history.input_hist_parsed) <= 1:
            history.input_hist_parsed[:] = self._about["cells"]
            history.input_hist_raw[:] = self._about["cells"]
            self._shell.execution_count = self._about["count"] + 1
        for file, text in self._about["texts"].items():
            linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        getattr(self._shell.compile, "_filename_map", {}).update(self._about["numbers"])

    def _take(self, entry: Mapping[str, Any], waiting: int) -> bool:
        name = entry["name"]
        self._task.message = name
        self._task.fraction = 1 - waiting / (len(self._entries) or 1)
        try:
            if "same" in entry:
                self._variables[name] = self._variables[entry["same"]]
            elif "source" in entry:
                exec(compile(entry["source"], f"<definition of {name}>", "exec"), self._variables)  # noqa: S102
            else:
                path = self._folder / entry["file"]
                self._variables[name] = read_thing(path)
                for each in self._folder.glob(f"{path.stem}.*"):
                    each.unlink()
        except Exception as problem:  # noqa: BLE001  (whatever a class raises that cannot be read)
            self._problems[name] = f"it could not be read ({type(problem).__name__}: {problem})"
            return False
        self._back.append(name)
        return True

    def _why(self, name: str, known: Mapping[str, Mapping[str, Any]]) -> str:
        if name not in known:
            return "writing it did not end"
        return str(known[name].get("why") or self._problems.get(name, "it could not be read"))

    @staticmethod
    def _made_by(entry: Mapping[str, Any]) -> tuple[int | None, str]:
        return entry.get("cell"), entry.get("line", "")


def begin(kernel: Any, folder: Path) -> None:
    """Let the kernel's loop begin with what was kept for it. At a kernel's start."""
    from tornado.ioloop import IOLoop

    IOLoop.current().add_callback(return_what_was_kept, kernel, folder)
