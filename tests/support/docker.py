"""A Docker daemon of the tests' own, and the image of sessions made without a registry."""

import fcntl
import hashlib
import http.client
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support.platform import ROOT, wait_until
from support.releases import Installed, Programs

IMAGE = "mantidhub-session:bookworm"
PACKAGES = ROOT / "deploy" / "docker" / "packages.txt"
START_LIMIT = 30
"""Seconds that a daemon may take until it answers; usually it takes one."""
DRIVERS = ("overlay2", "fuse-overlayfs", "vfs")


def _short_folder() -> Path:
    """Make a folder with a short name: sockets that containerd makes far below it must fit into 107 bytes."""
    return Path(tempfile.mkdtemp(prefix="docker-"))


@dataclass
class DockerDaemon:
    """`dockerd` with folders, a socket and an id of its own, and no network for anybody."""

    options: tuple[str, ...] = ()
    programs: Programs = field(default_factory=Installed)
    folder: Path = field(default_factory=_short_folder)
    process: subprocess.Popen[bytes] | None = None
    driver: str = ""
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        self.log = self.folder / "dockerd.log"

    @property
    def socket(self) -> Path:
        return self.folder / "docker.sock"

    def start(self) -> "DockerDaemon":
        """Start it with the first storage driver that works here, and wait until it answers."""
        for driver in [self.driver] if self.driver else DRIVERS:
            self.process = self._launch(driver)
            began = time.monotonic()
            while self.process.poll() is None and time.monotonic() - began < START_LIMIT:
                if self._answers():
                    self.driver = driver
                    return self
                time.sleep(0.05)
            self.process.kill()
            self.process.wait()
        said = self.log.read_text()[-3000:]
        self.programs.close()
        self._remove_folder()
        raise AssertionError(f"{self._command(self.driver)[0]} did not start:\n{said}")

    def _launch(self, driver: str) -> "subprocess.Popen[bytes]":
        command = [*self.programs.prefix(), *self._command(driver), *self.options]
        with self.log.open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)

    def _command(self, driver: str) -> list[str]:
        command = ["dockerd", "--host", f"unix://{self.socket}", "--pidfile", str(self.folder / "pid")]
        command += ["--data-root", str(self.folder / "data"), "--exec-root", str(self.folder / "exec")]
        command += ["--storage-driver", driver, "--bridge=none", "--iptables=false", "--ip6tables=false"]
        return [*command, "--ip-forward=false", "--ip-masq=false"]

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it, and everything that it mounted."""
        if self.process is None:
            return
        containerd = self._containerd()
        self.process.send_signal(how)
        self.process.wait(timeout=60)
        self.process = None
        if containerd:
            if how is signal.SIGKILL:
                os.kill(containerd, signal.SIGTERM)
            wait_until(lambda: not Path(f"/proc/{containerd}").exists(), limit=20, what="containerd ends")

    def clean(self) -> None:
        """Stop it for good: remove its containers, and what it leaves mounted."""
        if self.process is None:
            self.start()
        for container in self.containers():
            self.ask("DELETE", f"/containers/{container['Id']}?force=1&v=1")
        self.stop()
        self.programs.close()
        self._remove_folder()

    def _remove_folder(self) -> None:
        mounts = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
        for mount in sorted((path for path in mounts if Path(path).is_relative_to(self.folder)), reverse=True):
            subprocess.run(["umount", "--lazy", mount], check=True)
        command = ["rm", "-rf", "--one-file-system", "--", str(self.folder)]
        # What tidies up after a container of Podman may still be at work in it.
        wait_until(lambda: subprocess.run(command, check=False).returncode == 0, limit=20, what="the folder is gone")

    def _containerd(self) -> int | None:
        try:
            return int((self.folder / "exec" / "containerd" / "containerd.pid").read_text())
        except (OSError, ValueError):
            return None

    def _answers(self) -> bool:
        try:
            return self.ask("GET", "/_ping", limit=2) == "OK"
        except OSError:
            return False

    def ask(self, method: str, path: str, body: object = None, *, limit: float = 120) -> Any:
        """Ask the daemon directly; return what it answers, as text or decoded."""
        connection = http.client.HTTPConnection("docker")
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(limit)
        try:
            connection.sock.connect(str(self.socket))
            if body is not None and not hasattr(body, "read"):
                body = json.dumps(body)
            connection.request(method, path, body, {"Content-Type": "application/json"}, encode_chunked=False)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        assert answer.status < 400, f"{method} {path}: {answer.status} {text}"
        return json.loads(text) if answer.headers["Content-Type"] == "application/json" and text else text

    @property
    def version(self) -> str:
        return self.ask("GET", "/version")["Version"]

    def containers(self, label: str = "") -> list[dict[str, Any]]:
        """Return all containers, or those with a label."""
        filters = f"&filters={json.dumps({'label': [label]})}" if label else ""
        return self.ask("GET", f"/containers/json?all=1{filters}".replace(" ", ""))

    def import_image(self, tar: Path, name: str = IMAGE) -> None:
        """Make an image of the files in an archive."""
        repository, _, tag = name.partition(":")
        with tar.open("rb") as file:
            self.ask("POST", f"/images/create?fromSrc=-&repo={repository}&tag={tag}", file)


def session_image() -> Path:
    """Return an archive of what deploy/docker/Dockerfile installs, made from Debian's packages the first time."""
    packages = PACKAGES.read_text().split()
    unprivileged = '--customize-hook=find "$1" -xdev -type f -perm /6000 -exec chmod ug-s {} +'
    return _debian("session", f"--include={','.join(packages)}", unprivileged)


def slim_image() -> Path:
    """Return an archive like the image ``debian:bookworm-slim``, which leaves documents and translations out."""
    left_out = ("doc", "info", "lintian", "linda", "locale", "man")
    return _debian("slim", *(f"--dpkgopt=path-exclude=/usr/share/{folder}/*" for folder in left_out))


def _debian(name: str, *options: str) -> Path:
    """Make a small Debian the first time that it is asked for in this way."""
    folder = ROOT / "build" / "docker"
    folder.mkdir(parents=True, exist_ok=True)
    tar = folder / f"{name}-{hashlib.sha256(' '.join(options).encode()).hexdigest()[:12]}.tar"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not tar.exists():
            aside = tar.with_suffix(".new.tar")
            command = ["mmdebstrap", "--quiet", "--variant=minbase", *options, "bookworm", str(aside)]
            subprocess.run(command, check=True)
            aside.replace(tar)
    return tar
