"""From what the hub asks for to what a session is given: the administrator's settings decide, not the hub."""

import asyncio
import logging
import os
from pathlib import Path

from mantidhub.confinement.view import system_mounts
from mantidhub.controller.homes import UserIds, prepare_home
from mantidhub.environments import Environment
from mantidhub.errors import EnvironmentFailed, SessionFailed, SessionRefused
from mantidhub.sessions.layout import ARCHIVE, EXAMPLES, HOMES, HUB_FOLDER, SESSION_FOLDER, SOCKET_NAME
from mantidhub.sessions.names import session_key
from mantidhub.sessions.request import SessionRequest
from mantidhub.sessions.spec import Limits, Mount, SessionSpec
from mantidhub.settings import Settings, StateFolder
from mantidhub.settings.state import Identity, ServiceIdentities

log = logging.getLogger(__name__)


class Composer:
    """Makes the complete spec of a session, and the folders that it needs.

    Parameters
    ----------
    services
        Identities of hub and edge; None when not started as root, and then sessions keep the controller's identity.
    """

    def __init__(
        self,
        settings: Settings,
        state: StateFolder,
        *,
        environment: Path,
        examples: Path,
        services: ServiceIdentities | None,
    ) -> None:
        self._settings = settings
        self._state = state
        self._environment = environment
        self._examples = examples
        self._services = services
        # Past hub and edge, and a little room for further services.
        self._ids = UserIds(state.controller / "uids.json", settings.sandbox.first_uid + 100)

    def compose(self, request: SessionRequest) -> SessionSpec:
        """Turn a request into a spec.

        Raises
        ------
        SessionRefused
            If the settings do not allow it.
        SessionFailed
            If the environment or the home is not usable.
        """
        if request.environment != self._settings.sessions.environment:
            raise SessionRefused(
                f"There is no environment {request.environment}; there is {self._settings.sessions.environment}."
            )
        environment = self._checked_environment()
        key = session_key(request.user, request.server)
        identity = self._ids.get(request.user) if self._services else None
        home = prepare_home(self._state.homes, request.user, identity)
        folder = self._session_folder(key, identity)
        accounts = self._account_files(key, request.user, identity)
        inside_home = HOMES / request.user
        limits = self._settings.sessions
        return SessionSpec(
            key=key,
            identity=identity,
            command=(str(environment.python), "-I", "-m", "mantidlab.server"),
            mounts=(*system_mounts(), *accounts, *self._mounts(environment, folder), Mount(home, inside_home, True)),
            variables={**self._variables(request, environment, inside_home), **request.revealed()},
            home=inside_home,
            socket=folder / SOCKET_NAME,
            ready_path=request.revealed()["JUPYTERHUB_SERVICE_PREFIX"] + "api",
            limits=Limits(limits.memory, limits.cpus, limits.processes),
            start_timeout=limits.start_timeout,
            log=self._state.logs / "sessions" / f"{key}.log",
        )

    async def clear(self, key: str) -> None:
        """Remove what a session that has ended leaves in the run folder. Its home and its log stay.

        A program of its own does it: what a session leaves may be deeper than Python recurses, and more than the
        controller should wait for.
        """
        folder = self._state.sessions / key
        removal = await asyncio.create_subprocess_exec("rm", "-rf", "--one-file-system", "--", str(folder))
        await removal.wait()

    def _checked_environment(self) -> Environment:
        try:
            environment = Environment.read(self._environment)
        except EnvironmentFailed as error:
            log.error("environment cannot be used", extra={"reason": str(error)})
            raise SessionFailed(
                f"The environment {self._settings.sessions.environment} is not there or was damaged. "
                "Please tell the administrator; a restart of MantidHub builds it again."
            ) from error
        if not environment.python.exists():
            raise SessionFailed(
                f"The environment {environment.name} stands on a Python that is not there any more. "
                "Please tell the administrator; a restart of MantidHub builds it again."
            )
        return environment

    def _mounts(self, environment: Environment, folder: Path) -> list[Mount]:
        prefixes = [environment.interpreter, environment.prefix]
        mounts = [Mount(prefix, prefix) for prefix in prefixes if not prefix.is_relative_to("/usr")]
        mounts += [
            Mount(self._settings.data.archive or self._state.demo_archive, ARCHIVE),
            Mount(self._examples, EXAMPLES),
            Mount(self._state.hub_socket.parent, HUB_FOLDER),
            Mount(folder, SESSION_FOLDER, writable=True),
        ]
        return mounts

    def _variables(self, request: SessionRequest, environment: Environment, home: Path) -> dict[str, str]:
        threads = str(max(1, int(self._settings.sessions.cpus)))
        return {
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "LOGNAME": request.user,
            "MANTIDHUB_DATA": str(ARCHIVE),
            "MANTIDHUB_ENVIRONMENT": environment.name,
            "MANTIDHUB_ENVIRONMENT_HASH": environment.hash,
            "MANTIDHUB_EXAMPLES": str(EXAMPLES),
            "MANTIDHUB_SOCKET": str(SESSION_FOLDER / SOCKET_NAME),
            # /sys is not visible inside, so libraries would count the host's cores.
            "OMP_NUM_THREADS": threads,
            "OPENBLAS_NUM_THREADS": threads,
            "PATH": f"{environment.prefix}/bin:/usr/local/bin:/usr/bin:/bin",
            "SHELL": "/bin/bash",
            "USER": request.user,
            **environment.variables,
        }

    def _session_folder(self, key: str, identity: Identity | None) -> Path:
        """Make the folder of the session's socket: its user writes, edge and hub pass through, nobody else looks."""
        folder = self._state.sessions / key
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            (folder / SOCKET_NAME).unlink(missing_ok=True)
            if identity is not None and self._services is not None:
                os.chown(folder, identity.uid, self._services.door)
                folder.chmod(0o710)
        except OSError as error:
            raise SessionFailed(f"The folder of the session could not be made: {error.strerror}.") from error
        return folder

    def _account_files(self, key: str, user: str, identity: Identity | None) -> list[Mount]:
        """Write the little that a session may know of accounts and hosts: its own user, nobody, itself."""
        uid = identity.uid if identity else os.getuid()
        gid = identity.gid if identity else os.getgid()
        content = {
            "passwd": f"{user}:x:{uid}:{gid}:{user}:{HOMES / user}:/bin/bash\nnobody:x:65534:65534::/:/bin/false\n",
            "group": f"{user}:x:{gid}:\nnogroup:x:65534:\n",
            "hosts": "127.0.0.1 localhost mantidhub\n::1 localhost\n",
        }
        folder = self._state.controller / "sessions" / key
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        mounts = []
        for name, text in content.items():
            file = folder / name
            file.write_text(text)
            file.chmod(0o644)
            mounts.append(Mount(file, Path("/etc") / name))
        return mounts
