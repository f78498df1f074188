"""The ground that attacks are made on, what one attempt came to, and the record of all of them."""

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from mantidhub.operations.isolation import probes
from support.docker import DockerDaemon
from support.person import Kernel, Output, Person
from support.platform import ROOT, Platform

PROBES = Path(probes.__file__)
RESULTS = ROOT / "build" / "attack.json"


@dataclass(frozen=True)
class Tried:
    """What one attempt gained, or why it gained nothing; both in words."""

    gained: str
    refused: str = ""


class Attacker:
    """A person who is signed in, has a session and runs whatever they like in it."""

    def __init__(self, person: Person, *, server: str = "") -> None:
        self.person = person
        self.server = server
        self._kernel: Kernel | None = None

    @property
    def name(self) -> str:
        return self.person.name

    @property
    def kernel(self) -> Kernel:
        if self._kernel is None:
            self._kernel = self.person.kernel(server=self.server)
        return self._kernel

    def with_new_kernel(self) -> "Attacker":
        """Run in a kernel of its own from now on; the session stays."""
        self._kernel = None
        return self

    def run(self, code: str) -> Output:
        """Run code in a kernel of the session."""
        return self.kernel.run(code)

    def attempt(self, code: str) -> Tried:
        """Run code that prints what it gained; an error that it ends with says why it gained nothing."""
        output = self.run(code)
        return Tried("" if output.error else output.text.strip(), output.error or "it gained nothing")

    def probe(self, probe: str, **parameters: object) -> Tried:
        """Run one of the product's probes from inside the session."""
        asked = json.dumps([[probe, parameters]])
        done = self.run(
            "import subprocess as _s, sys as _y\n"
            f"_d = _s.run([_y.executable, '-I', '-', {asked!r}], input={PROBES.read_text()!r}, text=True,"
            " capture_output=True)\nprint(_d.stdout + _d.stderr)"
        )
        assert not done.error, done
        return read_probe(done.text)


def read_probe(printed: str) -> Tried:
    """Read what a probe printed."""
    try:
        said = json.loads(printed.strip().splitlines()[-1])
    except (ValueError, IndexError):
        raise AssertionError(f"the probe said: {printed}") from None
    assert "broken" not in said, said
    return Tried(said["gained"], said["refused"])


OWN_NAMESPACES = ("unshare", "--mount", "--net", "--uts", "--ipc")
"""Where root may do everything without changing anything of the host."""


def probe_on_host(probe: str, *, within: tuple[str, ...] = (), **parameters: object) -> Tried:
    """Run the same probe on the host, with the rights of whoever runs the tests: the control.

    Parameters
    ----------
    within
        A command such as ``unshare --mount`` in which it runs, so that nothing of the host changes.
    """
    command = [*within, sys.executable, "-I", str(PROBES), json.dumps([[probe, parameters]])]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return read_probe(done.stdout or done.stderr)


class NotOfThisKernel(Exception):
    """The control says that this kernel does not have the call at all, so nobody can attack with it."""


@dataclass
class Result:
    """One attack on one engine; ``reason`` says why it was not tried, where it was not."""

    attack: str
    engine: str
    outcome: Literal["blocked", "succeeded"] | None = None
    control: Literal["passed", "failed"] | None = None
    reason: str = ""

    def to_json(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value}


@dataclass
class Attack:
    """One attack while it is being made. A test calls both :meth:`control` and :meth:`attempt`."""

    result: Result

    def control(self, tried: Tried) -> None:
        """Note whether the same call works where it is allowed: else the attack proves nothing."""
        if "Function not implemented" in tried.refused:
            raise NotOfThisKernel(f"This kernel has no such call, for nobody: {tried.refused}")
        passed = bool(tried.gained) and self.result.control != "failed"
        self.result.control = "passed" if passed else "failed"
        assert tried.gained, f"the control gained nothing: {tried.refused}"

    def attempt(self, tried: Tried) -> None:
        """Note whether the attack gained anything. May be called several times: one that succeeds is enough."""
        if tried.gained or self.result.outcome == "succeeded":
            self.result.outcome = "succeeded"
        else:
            self.result.outcome = "blocked"
        assert not tried.gained, f"the attack succeeded: {tried.gained}"


@dataclass(frozen=True)
class Ground:
    """A live MantidHub with one engine, an attacker and a victim in it."""

    engine: str
    platform: Platform
    eve: Attacker
    alice: Attacker
    docker: DockerDaemon | None

    def newcomer(self, name: str) -> Attacker:
        """Return another attacker with a session of their own, for what would spoil eve's."""
        person = Person.from_link(self.platform.invite(name), name)
        person.start_session()
        return Attacker(person)

    def home(self, name: str) -> Path:
        """Return a person's home as the host sees it."""
        return self.platform.state / "homes" / name

    def still_answers(self) -> None:
        """Assert that the hub and the victim's session are as they were."""
        assert self.alice.person.hub("GET", "/users/alice").status_code == 200
        assert self.alice.person.session("GET", "/api/status").status_code == 200
        assert self.alice.run("print(6 * 7)").text == "42\n"


def write_results(results: list[Result]) -> None:
    """Write what became of each attack of this run."""
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps([result.to_json() for result in results], indent=1) + "\n")
