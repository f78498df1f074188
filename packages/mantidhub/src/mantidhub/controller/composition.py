"""From what the hub asks for to what a session is given: the administrator's settings decide, not the hub."""

import asyncio
import json
import os
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from mantidhub.controller.homes import UserIds, prepare_home
from mantidhub.controller.offering import Chosen
from mantidhub.controller.session_files import Filling, session_files
from mantidhub.environments import Environment
from mantidhub.environments.sources import PYTHON_INDEX
from mantidhub.errors import SessionFailed
from mantidhub.files import write_whole
from mantidhub.sessions.layout import (
    ARCHIVE,
    EXAMPLES,
    HOMES,
    HUB_FOLDER,
    NETWORK_FOLDER,
    NETWORK_PORT,
    NETWORK_SOCKET,
    SESSION_FOLDER,
    SOCKET_NAME,
    TOLD_FOLDER,
)
from mantidhub.sessions.names import session_key
from mantidhub.sessions.offer import label_of
from mantidhub.sessions.request import SessionRequest
from mantidhub.sessions.spec import Limits, Mount, SessionSpec
from mantidhub.settings import Settings, StateFolder
from mantidhub.settings.state import Identity, ServiceIdentities


class Composer:
    """Makes the complete spec of a session, and the folders that it needs.

    Parameters
    ----------
    services
        Identities of hub, edge and proxy; None when not started as root, and then sessions keep the controller's.
    """

    def __init__(
        self,
        settings: Settings,
        state: StateFolder,
        *,
        examples: Path,
        services: ServiceIdentities | None,
    ) -> None:
        self._settings = settings
        self._state = state
        self._examples = examples
        self._services = services
        # Past hub and edge, and a little room for further services.
        self._ids = UserIds(state.controller / "uids.json", settings.sandbox.first_uid + 100)

    def compose(self, request: SessionRequest, chosen: Chosen) -> SessionSpec:
        """Turn a request into a spec.

        Raises
        ------
        SessionFailed
            If the home or a file that the environment asks for is not usable.
        """
        key = session_key(request.user, request.server)
        identity = self._ids.get(request.user) if self._services else None
        home = prepare_home(self._state.homes, request.user, identity)
        folder = self._session_folder(key, identity)
        inside_home = HOMES / request.user
        mounts = [
            *self._account_files(key, request.user, identity),
            *self._mounts(chosen, folder),
            Mount(home, inside_home, True),
        ]
        files = session_files(chosen, self._filling(chosen, inside_home), mounts)
        return SessionSpec(
            key=key,
            environment=chosen.environment.id,
            identity=identity,
            command=(str(chosen.environment.python), "-I", "-m", "mantidlab.server"),
            mounts=(*mounts, *self._written(key, "files", files)),
            variables={**self._variables(request, chosen, inside_home), **request.revealed()},
            home=inside_home,
            socket=folder / SOCKET_NAME,
            ready_path=request.revealed()["JUPYTERHUB_SERVICE_PREFIX"] + "api",
            limits=Limits(chosen.size.memory, chosen.size.cpus, self._settings.sessions.processes),
            start_timeout=self._settings.sessions.start_timeout,
            log=self._state.logs / "sessions" / f"{key}.log",
        )

    async def clear(self, key: str) -> None:
        """Remove what a session that has ended leaves in the run folder. Its home and its log stay.

        A program of its own does it: what a session leaves may be deeper than Python recurses, and more than the
        controller should wait for.
        """
        folders = (str(self._state.sessions / key), str(self._state.ways_out / key))
        removal = await asyncio.create_subprocess_exec("rm", "-rf", "--one-file-system", "--", *folders)
        await removal.wait()

    def session_folder(self, key: str) -> Path:
        """Return the folder that a session may write into beside its home."""
        return self._state.sessions / key

    def told_folder(self, key: str) -> Path:
        """Return the folder in which a session is told things while it runs."""
        return self._state.controller / "sessions" / key / "told"

    def keys_with_folders(self) -> list[str]:
        """Return the keys of all sessions that have something in the run folder, whether they run or not."""
        kinds = (self._state.sessions, self._state.ways_out)
        return sorted({folder.name for kind in kinds for folder in kind.iterdir()})

    def _mounts(self, chosen: Chosen, folder: Path) -> list[Mount]:
        return [
            *(Mount(prefix, prefix) for prefix in _prefixes(chosen)),
            Mount(self._settings.data.archive or self._state.demo_archive, ARCHIVE),
            Mount(self._examples, EXAMPLES),
            Mount(self._state.hub_socket.parent, HUB_FOLDER),
            Mount(folder, SESSION_FOLDER, writable=True),
            Mount(self._empty_told_folder(folder.name), TOLD_FOLDER),
            *self._way_out(folder.name),
        ]

    def _filling(self, chosen: Chosen, home: Path) -> Filling:
        facility = self._settings.facility
        return Filling(
            threads=_threads(chosen),
            memory=chosen.size.memory,
            facility=facility.name,
            instrument=facility.instrument,
            archive=ARCHIVE,
            home=home,
        )

    def _variables(self, request: SessionRequest, chosen: Chosen, home: Path) -> dict[str, str]:
        environment, threads = chosen.environment, str(_threads(chosen))
        base_path = request.revealed().get("JUPYTERHUB_BASE_URL", "/")
        return {
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "LOGNAME": request.user,
            "MANTIDHUB_CPUS": f"{chosen.size.cpus:g}",
            "MANTIDHUB_DATA": str(ARCHIVE),
            "MANTIDHUB_ENVIRONMENT": environment.name,
            "MANTIDHUB_ENVIRONMENT_HASH": environment.hash,
            "MANTIDHUB_ENVIRONMENT_LOCK": environment.lock_hash,
            "MANTIDHUB_ENVIRONMENT_TITLE": _label(environment),
            "MANTIDHUB_EXAMPLES": str(EXAMPLES),
            "MANTIDHUB_FACILITY": self._settings.facility.name,
            "MANTIDHUB_INSTRUMENT": self._settings.facility.instrument,
            "MANTIDHUB_KERNELS": _kernels(chosen),
            "MANTIDHUB_MEMORY": str(chosen.size.memory),
            "MANTIDHUB_SOCKET": str(SESSION_FOLDER / SOCKET_NAME),
            "MANTIDHUB_SPAWN_URL": "/".join(
                part for part in (f"{base_path}hub/spawn", quote(request.user), request.server) if part
            ),
            # Of /sys, at most the session's own cgroup is visible inside, so libraries would count the host's cores.
            "OMP_NUM_THREADS": threads,
            "OPENBLAS_NUM_THREADS": threads,
            "PATH": f"{environment.prefix}/bin:/usr/local/bin:/usr/bin:/bin",
            "SHELL": "/bin/bash",
            "USER": request.user,
            **self._proxy_variables(),
            **environment.variables,
        }

    def _proxy_variables(self) -> dict[str, str]:
        """Tell programs where the proxy is, and the session's server what it is to pass on to it."""
        if self._settings.network.policy == "none":
            return {}
        proxy, without = f"http://127.0.0.1:{NETWORK_PORT}", "localhost,127.0.0.1,::1"
        names = {"http_proxy": proxy, "https_proxy": proxy, "no_proxy": without}
        return {
            **names,
            **{name.upper(): value for name, value in names.items()},
            **self._index_variables(),
            "MANTIDHUB_NETWORK_PORT": str(NETWORK_PORT),
            "MANTIDHUB_NETWORK_SOCKET": str(NETWORK_FOLDER / NETWORK_SOCKET),
        }

    def _index_variables(self) -> dict[str, str]:
        """Tell pip and uv of the index that sessions reach in the place of the public one."""
        index = self._settings.environments.mirrors.get(PYTHON_INDEX, "")
        if self._settings.network.policy != "registries" or not index.startswith(("http://", "https://")):
            return {}
        return {"PIP_INDEX_URL": index, "UV_DEFAULT_INDEX": index}

    def _way_out(self, key: str) -> list[Mount]:
        """Make the folder of the session's way to the proxy: the relay writes, the session passes through."""
        if self._settings.network.policy == "none":
            return []
        folder = self._state.ways_out / key
        folder.mkdir(mode=0o711, exist_ok=True)
        folder.chmod(0o711)
        if self._services is not None:
            os.chown(folder, self._services.network.uid, self._services.network.gid)
        return [Mount(folder, NETWORK_FOLDER)]

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

    def _empty_told_folder(self, key: str) -> Path:
        folder = self.told_folder(key)
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        folder.chmod(0o755)
        for file in folder.iterdir():
            file.unlink()
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
        return self._written(key, "accounts", {Path("/etc") / name: text for name, text in content.items()})

    def _written(self, key: str, kind: str, content: dict[Path, str]) -> list[Mount]:
        """Write files that a session sees and cannot change."""
        folder = self._state.controller / "sessions" / key / kind
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        mounts = []
        for number, (target, text) in enumerate(content.items()):
            file = folder / f"{number}-{target.name}"
            write_whole(file, text, mode=0o644)
            mounts.append(Mount(file, target))
        return mounts


