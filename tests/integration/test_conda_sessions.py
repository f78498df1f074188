"""A session in an environment of conda packages, from the channel to a cell.

The packages are made here: a Python with all of its library, and the notebook software of the scipp environment.
"""

import importlib.metadata
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.conda_channel import CondaChannel, Package, own_subdir, python_package
from support.environment import environment_prefix
from support.person import Person
from support.platform import ROOT, Platform

from mantidhub.environments import Environment, list_built, remove

SUBDIR = own_subdir()
NEEDED = ("jupyterlab", "jupyterhub", "ipykernel")

SPECIFICATION = f"""\
name = "stones"
title = "Stones 1.0"
description = "A notebook and nothing else"
local_packages = ["{ROOT}/packages/mantidlab"]
free_space_gb = 0.3

[conda]
channels = ["rocks"]
packages = ["notebook-software"]
platforms = ["{SUBDIR}"]

[session_files]
"/etc/stones.properties" = "stones.properties"

[variables]
STONES = "/etc/stones.properties"

[checks]
imports = ["jupyterlab.labapp", "jupyterhub.singleuser", "ipykernel.kernelapp", "mantidlab"]
"""

SETTINGS = """\
[environments]
offered = ["stones", "scipp"]
specifications = "facility"
cache = "cache"

[environments.mirrors]
rocks = "{channel}"

[facility]
instrument = "SANS2D"

[data]
archive = "archive"
"""


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform whose first environment is of conda packages, beside the scipp environment of all tests."""
    folder = tmp_path_factory.mktemp("stones")
    channel = CondaChannel(folder / "rocks")
    channel.add_archive(*python_package(SUBDIR, whole=True))
    channel.add(notebook_software(environment_prefix()))
    (folder / "facility").mkdir()
    (folder / "archive").mkdir()
    (folder / "facility" / "stones.toml").write_text(SPECIFICATION)
    (folder / "facility" / "stones.properties").write_text("threads={threads}\nhome={home}\nfacility={facility}\n")
    (folder / "mantidhub.toml").write_text(SETTINGS.format(channel=channel.folder))
    environments = folder / "state" / "environments"
    environments.mkdir(parents=True)
    (environments / environment_prefix().name).symlink_to(environment_prefix())
    platform = Platform(folder / "state", ("--config", str(folder / "mantidhub.toml"))).start()
    yield platform
    platform.stop()
    for environment in list_built(environments):
        if environment.name == "stones":
            remove(environment)


@pytest.fixture(scope="module")
def stones(platform: Platform) -> Environment:
    return next(found for found in list_built(platform.state / "environments") if found.name == "stones")


@pytest.fixture(scope="module")
def anna(platform: Platform) -> Person:
    return Person.from_link(platform.invite("anna"), "anna")


def notebook_software(prefix: Path) -> Package:
    """Return a package of what JupyterLab needs, as it lies in an environment that was built from wheels."""
    (packages,) = prefix.glob("lib/python3*/site-packages")
    files = {}
    for distribution in closure(packages):
        for file in distribution.files or ():
            source = Path(str(distribution.locate_file(file))).resolve()
            inside = source.relative_to(prefix) if source.is_relative_to(prefix) else Path("bin")
            # Programs name the prefix in their first line, and a session starts none of them.
            if inside.parts[0] != "bin" and source.is_file() and "__pycache__" not in inside.parts:
                files[inside.as_posix()] = source.read_bytes()
    return Package(name="notebook-software", subdir=SUBDIR, depends=("python",), files=files)


def closure(packages: Path) -> list[importlib.metadata.Distribution]:
    """Return the distributions of a folder that those in `NEEDED` stand on."""
    installed = {normal(found.name): found for found in importlib.metadata.distributions(path=[str(packages)])}
    wanted, chosen = [*NEEDED], {}
    while wanted:
        name = normal(wanted.pop())
        if name in installed and name not in chosen:
            chosen[name] = installed[name]
            requirements = [text for text in installed[name].requires or () if "extra ==" not in text]
            wanted += [re.match(r"[\w.-]+", text)[0] for text in requirements]  # type: ignore[index]
    return list(chosen.values())


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_a_cell_runs_in_the_packages_of_the_channel(anna: Person, stones: Environment):
    anna.start_session(choice={"environment": "stones", "size": "small"})
    said = anna.kernel().run("import sys, ipykernel, mantidlab; print(sys.prefix, ipykernel.__file__, sep='\\n')").text
    prefix, ipykernel = said.split()
    assert Path(prefix) == stones.prefix
    assert Path(ipykernel).is_relative_to(stones.prefix)


def test_the_environments_file_says_what_the_session_has(anna: Person):
    said = anna.kernel().run("import os; print(open(os.environ['STONES']).read())").text
    assert said.split() == ["threads=1", "home=/home/anna"], "a line that names an empty setting is left out"


def test_it_and_an_environment_of_wheels_are_kernels_of_one_session(anna: Person, stones: Environment):
    anna.stop_session()
    anna.start_session(choice={"environment": "scipp", "kernels": ["stones"]})
    names = {found["spec"]["display_name"]: name for name, found in anna.kernel_specifications().items()}
    scipp = f"scipp {Environment.read(environment_prefix()).packages['scipp']}"
    assert set(names) == {scipp, "Stones 1.0"}
    ask = "import sys, os, json; print(json.dumps([sys.prefix, os.environ['MANTIDHUB_ENVIRONMENT']]))"
    assert json.loads(anna.kernel(names["Stones 1.0"]).run(ask).text) == [str(stones.prefix), "stones"]
    prefix, name = json.loads(anna.kernel(names[scipp]).run(ask).text)
    assert (Path(prefix).name, name) == (environment_prefix().name, "scipp")
