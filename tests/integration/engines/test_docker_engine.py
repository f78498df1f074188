"""What is Docker's own: a daemon that goes and comes back, names, images, and what its mounts can do."""

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.daemons import DAEMON
from support.docker import IMAGE, DockerDaemon
from support.engines import DockerBench
from support.pace import Stopwatch
from support.releases import Installed

from mantidhub.engines.docker import DockerEngine
from mantidhub.engines.docker.body import FIRST_PROCESS
from mantidhub.engines.docker.errors import DaemonAway, NameTaken
from mantidhub.errors import EngineError
from mantidhub.sessions.spec import EndCause, Mount
from mantidhub.settings.model import DockerSettings

from .conftest import Make, StartDaemon
from .test_every_engine import NOW, run, told

PODMAN = os.environ.get(DAEMON, "").startswith("podman")
CONTAINERS_END_WITH_IT = pytest.mark.skipif(PODMAN, reason="Podman's containers live without its service")
MAKES_NO_FOLDERS = pytest.mark.skipif(PODMAN, reason="Podman makes a folder that is to be mounted and is not there")


@pytest.fixture
def bench(tmp_path: Path, docker: DockerDaemon) -> DockerBench:
    return DockerBench(tmp_path, docker)


@pytest.fixture
async def nobodys(tmp_path: Path) -> AsyncIterator[DockerEngine]:
    """An engine whose daemon does not run."""
    settings = DockerSettings(socket=tmp_path / "none.sock")
    engine = DockerEngine(mark="test", settings=settings, logs=tmp_path, homes=tmp_path)
    yield engine
    await engine.close()


async def test_the_container_says_whose_it_is(engine, make: Make, home: Path, docker: DockerDaemon):
    handle = await engine.launch(make("echo ready > told; sleep 60", key="alice~second"))
    await told(home)
    (container,) = docker.containers("mantidhub.mark=test")
    assert container["Names"] == ["/mantidhub-test-alice-SERVER-second"]
    assert container["Labels"] == {
        "mantidhub.mark": "test",
        "mantidhub.user": "alice",
        "mantidhub.session": "alice~second",
        "mantidhub.environment": "scipp-0123456789ab",
        "mantidhub.started": handle.started.isoformat(),
    }


async def test_swap_is_no_way_out(engine, make: Make, home: Path, docker: DockerDaemon):
    await engine.launch(make("echo ready > told; sleep 60"))
    await told(home)
    (container,) = docker.containers("mantidhub.mark=test")
    host = docker.ask("GET", f"/containers/{container['Id']}/json")["HostConfig"]
    assert host["MemorySwap"] == host["Memory"] == 256 * 2**20
    assert not host["OomKillDisable"]


@pytest.mark.parametrize("milliseconds", [60, 150, 300, 450])
async def test_a_start_that_was_given_up_late_leaves_nothing(engine, bench: DockerBench, make: Make, milliseconds: int):
    starting = asyncio.create_task(engine.launch(make("sleep 60")))
    await asyncio.sleep(milliseconds / 1000)
    starting.cancel()
    done = (await asyncio.gather(starting, return_exceptions=True))[0]
    if not isinstance(done, asyncio.CancelledError):
        await engine.stop(done, grace=NOW)
        await engine.wait(done)
    assert bench.remains() == []


@pytest.mark.parametrize("running", [False, True])
async def test_a_container_of_ours_that_nobody_knows_does_not_stand_in_the_way(
    engine, make: Make, docker: DockerDaemon, running: bool
):
    labels = {"mantidhub.mark": "test", "mantidhub.session": "alice"}
    body = {"Image": IMAGE, "Cmd": ["sleep", "60"], "Labels": labels, "HostConfig": {"NetworkMode": "none"}}
    made = docker.ask("POST", "/containers/create?name=mantidhub-test-alice", body)
    if running:
        docker.ask("POST", f"/containers/{made['Id']}/start")
    assert (await run(engine, make("exit 6"))).exit_code == 6


async def test_a_strange_container_of_the_same_name_is_left_alone_and_named(engine, make: Make, docker: DockerDaemon):
    body = {"Image": IMAGE, "Cmd": ["x"], "HostConfig": {"NetworkMode": "none"}}
    strange = docker.ask("POST", "/containers/create?name=mantidhub-test-alice", body)["Id"]
    try:
        with pytest.raises(NameTaken, match="another container has its name"):
            await engine.launch(make("exit 0"))
        assert strange in [container["Id"] for container in docker.containers()]
    finally:
        docker.ask("DELETE", f"/containers/{strange}")


