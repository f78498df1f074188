"""Hosts that sessions may reach, as administrators write them."""

import pytest

from mantidhub.settings import Settings
from mantidhub.settings.destination import HostAndPort, parse_destination


@pytest.mark.parametrize(
    ("text", "host", "port", "is_address"),
    [
        ("git.example", "git.example", None, False),
        ("git.example:22", "git.example", 22, False),
        ("*.example:443", "*.example", 443, False),
        ("192.0.2.7", "192.0.2.7", None, True),
        ("[2001:db8::7]:443", "2001:db8::7", 443, True),
    ],
)
def test_a_host_with_a_port_or_without(text: str, host: str, port: int | None, is_address: bool):
    destination = parse_destination(text)
    assert (destination.host, destination.port, destination.is_address) == (host, port, is_address)
    assert str(destination) == text


@pytest.mark.parametrize(
    "text",
    [
        "", "Git.example", "git.example/path", "git example", "git.example\nhttp_access allow all", "*", "a.*.example",
        "git.example:0", "git.example:", "300.1.1.1", "1.2", "2001:db8::7", "[2001:db8::7", "-git.example", 7,
    ],
)  # fmt: skip
def test_whatever_is_no_host_is_a_mistake(text: object):
    with pytest.raises(ValueError, match="allowed is"):
        parse_destination(text)


def test_registries_are_the_web_addresses_of_mirrors():
    mirrors = {
        "pypi": "https://mirror.example/pypi/simple", "mantid": "https://mirror.example/conda/mantid",
        "conda-forge": "http://other.example:8080", "local": "/srv/mirror", "file": "file:///srv",
    }  # fmt: skip
    settings = Settings.model_validate({"environments": {"mirrors": mirrors}})
    assert settings.registries == (HostAndPort("mirror.example", 443), HostAndPort("other.example", 8080))


def test_settings_are_the_same_when_they_have_been_written_and_read():
    network = {"policy": "open", "hosts": ["*.example:443", "[2001:db8::7]"]}
    settings = Settings.model_validate({"network": network})
    assert Settings.model_validate_json(settings.model_dump_json()) == settings
