"""squid: which program, its configuration as a pure function of the settings, and whether it takes that."""

import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from mantidhub.errors import PlatformError, SettingsError
from mantidhub.network.proxy_protocol import PERSON_FIELD
from mantidhub.network.ranges import NEVER, PRIVATE
from mantidhub.settings import Settings
from mantidhub.settings.destination import HostAndPort

OLDEST = (5, 0)
"""From here on squid can log a field of the PROXY protocol (its release notes, 5.1)."""
PLACES = "/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin"
"""Where the program is looked for; ordinary users' PATH often lacks the first two."""
TEMPLATE = files("mantidhub.network") / "template.squid.conf"


@dataclass(frozen=True)
class Squid:
    """What the configuration is made for.

    Attributes
    ----------
    port
        TCP port of the loopback on which squid listens, for the relay.
    source
        Range of addresses by which squid knows the relay: it is made up at each start and told to nobody else, since
        every program of the host can reach the port.
    folder
        Where squid may write.
    pages
        What people read when they are refused.
    """

    port: int
    source: str
    folder: Path
    pages: Path = Path(str(files("mantidhub.network") / "pages"))


def find_squid() -> Path:
    """Return the program.

    Raises
    ------
    SettingsError
        If there is none, or it is too old.
    """
    program = shutil.which("squid", path=PLACES)
    advice = 'Install it (Debian and Ubuntu: `apt-get install squid`), or set network.policy to "none"'
    if program is None:
        raise SettingsError(f"What sessions may reach is filtered by squid, which is not on this host. {advice}.")
    said = _run([program, "-v"]).stdout
    version = tuple(int(part) for part in re.findall(r"Version (\d+)\.(\d+)", said)[0]) if "Version" in said else ()
    if version < OLDEST:
        found = ".".join(map(str, version)) or "of unknown version"
        wanted = ".".join(map(str, OLDEST))
        raise SettingsError(f"{program} is squid {found}; at least {wanted} is needed. {advice}.")
    return Path(program)


def squid_command(program: Path, configuration: Path, *, name: str) -> list[str]:
    """Return the command that runs squid in the foreground; the name, letters and digits, tells several apart."""
    return [str(program), "-N", "-n", name, "-d", "0", "-f", str(configuration)]


def require_valid(program: Path, configuration: Path) -> None:
    """Let squid read its configuration without starting.

    Raises
    ------
    PlatformError
        With what squid found.
    """
    done = _run([str(program), "-k", "parse", "-f", str(configuration)])
    if done.returncode != 0:
        wrong = [line for line in done.stderr.splitlines() if re.search(r"FATAL|ERROR|Bungled", line)]
        raise PlatformError(f"squid does not take {configuration}: {(wrong or ['it does not say why'])[-1]}")


def squid_configuration(settings: Settings, squid: Squid, *, own_addresses: Iterable[str]) -> str:
    """Return squid's configuration: what the policy opens, and nothing else.

    Parameters
    ----------
    own_addresses
        Those of this host, which sessions reach only where they are listed.
    """
    listed = list(settings.network.hosts)
    if settings.network.policy == "registries":
        listed += [registry for registry in settings.registries if registry not in listed]
    lines = [line for number, destination in enumerate(listed, start=1) for line in _allowed(number, destination)]
    if settings.network.policy == "open":
        lines += [f"http_access deny {what}" for what in ("!usual_ports", "never", "private")]
        lines.append("http_access allow all")
    filling = {
        "port": squid.port,
        "source": squid.source,
        "folder": squid.folder,
        "pages": squid.pages,
        "person": PERSON_FIELD,
        "never": " ".join(NEVER),
        "private": " ".join((*PRIVATE, *own_addresses)),
        "usual_ports": " ".join(map(str, settings.network.ports)),
        "allowed": "\n".join(lines),
    }
    text = TEMPLATE.read_text(encoding="utf-8")
    for name, value in filling.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


def _allowed(number: int, destination: HostAndPort) -> list[str]:
    """Allow one destination, unless it leads where nobody may go.

    With ``-n``, squid compares what was asked for and looks nothing up: else whoever owns an address could give it a
    listed host's name in the reverse direction. Where a name leads is asked last, and so of listed names only: else a
    session could tell its secrets to whoever answers for names, by asking for them.
    """
    host = f"host_{number}"
    if destination.is_address:
        lines = [f"acl {host} dst -n {destination.host}"]
    else:
        lines = [f"acl {host} dstdomain -n {destination.host.removeprefix('*')}"]
    port = "usual_ports" if destination.port is None else f"port_{number}"
    if destination.port is not None:
        lines.append(f"acl {port} port {destination.port}")
    return [*lines, f"http_access deny {host} {port} never", f"http_access allow {host} {port}"]


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
