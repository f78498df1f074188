"""Starts the server: imports with stand-ins, configures, initialises, listens.

When the start fails, it is tried again more plainly before giving up: first without stand-ins, then also without the
user's configuration. Trying again means replacing the process, so that nothing half-made remains; what is left out is
passed on in ``MANTIDLAB_WITHOUT``.
"""

import gc
import importlib
import logging
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, NoReturn

from mantidlab.server import leftout
from mantidlab.server.activity import watch_activity
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
from mantidlab.server.mantid_settings import prepare_mantid_settings
from mantidlab.server.outputs.keeping import keep_outputs
from mantidlab.server.page import tell_the_page
from mantidlab.server.places import Places, find_places
from mantidlab.server.proxy import pass_on_to_proxy
from mantidlab.server.session_environments import SessionEnvironment, session_environments

STAND_INS = "stand-ins"
USER_CONFIGURATION = "user-configuration"
TO_LEAVE_OUT = (STAND_INS, USER_CONFIGURATION)
SERVER_MODULES = ("jupyterhub.singleuser.extension", "jupyterlab.labapp", "jupyter_server_terminals.app")
SECONDS_TO_STOP = 4.5
TRIES_TO_REMOVE = 10

log = logging.getLogger("mantidlab.server")


def main() -> int:
    """Run the server until it is told to stop.

    Returns
    -------
    int
        The exit code, see `mantidlab.server.endings`.
    """
    given_variables = dict(os.environ)
    without = [part for part in os.environ.pop("MANTIDLAB_WITHOUT", "").split(",") if part]
    last_error = LastError()
    places: Places | None = None
    listening = False
    try:
        socket = socket_path()
        environments = session_environments()
        places = find_places()
        server = _start(socket, places, environments, without, last_error)
        _tell_what_is_missing(server, places, without)
        # Before the first kernel can start: Mantid would be faster than what happens beside the running server.
        prepare_mantid_settings(places.home, environments, log=server.log)
        _stop_in_time(server, places)
        pass_on_to_proxy(server)
        server.io_loop.add_callback(_after_start, server, places)
        listening = True
        server.start()
    except (Exception, SystemExit) as problem:
        if not isinstance(problem, CannotStart):
            log.error("the server could not start", exc_info=problem)
        failure = reason(problem, last_error)
        say(str(failure))
        still_there = [part for part in TO_LEAVE_OUT if part not in without]
        if failure.ending is not Ending.BROKEN or listening or not still_there:
            return failure.ending
        say(f"trying it without {still_there[0]}")
        _remove_runtime_folder(places)
        _replace_process({**given_variables, "MANTIDLAB_WITHOUT": ",".join([*without, still_there[0]])})
    finally:
        _remove_runtime_folder(places)
    return Ending.STOPPED


def _start(
    socket: Path,
    places: Places,
    environments: Sequence[SessionEnvironment],
    without: Sequence[str],
    last_error: LastError,
) -> Any:
    """Do everything up to listening and return the server."""
    prepare_variables(places, environments)
    if USER_CONFIGURATION in without:
        leave_out_user_configuration(places)
    _import_server(with_stand_ins=STAND_INS not in without)
    server = _initialise(socket, places, environments, last_error)
    tell_the_page(server)
    watch_activity(server, socket.parent)
    keep_outputs(server)
    # They stand on what is imported above.
    from mantidlab.server.documentation import offer_documentation
    from mantidlab.server.forms import offer_forms
    from mantidlab.server.interface_pages import offer_interface_pages
    from mantidlab.server.interfaces import offer_interfaces
    from mantidlab.server.memory.jupyter import watch_memory
    from mantidlab.server.plots import offer_bundles

    offer_bundles(server)
    offer_documentation(server)
    offer_forms(server)
    offer_interfaces(server)
    offer_interface_pages(server)
    watch_memory(server, os.environ.get("MANTIDHUB_MEMORY", ""))
    return server


def _import_server(*, with_stand_ins: bool) -> None:
    """Import all that the server consists of."""
    with (
        deferred(leftout.MODULES) if with_stand_ins else nullcontext(),
        leftout.certificates_on_demand() if with_stand_ins else nullcontext(),
        _without_node(),
    ):
        for name in SERVER_MODULES:
            importlib.import_module(name)


def _initialise(socket: Path, places: Places, environments: Sequence[SessionEnvironment], last_error: LastError) -> Any:
    from jupyterhub.singleuser.extension import JupyterHubSingleUser

    last_error.listen_to("ServerApp", "JupyterHubSingleUser", "LabApp")
    arguments = [*platform_arguments(socket), *sys.argv[1:]]
    defaults = changeable_defaults(places, environments)
    with _without_node():
        server = JupyterHubSingleUser.initialize_server(argv=arguments, config=defaults)
    server.no_browser_open_file = True  # it would hold the token, and there is no browser here
    return server


@contextmanager
def _without_node() -> Iterator[None]:
    """Hide the host's programs: JupyterLab runs a `node` that it finds (350 ms) to prepare builds of itself."""
    path = os.environ["PATH"]
    os.environ["PATH"] = os.devnull
    try:
        yield
    finally:
        os.environ["PATH"] = path


def _tell_what_is_missing(server: Any, places: Places, without: Sequence[str]) -> None:
    if STAND_INS in without:
        server.log.warning("The server was imported without stand-ins, which is slower. See the messages above.")
    if USER_CONFIGURATION in without:
        server.log.warning("Your Jupyter configuration could not be used and was left out. See the messages above.")
    if places.home_problem:
        server.log.warning("Your home cannot be written (%s): nothing new can be saved.", places.home_problem)


async def _after_start(server: Any, places: Places) -> None:
    """Do beside the running server what nobody has to wait for."""

    def work() -> None:
        shipped = os.environ.get("MANTIDHUB_EXAMPLES")
        if shipped:
            place_examples(Path(shipped), places.home, log=server.log)
        # The other half of what __main__ began: what the start made stays, so it is not looked at again.
        gc.freeze()
        gc.enable()

    threading.Thread(target=work, name="after-start", daemon=True).start()


def _stop_in_time(server: Any, places: Places) -> None:
    """End the process on SIGTERM even when something in it hangs: the platform kills after five seconds."""

    def end() -> None:
        _remove_runtime_folder(places)
        os._exit(Ending.STOPPED)

    def stop(number: int, frame: Any) -> None:
        guard = threading.Timer(SECONDS_TO_STOP, end)
        guard.daemon = True
        guard.start()
        server._signal_stop(number, frame)

    signal.signal(signal.SIGTERM, stop)


def _remove_runtime_folder(places: Places | None) -> None:
    if places is None or not places.runtime_is_ours:
        return
    for _ in range(TRIES_TO_REMOVE):
        shutil.rmtree(places.runtime, ignore_errors=True)
        if not places.runtime.exists():
            return
        time.sleep(0.02)  # a kernel that ends just now has written into it meanwhile


def _replace_process(variables: dict[str, str]) -> NoReturn:
    command = [sys.executable, "-I", "-m", "mantidlab.server", *sys.argv[1:]]
    os.execve(sys.executable, command, variables)  # noqa: S606 - no shell is wanted
