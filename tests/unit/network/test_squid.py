"""squid's configuration, word by word, and what is said of a squid that is not there."""

from pathlib import Path

import pytest

from mantidhub.errors import SettingsError
from mantidhub.network import squid as squid_module
from mantidhub.network.ranges import NEVER, PRIVATE, own_addresses
from mantidhub.network.squid import Squid, find_squid, squid_configuration
from mantidhub.settings import Settings

HERE = Path(__file__).parent
SQUID = Squid(port=40000, source="fd12:3456:789a:bcde::/64", folder=Path("/state/network"), pages=Path("/pages"))
POLICIES = {
    "hosts": {"policy": "hosts", "hosts": ["git.example", "*.site.example:8443", "192.0.2.7", "[2001:db8::7]:443"]},
    "registries": {"policy": "registries", "hosts": ["git.example:22"]},
    "open": {"policy": "open", "hosts": ["inside.example"], "ports": [80, 443, 8000]},
}


@pytest.mark.parametrize("name", POLICIES)
def test_the_configuration(name: str, request: pytest.FixtureRequest):
    mirrors = {"pypi": "https://mirror.example/simple"}
    settings = Settings.model_validate({"network": POLICIES[name], "environments": {"mirrors": mirrors}})
    written = squid_configuration(settings, SQUID, own_addresses=["203.0.113.7"])
    golden = HERE / f"{name}.squid.conf"
    if request.config.getoption("--rewrite-bodies"):
        golden.write_text(written)
    assert written == golden.read_text()


def test_every_word_in_braces_is_filled_in():
    settings = Settings.model_validate({"network": POLICIES["open"]})
    assert "{" not in squid_configuration(settings, SQUID, own_addresses=[]).replace(
        "%{%Y-%m-%dT%H:%M:%S%z}", ""
    ).replace("%'{224}", "")


def test_no_range_covers_all_addresses_of_the_internet():
    """squid keeps addresses of IPv4 as mapped ones of IPv6: to refuse ``::ffff:0:0/96`` would be to refuse all."""
    assert not any(written.startswith(("::ffff", "0.0.0.0/0", "::/0")) for written in (*NEVER, *PRIVATE))


def test_the_hosts_own_addresses_are_those_that_no_range_has(tmp_path: Path):
    (tmp_path / "fib_trie").write_text(
        "Main:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 10.0.0.5\n        /32 host LOCAL\n     |-- 203.0.113.7\n"
        "        /32 host LOCAL\n     |-- 203.0.113.255\n        /32 link BROADCAST\n     |-- 127.0.0.1\n"
        "        /32 host LOCAL\n"
    )
    (tmp_path / "if_inet6").write_text(
        "00000000000000000000000000000001 01 80 10 80 lo\n20010db8000000000000000000000007 02 40 00 80 eth0\n"
        "fe8000000000000000fc00fffe000001 02 40 20 80 eth0\n"
    )
    assert own_addresses(tmp_path) == ("2001:db8::7", "203.0.113.7")
    assert own_addresses(tmp_path / "nothing") == ()


def test_a_squid_that_is_missing_or_too_old_is_said_with_the_command_that_mends_it(monkeypatch, tmp_path: Path):
    monkeypatch.setattr(squid_module, "PLACES", str(tmp_path))
    with pytest.raises(SettingsError, match=r"which is not on this host. Install it .*apt-get install squid"):
        find_squid()
    program = tmp_path / "squid"
    program.write_text("#!/bin/sh\necho 'Squid Cache: Version 4.13'\n")
    program.chmod(0o755)
    with pytest.raises(SettingsError, match=r"is squid 4.13; at least 5.0 is needed"):
        find_squid()
    program.write_text("#!/bin/sh\necho 'Squid Cache: Version 6.10'\n")
    assert find_squid() == program
