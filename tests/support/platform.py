"""A real MantidHub: its own state folder, its own port, the environment and data of all test runs."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from support.pace import slowness

ROOT = Path(__file__).resolve().parents[2]
MANTIDHUB = [sys.executable, "-m", "mantidhub.cli"]
SHARED_STATE = Path(os.environ.get("MANTIDHUB_TEST_STATE", ROOT / "build" / "test-state"))
"""Environments and simulated runs are made once and used by all suites."""
SCIPP_ALONE = Path(__file__).with_name("scipp_alone.toml")
SCREENSHOTS = ROOT / "build" / "screenshots"


@dataclass
class Platform:
    """`mantidhub up` as an administrator runs it."""

    state: Path
    options: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    """A command such as ``unshare --mount`` in which it runs."""
    address: str = ""
    administrators_link: str = ""
    output: list[str] = field(default_factory=list)
    process: subprocess.Popen[str] | None = None
    reader: threading.Thread | None = None

    def start(self, *options: str, port: int = 0) -> "Platform":
        """Start and wait until it says that it is ready."""
        share_state(self.state)
        self.output.clear()
        options = (*self.options, *options)
        if "--config" not in options:
            options = ("--config", str(SCIPP_ALONE), *options)
        self.process = subprocess.Popen(
            [*self.within, *MANTIDHUB, "up", "--state", str(self.state), "--port", str(port), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        self.reader = threading.Thread(target=self._read, args=(self.process,), daemon=True)
        self.reader.start()
        while not self._says("Ctrl-C stops"):
            if not self.reader.is_alive():
                raise AssertionError(f"MantidHub did not start:\n{self.text}\n{self.logs()}")
            time.sleep(0.01)
        self.address = self._find(r"MantidHub is ready after \S+ s:\s+(\S+)") or self.address
        self.administrators_link = self._find(r"(http\S+/hub/link\?token=\S+)") or self.administrators_link
        return self

    def _read(self, process: "subprocess.Popen[str]") -> None:
        """Take what it prints when it prints it, so that a full pipe never holds it up."""
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                self.output.append(line.rstrip())

    def _says(self, words: str) -> bool:
        return any(words in line for line in list(self.output))

    def _find(self, pattern: str) -> str | None:
        found = re.search(pattern, self.text)
        return found[1] if found else None

    def wait_for_line(self, pattern: str, *, limit: float) -> None:
        """Wait until it has printed a line that matches."""
        wait_until(lambda: re.search(pattern, self.text), limit=limit, what=f"MantidHub prints {pattern}")

    def stop(self, *, timeout: float = 60) -> None:
        """Press Ctrl-C and wait for the end."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=timeout)
            if self.reader is not None:
                self.reader.join(timeout=5)
        finally:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process = None

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    @property
    def text(self) -> str:
        return "\n".join(self.output)

    def logs(self) -> str:
        parts = [f"--- {log.name}\n{log.read_text(errors='replace')[-4000:]}" for log in self.state.glob("logs/*.log")]
        return "\n".join(parts)

    def command(
        self, *arguments: str, check: bool = True, typed: str = "", limit: float = 600
    ) -> subprocess.CompletedProcess[str]:
        """Run another `mantidhub` command on the same state folder, and type into it."""
        done = subprocess.run(
            [*MANTIDHUB, *arguments, "--state", str(self.state)],
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            timeout=limit,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def invite(self, name: str, *options: str) -> str:
        """Add a user and return the one-time link."""
        found = re.search(r"http\S+/hub/link\?token=\S+", self.command("user", "add", name, *options).stdout)
        assert found is not None
        return found[0]

    def service_pid(self, name: str) -> int:
        """Return the process that works: where root's bubblewrap is around it, the one inside."""
        pid = int((self.state / "controller" / f"{name}.pid").read_text())
        # Not the innermost child of all: those of the controller are sessions, and the last of them is a kernel.
        while Path(f"/proc/{pid}/comm").read_text() == "bwrap\n":
            pid = int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])
        return pid

    def kill_service(self, name: str) -> int:
        """`kill -9` a service; return the id that it had."""
        pid = self.service_pid(name)
        os.kill(pid, signal.SIGKILL)
        return pid


def share_state(state: Path) -> None:
    """Let a state folder use the environments and simulated runs of all test runs."""
    state.mkdir(parents=True, exist_ok=True)
    for name in ("environments", "data"):
        (SHARED_STATE / name).mkdir(parents=True, exist_ok=True)
        if not (state / name).exists():
            (state / name).symlink_to(SHARED_STATE / name)


def processes_of(state: Path, name: str) -> list[int]:
    """Find the processes whose command names this person's home: those around the session, as the host sees them."""
    home = os.fsencode(state / "homes" / name)
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if home in (process / "cmdline").read_bytes():
                found.append(int(process.name))
        except OSError:
            continue
    return found


def wait_until(condition, *, limit: float, what: str) -> float:
    """Wait for a condition, longer than the limit where the machine is busy; return the seconds that it took."""
    began = time.monotonic()
    allowed = None
    while not condition():
        if (taken := time.monotonic() - began) > limit:
            allowed = allowed or limit * slowness()
            if taken > allowed:
                raise AssertionError(f"not within {allowed:.0f} s: {what}")
        time.sleep(0.01)
    return time.monotonic() - began
