"""Machines beyond this one: a network of the tests' own with addresses that look public, private and link-local."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from support.platform import wait_until

REQUIRED = "MANTIDHUB_TEST_NETWORK"
"""Set by `make test-network`: what cannot be tried is then a failure. Without it, it is skipped and said."""
PORTS = (80, 443, 8080)
SERVER = Path(__file__).with_name("beyond.py")


class NoNetwork(Exception):
    """No network can be made for tests here, with the reason."""


@dataclass(frozen=True)
class Internet:
    """One machine that listens on `PORTS` of all its addresses, and knows names; see :mod:`support.beyond`.

    Attributes
    ----------
    public
        An address for documentation (TEST-NET-3, RFC 5737), which no range of private addresses holds.
    here
        The address of this host in the same network.
    """

    public: str
    private: str
    link_local: str
    here: str
    asked: Path

    def was_asked_for(self, name: str) -> bool:
        """Tell whether anybody asked where a name leads that :attr:`names` does not hold."""
        first, _, rest = name.partition(".")
        return f"{first}{chr(len(rest.partition('.')[0]))}{rest.partition('.')[0]}".encode() in self.asked.read_bytes()

    @property
    def names(self) -> dict[str, tuple[str, ...]]:
        """Names that lead to it, for :func:`knowing`; those that lead elsewhere are the attacker's."""
        return {
            "good.example": (self.public,),
            "sub.good.example": (self.public,),
            "other.example": (self.public,),
            "private.example": (self.private,),
            "link.example": (self.link_local,),
            "loopback.example": ("127.0.0.1",),
            "six.example": ("::1",),
            "here.example": (self.here,),
            "metadata.example": ("169.254.169.254",),
            "both.example": (self.public, "127.0.0.1"),
        }


def knowing(internet: Internet, folder: Path) -> tuple[str, ...]:
    """Return the command before another that then knows its names, and asks it for others, as nobody else here does."""
    lines = [f"{address} {name}" for name, addresses in internet.names.items() for address in addresses]
    hosts, resolver = folder / "hosts", folder / "resolv.conf"
    hosts.write_text("127.0.0.1 localhost\n" + "\n".join(lines) + "\n")
    resolver.write_text(f"nameserver {internet.public}\n")
    mounts = f"mount --bind {hosts} /etc/hosts && mount --bind {resolver} /etc/resolv.conf"
    return ("unshare", "--mount", "sh", "-c", f'{mounts} && exec "$@"', "sh")


@contextmanager
def internet_for_tests() -> Iterator[Internet]:
    """Make the network, and leave nothing of it.

    Raises
    ------
    NoNetwork
        If that cannot be done here.
    """
    if os.geteuid() != 0:
        raise NoNetwork("Only root may make a network.")
    if missing := [name for name in ("ip", "squid") if shutil.which(name, path="/usr/sbin:/usr/bin:/sbin") is None]:
        raise NoNetwork(f"There is no {' and no '.join(missing)}: `python3 tools/squid.py` installs them on Debian.")
    with _network_namespace() as holder, tempfile.TemporaryDirectory() as folder:
        number = _connect(holder)
        internet = Internet(
            public=f"203.0.113.{4 * number + 2}",
            private=f"10.213.{number}.80",
            link_local=f"169.254.213.{number + 1}",
            here=f"203.0.113.{4 * number + 1}",
            asked=Path(folder) / "asked",
        )
        internet.asked.touch()
        try:
            _give_addresses(internet, holder, number)
            place = ["nsenter", f"--net=/proc/{holder}/ns/net"]
            server = subprocess.Popen(
                [*place, sys.executable, str(SERVER), internet.public, str(internet.asked), *map(str, PORTS)]
            )
            try:
                wait_until(lambda: _answers(internet.public), limit=10, what="the machine beyond answers")
                yield internet
            finally:
                server.kill()
                server.wait()
        finally:
            subprocess.run(["ip", "link", "delete", f"mantidhub{number}"], check=True)


@contextmanager
def _network_namespace() -> Iterator[int]:
    own = Path("/proc/self/ns/net").stat().st_ino
    holder = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
    try:
        wait_until(
            lambda: Path(f"/proc/{holder.pid}/ns/net").stat().st_ino != own, limit=10, what="there is a second network"
        )
        yield holder.pid
    finally:
        holder.kill()
        holder.wait()


def _connect(holder: int) -> int:
    """Lay a cable to the second network, with a number that no other run of tests on this host has."""
    said = ""
    for number in range(64):
        ends = ("name", f"mantidhub{number}", "type", "veth", "peer", "name", "beyond", "netns", str(holder))
        done = subprocess.run(["ip", "link", "add", *ends], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return number
        said = done.stderr.strip()
        if "File exists" not in said:
            break
    raise NoNetwork(f"No network interface can be made: {said}")


def _give_addresses(internet: Internet, holder: int, number: int) -> None:
    def ip(*arguments: str, beyond: bool = False) -> None:
        place = ["nsenter", f"--net=/proc/{holder}/ns/net"] if beyond else []
        subprocess.run([*place, "ip", *arguments], check=True)

    ip("address", "add", f"{internet.here}/30", "dev", f"mantidhub{number}")
    ip("link", "set", f"mantidhub{number}", "up")
    for address in (f"{internet.public}/30", f"{internet.private}/32", f"{internet.link_local}/32"):
        ip("address", "add", address, "dev", "beyond", beyond=True)
    ip("link", "set", "lo", "up", beyond=True)
    ip("link", "set", "beyond", "up", beyond=True)
    for address in (internet.private, internet.link_local):
        ip("route", "add", f"{address}/32", "via", internet.public)


def _answers(address: str) -> bool:
    try:
        socket.create_connection((address, PORTS[-1]), 1).close()
    except OSError:
        return False
    return True