async def test_a_missing_image_is_named_with_the_command_that_makes_it(
    make: Make, tmp_path: Path, docker: DockerDaemon
):
    engine = await DockerBench(tmp_path, docker, image="mantidhub-session:none").engine()
    for attempt in (engine.launch(make("exit 0")), engine.require()):
        with pytest.raises(EngineError, match=r"no image mantidhub-session:none\. Make it with `make docker-image`"):
            await attempt
    await engine.close()


async def test_a_program_that_the_image_does_not_have_is_named(engine, make: Make):
    end = await run(engine, replace(make(""), command=("/usr/bin/python2.4", "-c", "pass")))
    assert end.exit_code == 127
    assert end.message.startswith("In the image of sessions, /usr/bin/python2.4 leads nowhere.")


@MAKES_NO_FOLDERS
async def test_a_folder_that_the_daemon_does_not_see_is_named(engine, bench: DockerBench, make: Make, tmp_path: Path):
    spec = make("")
    spec = replace(spec, mounts=(*spec.mounts, Mount(tmp_path / "nowhere", Path("/srv/x"))))
    with pytest.raises(EngineError, match=rf"its daemon does not see {tmp_path}/nowhere"):
        await engine.launch(spec)
    assert not (tmp_path / "nowhere").exists(), "Docker did not make it, as root, in its place"
    assert bench.remains() == []


async def test_a_daemon_that_is_not_there_is_named_with_its_socket(nobodys: DockerEngine, make: Make, tmp_path: Path):
    for attempt in (nobodys.require(), nobodys.find_all(), nobodys.launch(make(""))):
        with pytest.raises(DaemonAway, match=rf"there is no {tmp_path}/none\.sock\. Start Docker"):
            await attempt


async def test_a_daemon_that_does_not_answer_has_until_the_deadline(make: Make, tmp_path: Path, nobodys: DockerEngine):
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_unix_server(silent, tmp_path / "none.sock")
    watch = Stopwatch()
    with pytest.raises(DaemonAway, match="in the time that it had"):
        await nobodys.launch(replace(make(""), start_timeout=timedelta(seconds=0.5)))
    assert watch.within(2), watch
    server.close()


async def test_no_mount_gives_rights_or_reaches_devices(engine, home: Path, make: Make):
    await run(engine, make("cut -d' ' -f2,4 /proc/mounts | grep -v -E '^/(dev|proc|sys)[ /]' > told"))
    options = {place: set(flags.split(",")) for place, flags in map(str.split, (await told(home)).splitlines())}
    assert {"/", "/home/alice", "/data/instrument", "/run/mantidhub/first_process.py"} <= set(options)
    assert {place for place, flags in options.items() if not flags >= {"nosuid", "nodev"}} == set()
    assert "rw" in options["/home/alice"]
    assert "ro" in options["/run"]
    assert not [sentence for sentence in await engine.weaknesses() if "nosuid" in sentence]


@pytest.fixture
def cycle(archive: Path) -> Iterator[Path]:
    """A file system that is mounted somewhere below the archive, and that everybody may write to."""
    cycle = archive / "cycle"
    cycle.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=777", "none", cycle], check=True)
    yield cycle
    subprocess.run(["umount", "--lazy", cycle], check=True)


async def test_what_is_mounted_below_the_archive_is_read_only_too(
    cycle: Path, docker: DockerDaemon, start_daemon: StartDaemon, home: Path, make: Make, tmp_path: Path
):
    # That of another release was given its view of the host's mounts at its start.
    daemon = docker if isinstance(docker.programs, Installed) else start_daemon()
    engine = await DockerBench(tmp_path, daemon).engine()
    place = f"/data/instrument/{cycle.name}"
    await run(engine, make(f"grep ' {place} ' /proc/mounts && ! touch {place}/file && echo refused > told"))
    assert await told(home) == "refused"
    await engine.close()


async def test_a_setuid_program_in_the_home_gives_nothing(engine, home: Path, make: Make):
    program = home / "id"
    program.write_bytes(Path("/usr/bin/id").read_bytes())
    os.chown(program, 0, 0)
    program.chmod(0o4755)
    await run(engine, make("./id -u > told"))
    assert await told(home) == str(home.stat().st_uid)


async def test_a_device_in_the_home_cannot_be_opened(engine, home: Path, make: Make):
    """One that every container may open, where no mount forbids it."""
    os.mknod(home / "zero", 0o20666, os.makedev(1, 5))
    (home / "zero").chmod(0o666)
    script = (
        "for place in zero /dev/zero; do if head -c 1 $place > /dev/null; then echo read; else echo refused; fi; done"
    )
    await run(engine, make(f"({script}) > told"))
    assert (await told(home)).split() == ["refused", "read"]


