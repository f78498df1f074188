"""The one command that becomes a session: pure functions from a spec to arguments."""

from pathlib import Path

from mantidhub.confinement.bubblewrap import Bubblewrap
from mantidhub.confinement.identity import KEPT_CAPABILITIES, become
from mantidhub.confinement.view import system_mounts, view_arguments
from mantidhub.sessions.spec import Mount, SessionSpec

INNER_BUBBLEWRAP = Path("/run/mantidhub/bubblewrap")
ENTER_LIMITS = (
    'ulimit -c 0; ulimit -d "$1"; shift; '
    'while [ "$1" != -- ]; do echo $$ > "$1" || exit 125; shift; done; shift; exec "$@"'
)
"""A shell that limits itself and becomes what stands behind ``--``.

Its first argument is the most memory of one process in KiB; the cgroups to enter follow."""


def session_command(
    spec: SessionSpec,
    bubblewrap: Bubblewrap,
    *,
    cgroups: tuple[Path, ...],
    memory: Mount | None,
    status_descriptor: int,
    filter_descriptor: int | None,
) -> list[str]:
    """Return the command that runs a session.

    Started as root, it has two stages. The outer bubblewrap lays out the file system with root's eyes, because homes
    and environments may lie where their user cannot look; then root's rights are dropped for good; the inner
    bubblewrap makes the namespaces as an ordinary user. Otherwise one bubblewrap does both.

    Parameters
    ----------
    cgroups
        Those that it enters.
    memory
        By which it reads its own counts of memory; None where nothing counts the memory of the session as a whole.
    status_descriptor, filter_descriptor
        Where bubblewrap writes its report, and where it reads the filter of system calls.
    """
    # A quarter of the memory for files in /tmp and another for /dev/shm: both count against the session's limit.
    temporary_size = spec.limits.memory // 4
    mounts = [*system_mounts(), *spec.mounts, *([] if memory is None else [memory])]
    view = view_arguments(mounts, temporary_size=temporary_size)
    isolation = _isolation(spec, status_descriptor, filter_descriptor, temporary_size)
    entered = [str(cgroup / "cgroup.procs") for cgroup in cgroups]
    # Without such counts, at least no single process may use up the host's.
    process_memory = str(spec.limits.memory // 1024) if memory is None else "unlimited"
    command = ["/bin/sh", "-c", ENTER_LIMITS, "sh", process_memory, *entered, "--", str(bubblewrap.program)]
    if spec.identity is None:
        return [*command, *view, *isolation, "--", *spec.command]
    inner, program = _bring_along(bubblewrap)
    return [
        *command,
        *view,
        # The host's own /proc, whole: the kernel lets the inner stage mount a new one only where all of one is seen.
        *("--dev-bind", "/proc", "/proc", "--dev", "/dev"),
        *_into_view(inner),
        *KEPT_CAPABILITIES,
        "--",
        *become(spec.identity),
        *(str(program), "--bind", "/", "/"),
        *isolation,
        "--",
        *spec.command,
    ]


def _into_view(mounts: list[Mount]) -> list[str]:
    """Bind files into a view that is laid out already."""
    arguments = []
    for mount in mounts:
        for folder in (INNER_BUBBLEWRAP, mount.target.parent):
            arguments += ["--perms", "0755", "--dir", str(folder)]
        arguments += ["--ro-bind", str(mount.source), str(mount.target)]
    return arguments


def _bring_along(bubblewrap: Bubblewrap) -> tuple[list[Mount], Path]:
    """Show the program itself inside the outer view, its libraries where it looks for them."""
    if not bubblewrap.libraries:
        return [], bubblewrap.program  # below /usr, which is there
    program = INNER_BUBBLEWRAP / "package" / "bin" / "bwrap"
    mounts = [Mount(bubblewrap.program, program)]
    mounts += [Mount(folder, INNER_BUBBLEWRAP / folder.name) for folder in bubblewrap.libraries]
    return mounts, program


def _isolation(spec: SessionSpec, status: int, seccomp: int | None, temporary_size: int) -> list[str]:
    identity = spec.identity
    user = [] if identity is None else ["--uid", str(identity.uid), "--gid", str(identity.gid)]
    return [
        *("--unshare-user", *user, "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"),
        *("--unshare-cgroup-try", "--disable-userns", "--new-session", "--hostname", "mantidhub"),
        *("--proc", "/proc", "--dev", "/dev"),
        *("--perms", "1777", "--size", str(temporary_size), "--tmpfs", "/dev/shm"),  # noqa: S108 - the sandbox's own
        *("--remount-ro", "/dev", "--remount-ro", "/"),
        *("--chdir", str(spec.home), "--json-status-fd", str(status)),
        *([] if seccomp is None else ["--seccomp", str(seccomp)]),
    ]
