"""What happens to MantidHub while people work: each event is one coroutine, and says what may be expected after it."""

import asyncio
import contextlib
import json
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from reliability.load import NOT_ANSWERED, Worker
from reliability.remains import processes, unmount_below
from reliability.stage import START_LIMIT, Stage, Stuck, kill, remove_cgroup

Happen = Callable[[Stage, Random], Awaitable[set[str] | None]]
"""Returns the people whose kernels cannot be expected to live; None for nobody."""
ALL_OVER = 1.5
"""How much of the usual time of a start or a stop a kill may come after its beginning: also just behind its end."""


@dataclass(frozen=True, eq=False)
class Event:
    """A kind of mishap.

    Attributes
    ----------
    guests_run
        Whether the guests have servers before it: None where it does not matter (they have none).
    live_restore
        How the Docker daemon must be set for it; None where it does not matter.
    engines
        Those that it can happen to.
    """

    name: str
    happen: Happen
    guests_run: bool = False
    live_restore: bool | None = None
    engines: tuple[str, ...] = ("sandbox", "docker")


def killed(service: str) -> Happen:
    """A service is killed while nobody starts or stops anything."""

    async def happen(stage: Stage, random: Random) -> None:
        stage.platform.kill_service(service)

    return happen


def killed_during(service: str, what: str) -> Happen:
    """A service is killed while the guests' servers are started, or stopped."""

    async def happen(stage: Stage, random: Random) -> None:
        if what not in stage.usual_times:
            stage.usual_times[what] = await _usual_time(stage, what)
        asked = [asyncio.create_task(_ask(guest, what)) for guest in stage.guests]
        await asyncio.sleep(random.uniform(0, ALL_OVER * stage.usual_times[what]))
        stage.platform.kill_service(service)
        await asyncio.wait(asked)

    return happen


async def supervisor_killed(stage: Stage, random: Random) -> None:
    """`mantidhub up` is killed; what it started goes on alone for a while; then it is started again."""
    assert stage.platform.process is not None
    stage.platform.process.kill()
    stage.platform.process.wait()
    await asyncio.sleep(random.uniform(0, 3))
    await stage.up()


def docker_restarted(how: signal.Signals) -> Happen:
    """The Docker daemon ends and is back after a while."""

    async def happen(stage: Stage, random: Random) -> set[str] | None:
        assert stage.daemon is not None
        await asyncio.to_thread(stage.daemon.stop, how)
        await asyncio.sleep(random.uniform(0, 3))
        await asyncio.to_thread(stage.daemon.start)
        return None if "--live-restore" in stage.daemon.options else _everybody(stage)

    return happen


async def rebooted(stage: Stage, random: Random) -> set[str]:
    """The machine ends at once and starts again.

    Everything is killed, the daemon and all sessions too; what lies in memory on a real machine is emptied (sockets,
    routes, cgroups, mounts); what was noted was noted under another boot. The number of a process of the last boot
    now belongs to a stranger, who must live.
    """
    for _ in range(100):
        if not (left := stage.all_processes()):
            break
        kill(left)
        if stage.platform.process is not None:
            stage.platform.process.poll()
        if stage.daemon is not None and stage.daemon.process is not None:
            stage.daemon.process.poll()
        await asyncio.sleep(0.05)
    else:
        raise Stuck(f"processes do not end: {left}")
    for cgroup in (*stage.looker.cgroups(), *stage.looker.cgroups_of_containers()):
        remove_cgroup(cgroup)
    for entry in stage.state.run.iterdir():
        shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
    if stage.daemon is not None:
        stage.daemon.process = None
        unmount_below(stage.daemon.folder)
        shutil.rmtree(stage.daemon.folder / "exec")
        (stage.daemon.folder / "pid").unlink(missing_ok=True)
        await asyncio.to_thread(stage.daemon.start)
    with _stranger() as stranger:
        _note_another_boot(stage.state.controller, stranger.pid)
        await stage.up()
        if stranger.poll() is not None:
            raise Stuck("a process that took the number of a session's was killed")
    return _everybody(stage)


async def disk_full(stage: Stage, random: Random) -> None:
    """The file system of the state folder is full for some seconds, in which guests ask for servers."""
    with _full(stage.state.root):
        asked = [asyncio.create_task(_ask(guest, "start")) for guest in stage.guests]
        await asyncio.sleep(random.uniform(3, 8))
    await asyncio.wait(asked)


async def disk_full_and_killed(stage: Stage, random: Random) -> None:
    """While the file system of the state folder is full, hub, controller or edge is killed."""
    with _full(stage.state.root):
        await asyncio.sleep(random.uniform(0, 3))
        stage.platform.kill_service(random.choice(["hub", "controller", "edge"]))
        await asyncio.sleep(random.uniform(3, 5))


