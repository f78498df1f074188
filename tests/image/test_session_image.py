"""The image that ships: built from its Dockerfile with the command that administrators use, then worked in.

There is no registry here, so ``debian:bookworm-slim`` is made from Debian's packages and imported under that name. The
build gets its packages from Debian's mirror, as everywhere.
"""

import os
import subprocess
from collections.abc import Iterator

import pytest
from support.docker import PACKAGES, DockerDaemon, slim_image
from support.person import Kernel, Person
from support.platform import ROOT, Platform

IMAGE = "mantidhub-session:bookworm"
LARGEST = 330 * 2**20
"""Bytes of the image with all of its layers: 302 MiB in November 2026, of which 119 MiB are Debian itself."""

PROGRAMS = {
    "bash --version": "GNU bash",
    "git --version": "git version 2.",
    "less --version": "less ",
    "vi --version": "VIM - Vi IMproved",
    "ps --version": "procps",
    "fc-list": "DejaVu Sans",
    "/usr/bin/python3 --version": "Python 3.11.",
    "cat /usr/share/zoneinfo/Europe/London | head -c 4": "TZif",
    "head -n 1 /etc/ssl/certs/ca-certificates.crt": "BEGIN CERTIFICATE",
}
"""What a person may expect in a terminal, and what it says."""


@pytest.fixture(scope="module")
def built(docker: DockerDaemon) -> dict[str, object]:
    """What the daemon says of the image that it built."""
    docker.import_image(slim_image(), "debian:bookworm-slim")
    before = docker.ask("GET", f"/images/{IMAGE}/json")["Id"]
    # The tests' daemon has no network of its own; a build may use the host's.
    variables = {**os.environ, "DOCKER_HOST": f"unix://{docker.socket}", "BUILD_OPTIONS": "--network host"}
    done = subprocess.run(
        ["make", "docker-image"], cwd=ROOT, env=variables, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    found = docker.ask("GET", f"/images/{IMAGE}/json")
    assert found["Id"] != before, "the image is that of the build, not the one that other tests use"
    return found


@pytest.fixture(scope="module")
def kernel(built, docker: DockerDaemon, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A session in it."""
    folder = tmp_path_factory.mktemp("mantidhub")
    file = folder / "mantidhub.toml"
    engine = f'[sessions]\nengine = "docker"\n[docker]\nsocket = "{docker.socket}"\nimage = "{IMAGE}"\n'
    file.write_text('[environments]\noffered = ["scipp"]\n' + engine)
    platform = Platform(folder / "State", ("--config", str(file))).start()
    person = Person.from_link(platform.invite("alice"), "alice")
    person.start_session()
    yield person.kernel()
    platform.stop()


def said(kernel: Kernel, command: str) -> str:
    """Run a command as in a terminal; return what it prints."""
    code = f"import subprocess; print(subprocess.run({command!r}, shell=True, text=True, stdout=-1, stderr=-2).stdout)"
    return kernel.run(code).text.removesuffix("\n")


def test_it_is_small(built):
    assert built["Size"] < LARGEST, f"{built['Size'] / 2**20:.0f} MiB"


def test_it_holds_every_package_of_the_list(kernel: Kernel):
    installed = said(kernel, "dpkg-query --show --showformat '${Package} ${db:Status-Status},'")
    for package in PACKAGES.read_text().split():
        assert f"{package} installed" in installed


@pytest.mark.parametrize("command", PROGRAMS)
def test_people_find_in_it(kernel: Kernel, command: str):
    assert PROGRAMS[command] in said(kernel, command)


def test_nothing_of_it_gives_rights(kernel: Kernel):
    assert not said(kernel, "find / -xdev -perm /6000 -type f 2>/dev/null")


def test_nothing_of_the_build_is_left_in_it(kernel: Kernel):
    assert not said(kernel, "ls -A /var/lib/apt/lists; ls /tmp/packages.txt 2>/dev/null")


def test_an_environment_of_the_host_works_in_it(kernel: Kernel):
    output = kernel.run("import scipp; print(scipp.scalar(2.0, unit='m').to(unit='mm').value)")
    assert output.text == "2000.0\n", output.error


def test_it_draws(kernel: Kernel):
    code = "import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.title('å'); plt.savefig('plot.pdf'); print('drawn')"
    output = kernel.run(code)
    assert "drawn" in output.text, output.error


def test_git_and_an_editor_keep_work(kernel: Kernel):
    """As people do in a terminal, in the home that they have."""
    steps = (
        "mkdir work && cd work && git init --quiet && vi -e -s -c 'normal icounts' -c 'wq' notes.txt && git add ."
        " && git -c user.name=a -c user.email=a@b commit --quiet --message first && git log --oneline | wc -l"
    )
    assert said(kernel, steps) == "1\n"
