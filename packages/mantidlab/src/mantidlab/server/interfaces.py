"""Tells pages which interfaces there are and what their forms are, without running anybody's code in the server.

=================================  =====================================================================================
``GET interfaces``                 ``environment`` → ``interfaces``, ``broken``
``GET interfaces/form``            ``name``, ``environment`` → the form
``POST interfaces/notebook``       ``result`` (its folder), ``environment`` → ``path`` of a notebook that repeats it
=================================  =====================================================================================

A short-lived process of the environment imports what people wrote (`mantidlab.interfaces.describing`); what it said is
kept until a file changes.
"""

import asyncio
import contextlib
import hashlib
import json
import os
import signal
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado.web import authenticated

from mantidlab.interfaces.listed import hidden, list_file
from mantidlab.interfaces.places import facility_folders, personal_folder
from mantidlab.server.kernels import environment_called
from mantidlab.server.session_environments import SessionEnvironment, session_environments

SECONDS_FOR_ONE = 30.0
"""How long a source may take to be imported; scipp and Mantid take a few seconds in a session that has just begun."""
LONGEST_LINE = 16 * 2**20


class _Describer:
    """What one environment's interfaces are, asked again when a file has changed.

    Parameters
    ----------
    environment
        Whose Python imports them.
    """

    def __init__(self, environment: SessionEnvironment) -> None:
        self._environment = environment
        self._asking = asyncio.Lock()
        self._signature = ""
        self._said: dict[str, Any] = {}
        self._file = list_file(environment.prefix)

    async def interfaces(self) -> dict[str, Any]:
        """Return ``interfaces``, each with its ``form``, and ``broken``."""
        async with self._asking:
            signature = await asyncio.to_thread(_signature, self._environment)
            if signature != self._signature:
                kept = await asyncio.to_thread(self._kept, signature)
                self._said = await self._ask(signature) if kept is None else kept
                self._signature = "" if _is_unasked(self._said) else signature
            return self._said

    def _kept(self, signature: str) -> dict[str, Any] | None:
        try:
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            return dict(kept["said"]) if kept["signature"] == signature else None
        except (OSError, ValueError, TypeError, LookupError):
            return None

    async def _ask(self, signature: str) -> dict[str, Any]:
        said: dict[str, Any] = {"interfaces": [], "broken": []}
        passed_over: list[str] = []
        while await self._ask_once(said, passed_over):
            pass
        by_name: dict[str, Any] = {}
        for each in said["interfaces"]:
            before = by_name.setdefault(each["name"], each)
            if before is not each and before["kind"] == each["kind"]:
                message = hidden(each["name"], before["origin"], each["origin"])
                said["broken"].append({"origin": each["origin"], "message": message})
            by_name[each["name"]] = each
        said["interfaces"] = sorted(by_name.values(), key=lambda each: (each["technique"], each["title"]))
        if _is_unasked(said):
            return said
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            aside = self._file.with_suffix(f".{os.getpid()}.writing")
            aside.write_text(json.dumps({"signature": signature, "said": said}), encoding="utf-8")
            aside.replace(self._file)
        return said

    async def _ask_once(self, said: dict[str, Any], passed_over: list[str]) -> bool:
        """Ask one process; return whether it hung or ended at a source, so that the others must be asked again."""
        process = await asyncio.create_subprocess_exec(
            *(str(self._environment.python), "-P", "-m", "mantidlab.interfaces.describing", *passed_over),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=_variables(self._environment),
            start_new_session=True,
            limit=LONGEST_LINE,
        )
        assert process.stdout is not None  # noqa: S101  (it was asked for just now)
        try:
            listed = await _line(process.stdout)
            if listed is None:
                said["broken"].append({"origin": "", "message": self._cannot_ask()})
                return False
            for source in listed:
                passed_over.append(source["name"])  # what is described already is not asked again
                line = await _line(process.stdout)
                if line is None:
                    said["broken"].append({"origin": source["name"], "message": _stuck(source)})
                    return True
                _add(said, line)
            return False
        finally:
            _end(process)
            await process.wait()

    def _cannot_ask(self) -> str:
        return (
            f"The interfaces of {self._environment.title} could not be listed: its Python ended or said nothing for "
            f"{SECONDS_FOR_ONE:.0f} s. Run `python -m mantidlab.interfaces list` in a terminal to see why."
        )


class _Handler(APIHandler):
    auth_resource = "contents"
    describers: dict[str, _Describer] = {}  # noqa: RUF012  (one for the whole server)

    async def _described(self) -> dict[str, Any]:
        environment = environment_called(self.get_query_argument("environment", ""), session_environments())
        describer = self.describers.setdefault(str(environment.prefix), _Describer(environment))
        return await describer.interfaces()

    def _refuse(self, status: int, message: str) -> None:
        self.set_status(status)
        self.finish({"message": message})


