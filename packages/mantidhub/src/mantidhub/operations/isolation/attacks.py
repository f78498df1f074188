"""The harmless attacks: in words, with the probe that makes each and what the probe is given."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mantidhub.settings import StateFolder

CALLS: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "mount a file system": ("mount_file_system", {"path": "/tmp"}),  # noqa: S108 - the session's own
    "bind the root folder a second time": ("bind_root", {"path": "/tmp"}),  # noqa: S108
    "mount what is read only anew as writable": ("make_writable", {"path": "/"}),
    "unmount what covers something": ("unmount", {"path": "/proc"}),
    "prepare a file system by the newer calls": ("open_new_file_system", {}),
    "exchange the root folder": ("pivot_root", {}),
    "change the root folder": ("change_root", {}),
    "make a user namespace": ("new_user_namespace", {}),
    "make a user namespace by clone": ("clone_user_namespace", {}),
    "make a user namespace by clone3": ("clone3_user_namespace", {}),
    "make a mount namespace": ("new_mount_namespace", {}),
    "make a network namespace": ("new_network_namespace", {}),
    "make a time namespace": ("new_time_namespace", {}),
    "load a program into the kernel": ("load_program_into_kernel", {}),
    "make a map in the kernel": ("make_kernel_map", {}),
    "handle page faults": ("handle_page_faults", {}),
    "make calls past the filter by io_uring": ("use_io_uring", {}),
    "count events of the processor": ("watch_processor", {}),
    "reach the keyrings": ("read_keyrings", {}),
    "keep a key where others find it": ("keep_key", {}),
    "load a module": ("load_module", {}),
    "load another kernel": ("load_kernel", {}),
    "restart the machine": ("reboot", {}),
    "let the machine swap to a file": ("add_swap", {}),
    "record the processes of all": ("record_processes", {}),
    "watch the files of all": ("watch_files", {}),
    "read the kernel's log": ("read_kernel_log", {}),
    "type into the terminal": ("type_into_terminal", {}),
    "name the machine": ("name_machine", {}),
    "set the clock": ("set_clock", {}),
    "dump core on the host": ("dump_core", {}),
    "make a device file": ("make_device", {"path": "/tmp/device"}),  # noqa: S108
    "give a file to root": ("give_away", {"path": "/tmp/given"}),  # noqa: S108
    "open a file by its handle": ("open_by_handle", {"path": "/etc/passwd"}),
    "raise the own priority": ("raise_priority", {}),
    "run in real time": ("run_in_real_time", {}),
    "become root": ("become_root", {}),
    "hold capabilities": ("gain_capabilities", {}),
    "run without a filter of system calls": ("without_filter", {}),
    "make a raw socket": ("make_raw_socket", {}),
    "make a packet socket": ("make_packet_socket", {}),
    "make a socket to the host of a virtual machine": ("make_vsock", {}),
    "change network interfaces": ("make_interface", {}),
}
"""Calls of the kernel that break out of a session, or that much of the kernel has been broken by."""

KERNEL_FILES: Mapping[str, str] = {
    "the core pattern": "/proc/sys/kernel/core_pattern",
    "the program that loads modules": "/proc/sys/kernel/modprobe",
    "the magic keys": "/proc/sysrq-trigger",
    "the release agent of cgroups": "/sys/fs/cgroup/memory/release_agent",
    "the limit of its memory": "/sys/fs/cgroup/memory/memory.limit_in_bytes",
    "the limit of its memory in version 2": "/sys/fs/cgroup/memory.max",
    "the handler of devices": "/sys/kernel/uevent_helper",
    "the kernel's messages": "/dev/kmsg",
    "the memory of the machine": "/dev/mem",
    "the maker of network interfaces": "/dev/net/tun",
    "the maker of virtual machines": "/dev/kvm",
    "the maker of file systems": "/dev/fuse",
}
"""Files by which the kernel is ruled; opened for writing, and nothing is written."""

METADATA = ("169.254.169.254", "fd00:ec2::254")
PRIVATE = ("10.0.0.1", "172.16.0.1", "172.17.0.1", "192.168.0.1", "100.64.0.1", "fd00::1", "fe80::1%lo")
INTERNET = ("192.0.2.1", "2001:db8::1")


@dataclass(frozen=True)
class HarmlessAttack:
    """One thing that a session must not be able to do.

    Attributes
    ----------
    title
        What it tries, in words that follow "a session tries to".
    probe, parameters
        The function of `probes` that tries it.
    """

    title: str
    probe: str
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Surroundings:
    """What there is on the host that a session must not reach.

    Attributes
    ----------
    process
        Id of a process of the host.
    addresses, port
        Where somebody listens on the host, by TCP.
    abstract_socket
        Name of an abstract Unix socket on which somebody listens.
    engine_sockets
        Where container engines listen.
    prefix
        The folder of the environment that the session runs in, if it has one.
    """

    process: int
    addresses: Sequence[str]
    port: int
    abstract_socket: str
    engine_sockets: Sequence[Path]
    prefix: Path | None


def harmless_attacks(state: StateFolder, host: Surroundings) -> Iterator[HarmlessAttack]:
    """Yield all of them, fitted to this host."""
    for title, file in (
        ("the accounts", state.accounts),
        ("the word between edge and hub", state.edge_secret),
        ("the user ids", state.controller / "uids.json"),
        ("the host's passwords", Path("/etc/shadow")),
    ):
        yield HarmlessAttack(f"read {title}", "read_file", {"path": str(file)})
    for title, folder in (
        ("the homes of others", state.homes),
        ("the records of sessions", state.controller),
        ("the logs", state.logs),
        ("root's home", Path("/root")),
    ):
        yield HarmlessAttack(f"list {title}", "list_folder", {"path": str(folder)})
    yield HarmlessAttack("write into the system", "write_file", {"path": "/usr/bin/mantidhub-probe"})
    if host.prefix is not None:
        yield HarmlessAttack("write into its environment", "write_file", {"path": str(host.prefix / "probe")})
    yield HarmlessAttack("connect to the controller", "connect_unix", {"path": str(state.controller_socket)})
    for socket in host.engine_sockets:
        yield HarmlessAttack(f"connect to {socket}", "connect_unix", {"path": str(socket)})
    yield HarmlessAttack(
        "connect to an abstract socket of the host", "connect_unix", {"path": f"@{host.abstract_socket}"}
    )
    ports = [(address, host.port) for address in host.addresses]
    yield HarmlessAttack("connect to a TCP port of the host", "connect_tcp", {"addresses": ports})
    yield HarmlessAttack("ask a name server", "resolve", {"name": "example.org"})
    yield HarmlessAttack("find a network interface", "find_interfaces")
    for title, addresses in (
        ("the metadata of a cloud", METADATA),
        ("private networks", PRIVATE),
        ("the internet", INTERNET),
    ):
        yield HarmlessAttack(f"find a way to {title}", "route_to", {"addresses": list(addresses)})
    yield HarmlessAttack("signal a process of the host", "signal_process", {"pid": host.process})
    yield HarmlessAttack("trace a process of the host", "trace_process", {"pid": host.process})
    yield HarmlessAttack("read the memory of a process of the host", "read_process_memory", {"pid": host.process})
    yield HarmlessAttack("see files through a process of the host", "read_process_root", {"pid": host.process})
    yield HarmlessAttack("enter a cgroup", "find_writable_cgroup")
    for title, (probe, parameters) in CALLS.items():
        yield HarmlessAttack(title, probe, parameters)
    for title, path in KERNEL_FILES.items():
        yield HarmlessAttack(f"open {title} for writing", "open_for_writing", {"path": path})
