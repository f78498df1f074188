"""Podman's service, which speaks as Docker does. Its containers live without it."""

import re
from dataclasses import dataclass
from pathlib import Path

from support.docker import IMAGE, DockerDaemon

SYS_RESOURCE = 24
"""The right to raise limits: ``capabilities(7)``."""
RUNTIME = r"""#!/bin/sh
for argument; do
    [ "$previous" = --bundle ] && sed -i -E -e 's/\{"type":"RLIMIT_(NOFILE|NPROC)"[^}]*\},?//g' \
        -e 's/,\],"noNewPrivileges/],"noNewPrivileges/' "$argument/config.json"
    previous=$argument
done
exec /usr/bin/crun "$@"
"""
"""Takes limits out of what Podman 4.3 asks for, which raises them and has no setting that leaves it."""


@dataclass
class PodmanService(DockerDaemon):
    """`podman system service` with folders and a socket of its own."""

    def _command(self, driver: str) -> list[str]:
        command = ["env", "PODMAN_IGNORE_CGROUPSV1_WARNING=1", "podman", "--root", str(self.folder / "data")]
        command += ["--runroot", str(self.folder / "exec"), "--tmpdir", str(self.folder / "temporary")]
        command += ["--storage-driver", driver.removesuffix("2"), "--cgroup-manager", "cgroupfs"]
        command += ["--events-backend", "file"]
        if not _may_raise_limits():
            runtime = self.folder / "crun"
            runtime.write_text(RUNTIME)
            runtime.chmod(0o755)
            command += ["--runtime", str(runtime)]
        return [*command, "system", "service", "--time", "0", f"unix://{self.socket}"]

    def import_image(self, tar: Path, name: str = IMAGE) -> None:
        """Make an image of the files in an archive; tag it beside, since Podman 4.3 forgets the tag of an import."""
        repository, _, tag = name.partition(":")
        super().import_image(tar, f"{repository}:latest")
        self.ask("POST", f"/images/{repository}:latest/tag?repo=docker.io/library/{repository}&tag={tag}")


def _may_raise_limits() -> bool:
    found = re.search(r"CapEff:\s+(\w+)", Path("/proc/self/status").read_text())
    return found is not None and bool(int(found[1], 16) >> SYS_RESOURCE & 1)
