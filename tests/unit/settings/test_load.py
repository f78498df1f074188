"""The configuration file: every setting has a default, and each mistake is explained where it stands."""

from datetime import timedelta
from pathlib import Path

import pytest

from mantidhub.errors import SettingsError
from mantidhub.settings import Settings, load_settings

SIZE = '[sessions.sizes.one]\ntitle = "The only one"\nmemory = {memory}\ncpus = {cpus}\n'


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
    settings = load_settings(write('[sessions]\nstart_timeout = "2 min"\n' + SIZE.format(memory='"1.5 GiB"', cpus=0.5)))
    assert settings.sessions.sizes["one"].memory == 1.5 * 2**30
    assert settings.sessions.sizes["one"].cpus == 0.5
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
            SIZE.format(memory='"4 potatoes"', cpus=1),
            "3: sessions.sizes.one.memory: found '4 potatoes'; "
            'allowed is a size with its unit, such as "512 MiB" or "4 GiB".',
        ),
        (
            "[sessions]\nstart_timeout = 5",
            '2: sessions.start_timeout: found 5; allowed is a time with its unit, such as "90 s", "5 min" or "2 h".',
        ),
        (
            "[server]\nprot = 9",
            "2: server.prot: there is no such setting; did you mean port? "
            "allowed are host, port, public_address, subdomains, certificate, private_key.",
        ),
        (
            "\n[sesions]",
            "2: sesions: there is no such section; did you mean sessions? "
            "allowed are server, accounts, sessions, environments, facility, data, network, sandbox, docker.",
        ),
        ("[server]\nport = true", "2: server.port: found True; allowed is a whole number."),
        ("[server]\nhost = 5", "2: server.host: found 5; allowed is a text in quotes."),
        ("[[server]]\nport = 1", "1: server: found [{'port': 1}]; allowed is a section [server]."),
        (
            SIZE.format(memory=4, cpus=1),
            '3: sessions.sizes.one.memory: found 4; allowed is a size with its unit, such as "512 MiB" or "4 GiB".',
        ),
        (
            SIZE.format(memory='"1 KiB"', cpus=1),
            "3: sessions.sizes.one.memory: found '1 KiB'; allowed is at least 32 MiB.",
        ),
        (
            SIZE.format(memory='"1 GiB"', cpus=1) + "\n[sessions.sizes.two]\nmemory = '1 GiB'\ncpus = 1",
            "6: sessions.sizes.two.title: it is missing.",
        ),
        (
            SIZE.format(memory='"1 GiB"', cpus=1) + "cores = 2",
            "5: sessions.sizes.one.cores: there is no such setting; allowed are title, memory, cpus.",
        ),
        (
            SIZE.format(memory='"1 GiB"', cpus=1).replace("one", "One"),
            "1: sessions.sizes.One: found 'One'; allowed is a short name in lower-case letters, such as \"large\".",
        ),
        ("[sessions]\nsizes = {}", "2: sessions.sizes: allowed is at least one table [sessions.sizes.NAME]."),
        (
            "[sessions]\nsizes = 3",
            "2: sessions.sizes: found 3; allowed is a section [sessions.sizes] or sections [sessions.sizes.NAME].",
        ),
        (
            '[sessions]\nidle_after = "999999999999 d"',
            "2: sessions.idle_after: found '999999999999 d'; allowed is a time with its unit, such as "
            '"90 s", "5 min" or "2 h", of at most 1000 d, or "never".',
        ),
        ('[sessions]\nsize = "huge"', "2: sessions.size: found 'huge'; allowed is one of small, medium, large."),
        (
            '[sessions]\nmemory = "4 GiB"',
            "2: sessions.memory: there is no such setting; allowed are engine, sizes, size, processes, "
            "named_servers, start_timeout, stop_grace, idle_after.",
        ),
        (
            '[sessions]\nengine = "podman"',
            "2: sessions.engine: found 'podman'; allowed is 'sandbox', 'docker' or 'auto'.",
        ),
        (
            '[network]\npolicy = "internet"',
            "2: network.policy: found 'internet'; allowed is 'none', 'hosts', 'registries' or 'open'.",
        ),
        (
            '[network]\npolicy = "hosts"\nhosts = ["https://git.example"]',
            "3: network.hosts.0: found 'https://git.example'; allowed is a host in lower-case letters with a port or "
            'without, such as "git.facility.example:443", "*.facility.example", "192.0.2.7" or "[2001:db8::7]:443".',
        ),
        (
            '[network]\npolicy = "hosts"\nhosts = ["git.example:99999"]',
            "3: network.hosts.0: found 'git.example:99999'; allowed is a port from 1 to 65535.",
        ),
        (
            '[network]\npolicy = "hosts"',
            '1: network: network.policy is "hosts", so allowed is at least one host in network.hosts.',
        ),
        (
            '[network]\nhosts = ["git.example"]',
            "2: network.hosts: found ['git.example']; allowed is no host as long as network.policy is \"none\"; "
            'set that to "hosts".',
        ),
        ("[network]\nports = []", "2: network.ports: found []; allowed is a list with at least one port."),
        (
            '[network]\npolicy = "registries"\n[environments.mirrors]\npypi = "/srv/mirror"',
            '1: network: network.policy is "registries", but environments.mirrors names no address; '
            "name one there, or list the hosts of registries in network.hosts.",
        ),
        ('[docker]\nimage = ""', "2: docker.image: found ''; allowed is a text that is not empty."),
        (
            '[server]\npublic_address = "notebooks"',
            "2: server.public_address: found 'notebooks'; allowed is an address without a path, "
            'such as "https://notebooks.example", or nothing.',
        ),
        *(
            (
                f"[server]\n{address}subdomains = true",
                f"{line}: server.subdomains: found True; allowed is true only beside a public_address with a domain "
                'name in lower case, such as "https://notebooks.example".',
            )
            for address, line in (
                ("", 2),
                ('public_address = "https://192.0.2.7"\n', 3),
                ('public_address = "https://notebooks"\n', 3),
                ('public_address = "https://Notebooks.example"\n', 3),
                ('public_address = "https://[::1]:8000"\n', 3),
            )
        ),
        (
            '[environments]\noffered = "scipp"',
            "2: environments.offered: found 'scipp'; allowed is a list, such as [\"scipp\"].",
        ),
        (
            "[environments]\noffered = []",
            "2: environments.offered: found []; allowed is a list with at least one name.",
        ),
        (
            '[environments]\noffered = ["scipp", "scipp"]',
            "2: environments.offered: found ['scipp', 'scipp']; allowed is each name once.",
        ),
        (
            '[environments]\noffered = ["Scipp"]',
            "2: environments.offered.0: found 'Scipp'; allowed is the name of an environment, such as \"scipp\".",
        ),
        ("[environments]\noffline = 1", "2: environments.offline: found 1; allowed is true or false."),
        (
            "[environments]\nmirrors = 1",
            "2: environments.mirrors: found 1; allowed is a section [environments.mirrors] or "
            "sections [environments.mirrors.NAME].",
        ),
        (
            '[environments.mirrors]\nmantid = "https://me:pw@mirror.example/x"',
            "2: environments.mirrors.mantid: found 'https://***@mirror.example/x'; allowed is an address such as "
            '"https://mirror.example/conda-forge" or the path of a folder; a password or token (/t/…) belongs into the '
            "file that environments.credentials names.",
        ),
        (
            '[environments.mirrors]\nmantid = "https://mirror.example/t/s3cret/x"',
            "2: environments.mirrors.mantid: found 'https://mirror.example/t/***/x'; allowed is an address such as "
            '"https://mirror.example/conda-forge" or the path of a folder; a password or token (/t/…) belongs into the '
            "file that environments.credentials names.",
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


@pytest.mark.parametrize("setting", ["specifications", "credentials"])
def test_what_is_named_for_environments_must_be_there(write, setting):
    (found,) = mistakes(write(f'[environments]\n{setting} = "nowhere"'))
    assert found.startswith(f"2: environments.{setting}: found") and "exists on this machine" in found


def test_paths_of_environments_are_relative_to_the_file(write, tmp_path):
    (tmp_path / "mine").mkdir()
    settings = load_settings(write('[environments]\nspecifications = "mine"\ncache = "cache"')).environments
    assert (settings.specifications, settings.cache) == (tmp_path / "mine", tmp_path / "cache")


def test_processes_that_do_not_see_a_folder_read_the_settings_all_the_same(write, tmp_path):
    """Hub and edge are confined; what the settings name was looked for when they were read from the file."""
    (tmp_path / "runs").mkdir()
    settings = load_settings(write('[data]\narchive = "runs"\n[environments]\nspecifications = "runs"'))
    (tmp_path / "runs").rmdir()
    assert Settings.model_validate_json(settings.model_dump_json()) == settings


def test_the_socket_of_docker_may_be_relative_to_the_file_and_need_not_be_there(write, tmp_path):
    assert load_settings(write('[docker]\nsocket = "docker.sock"')).docker.socket == tmp_path / "docker.sock"


def test_the_socket_of_docker_may_be_written_as_docker_itself_writes_it(write):
    settings = load_settings(write('[docker]\nsocket = "unix:///run/docker.sock"'))
    assert settings.docker.socket == Path("/run/docker.sock")


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:2375", "unix://docker.sock", "ssh://somewhere"])
def test_a_daemon_of_another_machine_is_refused_in_words(write, address):
    with pytest.raises(SettingsError, match=f":2: docker.socket: found '{address}'; allowed is the path of a Unix"):
        load_settings(write(f'[docker]\nsocket = "{address}"'))


def test_sessions_run_in_the_sandbox_unless_the_file_says_otherwise(write):
    assert load_settings(None).sessions.engine == "sandbox"
    assert load_settings(write('[sessions]\nengine = "auto"')).sessions.engine == "auto"


def test_a_certificate_without_its_key_is_a_mistake(write):
    (found,) = mistakes(write('[server]\ncertificate = "c.pem"'))
    assert found == "1: server: certificate and private_key belong together; give both or none."


def test_every_mistake_of_a_file_is_shown_at_once(write):
    assert (
        len(mistakes(write("[server]\nport = -1\n[sessions]\nprocesses = 1\n" + SIZE.format(memory="'1 GiB'", cpus=0))))
        == 3
    )


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SettingsError, match=r"nothing\.toml: there is no such file"):
        load_settings(tmp_path / "nothing.toml")


