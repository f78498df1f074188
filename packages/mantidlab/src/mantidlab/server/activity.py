"""Says to the platform that the session is used, and to the page when the session would end because it is not."""

import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ACTIVE_NAME = "active"
TOLD = Path("/run/mantidhub/told/idle.json")
LOOK_EVERY = 5.0
"""Seconds; a look costs some ten microseconds, and the shortest time that makes sense as idle is a minute."""


class Activity:
    """Touches a file beside the server's socket while somebody or something uses the session.

    A cell that runs, messages of kernels, a job in the foreground of a terminal, what a terminal shows or is told, and
    a person at the page count; the questions that an open page asks by itself do not.
    """

    def __init__(self, server: Any, folder: Path, told: Path = TOLD) -> None:
        self._kernels = server.kernel_manager
        self._settings = server.web_app.settings
        self._file = folder / ACTIVE_NAME
        self._told = told
        self._refused: int | None = None

    def look(self) -> None:
        """Touch the file if the session is used, or has been since it was touched."""
        used = self.last_use(time.time())
        if used > self._noted():
            self._note(used)

    def keep(self) -> None:
        """Note that a person is there."""
        self._note(time.time())

    def last_use(self, now: float) -> float:
        """Return when something last happened, in seconds since 1970; 0 if nothing has."""
        times = [0.0]
        for kernel_id in self._kernels.list_kernel_ids():
            kernel = self._kernels.get_kernel(kernel_id)
            busy = getattr(kernel, "execution_state", "") == "busy"
            times.append(now if busy else _seconds(getattr(kernel, "last_activity", None)))
        terminals = getattr(self._settings.get("terminal_manager"), "terminals", {})
        for terminal in terminals.values():
            times.append(now if _has_job(terminal) else _seconds(getattr(terminal, "last_activity", None)))
        return max(times)

    def ends(self) -> str | None:
        """Return when the session ends if nobody keeps it, None while that is far away."""
        try:
            return str(json.loads(self._told.read_text())["ends"])
        except (OSError, ValueError, KeyError):
            return None

    def _noted(self) -> float:
        try:
            return self._file.stat().st_mtime
        except OSError:
            return 0.0

    def _note(self, moment: float) -> None:
        """Set the time of the file; where that fails, say so once: nobody's work ends because of it."""
        try:
            self._file.touch()
            os.utime(self._file, (moment, moment))
            self._refused = None
        except OSError as error:
            if error.errno != self._refused:
                self._refused = error.errno
                print(f"mantidlab.server: {self._file} cannot tell that the session is used: {error}", file=sys.stderr)


def watch_activity(server: Any, folder: Path) -> Activity:
    """Look from now on, and answer the page at ``mantidlab/idle``."""
    from jupyter_server.base.handlers import APIHandler
    from jupyter_server.utils import url_path_join
    from tornado.ioloop import PeriodicCallback
    from tornado.web import authenticated

    activity = Activity(server, folder)

    class IdleHandler(APIHandler):
        """When the session would end; a POST keeps it."""

        auth_resource = "server"

        @authenticated
        def get(self) -> None:
            self.finish({"ends": activity.ends(), "now": datetime.now(UTC).isoformat()})

        @authenticated
        def post(self) -> None:
            activity.keep()
            self.set_status(204)
            self.finish()

    address = url_path_join(server.base_url, "mantidlab", "idle")
    server.web_app.add_handlers(".*$", [(address, IdleHandler)])
    activity.keep()
    PeriodicCallback(activity.look, LOOK_EVERY * 1000).start()
    return activity


def _seconds(moment: datetime | None) -> float:
    return moment.timestamp() if moment is not None else 0.0


def _has_job(terminal: Any) -> bool:
    """Tell whether something else than the shell has the foreground of a terminal."""
    process = terminal.ptyproc
    try:
        return os.tcgetpgrp(process.fd) != os.getpgid(process.pid)
    except OSError:
        return False
