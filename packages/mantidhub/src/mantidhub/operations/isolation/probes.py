"""What a hostile session tries, one function for each call that it makes.

A program of its own, of the standard library alone: the same text runs inside a session, with its environment's Python,
and on the host as the control. ``python probes.py '[["NAME", {…}], …]'`` prints one JSON object for each probe.

A probe returns what it gained, in words. It raises ``OSError``, or returns nothing, where it was refused. None of them
harms: what could change something is called with arguments that the kernel refuses *after* it has looked at the
caller's rights, and whoever gets that far could have called it in earnest.
"""

import ctypes
import errno
import fcntl
import json
import os
import platform
import pty
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable

LIBC = ctypes.CDLL(None, use_errno=True)
LIMIT = 20
"""Seconds after which a probe counts as refused."""
REFUSED = {errno.EPERM, errno.EACCES, errno.ENOSYS}
NEW_USER, NEW_MOUNT, NEW_NETWORK, NEW_TIME = 0x10000000, 0x00020000, 0x40000000, 0x00000080

CALLS = {
    "x86_64": {
        "add_key": 248, "bpf": 321, "clone3": 435, "fsopen": 430, "init_module": 175, "io_uring_setup": 425,
        "kexec_load": 246, "keyctl": 250, "open_by_handle_at": 304, "name_to_handle_at": 303, "perf_event_open": 298,
        "pivot_root": 155, "process_vm_readv": 310, "quotactl": 179, "reboot": 169, "swapon": 167, "userfaultfd": 323,
        "acct": 163, "syslog": 103, "move_mount": 429, "open_tree": 428, "fanotify_init": 300,
    },
    "aarch64": {
        "add_key": 217, "bpf": 280, "clone3": 435, "fsopen": 430, "init_module": 105, "io_uring_setup": 425,
        "kexec_load": 104, "keyctl": 219, "open_by_handle_at": 265, "name_to_handle_at": 264, "perf_event_open": 241,
        "pivot_root": 41, "process_vm_readv": 270, "quotactl": 60, "reboot": 142, "swapon": 224, "userfaultfd": 282,
        "acct": 89, "syslog": 116, "move_mount": 429, "open_tree": 428, "fanotify_init": 262,
    },
}  # fmt: skip
"""Numbers of system calls: the kernel's ``syscall_64.tbl`` and its generic ``unistd.h``."""


def _check(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def _call(name: str, *arguments: object) -> int:
    number = CALLS[platform.machine()][name]
    given = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    return _check(LIBC.syscall(ctypes.c_long(number), *given), name)


def _looked_at(name: str, *arguments: object) -> str:
    """Make a call with arguments that make no sense: where the caller has no right, the kernel says that first."""
    try:
        _call(name, *arguments)
    except OSError as error:
        if error.errno in REFUSED:
            raise
        return f"{name}: the caller has the right to it"
    return f"{name} succeeded"


# Files


def read_file(path: str) -> str:
    """Read the beginning of a file."""
    with open(path, "rb") as file:  # noqa: PTH123 - as plain as an attacker would
        return f"read {len(file.read(64))} bytes of {path}"


def list_folder(path: str) -> str:
    """List a folder."""
    return f"saw {len(os.listdir(path))} names in {path}"  # noqa: PTH208


def write_file(path: str) -> str:
    """Make a file, and take it away again."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    os.unlink(path)  # noqa: PTH108
    return f"made {path}"


def open_for_writing(path: str) -> str:
    """Open a file that is there for writing, and write nothing."""
    os.close(os.open(path, os.O_WRONLY))
    return f"opened {path} for writing"


def change_mode(path: str) -> str:
    """Give a file the mode that it has."""
    os.chmod(path, os.stat(path).st_mode & 0o7777)  # noqa: PTH101, PTH116
    return f"changed the mode of {path}"


def make_device(path: str) -> str:
    """Make a device file of the kernel's memory."""
    os.mknod(path, 0o20600, os.makedev(1, 1))
    os.unlink(path)  # noqa: PTH108
    return "made a device file"


def give_away(path: str) -> str:
    """Make a file and give it to root."""
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o4755))
    try:
        os.chown(path, 0, 0)
    finally:
        os.unlink(path)  # noqa: PTH108
    return "gave a file to root"


