"""Whether the names that people's addresses need are there: in the name server, and in the certificate."""

import secrets
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from mantidhub.edge.hosts import host_of
from mantidhub.settings.model import ServerSettings


@dataclass(frozen=True)
class Missing:
    """What is not there, and what to do; ``certain`` if it cannot be otherwise for the people who connect."""

    text: str
    certain: bool


def missing_names(server: ServerSettings) -> Iterator[Missing]:
    """Look for what ``server.subdomains`` needs; nothing if all of it is there."""
    domain = host_of(server.public_address)
    hub, person = _addresses(domain), _addresses(f"check-{secrets.token_hex(4)}.{domain}")
    needed = f"names below {domain}, which people's servers have, need a wildcard entry *.{domain} in the name server"
    if not hub:
        yield Missing(f"{domain} has no address, as far as this machine can tell. It and {needed}.", certain=False)
    elif not person:
        yield Missing(f"As far as this machine can tell, {needed}.", certain=False)
    elif not hub & person:
        yield Missing(
            f"{domain} leads to {_listed(hub)}, but names below it to {_listed(person)}. Let the entry *.{domain} lead "
            "to the same machine.",
            certain=False,
        )
    if server.certificate is not None and (lacking := _not_in(server.certificate, domain)):
        yield Missing(
            f"{server.certificate} is not for {' and '.join(lacking)}, so browsers refuse the addresses of people's "
            f"servers. Get a certificate for {domain} and *.{domain}.",
            certain=True,
        )


def _addresses(host: str) -> set[str]:
    try:
        return {str(entry[4][0]) for entry in socket.getaddrinfo(host, None)}
    except (OSError, UnicodeError):
        return set()


def _listed(addresses: set[str]) -> str:
    return ", ".join(sorted(addresses))


def _not_in(certificate: Path, domain: str) -> list[str]:
    """Return which of the needed names a certificate does not have; none if it cannot be read, which others say."""
    try:
        leaf = x509.load_pem_x509_certificates(certificate.read_bytes())[0]
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        found = {name.lower() for name in names.get_values_for_type(x509.DNSName)}
    except x509.ExtensionNotFound:
        found = set()  # browsers look nowhere else (RFC 6125, 6.4.4)
    except (OSError, ValueError):
        return []
    return [name for name in (domain, f"*.{domain}") if name not in found]
