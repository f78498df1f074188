"""Makes the harmless attacks from inside a throw-away session of this host's own engine."""

import asyncio
import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

from mantidhub.engines.choice import choose_engine, make_engine
from mantidhub.environments import find
from mantidhub.errors import EngineError
from mantidhub.operations.isolation import probes
from mantidhub.operations.isolation.attacks import HarmlessAttack, Surroundings, harmless_attacks
from mantidhub.sessions.spec import Limits, Mount, SessionEnd, SessionSpec
from mantidhub.settings import Settings, StateFolder
from mantidhub.settings.model import EngineName
from mantidhub.settings.state import Identity

HOME = Path("/home/trial")
SYSTEM_PYTHON = Path("/usr/bin/python3")
IDENTITY_OFFSET = 99
"""The last of the user ids that are kept for services: nobody's."""
LIMITS = Limits(memory=512 * 2**20, cpus=1.0, processes=64)
LIMIT = timedelta(minutes=3)
"""For all attacks together; they take a few seconds."""
ALLOWED = HarmlessAttack("write into its own home", "write_file", {"path": str(HOME / "allowed")})
"""What a session may do: where this fails, that nothing else worked proves nothing."""


@dataclass(frozen=True)
class Outcome:
    """What became of one attack, and why in words."""

    title: str
    outcome: Literal["blocked", "succeeded", "not tried"]
    words: str


@dataclass(frozen=True)
class Trial:
    """The outcomes of all attacks on one engine."""

    engine: EngineName
    outcomes: tuple[Outcome, ...]

    @property
    def succeeded(self) -> tuple[Outcome, ...]:
        """Return those that should not have worked and did."""
        return tuple(outcome for outcome in self.outcomes if outcome.outcome == "succeeded")


async def try_isolation(settings: Settings, state: StateFolder) -> Trial:
    """Make every attack in a session of its own; nothing of it stays, and a MantidHub that runs is not touched.

    Raises
    ------
    EngineError
        If the session could not be started, or could not do what it may.
    """
    choice = await choose_engine(settings, state)
    environment = find(state.environments, settings.environments.default)
    python = environment.python if environment else SYSTEM_PYTHON
    if environment is None and not SYSTEM_PYTHON.exists():
        raise EngineError(
            f"The attacks need a Python in the session: no environment is built, and there is no {SYSTEM_PYTHON}. "
            "Start MantidHub once, or run `mantidhub environment build`."
        )
    prefixes = {environment.interpreter, environment.prefix} if environment else set()
    mounts = [Mount(prefix, prefix) for prefix in sorted(prefixes) if not prefix.is_relative_to("/usr")]
    with _listening() as (port, abstract_socket), _throw_away() as folder:
        host = Surroundings(
            process=os.getpid(),
            addresses=_addresses(),
            port=port,
            abstract_socket=abstract_socket,
            engine_sockets=(settings.docker.socket, Path("/run/containerd/containerd.sock")),
            prefix=environment.prefix if environment else None,
        )
        attacks = (ALLOWED, *harmless_attacks(state, host))
        spec = _spec(folder, settings, attacks, python=python, mounts=mounts)
        end = await _run(choice.name, settings, folder, spec)
        allowed, *outcomes = outcomes_of(spec.log, attacks, end)
    if allowed.outcome != "succeeded":
        raise EngineError(f"The session could not do what it may ({allowed.title}: {allowed.words}).")
    return Trial(choice.name, tuple(outcomes))


async def _run(name: EngineName, settings: Settings, folder: StateFolder, spec: SessionSpec) -> SessionEnd:
    engine = make_engine(name, settings, folder)
    try:
        handle = await engine.launch(spec)
        try:
            return await asyncio.wait_for(engine.wait(handle), LIMIT.total_seconds())
        except TimeoutError:
            raise EngineError(f"The attacks did not end within {LIMIT.total_seconds():g} s.") from None
        finally:
            await engine.stop(handle, grace=timedelta(0))
            await engine.wait(handle)
    finally:
        await engine.close()


def _spec(
    folder: StateFolder, settings: Settings, attacks: Sequence[HarmlessAttack], *, python: Path, mounts: list[Mount]
) -> SessionSpec:
    uid = settings.sandbox.first_uid + IDENTITY_OFFSET
    identity = Identity(uid, uid) if os.getuid() == 0 else None
    home = folder.homes / HOME.name
    home.mkdir(mode=0o700)
    program = home / "probes.py"
    shutil.copyfile(probes.__file__, program)
    if identity is not None:
        for path in (home, program):
            os.chown(path, uid, uid)
    asked = json.dumps([[attack.probe, dict(attack.parameters)] for attack in attacks])
    return SessionSpec(
        key="trial",
        environment="trial",
        identity=identity,
        command=(str(python), "-I", str(HOME / program.name), asked),
        mounts=(*mounts, Mount(home, HOME, writable=True)),
        variables={"HOME": str(HOME), "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"},
        home=HOME,
        socket=folder.sessions / "none.sock",
        ready_path="/",
        limits=LIMITS,
        start_timeout=LIMIT,
        log=folder.logs / "sessions" / "trial.log",
    )


def outcomes_of(log: Path, attacks: Sequence[HarmlessAttack], end: SessionEnd) -> list[Outcome]:
    """Read what became of each attack from what the session printed.

    Raises
    ------
    EngineError
        If the session ended before all were made.
    """
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.startswith('{"probe"')]
    said = [json.loads(line) for line in lines]
    if len(said) < len(attacks):
        last = attacks[len(said) - 1].title if said else "none"
        raise EngineError(f"The session ended before all attacks were made ({end.message}); the last one was: {last}.")
    return [_outcome(attack, answer) for attack, answer in zip(attacks, said, strict=True)]


def _outcome(attack: HarmlessAttack, answer: dict[str, str]) -> Outcome:
    if "broken" in answer:
        return Outcome(attack.title, "not tried", answer["broken"])
    if answer["gained"]:
        return Outcome(attack.title, "succeeded", answer["gained"])
    return Outcome(attack.title, "blocked", answer["refused"])


@contextlib.contextmanager
def _listening() -> Iterator[tuple[int, str]]:
    """Listen on a TCP port and on an abstract socket of the host, for what a session must not reach."""
    name = f"mantidhub-trial-{os.getpid()}"
    with socket.socket() as tcp, socket.socket(socket.AF_UNIX) as abstract:
        tcp.bind(("0.0.0.0", 0))  # noqa: S104 - on every address, for a few seconds; nothing is ever accepted
        tcp.listen()
        abstract.bind(f"\0{name}")
        abstract.listen()
        yield tcp.getsockname()[1], name


@contextlib.contextmanager
def _throw_away() -> Iterator[StateFolder]:
    """Make a state folder of its own, so that engine, records and logs of a MantidHub that runs are not touched."""
    with tempfile.TemporaryDirectory(prefix="mantidhub-trial-") as name:
        folder = StateFolder(Path(name))
        folder.prepare(None)
        yield folder


def _addresses() -> list[str]:
    """Return the host's own addresses."""
    try:
        done = subprocess.run(
            ["hostname", "--all-ip-addresses"], capture_output=True, text=True, check=False, timeout=10
        )
        further = done.stdout.split()
    except (OSError, subprocess.TimeoutExpired):
        further = []
    return ["127.0.0.1", *further]