def open_by_handle(path: str) -> str:
    """Open a file by its number in the file system, past all folders above it and past every mount."""
    handle = ctypes.create_string_buffer(struct.pack("Ii", 128, 0) + bytes(128))
    mount = ctypes.c_int()
    _call("name_to_handle_at", -100, ctypes.c_char_p(os.fsencode(path)), handle, ctypes.byref(mount), 0)
    place = os.open(path, os.O_RDONLY)
    os.close(_call("open_by_handle_at", place, handle, os.O_RDONLY))
    return f"opened {path} by its handle"


def run_as_its_owner(path: str) -> str:
    """Run a program that has root's rights by its mode or its capabilities; it prints the rights that it has."""
    done = subprocess.run([path, "/proc/self/status"], capture_output=True, text=True, timeout=LIMIT, check=False)
    lines = dict(line.split(":", 1) for line in done.stdout.splitlines() if ":" in line)
    if not lines:
        raise OSError(errno.EACCES, done.stderr.strip() or "it did not run")
    user, rights = lines["Uid"].split()[1], int(lines["CapEff"], 16)
    return f"ran with user id {user} and rights {rights:x}" if user == "0" or rights else ""


# Processes


def find_process(words: str) -> str:
    """Find a process by what stands on its command line; the words are given with a bar after the first letter."""
    sought = words.replace("|", "").encode()
    for name in os.listdir("/proc"):  # noqa: PTH208
        try:
            with open(f"/proc/{name}/cmdline", "rb") as file:  # noqa: PTH123
                if name.isdigit() and sought in file.read():
                    return f"found process {name}"
        except OSError:
            continue
    return ""


def find_variable(words: str) -> str:
    """Find a word in the variables of any process that can be seen, given with a bar after the first letter."""
    sought = words.replace("|", "").encode()
    for name in os.listdir("/proc"):  # noqa: PTH208
        try:
            with open(f"/proc/{name}/environ", "rb") as file:  # noqa: PTH123
                if sought in file.read():
                    return f"found it in process {name}"
        except OSError:
            continue
    return ""


def trace_process(pid: int) -> str:
    """Attach to a process as a debugger does, and let go."""
    _check(LIBC.ptrace(16, pid, None, None), "ptrace")
    os.waitpid(pid, 0x40000000)
    LIBC.ptrace(17, pid, None, None)
    return f"traced process {pid}"


def read_process_memory(pid: int) -> str:
    """Open the memory of a process."""
    with open(f"/proc/{pid}/mem", "rb"):  # noqa: PTH123
        return f"opened the memory of process {pid}"


def read_process_root(pid: int) -> str:
    """Look at the host's files through the root folder of a process."""
    return f"saw {len(os.listdir(f'/proc/{pid}/root/'))} names below the root of process {pid}"  # noqa: PTH208


def signal_process(pid: int) -> str:
    """See whether a signal could be sent."""
    os.kill(pid, 0)
    return f"could signal process {pid}"


def find_inherited(expected: str, hold: str = "") -> str:
    """Find a descriptor of a file or folder that no path leads to, in any process that can be seen.

    Parameters
    ----------
    expected
        How the name ends of the one file that may be held: the session's own log.
    hold
        A file that is held open and removed first, so that there is one.
    """
    held = open(hold, "w") if hold else None  # noqa: PTH123, SIM115 - open until the process ends
    if held:
        os.unlink(hold)  # noqa: PTH108
    for process in [name for name in os.listdir("/proc") if name.isdigit()]:  # noqa: PTH208
        try:
            descriptors = os.listdir(f"/proc/{process}/fd")  # noqa: PTH208
        except OSError:
            continue
        for descriptor in descriptors:
            try:
                target = os.readlink(f"/proc/{process}/fd/{descriptor}")  # noqa: PTH115
            except OSError:
                continue
            known = not target.startswith("/") or target.startswith(("/dev/", "/proc/", "/tmp/", "/memfd:"))  # noqa: S108
            if not known and not os.path.exists(target) and not target.endswith(expected):  # noqa: PTH110
                return f"process {process} holds {target}"
    return ""


def raise_priority() -> str:
    """Run before all others."""
    os.setpriority(os.PRIO_PROCESS, 0, -10)
    return "has a higher priority than others"


def run_in_real_time() -> str:
    """Take a processor and never give it back."""
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    return "runs in real time"


def become_root() -> str:
    """Ask for root's user id, and look whether that gives rights over the host."""
    os.setuid(0)
    return "has user id 0"


