"""What is sent to Docker to make a session's container: pure functions of a spec.

Source: ``POST /containers/create`` of the Docker Engine API 1.41, which Docker 20.10 and all later ones speak.
"""

import base64
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mantidhub.engines.docker import first_process
from mantidhub.sessions.names import parse_session_key
from mantidhub.sessions.spec import Limits, Mount, SessionSpec
from mantidhub.settings.state import Identity

PERIOD = 100_000
"""Microseconds over which processor time is counted: the kernel's default."""
LARGEST_RUN = 2**20
"""Bytes in ``/run``, which holds only the places where other folders are mounted."""

FIRST_PROCESS = Mount(Path(first_process.__file__), Path("/run/mantidhub/first_process.py"))

LABEL_MARK = "mantidhub.mark"
LABEL_SESSION = "mantidhub.session"
LABEL_USER = "mantidhub.user"
LABEL_ENVIRONMENT = "mantidhub.environment"
LABEL_STARTED = "mantidhub.started"


@dataclass(frozen=True)
class Labels:
    """What a container says of itself: by these sessions are found after any crash.

    ``mark`` tells this MantidHub from others on the host.
    """

    mark: str
    session: str
    environment: str
    started: datetime

    def to_docker(self) -> dict[str, str]:
        """Return them as Docker keeps them."""
        return {
            LABEL_MARK: self.mark,
            LABEL_SESSION: self.session,
            LABEL_USER: parse_session_key(self.session)[0],
            LABEL_ENVIRONMENT: self.environment,
            LABEL_STARTED: self.started.isoformat(),
        }


def container_name(mark: str, key: str) -> str:
    """Return the name of a session's container.

    Docker allows no ``~`` in a name. Keys have no capital letters, so no two of them get one name.
    """
    return f"mantidhub-{mark}-{key.replace('~', '-SERVER-')}"


def container_body(
    spec: SessionSpec,
    *,
    image: str,
    identity: Identity,
    labels: Labels,
    system_calls: bytes | None,
    strict_mounts: bool,
) -> dict[str, object]:
    """Return the description of a session's container.

    Docker's own filter of system calls, its hidden parts of ``/proc`` and its handling of the end of memory are left
    as they are: nothing here names them.

    Parameters
    ----------
    image
        Where ``/usr`` and ``/etc`` come from.
    identity
        Numeric user and groups of the session's processes.
    system_calls
        Filter that the first process takes upon itself beside Docker's own; None leaves it at Docker's.
    strict_mounts
        Whether it waits until the engine has made the mounts strict.
    """
    mounts = first_process.STRICT if strict_mounts else "as Docker makes them"
    carried = base64.b64encode(system_calls or b"").decode()
    return {
        "Image": image,
        # As entrypoint, so that one of the image is never run in its place.
        "Entrypoint": ["/usr/bin/python3", "-I", "-S", str(FIRST_PROCESS.target), carried, mounts],
        "Cmd": list(spec.command),
        "Env": [f"{name}={value}" for name, value in sorted(spec.variables.items())],
        "WorkingDir": str(spec.home),
        "User": f"{identity.uid}:{identity.gid}",
        "Hostname": "mantidhub",
        "Labels": labels.to_docker(),
        "HostConfig": {
            **_rights(identity),
            **_limits(spec.limits),
            **_files(spec),
            "NetworkMode": "none",
            # What Docker would start first, past our filter, could be taken over from inside.
            "Init": False,
            "RestartPolicy": {"Name": "no"},
            # A session can print without end; what is kept of it is copied to its log when it has ended.
            "LogConfig": {"Type": "json-file", "Config": {"max-size": "1m", "max-file": "2"}},
        },
    }


def _rights(identity: Identity) -> dict[str, object]:
    return {
        "CapDrop": ["ALL"],
        "SecurityOpt": ["no-new-privileges:true"],
        "GroupAdd": [str(group) for group in identity.groups],
        "IpcMode": "private",
        "CgroupnsMode": "private",
        # Homes belong to the host's user ids, also where the daemon gives other containers ids of their own.
        "UsernsMode": "host",
        "Ulimits": [{"Name": "core", "Soft": 0, "Hard": 0}],
    }


def _limits(limits: Limits) -> dict[str, object]:
    return {
        "Memory": limits.memory,
        # Memory and swap together: as much as memory alone, so there is no swap.
        "MemorySwap": limits.memory,
        # Not NanoCpus, which Docker refuses where the host has fewer cores.
        "CpuPeriod": PERIOD,
        "CpuQuota": round(limits.cpus * PERIOD),
        "PidsLimit": limits.processes,
    }


def _files(spec: SessionSpec) -> dict[str, object]:
    # A quarter of the memory for files in /tmp and another for /dev/shm: both count against the session's limit.
    temporary_size = spec.limits.memory // 4
    return {
        "ReadonlyRootfs": True,
        "Tmpfs": {
            "/tmp": f"rw,nosuid,nodev,exec,mode=1777,size={temporary_size}",  # noqa: S108 - the container's own
            "/run": f"rw,nosuid,nodev,noexec,mode=755,size={LARGEST_RUN}",
        },
        "ShmSize": temporary_size,
        "Mounts": [_mount(mount) for mount in (*spec.mounts, FIRST_PROCESS)],
    }


def _mount(mount: Mount) -> dict[str, object]:
    """Describe a bind mount; unlike an entry of ``Binds``, it is refused where the source is missing, not made."""
    return {
        "Type": "bind",
        "Source": str(mount.source),
        "Target": str(mount.target),
        "ReadOnly": not mount.writable,
        "BindOptions": {"Propagation": "rprivate"},
    }
