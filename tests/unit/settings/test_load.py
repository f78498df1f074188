"""The configuration file: every setting has a default, and each mistake is explained where it stands."""

from datetime import timedelta
from pathlib import Path

import pytest

from mantidhub.errors import SettingsError
from mantidhub.settings import load_settings


@pytest.fixture
def write(tmp_path: Path):
    def write(text: str) -> Path:
        file = tmp_path / "mantidhub.toml"
        file.write_text(text)
        return file

    return write


def mistakes(file: Path) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        load_settings(file)
    return [line.removeprefix(f"{file}:") for line in str(raised.value).splitlines()]


def test_no_file_and_an_empty_file_give_the_same_defaults(write):
    assert load_settings(write("")) == load_settings(None)
    assert load_settings(None).server.port == 8000


def test_quantities_are_written_with_their_units(write):
    settings = load_settings(write('[sessions]\nmemory = "1.5 GiB"\nstart_timeout = "2 min"'))
    assert settings.sessions.memory == 1.5 * 2**30
    assert settings.sessions.start_timeout == timedelta(minutes=2)


def test_the_command_line_wins_over_the_file(write):
    assert load_settings(write("[server]\nport = 81"), {"server": {"port": 82}}).server.port == 82


def test_relative_folders_are_relative_to_the_file(write, tmp_path):
    (tmp_path / "runs").mkdir()
    assert load_settings(write('[data]\narchive = "runs"')).data.archive == tmp_path / "runs"


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("[server]\n\nport = 99999", "3: server.port: found 99999; allowed is at most 65535."),
        (
            '[sessions]\nmemory = "4 potatoes"',
            '2: sessions.memory: found \'4 potatoes\'; allowed is a size with its unit, such as "512 MiB" or "4 GiB".',
        ),
        (
            "[sessions]\nstart_timeout = 5",
            '2: sessions.start_timeout: found 5; allowed is a time with its unit, such as "90 s", "5 min" or "2 h".',
        ),
        (
            "[server]\nprot = 9",
            "2: server.prot: there is no such setting; did you mean port? "
            "allowed are host, port, public_address, certificate, private_key.",
        ),
        (
            "\n[sesions]",
            "2: sesions: there is no such section; did you mean sessions? "
            "allowed are server, accounts, sessions, data, sandbox.",
        ),
        ("[server]\nport = true", "2: server.port: found True; allowed is a whole number."),
        ("[server]\nhost = 5", "2: server.host: found 5; allowed is a text in quotes."),
        ("[[server]]\nport = 1", "1: server: found [{'port': 1}]; allowed is a section [server]."),
        (
            "[sessions]\nmemory = 4",
            '2: sessions.memory: found 4; allowed is a size with its unit, such as "512 MiB" or "4 GiB".',
        ),
        ('[sessions]\nmemory = "1 KiB"', "2: sessions.memory: found '1 KiB'; allowed is at least 32 MiB."),
        (
            '[server]\npublic_address = "notebooks"',
            "2: server.public_address: found 'notebooks'; allowed is an address without a path, "
            'such as "https://notebooks.example", or nothing.',
        ),
        ("[server\nport=1", "1: this is not TOML: expected ']' at the end of a table declaration."),
        ("[server]\nport = 1\nport = 2", "3: this is not TOML: cannot overwrite a value."),
    ],
)
def test_a_mistake_is_shown_with_its_line_what_was_found_and_what_is_allowed(write, text, mistake):
    assert mistakes(write(text)) == [mistake]


def test_a_folder_that_is_not_there_is_a_mistake(write, tmp_path):
    (found,) = mistakes(write('[data]\narchive = "nowhere"'))
    assert found.startswith("2: data.archive: found") and "allowed is a folder that exists" in found


def test_a_certificate_without_its_key_is_a_mistake(write):
    (found,) = mistakes(write('[server]\ncertificate = "c.pem"'))
    assert found == "1: server: certificate and private_key belong together; give both or none."


def test_every_mistake_of_a_file_is_shown_at_once(write):
    assert len(mistakes(write("[server]\nport = -1\n[sessions]\ncpus = 0\nprocesses = 1"))) == 3


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SettingsError, match=r"nothing\.toml: there is no such file"):
        load_settings(tmp_path / "nothing.toml")


def test_every_setting_is_documented_for_the_administrator():
    from mantidhub.settings.model import Settings

    page = (Path(__file__).parents[3] / "docs" / "administrator.md").read_text()
    for name, section in Settings.model_fields.items():
        for setting, details in section.annotation.model_fields.items():
            assert details.description, f"{name}.{setting} has no description"
            assert f"`{name}.{setting}`" in page, f"{name}.{setting} is missing in docs/administrator.md"