def gain_capabilities() -> str:
    """Look for rights that the process has, or could get by a program that it runs."""
    with open("/proc/self/status") as file:  # noqa: PTH123
        lines = dict(line.split(":", 1) for line in file.read().splitlines())
    effective, bounding = int(lines["CapEff"], 16), int(lines["CapBnd"], 16)
    free = int(lines["NoNewPrivs"]) == 0
    return f"rights {effective:x}, to be had {bounding:x}" if effective or (bounding and free) else ""


def without_filter() -> str:
    """Look whether the kernel filters the process's system calls."""
    with open("/proc/self/status") as file:  # noqa: PTH123
        lines = dict(line.split(":", 1) for line in file.read().splitlines())
    return "" if int(lines["Seccomp"]) == 2 else "no filter of system calls"


# Sockets and networks


def connect_unix(path: str) -> str:
    """Connect to a Unix socket; a name that begins with ``@`` is an abstract one."""
    name = "\0" + path[1:] if path.startswith("@") else path
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(3)
        client.connect(name)
    return f"connected to {path}"


def connect_tcp(addresses: list[tuple[str, int]]) -> str:
    """Connect to any of these hosts and ports."""
    for host, port in addresses:
        try:
            socket.create_connection((host, port), 0.7).close()
        except OSError:
            continue
        return f"connected to {host} port {port}"
    return ""


def scan_tcp(hosts: list[str], own: list[int]) -> str:
    """Try every port of some hosts; those that one listens on oneself are no find."""
    for host in hosts:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        for port in range(1, 65536):
            if port in own:
                continue
            with socket.socket(family) as client:
                client.settimeout(0.3)
                number = client.connect_ex((host, port))
                if number == 0 and client.getsockname() != client.getpeername():
                    return f"connected to {host} port {port}"
                if number in {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}:
                    break  # no way to this host, so to none of its ports
    return ""


def resolve(name: str) -> str:
    """Ask for the address of a name."""
    return f"{name} is {socket.gethostbyname(name)}"