async def databases_locked(stage: Stage, random: Random) -> None:
    """Somebody holds the hub's databases for 10 s, in which guests ask for servers."""
    holders = [sqlite3.connect(file, isolation_level=None, timeout=30) for file in stage.state.hub.glob("*.sqlite")]
    try:
        for holder in holders:
            holder.execute("BEGIN EXCLUSIVE")
        asked = [asyncio.create_task(_ask(guest, "start")) for guest in stage.guests]
        await asyncio.sleep(10)
    finally:
        for holder in holders:
            with contextlib.suppress(sqlite3.OperationalError):
                holder.execute("ROLLBACK")
            holder.close()
    await asyncio.wait(asked)


async def server_killed(stage: Stage, random: Random) -> set[str]:
    """One person's server is killed, and with it their kernel: the control, which shows that losses are seen."""
    victim = random.choice(stage.workers)
    kill([server_of(stage, victim.name)])
    return {victim.name}


EVENTS = (
    Event("hub killed at rest", killed("hub")),
    Event("hub killed during a start", killed_during("hub", "start")),
    Event("hub killed during a stop", killed_during("hub", "stop"), guests_run=True),
    Event("controller killed at rest", killed("controller")),
    Event("controller killed during a start", killed_during("controller", "start")),
    Event("controller killed during a stop", killed_during("controller", "stop"), guests_run=True),
    Event("edge killed", killed("edge")),
    Event("supervisor killed", supervisor_killed),
    Event("server of a session killed", server_killed),
    Event("databases locked for 10 s", databases_locked),
    Event("disk full", disk_full),
    Event("killed while the disk is full", disk_full_and_killed),
    Event("machine rebooted", rebooted),
    Event("dockerd ended, live-restore", docker_restarted(signal.SIGTERM), live_restore=True, engines=("docker",)),
    Event("dockerd killed, live-restore", docker_restarted(signal.SIGKILL), live_restore=True, engines=("docker",)),
    Event("dockerd ended", docker_restarted(signal.SIGTERM), live_restore=False, engines=("docker",)),
    Event("dockerd killed", docker_restarted(signal.SIGKILL), live_restore=False, engines=("docker",)),
)


def server_of(stage: Stage, name: str) -> int:
    """Return the process of a person's server, as the host sees it."""
    for pid, command, variables in processes():
        home = Path(f"/proc/{pid}/root/home/{name}")
        is_server = "mantidlab.server" in command[:4] and f"JUPYTERHUB_USER={name}" in variables
        # Of this MantidHub: others on this machine may have people of the same name.
        if is_server and home.exists() and home.samefile(stage.state.homes / name):
            return pid
    raise Stuck(f"the server of {name} was not found among the processes")


async def _usual_time(stage: Stage, what: str) -> float:
    """Measure what a start, or a stop, takes now, and leave the guests as they were."""
    guest = stage.guests[0]
    began = time.monotonic()
    if what == "start":
        await stage.ensure_server(guest)
        seconds = time.monotonic() - began
        await stage.ensure_no_server(guest)
    else:
        await stage.ensure_no_server(guest)
        seconds = time.monotonic() - began
        await stage.ensure_server(guest)
    return seconds


async def _ask(guest: Worker, what: str) -> None:
    """Ask the hub for a start or a stop; that it may not answer is the point."""
    with contextlib.suppress(*NOT_ANSWERED):
        await (guest.start_session() if what == "start" else guest.stop_session())


def _everybody(stage: Stage) -> set[str]:
    return {worker.name for worker in stage.workers}


@contextlib.contextmanager
def _full(folder: Path) -> Iterator[None]:
    """Fill the file system that a folder is on, to the last byte, and free it again."""
    filler = folder / "filler"
    try:
        for size in (2**20, 512):
            with contextlib.suppress(OSError), filler.open("ab", buffering=0) as file:
                while True:
                    file.write(bytes(size))
        yield
    finally:
        filler.unlink(missing_ok=True)


@contextlib.contextmanager
def _stranger() -> Iterator["subprocess.Popen[bytes]"]:
    """A process that has nothing to do with MantidHub."""
    process = subprocess.Popen(["sleep", str(10 * START_LIMIT)])
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _note_another_boot(controller: Path, stranger: int) -> None:
    """Let the controller's notes be of another boot, in which the stranger's number was a session's."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    started = int(Path(f"/proc/{stranger}/stat").read_text().rpartition(")")[2].split()[19])
    for file in controller.rglob("*.json"):
        text = file.read_text()
        if boot not in text:
            continue
        noted = json.loads(text.replace(boot, "00000000-0000-4000-8000-000000000000"))
        for name in ("outer", "inner"):
            if name in noted:
                noted[name] = [stranger, started]
        file.write_text(json.dumps(noted))