@pytest.mark.parametrize(
    "address", ["https://hub.facility.example", "http://hub.localhost:8000", "https://h-1.example"]
)
def test_people_have_addresses_below_a_domain(write, address):
    settings = load_settings(write(f'[server]\npublic_address = "{address}"\nsubdomains = true'))
    assert settings.server.subdomains


def test_every_setting_is_documented_for_the_administrator():
    from mantidhub.settings.model import Settings, SizeSettings

    page = (Path(__file__).parents[3] / "docs" / "administrator.md").read_text()
    for name, section in Settings.model_fields.items():
        for setting, details in section.annotation.model_fields.items():
            assert details.description, f"{name}.{setting} has no description"
            assert f"`{name}.{setting}`" in page, f"{name}.{setting} is missing in docs/administrator.md"
    for setting in SizeSettings.model_fields:
        assert f"`sessions.sizes.NAME.{setting}`" in page


@pytest.mark.parametrize(
    ("text", "usual"),
    [
        ("", "medium"),
        ('[sessions]\nsize = "large"', "large"),
        (SIZE.format(memory="'1 GiB'", cpus=1), "one"),
        (
            SIZE.format(memory="'1 GiB'", cpus=1) + SIZE.format(memory="'1 GiB'", cpus=1).replace("one", "medium"),
            "medium",
        ),
    ],
)
def test_who_does_not_choose_a_size_gets_the_one_of_the_settings_else_medium_else_the_first(write, text, usual):
    assert load_settings(write(text)).sessions.usual_size == usual
