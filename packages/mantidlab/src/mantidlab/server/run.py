"""Starts the server: imports with stand-ins, configures, initialises, listens.

When the start fails, it is tried again more plainly before giving up: without stand-ins if an import failed, without
the user's configuration if what followed did. Trying again means replacing the process, so that nothing half-made
remains; what was left out is passed on in ``MANTIDLAB_WITHOUT``.
"""

import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from mantidlab.server import leftout
from mantidlab.server.configuration import (
    changeable_defaults,
    leave_out_user_configuration,
    platform_arguments,
    prepare_variables,
    socket_path,
)
from mantidlab.server.deferral import deferred
from mantidlab.server.endings import CannotStart, Ending, LastError, reason, say
from mantidlab.server.examples import place_examples
from mantidlab.server.places import Places, find_places

STAND_INS = "stand-ins"
USER_CONFIGURATION = "user-configuration"
SECONDS_TO_STOP = 4.5

log = logging.getLogger("mantidlab.server")


def main() -> int:
    """Run the server until it is told to stop.

    Returns
    -------
    int
        The exit code, see `mantidlab.server.endings`.
    """
    without = set(filter(None, os.environ.pop("MANTIDLAB_WITHOUT", "").split(",")))
    last_error = LastError()
    try:
        socket = socket_path()
        places = find_places()
        prepare_variables(places)
        try:
            importing_done = _import_server(with_stand_ins=STAND_INS not in without)
        except Exception as problem:
            if STAND_INS in without:
                raise
            _start_again({*without, STAND_INS}, f"Importing the server failed ({problem!r}); trying it the stock way.")
        if USER_CONFIGURATION in without:
            leave_out_user_configuration(places)
        try:
            server = _initialise(socket, places, last_error)
        except (Exception, SystemExit) as problem:
            failure = reason(problem, last_error)
            if failure.ending is Ending.HUB_UNREACHABLE or USER_CONFIGURATION in without:
                raise failure from problem
            _start_again(
                {*without, USER_CONFIGURATION},
                f"{failure} Trying it without the configuration in {places.home}/.jupyter and {places.home}/.local.",
            )
    except CannotStart as failure:
        say(str(failure))
        return failure.ending
    except Exception as problem:
        log.exception("the server could not start")
        failure = reason(problem, last_error)
        say(str(failure))
        return failure.ending
    if USER_CONFIGURATION in without:
        server.log.warning("Your Jupyter configuration could not be used and was left out. See the messages above.")
    if places.home_problem:
        server.log.warning("Your home cannot be written (%s): nothing new can be saved.", places.home_problem)
    _stop_in_time(server)
    server.io_loop.add_callback(_after_start, server, places, importing_done)
    server.start()
    return Ending.STOPPED


def _import_server(*, with_stand_ins: bool) -> Callable[[], None]:
    """Import all that the server consists of; return what remains to be done once it listens."""
    with (
        deferred(leftout.MODULES) if with_stand_ins else nullcontext(),
        leftout.certificates_later() as read_certificates,
        _without_node(),
    ):
        import jupyter_server_terminals.app
        import jupyterhub.singleuser.extension
        import jupyterlab.labapp  # noqa: F401
    return read_certificates


def _initialise(socket: Path, places: Places, last_error: LastError) -> Any:
    from jupyterhub.singleuser.extension import JupyterHubSingleUser
    from traitlets.log import get_logger

    get_logger().addHandler(last_error)
    with _without_node():
        server = JupyterHubSingleUser.initialize_server(
            argv=[*platform_arguments(socket), *sys.argv[1:]], config=changeable_defaults(places)
        )
    server.no_browser_open_file = True  # it would hold the token, and there is no browser here
    return server


@contextmanager
def _without_node() -> Iterator[None]:
    """Hide the programs of the host: JupyterLab runs a `node` that it finds (350 ms) to prepare builds of itself."""
    path = os.environ.pop("PATH", None)
    os.environ["PATH"] = os.devnull
    try:
        yield
    finally:
        if path is None:
            del os.environ["PATH"]
        else:
            os.environ["PATH"] = path


async def _after_start(server: Any, places: Places, importing_done: Callable[[], None]) -> None:
    """Do beside the running server what nobody has to wait for."""

    def work() -> None:
        shipped = os.environ.get("MANTIDHUB_EXAMPLES")
        if shipped:
            place_examples(Path(shipped), places.home, log=server.log)
        importing_done()
        gc.collect()
        gc.freeze()
        gc.enable()

    threading.Thread(target=work, name="after-start", daemon=True).start()


def _stop_in_time(server: Any) -> None:
    """End the process on SIGTERM even when something in it hangs: the platform kills after five seconds."""

    def stop(number: int, frame: Any) -> None:
        guard = threading.Timer(SECONDS_TO_STOP, os._exit, [Ending.STOPPED])
        guard.daemon = True
        guard.start()
        server._signal_stop(number, frame)

    signal.signal(signal.SIGTERM, stop)


def _start_again(without: set[str], why: str) -> None:
    say(why)
    os.environ["MANTIDLAB_WITHOUT"] = ",".join(sorted(without))
    os.execv(sys.executable, [sys.executable, "-I", "-m", "mantidlab.server", *sys.argv[1:]])