def _prefixes(chosen: Chosen) -> Iterable[Path]:
    """Return the folders of all environments and of the Pythons that they stand on, each once, unless in /usr."""
    folders = dict.fromkeys(
        folder
        for environment in (chosen.environment, *chosen.kernels)
        for folder in (environment.interpreter, environment.prefix)
    )
    return [folder for folder in folders if not folder.is_relative_to("/usr")]


def _threads(chosen: Chosen) -> int:
    return max(1, int(chosen.size.cpus))


def _kernels(chosen: Chosen) -> str:
    """Describe one kernel for each environment of the session, its own first.

    Where two builds have the same label too, the day of the build tells them apart.
    """
    environments = (chosen.environment, *chosen.kernels)
    labels = [_label(environment) for environment in environments]
    kernels = [
        {
            "id": environment.id,
            "name": environment.name,
            "title": label if labels.count(label) == 1 else f"{label} (built {environment.created:%Y-%m-%d})",
            "hash": environment.hash,
            "lock": environment.lock_hash,
            "python": str(environment.python),
            "prefix": str(environment.prefix),
            "variables": dict(environment.variables),
        }
        for environment, label in zip(environments, labels, strict=True)
    ]
    return json.dumps(kernels)


def _label(environment: Environment) -> str:
    """Return what people see of it in the session: the same words as on the page where they chose it."""
    return label_of(environment.name, environment.title, environment.packages)
