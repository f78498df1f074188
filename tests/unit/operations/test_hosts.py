"""`mantidhub check` says which names people's addresses need, and whether they are there."""

import socket
from pathlib import Path

import pytest
from support.certificates import make_certificate

from mantidhub.operations.check import Finding, findings_of
from mantidhub.operations.hosts import missing_names
from mantidhub.settings import Settings, StateFolder
from mantidhub.settings.model import ServerSettings

HUB = "hub.example"


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Stand in for the name server, of which this machine has none: address by name, with a star for the rest."""
    names: dict[str, str] = {}

    def ask(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        label, _, domain = host.partition(".")
        address = names.get(host) or names.get(f"*.{domain}" if label else "")
        if address is None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0))]

    monkeypatch.setattr(socket, "getaddrinfo", ask)
    return names


def missing(certificate: Path | None = None) -> list[str]:
    server = ServerSettings(
        public_address=f"https://{HUB}", subdomains=True, certificate=certificate, private_key=certificate
    )
    return [one.text for one in missing_names(server)]


def test_nothing_is_missing_where_both_names_lead_to_one_machine(known: dict[str, str], tmp_path: Path) -> None:
    known.update({HUB: "192.0.2.1", f"*.{HUB}": "192.0.2.1"})
    assert missing(make_certificate(tmp_path, HUB, f"*.{HUB}").chain) == []


def test_a_wildcard_that_is_not_there_is_asked_for(known: dict[str, str]) -> None:
    known[HUB] = "192.0.2.1"
    assert missing() == [
        f"As far as this machine can tell, names below {HUB}, which people's servers have, need a wildcard entry "
        f"*.{HUB} in the name server."
    ]


def test_a_hub_without_an_address_is_named(known: dict[str, str]) -> None:
    assert missing()[0].startswith(f"{HUB} has no address, as far as this machine can tell.")


def test_a_wildcard_that_leads_elsewhere_is_named(known: dict[str, str]) -> None:
    known.update({HUB: "192.0.2.1", f"*.{HUB}": "192.0.2.9"})
    assert missing()[0].startswith(f"{HUB} leads to 192.0.2.1, but names below it to 192.0.2.9.")


def test_a_certificate_without_the_wildcard_is_a_problem(known: dict[str, str], tmp_path: Path) -> None:
    known.update({HUB: "192.0.2.1", f"*.{HUB}": "192.0.2.1"})
    chain = make_certificate(tmp_path, HUB).chain
    assert missing(chain) == [
        f"{chain} is not for *.{HUB}, so browsers refuse the addresses of people's servers. Get a certificate for "
        f"{HUB} and *.{HUB}."
    ]


def said(tmp_path: Path, server: ServerSettings) -> list[Finding]:
    """Return what `check` says of people's addresses: the last of all."""
    found = list(findings_of(Settings(server=server), StateFolder(tmp_path), None))
    connection = next(
        number for number, finding in enumerate(found) if "connect to" in finding.text or "clear" in finding.text
    )
    return found[connection + 1 :]


def test_check_recommends_an_address_for_each_person_where_others_can_connect(
    known: dict[str, str], tmp_path: Path
) -> None:
    known["192.0.2.1"] = "192.0.2.1"
    known["127.0.0.1"] = "127.0.0.1"
    (shared,) = said(tmp_path, ServerSettings(host="192.0.2.1"))
    assert (shared.grade, "Set server.subdomains" in shared.text) == ("weak", True)
    assert said(tmp_path, ServerSettings()) == []


def test_check_says_that_plain_http_is_weaker_and_that_all_is_there(known: dict[str, str], tmp_path: Path) -> None:
    known.update({HUB: "127.0.0.1", f"*.{HUB}": "127.0.0.1", "127.0.0.1": "127.0.0.1"})
    for scheme, grade in (("http", "weak"), ("https", "ok")):
        server = ServerSettings(public_address=f"{scheme}://{HUB}", subdomains=True)
        assert [finding.grade for finding in said(tmp_path, server)] == [grade]
