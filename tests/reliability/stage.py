"""Where the events happen: a MantidHub on a small file system of its own, its Docker daemon, and the people in it."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support.daemons import make_daemon
from support.docker import DockerDaemon, session_image
from support.person import Person
from support.platform import Platform

from mantidhub.settings import StateFolder
from reliability.load import NOT_ANSWERED, NoKernel, Worker
from reliability.remains import Looker, services, sessions_of_processes, unmount_below

STATE_SIZE = "512m"
START_LIMIT = 90
"""Seconds that a person waits for a server, and an administrator for `mantidhub up`, on a loaded machine."""
SETTLE_LIMIT = 100
"""Seconds until everything is as it should be: more than the minute after which the reconciler looks again."""
GUESTS = ("guest-one", "guest-two")
"""People without work, whose servers are started and stopped while something is killed."""
CONFIGURATION = """
[environments]
offered = ["scipp"]
[sessions]
engine = "{engine}"
stop_grace = "5 s"
[sessions.sizes.usual]
title = "Usual"
memory = "1 GiB"
cpus = 1
"""


class Stuck(Exception):
    """Something did not become as it should within its limit; the sentence says what was waited for.

    ``orphans`` counts what belongs to no known session.
    """

    def __init__(self, sentence: str, *, orphans: int = 0) -> None:
        super().__init__(sentence)
        self.orphans = orphans


@dataclass
class Stage:
    """Everything that runs for one engine. Only root can make it: it mounts, and it kills what is not its own."""

    engine: str
    people: int
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="mantidhub-kill-")))
    daemon: DockerDaemon | None = None
    workers: list[Worker] = field(default_factory=list)
    guests: list[Worker] = field(default_factory=list)
    hub_token: str = ""
    usual_times: dict[str, float] = field(default_factory=dict)
    platform: Platform = field(init=False)
    looker: Looker = field(init=False)

    @property
    def state(self) -> StateFolder:
        return StateFolder(self.folder / "state")

    async def open(self, *, live_restore: bool) -> None:
        """Start everything, and let everybody sign in."""
        self.state.root.mkdir()
        self.folder.chmod(0o755)
        mount = ["mount", "-t", "tmpfs", "-o", f"size={STATE_SIZE},mode=755", "mantidhub-kill", str(self.state.root)]
        subprocess.run(mount, check=True)  # noqa: ASYNC221 - nothing else runs yet
        configuration = CONFIGURATION.format(engine=self.engine)
        if self.engine == "docker":
            self.daemon = make_daemon(*(["--live-restore"] if live_restore else []))
            await asyncio.to_thread(self.daemon.start)
            await asyncio.to_thread(self.daemon.import_image, session_image())
            configuration += f'[docker]\nsocket = "{self.daemon.socket}"\n'
        file = self.folder / "mantidhub.toml"
        file.write_text(configuration)
        self.looker = Looker(self.state, self.daemon)
        self.platform = Platform(self.state.root, ("--config", str(file)))
        await self.up()
        administrator = await asyncio.to_thread(Person.from_link, self.platform.administrators_link, "admin")
        self.hub_token = administrator.token
        self.workers = [await self._sign_in(f"{self.engine}-worker-{number}") for number in range(self.people)]
        self.guests = [await self._sign_in(f"{self.engine}-{name}") for name in GUESTS]

    async def up(self) -> None:
        """Run `mantidhub up`, on the port that it had before."""
        port = self.platform.port if self.platform.address else 0
        try:
            await asyncio.wait_for(asyncio.to_thread(self.platform.start, port=port), START_LIMIT)
        except TimeoutError:
            raise Stuck(f"`mantidhub up` was not ready within {START_LIMIT} s:\n{self.platform.text}") from None
        except AssertionError as problem:
            raise Stuck(str(problem)) from None

    async def close(self) -> None:
        """End everything and leave nothing, whatever state it is in."""
        for worker in (*self.workers, *self.guests):
            await worker.close()
        with contextlib.suppress(Exception):
            await asyncio.to_thread(self.platform.stop)
        kill(self.all_processes(with_daemon=False))
        for _ in range(50):
            if not self.all_processes(with_daemon=False):
                break
            await asyncio.sleep(0.1)
        for cgroup in self.looker.cgroups() if hasattr(self, "looker") else []:
            remove_cgroup(cgroup)
        if self.daemon is not None:
            with contextlib.suppress(Exception):
                await asyncio.to_thread(self.daemon.clean)
        unmount_below(self.folder)
        shutil.rmtree(self.folder, ignore_errors=True)

    def all_processes(self, *, with_daemon: bool = True) -> list[int]:
        """Return the supervisor, hub, edge, controller, and all of the sandboxes; with the daemon, containers too."""
        found = [pid for pids in services(self.state).values() for pid in pids]
        found += sessions_of_processes(self.state.mark)
        if self.platform.process is not None and self.platform.process.poll() is None:
            found.append(self.platform.process.pid)
        if self.daemon is not None and with_daemon:
            found += _processes_that_name(str(self.daemon.folder))
            found += [pid for folder in self.looker.cgroups_of_containers() for pid in _members(folder)]
        return list(dict.fromkeys(found))

    async def servers(self) -> dict[str, dict[str, Any]]:
        """Return what the hub knows: each person's server, if there is one, by the session's key."""
        worker = self.guests[0]
        request = worker.web.get(
            f"{self.platform.address}/hub/api/users", headers={"Authorization": f"token {self.hub_token}"}
        )
        async with asyncio.timeout(15), request as answer:
            if answer.status != 200:
                raise Stuck(f"the hub answers {answer.status}")
            users = await answer.json()
        return {user["name"]: server for user in users for server in user["servers"].values()}

    async def look(self) -> None:
        """Compare what the hub knows with what there is.

        Raises
        ------
        Stuck
            If all is not as it should be.
        """
        try:
            servers = await self.servers()
        except NOT_ANSWERED as problem:
            raise Stuck(f"the hub does not answer: {problem!r}") from problem
        if pending := {key: server["pending"] for key, server in servers.items() if not server["ready"]}:
            raise Stuck(f"servers are neither ready nor gone: {pending}")
        outside = self.looker.look()
        if wrong := {name: count for name, count in outside.services.items() if count != 1}:
            raise Stuck(f"not one of each service: {wrong}")
        if orphans := outside.orphans(set(servers)):
            raise Stuck(f"orphans: {', '.join(orphans)}", orphans=len(orphans))
        if dead := set(servers) - outside.running():
            raise Stuck(f"the hub knows servers that do not run: {', '.join(sorted(dead))}")
        with_server = [who for who in (*self.workers, *self.guests) if who.name in servers]
        if silent := [who.name for who in with_server if not await who.answers()]:
            raise Stuck(f"servers do not answer: {', '.join(silent)}")

    async def settle(self) -> float:
        """Wait until all is as it should be; return the seconds that it took.

        Raises
        ------
        Stuck
            With what is not.
        """
        began = time.monotonic()
        while True:
            try:
                await self.look()
                return time.monotonic() - began
            except Stuck as problem:
                if time.monotonic() - began > SETTLE_LIMIT:
                    raise Stuck(f"after {SETTLE_LIMIT} s: {problem}", orphans=problem.orphans) from None
            await asyncio.sleep(0.3)

    async def ensure_server(self, who: Worker) -> None:
        """Let a person have a server: one that is there is taken, else one is started, as a person would."""
        said, began = "", time.monotonic()
        while time.monotonic() - began < START_LIMIT:
            try:
                server = (await self.servers()).get(who.name)
                if server is None:
                    said = f"the hub answered {await who.start_session()} to the last request"
                elif server["ready"] and await who.answers():
                    return
            except (Stuck, *NOT_ANSWERED) as problem:
                said = repr(problem)
            await asyncio.sleep(0.3)
        raise Stuck(f"{who.name} had no server within {START_LIMIT} s: {said}")

    async def ensure_kernel(self, who: Worker) -> None:
        """Let a person have a server and a kernel, and work."""
        await self.ensure_server(who)
        try:
            await who.begin()
        except (NoKernel, *NOT_ANSWERED):
            await who.open_kernel()
            await who.begin()

    async def ensure_no_server(self, who: Worker) -> None:
        """Let a person have no server: one that is there is stopped."""
        said, began = "", time.monotonic()
        while time.monotonic() - began < START_LIMIT:
            try:
                if who.name not in await self.servers():
                    return
                said = f"the hub answered {await who.stop_session()} to the last request"
            except (Stuck, *NOT_ANSWERED) as problem:
                said = repr(problem)
            await asyncio.sleep(0.3)
        raise Stuck(f"{who.name}'s server did not stop within {START_LIMIT} s: {said}")

    def logs(self) -> str:
        """Return the ends of all logs."""
        text = f"--- mantidhub up\n{self.platform.text[-2000:]}\n{self.platform.logs()}"
        if self.daemon is not None and self.daemon.log.exists():
            text += f"\n--- dockerd\n{self.daemon.log.read_text(errors='replace')[-3000:]}"
        return text

    async def _sign_in(self, name: str) -> Worker:
        link = await asyncio.to_thread(self.platform.invite, name)
        person = await asyncio.to_thread(Person.from_link, link, name)
        return Worker(person.address, name, person.token, self.state.homes / name)


def kill(pids: list[int]) -> None:
    """`kill -9` all of these at once."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def remove_cgroup(cgroup: Path) -> None:
    """Remove a cgroup and those in it, as far as they hold no process."""
    for folder, _, _ in os.walk(cgroup, topdown=False):
        with contextlib.suppress(OSError):
            os.rmdir(folder)  # noqa: PTH106 - a cgroup's folder is never empty to the eye


def _members(cgroup: Path) -> list[int]:
    try:
        return [int(line) for line in (cgroup / "cgroup.procs").read_text().split()]
    except OSError:
        return []


def _processes_that_name(folder: str) -> list[int]:
    """Return the processes whose command names this folder: the daemon, containerd and its shims."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if folder in command and int(process.name) != os.getpid():
            found.append(int(process.name))
    return found