async def test_a_session_whose_controller_died_while_it_started_ends_by_itself(
    engine, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """What the controller would have done is left out, and the time to wait for it made short."""
    impatient = tmp_path / "first_process.py"
    text = FIRST_PROCESS.source.read_text()
    impatient.write_text(text.replace("MOUNTS_LIMIT = 30", "MOUNTS_LIMIT = 1"))
    monkeypatch.setattr("mantidhub.engines.docker.body.FIRST_PROCESS", replace(FIRST_PROCESS, source=impatient))
    monkeypatch.setattr("mantidhub.engines.docker.engine.make_strict", lambda *_, **__: None)
    end = await run(engine, make("echo ready > told"))
    assert (end.exit_code, end.message) == (1, "TimeoutError: MantidHub went away while it started this session")


@CONTAINERS_END_WITH_IT
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
async def test_a_daemon_that_is_restarted_takes_its_sessions_along_and_is_used_again(
    start_daemon: StartDaemon, make: Make, home: Path, tmp_path: Path, how: signal.Signals
):
    restarting = start_daemon()
    bench = DockerBench(tmp_path, restarting)
    engine = await bench.engine()
    handle = await engine.launch(make("echo ready > told; sleep 60"))
    await told(home)
    waiting = asyncio.create_task(engine.wait(handle))
    await asyncio.to_thread(restarting.stop, how)
    await asyncio.to_thread(restarting.start)
    end = await asyncio.wait_for(waiting, 20)
    stopped = (EndCause.VANISHED, "It ended when Docker was stopped.")
    # Docker 20.10 tells of the end before it goes, if it is asked to go; later ones hang up first.
    told_first = (EndCause.EXITED, "It ended with exit code 143.")
    assert (end.cause, end.message) in ({stopped, told_first} if how is signal.SIGTERM else {stopped})
    assert bench.remains() == []
    assert (await run(engine, make("exit 0"))).exit_code == 0
    await engine.close()


async def test_a_daemon_that_goes_away_while_the_container_is_removed_is_asked_again(
    docker: DockerDaemon, make: Make, tmp_path: Path
):
    removals = []

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass everything on, but break off at the first three removals: aiohttp repeats one by itself."""
        from_docker, to_docker = await asyncio.open_unix_connection(docker.socket)

        async def pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
            while data := await source.read(2**16):
                removals.extend([data] if data.startswith(b"DELETE") else [])
                if data.startswith(b"DELETE") and len(removals) <= 3:
                    break
                target.write(data)
            writer.close()
            to_docker.close()

        await asyncio.gather(pass_on(reader, to_docker), pass_on(from_docker, writer), return_exceptions=True)

    server = await asyncio.start_unix_server(relay, tmp_path / "relay.sock")
    settings = DockerSettings(socket=tmp_path / "relay.sock", image=IMAGE)
    engine = DockerEngine(mark="test", settings=settings, logs=tmp_path, homes=tmp_path / "homes")
    spec = make("echo printed")
    assert (await asyncio.wait_for(engine.wait(await engine.launch(spec)), 60)).exit_code == 0
    assert len(removals) == 4
    assert DockerBench(tmp_path, docker).remains() == []
    assert spec.log.read_text().count("printed") == 1
    await engine.close()
    server.close()


async def test_live_restore_keeps_sessions_while_the_daemon_is_away(
    start_daemon: StartDaemon, make: Make, home: Path, tmp_path: Path
):
    restarting = start_daemon("--live-restore")
    engine = await DockerBench(tmp_path, restarting).engine()
    handle = await engine.launch(make("echo ready > told; until [ -e go ]; do sleep 0.05; done; exit 5"))
    await told(home)
    waiting = asyncio.create_task(engine.wait(handle))
    await asyncio.to_thread(restarting.stop)
    await asyncio.sleep(1)
    assert not waiting.done()
    await asyncio.to_thread(restarting.start)
    await asyncio.sleep(1)
    assert not waiting.done()
    (home / "go").touch()
    end = await asyncio.wait_for(waiting, 20)
    assert (end.cause, end.exit_code) == (EndCause.EXITED, 5)
    await engine.close()


def test_what_docker_gets_is_what_was_written_down(docker: DockerDaemon):
    """The golden bodies of the unit tests are accepted by a real daemon, as far as it looks at them."""
    folder = Path(__file__).parents[2] / "unit" / "engines" / "docker" / "bodies"
    for file in sorted(folder.glob("*.json")):
        body = json.loads(file.read_text()) | {"Image": IMAGE}
        body["HostConfig"]["Mounts"] = []
        made = docker.ask("POST", "/containers/create", body)
        docker.ask("DELETE", f"/containers/{made['Id']}")
        assert not made["Warnings"], file