def send_udp(host: str, port: int) -> str:
    """Send a datagram to an echo and wait for the answer."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(1)
        client.sendto(b"hello", (host, port))
        return f"heard from {host} port {port}: {client.recv(100)!r}"


def route_to(addresses: list[str]) -> str:
    """Look whether the kernel knows a way to any of these addresses; nothing is sent."""
    for address in addresses:
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as client:
            try:
                client.connect((address, 80))
            except OSError:
                continue
            return f"there is a way to {address}, from {client.getsockname()[0]}"
    return ""


def find_interfaces() -> str:
    """Look for network interfaces other than the loopback."""
    names = [name for _, name in socket.if_nameindex() if name != "lo"]
    return f"interfaces {', '.join(names)}" if names else ""


def make_raw_socket() -> str:
    """Make a socket on which headers can be forged."""
    socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).close()
    return "made a raw socket"


def make_packet_socket() -> str:
    """Make a socket that hears everything on an interface."""
    socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close()
    return "made a packet socket"


def make_vsock() -> str:
    """Make a socket to the host of a virtual machine."""
    socket.socket(40, socket.SOCK_STREAM).close()
    return "made a socket to the host of the virtual machine"


def make_interface() -> str:
    """Add a network interface through netlink."""
    name, kind = b"probe0\0\0", b"dummy\0\0\0"
    info = struct.pack("HH", 4 + 8, 1) + kind
    body = struct.pack("BBHiII", 0, 0, 0, 0, 0, 0) + struct.pack("HH", 4 + 8, 3) + name
    body += struct.pack("HH", 4 + len(info), 18) + info
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as link:
        link.send(struct.pack("IHHII", 16 + len(body), 16, 0x605, 1, 0) + body)
        number = -struct.unpack("i", link.recv(4096)[16:20])[0]
    if number not in {0, errno.EEXIST, errno.EOPNOTSUPP}:
        raise OSError(number, os.strerror(number))
    return "may change network interfaces"


# The kernel


def mount_file_system(path: str) -> str:
    """Mount an empty file system, and take it away."""
    _check(LIBC.mount(b"tmpfs", os.fsencode(path), b"tmpfs", 0, None), "mount")
    LIBC.umount2(os.fsencode(path), 2)
    return f"mounted on {path}"


def bind_root(path: str) -> str:
    """Mount the root folder a second time, writable."""
    _check(LIBC.mount(b"/", os.fsencode(path), None, 4096, None), "mount")
    LIBC.umount2(os.fsencode(path), 2)
    return f"bound the root folder to {path}"


def make_writable(path: str) -> str:
    """Mount something read-only anew, writable."""
    _check(LIBC.mount(None, os.fsencode(path), None, 4096 | 32, None), "mount")
    return f"mounted {path} anew"


def unmount(path: str) -> str:
    """Unmount something, to see what lies below."""
    try:
        _check(LIBC.umount2(os.fsencode(path), 4 | 2), "umount")  # MNT_EXPIRE with MNT_DETACH: never done, EINVAL
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
    return f"may unmount {path}"


def open_new_file_system() -> str:
    """Prepare a file system by the newer calls."""
    os.close(_call("fsopen", ctypes.c_char_p(b"tmpfs"), 0))
    return "prepared a file system"


def pivot_root() -> str:
    """Exchange the root folder."""
    return _looked_at("pivot_root", ctypes.c_char_p(b"/nowhere"), ctypes.c_char_p(b"/nowhere"))


def change_root() -> str:
    """Change the root folder, the first step of the old way out of one."""
    os.chroot("/")
    return "changed the root folder"


def new_user_namespace() -> str:
    """Make a user namespace: root within, and with it a much larger part of the kernel to attack."""
    _check(LIBC.unshare(NEW_USER), "unshare")
    return "made a user namespace"


def new_mount_namespace() -> str:
    """Make a mount namespace."""
    _check(LIBC.unshare(NEW_MOUNT), "unshare")
    return "made a mount namespace"


def new_network_namespace() -> str:
    """Make a network namespace."""
    _check(LIBC.unshare(NEW_NETWORK), "unshare")
    return "made a network namespace"


def new_time_namespace() -> str:
    """Make a namespace with clocks of its own."""
    _check(LIBC.unshare(NEW_TIME), "unshare")
    return "made a time namespace"


def _clone(call: Callable[[], int], what: str) -> str:
    child = call()
    if child == 0:
        os._exit(0)
    _check(child, what)
    os.waitpid(child, 0)
    return f"{what} made a process in a user namespace of its own"


def clone_user_namespace() -> str:
    """Make a user namespace by ``clone``."""
    number = {"x86_64": 56, "aarch64": 220}[platform.machine()]
    return _clone(lambda: LIBC.syscall(number, NEW_USER | signal.SIGCHLD, 0, 0, 0, 0), "clone")


def clone3_user_namespace() -> str:
    """Make a user namespace by ``clone3``, whose flags a filter cannot see."""
    arguments = (ctypes.c_uint64 * 11)(NEW_USER, 0, 0, 0, signal.SIGCHLD)
    number = CALLS[platform.machine()]["clone3"]
    return _clone(lambda: LIBC.syscall(number, arguments, 88), "clone3")


def enter_namespace(path: str) -> str:
    """Enter a namespace by the file that stands for it."""
    place = os.open(path, os.O_RDONLY)
    _check(LIBC.setns(place, 0), "setns")
    return f"entered {path}"


def load_program_into_kernel() -> str:
    """Load a program that the kernel runs (eBPF)."""
    return _looked_at("bpf", 5, ctypes.create_string_buffer(128), 128)


def make_kernel_map() -> str:
    """Make a table in the kernel that such programs share."""
    attributes = ctypes.create_string_buffer(struct.pack("IIII", 2, 4, 8, 1) + bytes(112))
    os.close(_call("bpf", 0, attributes, 128))
    return "made a map"


def handle_page_faults() -> str:
    """Hold the kernel up in the middle of a copy, a usual step of attacks on it."""
    os.close(_call("userfaultfd", 0))
    return "handles page faults"


def use_io_uring() -> str:
    """Make system calls by a queue that no filter sees."""
    os.close(_call("io_uring_setup", 4, ctypes.create_string_buffer(120)))
    return "made a queue of system calls"


def watch_processor() -> str:
    """Count events of the whole machine."""
    attributes = ctypes.create_string_buffer(struct.pack("IIQ", 1, 64, 0) + bytes(48))
    os.close(_call("perf_event_open", attributes, -1, 0, -1, 0))
    return "counts events of all processes"


def read_keyrings() -> str:
    """Reach the kernel's keys, which no namespace of ours separates."""
    return f"has keyring {_call('keyctl', 0, -4, 1)}"


