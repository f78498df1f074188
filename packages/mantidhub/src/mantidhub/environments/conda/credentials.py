"""What mirrors ask for: read from a netrc file, or from the JSON file that conda tools keep.

The JSON file maps a host (``mirror.example.org``, ``mirror.example.org:8443``, ``*.example.org``) to one of
``{"BearerToken": "…"}``, ``{"BasicHTTP": {"username": "…", "password": "…"}}`` and ``{"CondaToken": "…"}``.
"""

import base64
import json
import netrc
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

from mantidhub.errors import EnvironmentFailed


@dataclass(frozen=True)
class Credential:
    """What one host is given: a header, or a token that becomes part of the address."""

    header: str = ""
    path_token: str = ""


@dataclass(frozen=True)
class Credentials:
    """Host → credential; never printed."""

    hosts: dict[str, Credential] = field(default_factory=dict, repr=False)

    @classmethod
    def read(cls, file: Path | None) -> Self:
        """Read a file; without one, those that conda tools and netrc name for this user, if they are there.

        Raises
        ------
        EnvironmentFailed
            The file cannot be read or is of neither format.
        """
        if file is None:
            usual = [os.environ.get("RATTLER_AUTH_FILE"), os.environ.get("NETRC"), str(Path.home() / ".netrc")]
            file = next((Path(path) for path in usual if path and Path(path).is_file()), None)
        if file is None:
            return cls()
        try:
            text = file.read_text(encoding="utf-8")
        except OSError as error:
            raise EnvironmentFailed(
                f"The credentials {file} cannot be read ({error.strerror}). Name another file, or give this user the "
                "right to read it."
            ) from error
        try:
            return cls(read_json(text) if text.lstrip().startswith("{") else read_netrc(file))
        except (ValueError, KeyError, TypeError, AttributeError, netrc.NetrcParseError) as error:
            raise EnvironmentFailed(
                f"The credentials {file} are neither a netrc file nor the JSON of conda tools "
                '({"HOST": {"BasicHTTP": {"username": …, "password": …}}}, BearerToken or CondaToken): '
                f"{type(error).__name__}."  # the text of the error might hold a password
            ) from None

    def find(self, host: str) -> Credential | None:
        """Return what a host (with or without a port) is given; ``*.`` stands for any beginning."""
        bare = host.rpartition(":")[0] or host
        for name in (host, bare):
            if name in self.hosts:
                return self.hosts[name]
        parents = (bare.split(".", count)[-1] for count in range(1, bare.count(".") + 1))
        return next((self.hosts[f"*.{parent}"] for parent in parents if f"*.{parent}" in self.hosts), None)

    def headers(self, host: str) -> dict[str, str]:
        """Return the headers for a host."""
        found = self.find(host)
        return {"Authorization": found.header} if found and found.header else {}

    def address(self, address: str) -> str:
        """Return an address with the token that its host wants in the path, ``/t/TOKEN/…``."""
        parts = urlsplit(address)
        found = self.find(parts.netloc)
        if not found or not found.path_token:
            return address
        return urlunsplit(parts._replace(path=f"/t/{found.path_token}{parts.path}"))

    def conceal(self, text: str) -> str:
        """Return a text without the tokens that addresses carry."""
        for credential in self.hosts.values():
            if credential.path_token:
                text = text.replace(credential.path_token, "***")
        return text


def read_json(text: str) -> dict[str, Credential]:
    """Read the file of conda tools."""
    return {host: read_entry(entry) for host, entry in json.loads(text).items()}


def read_entry(entry: dict[str, Any]) -> Credential:
    """Read what it says about one host."""
    match entry:
        case {"BearerToken": str(token)}:
            return Credential(header=f"Bearer {token}")
        case {"BasicHTTP": {"username": str(user), "password": str(password)}}:
            return Credential(header=basic(user, password))
        case {"CondaToken": str(token)}:
            return Credential(path_token=token)
        case _:
            raise ValueError("an entry of another kind")


def read_netrc(file: Path) -> dict[str, Credential]:
    """Read a netrc file."""
    hosts = netrc.netrc(str(file)).hosts
    return {host: Credential(header=basic(user, password or "")) for host, (user, _, password) in hosts.items()}


def basic(user: str, password: str) -> str:
    """Return the header of basic authentication."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
