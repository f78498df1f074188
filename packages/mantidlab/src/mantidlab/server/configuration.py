"""How the server is configured: what the platform decides, and defaults that the user may change."""

import importlib.util
import os
import shutil
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from jupyter_core.paths import jupyter_path
from traitlets.config import Config

from mantidlab.server.endings import CannotStart, Ending
from mantidlab.server.kernels import labextension_folders, write_kernels
from mantidlab.server.places import Places
from mantidlab.server.sacrifice import first_to_end
from mantidlab.server.session_environments import SessionEnvironment

HERE = Path(__file__).resolve().parent
NEEDED = ("JUPYTERHUB_API_TOKEN", "JUPYTERHUB_API_URL", "JUPYTERHUB_SERVICE_PREFIX", "JUPYTERHUB_SERVICE_URL")
JUPYTER_SERVERS_PORT = 8888


def socket_path() -> Path:
    """Return the socket to listen on.

    Raises
    ------
    CannotStart
        If the platform did not give the variables that a session needs.
    """
    missing = [name for name in (*NEEDED, "MANTIDHUB_SOCKET") if not os.environ.get(name)]
    if missing:
        raise CannotStart(
            f"The session was started without {', '.join(missing)}. This is a mistake of the platform: tell your "
            "administrator.",
            Ending.MISCONFIGURED,
        )
    socket = Path(os.environ["MANTIDHUB_SOCKET"])
    if not os.access(socket.parent, os.W_OK | os.X_OK):
        raise CannotStart(
            f"The server cannot make its socket: the folder {socket.parent} is missing or not writable. Tell your "
            "administrator.",
            Ending.NO_PLACE,
        )
    return socket


def prepare_variables(places: Places, environments: Sequence[SessionEnvironment]) -> None:
    """Set the variables that Jupyter, kernels and terminals read, in this process and so in all that it starts."""
    variables = os.environ
    # First, so that a `python3` in the home, of some environment of long ago, does not stand for this session's.
    kernels = write_kernels(environments, places.runtime)
    variables["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(kernels), variables.get("JUPYTER_PATH")]))
    variables["JUPYTER_RUNTIME_DIR"] = str(places.runtime)
    # Jupyter Server takes a socket only together with its default port, which it then does not use.
    given = urlsplit(variables["JUPYTERHUB_SERVICE_URL"])
    variables["JUPYTERHUB_SERVICE_URL"] = f"http://127.0.0.1:{JUPYTER_SERVERS_PORT}{given.path}"
    # Settings of JupyterLab that ship. The user's own are looked at later and win.
    folders = [*filter(None, variables.get("JUPYTER_CONFIG_PATH", "").split(os.pathsep)), str(HERE / "jupyter")]
    variables["JUPYTER_CONFIG_PATH"] = os.pathsep.join(folders)
    programs = str(Path(sys.prefix) / "bin")
    variables["MANTIDLAB_PROGRAMS"] = programs
    if programs not in variables.get("PATH", "").split(os.pathsep):
        variables["PATH"] = os.pathsep.join(filter(None, [programs, variables.get("PATH", os.defpath)]))
    with suppress(OSError):  # a home that cannot be entered: kernels and terminals then start elsewhere
        os.chdir(places.home)
    if places.home_problem:
        # Settings and history then last as long as the session; files can still be read.
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR", "MPLCONFIGDIR"):
            variables[name] = str(places.runtime / name.lower())


def leave_out_user_configuration(places: Places) -> None:
    """Make this process look for no configuration in the home."""
    os.environ["JUPYTERHUB_DISABLE_USER_CONFIG"] = "1"
    os.environ["JUPYTER_CONFIG_DIR"] = str(places.runtime / "jupyter_config_dir")


def platform_arguments(socket: Path) -> list[str]:
    """Return the command line: what no configuration file can change."""
    arguments = {
        "ServerApp.sock": str(socket),
        "ServerApp.sock_mode": "0666",  # its folder decides who may reach it
        "KernelManager.transport": "ipc",  # no ports, so no other session to be seen
        "KernelManager.shutdown_wait_time": "2.0",  # the whole session has five seconds to end
        "ServerApp.allow_root": "True",  # root of a user namespace, at most
        "ServerApp.open_browser": "False",
    }
    return [f"--{name}={value}" for name, value in arguments.items()]


def changeable_defaults(places: Places, environments: Sequence[SessionEnvironment]) -> Config:
    """Return the configuration that the files of the environment and of the user may override."""
    config = Config()
    server = config.ServerApp
    server.root_dir = str(places.home)
    server.default_url = "/lab"
    config.AsyncMappingKernelManager.kernel_manager_class = "mantidlab.server.kernel_starting.SessionKernel"
    server.contents_manager_class = "mantidlab.server.saving.WholeSaves"
    # What a cell prints while its tab is closed.
    server.kernel_manager_class = "mantidlab.server.outputs.kernels.KeptKernels"
    server.kernel_websocket_connection_class = "mantidlab.server.outputs.kernels.KeptConnection"
    server.jpserver_extensions = {
        "jupyterlab": True,
        "jupyter_server_terminals": True,
        "notebook_shim": False,  # settings of the classic notebook; imports IPython (30 ms)
        "jupyter_lsp": _has_language_server(),  # else it searches for twenty of them, and for node
    }
    # No build of JupyterLab can be made in a session, so none is looked for.
    server.tornado_settings = {"page_config_data": {"buildAvailable": False, "buildCheck": False}}
    server.terminado_settings = {"shell_command": terminal_command()}
    # A figure with a million points is a message of tens of megabytes, and nobody else's network.
    config.ZMQChannelsWebsocketConnection.iopub_data_rate_limit = 1e9
    config.ZMQChannelsWebsocketConnection.iopub_msg_rate_limit = 1e5
    config.LabApp.extension_manager = "readonly"
    config.LabApp.news_url = None
    config.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
    config.LabApp.collaborative = False
    # The page draws the widgets of all kernels. Where two environments bring the same extension, the server's is taken.
    config.LabApp.labextensions_path = [*jupyter_path("labextensions"), *labextension_folders(environments)]
    return config


def terminal_command() -> list[str]:
    """Return the command of a terminal: bash with its login files and the environment's programs, or else sh."""
    bash = shutil.which("bash")
    return first_to_end([bash, "--rcfile", str(HERE / "terminal.bash"), "-i"] if bash else ["/bin/sh", "-l"])


def _has_language_server() -> bool:
    return importlib.util.find_spec("pylsp") is not None