def keep_key() -> str:
    """Put a key where others of the same user id find it."""
    words = ctypes.c_char_p(b"probe")
    key = _call("add_key", ctypes.c_char_p(b"user"), words, words, 5, -4)
    _call("keyctl", 3, key)
    return "kept a key"


def load_module() -> str:
    """Load a module into the kernel."""
    return _looked_at("init_module", ctypes.c_char_p(b""), 0, ctypes.c_char_p(b""))


def load_kernel() -> str:
    """Load another kernel."""
    return _looked_at("kexec_load", 0, 0, ctypes.c_long(0), 0x0000FFF0)


def reboot() -> str:
    """Restart the machine."""
    return _looked_at("reboot", 1, 2, 3, ctypes.c_long(0))


def add_swap() -> str:
    """Let the machine swap to a file."""
    return _looked_at("swapon", ctypes.c_char_p(b"/nowhere"), 0)


def record_processes() -> str:
    """Let the kernel write down every process that ends."""
    return _looked_at("acct", ctypes.c_char_p(b"/nowhere/file"))


def watch_files() -> str:
    """Be told of every file that anybody opens."""
    os.close(_call("fanotify_init", 4, 0))
    return "can watch a whole file system"


def read_kernel_log() -> str:
    """Read what the kernel printed, addresses of its memory among it."""
    buffer = ctypes.create_string_buffer(64)
    return f"read {_call('syslog', 3, buffer, 64)} bytes of the kernel's log"


def type_into_terminal() -> str:
    """Put a character into the terminal that one was started from."""
    child, terminal = pty.fork()
    if child == 0:
        try:
            fcntl.ioctl(0, 0x5412, b"x")
        except OSError as error:
            os._exit(error.errno or 1)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.close(terminal)
    if status:
        raise OSError(status, os.strerror(status))
    return "typed into a terminal"


def name_machine() -> str:
    """Give the machine the name that it has."""
    socket.sethostname(socket.gethostname())
    return "named the machine"


def set_clock() -> str:
    """Set the clock of the machine, by nothing."""
    held = ctypes.create_string_buffer(bytes(400))
    _check(LIBC.adjtimex(held), "adjtimex")
    struct.pack_into("I", held, 0, 0x0010)  # ADJ_STATUS, with the status that it has
    _check(LIBC.adjtimex(held), "adjtimex")
    return "may set the clock"


def find_writable_cgroup() -> str:
    """Find a group of limits that one may change or leave."""
    for folder, _, files in os.walk("/sys/fs/cgroup"):
        if "cgroup.procs" in files and os.access(f"{folder}/cgroup.procs", os.W_OK):
            return f"may enter {folder}"
    return ""


def dump_core() -> str:
    """Look whether a process that crashes leaves its memory on the host."""
    import resource

    limit = resource.getrlimit(resource.RLIMIT_CORE)[1]
    return f"can leave cores of {limit} bytes (-1: any)" if limit else ""


def find_shared_memory(identifier: int) -> str:
    """Attach to shared memory of System V by its number."""
    LIBC.shmat.restype = ctypes.c_void_p
    address = LIBC.shmat(identifier, None, 0o10000)
    if address in {None, ctypes.c_void_p(-1).value}:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return f"attached to shared memory {identifier}"


def run(name: str, parameters: dict[str, object]) -> dict[str, str]:
    """Run one probe in a process of its own; say what it gained or why it was refused."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            answer = {"gained": globals()[name](**parameters), "refused": "it gained nothing"}
        except OSError as error:
            answer = {"gained": "", "refused": str(error)}
        except BaseException as error:  # noqa: BLE001 - whatever became of the attempt is told
            answer = {"gained": "", "refused": "", "broken": f"{type(error).__name__}: {error}"}
        os.write(writing, json.dumps(answer).encode())
        os._exit(0)
    os.close(writing)
    deadline = time.monotonic() + LIMIT
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            break
        time.sleep(0.005)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    return {"probe": name, **(json.loads(said) if said else {"gained": "", "refused": "the process was ended"})}


def main() -> None:
    """Run the probes that the first argument names."""
    for name, parameters in json.loads(sys.argv[1]):
        print(json.dumps(run(name, parameters)), flush=True)


if __name__ == "__main__":
    main()
