"""The same small sessions for every engine."""

import os
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from support.daemons import make_daemon
from support.docker import DockerDaemon, session_image
from support.engines import Bench, DockerBench, SandboxBench

from mantidhub.engines.protocol import Engine
from mantidhub.sessions.spec import Limits, Mount, SessionSpec
from mantidhub.settings.state import Identity

IDENTITY = Identity(1_900_000_777, 1_900_000_777, (1_900_000_778,)) if os.getuid() == 0 else None
HOME = Path("/home/alice")
MEBIBYTE = 2**20

Make = Callable[..., SessionSpec]
StartDaemon = Callable[..., DockerDaemon]


@pytest.fixture
def start_daemon(docker: DockerDaemon) -> Iterator[StartDaemon]:
    """Start daemons beside that of all tests, which a test may stop and start."""
    started: list[DockerDaemon] = []

    def start_daemon(*options: str) -> DockerDaemon:
        daemon = make_daemon(*options).start()
        started.append(daemon)
        daemon.import_image(session_image())
        return daemon

    yield start_daemon
    for daemon in started:
        daemon.clean()


@pytest.fixture(params=["sandbox", "docker"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Bench:
    if request.param == "sandbox":
        return SandboxBench(tmp_path)
    return DockerBench(tmp_path, request.getfixturevalue("docker"))


@pytest.fixture
async def engine(bench: Bench) -> AsyncIterator[Engine]:
    """An engine whose sessions are ended after the test, whatever became of it."""
    engine = await bench.engine()
    yield engine
    for handle in await engine.find_all():
        await engine.stop(handle, grace=timedelta(0))
        await engine.wait(handle)
    await engine.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "homes" / "alice"
    home.mkdir(parents=True)
    if IDENTITY is not None:
        os.chown(home, IDENTITY.uid, IDENTITY.gid)
    return home


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    archive = tmp_path / "archive"
    archive.mkdir()
    (archive / "run.nxs").write_text("counts")
    return archive


@pytest.fixture
def make(tmp_path: Path, home: Path, archive: Path) -> Make:
    """Make a spec that runs a script of the shell, or of Python."""

    def make(
        script: str,
        *,
        key: str = "alice",
        python: bool = False,
        memory: int = 256 * MEBIBYTE,
        cpus: float = 0.5,
    ) -> SessionSpec:
        program = ("/usr/bin/python3", "-c") if python else ("/bin/sh", "-c")
        return SessionSpec(
            key=key,
            environment="scipp-0123456789ab",
            identity=IDENTITY,
            command=(*program, script),
            mounts=(Mount(archive, Path("/data/instrument")), Mount(home, HOME, writable=True)),
            variables={"PATH": "/usr/bin:/bin", "HOME": str(HOME), "GREETING": "hello world"},
            home=HOME,
            socket=tmp_path / "server.sock",
            ready_path="/",
            limits=Limits(memory=memory, cpus=cpus, processes=64),
            start_timeout=timedelta(seconds=60),
            log=tmp_path / f"{key}.log",
        )

    return make