class _ListHandler(_Handler):
    @authenticated
    @authorized
    async def get(self) -> None:
        said = await self._described()
        listed = [{key: value for key, value in each.items() if key != "form"} for each in said["interfaces"]]
        self.finish({"interfaces": listed, "broken": said["broken"]})


class _FormHandler(_Handler):
    @authenticated
    @authorized
    async def get(self) -> None:
        name = self.get_query_argument("name", "")
        for each in (await self._described())["interfaces"]:
            if each["name"] == name:
                self.finish(each["form"])
                return
        self._refuse(404, f"There is no interface {name!r} in this environment. It may have been removed.")


class _NotebookHandler(_Handler):
    @authenticated
    @authorized
    async def post(self) -> None:
        asked = self.get_json_body() or {}
        root = Path(str(self.settings.get("server_root_dir", "."))).expanduser()
        environment = environment_called(str(asked.get("environment") or ""), session_environments())
        result = root / str(asked.get("result") or "")
        notebook = result.with_name(f"{result.name}.ipynb")
        # One that is there may have been changed by the person, and is what they want to see again.
        failed = (
            "" if notebook.exists() else await _command(environment, "notebook", str(result), "--to", str(notebook))
        )
        if failed:
            self._refuse(400, failed)
        elif not notebook.is_relative_to(root):
            self._refuse(400, f"The notebook is {notebook}, which cannot be opened here: it is outside of your files.")
        else:
            self.finish({"path": str(notebook.relative_to(root))})


async def draw_up_list(environment: SessionEnvironment) -> None:
    """See to it that `mantidlab.interfaces.listed` knows the interfaces of an environment."""
    describer = _Handler.describers.setdefault(str(environment.prefix), _Describer(environment))
    await describer.interfaces()


def offer_interfaces(server: Any) -> None:
    """Let the pages of this server ask which interfaces there are, and for notebooks that repeat results."""
    base = url_path_join(server.base_url, "mantidlab", "interfaces")
    handlers = [
        (base, _ListHandler),
        (url_path_join(base, "form"), _FormHandler),
        (url_path_join(base, "notebook"), _NotebookHandler),
    ]
    server.web_app.add_handlers(".*$", handlers)


async def _command(environment: SessionEnvironment, *words: str) -> str:
    """Run a command of interfaces; return why it failed, or nothing."""
    process = await asyncio.create_subprocess_exec(
        *(str(environment.python), "-P", "-m", "mantidlab.interfaces", *words),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env=_variables(environment),
        start_new_session=True,
    )
    try:
        _, complaint = await asyncio.wait_for(process.communicate(), SECONDS_FOR_ONE)
    except TimeoutError:
        return f"It took more than {SECONDS_FOR_ONE:.0f} s."
    finally:
        _end(process)
    said = complaint.decode("utf-8", "replace").strip().splitlines()
    return "" if process.returncode == 0 else (said[-1] if said else "It failed and said nothing.")


def _end(process: asyncio.subprocess.Process) -> None:
    # With all that it started; it may have ended itself already.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


async def _line(stream: asyncio.StreamReader) -> Any:
    """Return what the next line says; None if there is none in time."""
    try:
        line = await asyncio.wait_for(stream.readline(), SECONDS_FOR_ONE)
        return json.loads(line) if line else None
    except (TimeoutError, ValueError):
        return None


def _add(said: dict[str, Any], line: dict[str, Any]) -> None:
    said["interfaces"] += line["interfaces"]
    said["broken"] += [{"origin": line["source"]["name"], "message": message} for message in line["messages"]]


def _is_unasked(said: dict[str, Any]) -> bool:
    """Whether the process said nothing at all: a session that is short of memory now may not be so later."""
    return any(not each["origin"] for each in said["broken"])


def _stuck(source: dict[str, str]) -> str:
    return (
        f"{source['name']} could not be read: importing it took more than {SECONDS_FOR_ONE:.0f} s or ended Python. "
        f"A file of interfaces declares functions; what takes time belongs into them."
    )


def _variables(environment: SessionEnvironment) -> dict[str, str]:
    own = environment.prefix == session_environments()[0].prefix
    hidden = () if own else ("PYTHONHOME", "PYTHONPATH")
    return {name: value for name, value in os.environ.items() if name not in hidden} | dict(environment.variables)


def _signature(environment: SessionEnvironment) -> str:
    """Return what changes when the list may: the environment, and every file in the folders of interfaces."""
    folders = [*facility_folders(), personal_folder()]
    folders += [folder / "mantidlab" / "techniques" for folder in environment.prefix.glob("lib/python3*/site-packages")]
    seen = [f"{environment.prefix} {environment.hash} {' '.join(map(str, folders))}"]
    for folder in folders:
        for file in sorted(folder.glob("*.py")):
            with contextlib.suppress(OSError):
                state = file.stat()
                seen.append(f"{file} {state.st_mtime_ns} {state.st_size}")
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()
