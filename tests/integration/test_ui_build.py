"""What browsers run is part of every wheel, built when it is missing or out of date, whole or not at all."""

import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from support.pace import Stopwatch
from support.platform import ROOT, wait_until

PACKAGE = ROOT / "packages" / "mantidlab"
PLOTS = ("bundles.json", "instrument.js", "licences.txt", "lines.js", "loader.js", "slices.js", "sources.sha256")
PANELS = ("licences.txt", "panels.js", "sources.sha256")
SHIPPED = {*(f"plots/{name}" for name in PLOTS), *(f"panels/{name}" for name in PANELS)}
IN_THE_WHEEL = {
    "mantidlab/plots/static/": "plots/",
    "mantidlab-0.1.0.data/data/share/jupyter/labextensions/mantidlab/static/panels/": "panels/",
}


@dataclass
class Checkout:
    """A copy of the package, as it is in a fresh clone."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def built(self) -> Mapping[str, Path]:
        mantidlab = self.folder / "src" / "mantidlab"
        return {
            "plots": mantidlab / "plots" / "static",
            "panels": mantidlab / "server" / "labextension" / "static" / "panels",
        }

    @property
    def is_built(self) -> bool:
        return any(place.exists() for place in self.built.values())

    @property
    def work(self) -> Path:
        return self.folder / "ui" / ".building"

    def hatchling(self, target: str, into: Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(into)]
        return self.run(command)

    def bundle(self) -> subprocess.CompletedProcess[str]:
        return self.run([sys.executable, "ui/building.py", "build"])

    def run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.folder,
            env={**os.environ, **self.variables, "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=200,
        )

    def content(self) -> Mapping[str, bytes]:
        files = {f"{name}/{file.name}": file for name, place in self.built.items() for file in place.iterdir()}
        return {name: file.read_bytes() for name, file in files.items()}


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    folder = tmp_path / "mantidlab"
    left_out = shutil.ignore_patterns("node_modules", "static.*", ".node", ".building", "__pycache__")
    shutil.copytree(PACKAGE, folder, ignore=left_out)
    copy = Checkout(folder)
    for place in copy.built.values():
        shutil.rmtree(place, ignore_errors=True)
    yield copy


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert not [name for name in names if "node_modules" in name or "/ui/" in name]
    return {
        short + name.removeprefix(folder)
        for folder, short in IN_THE_WHEEL.items()
        for name in names
        if name.startswith(folder)
    }


def test_a_wheel_carries_the_bundles_and_the_licences_of_what_others_wrote(checkout: Checkout, tmp_path: Path) -> None:
    done = checkout.hatchling("wheel", tmp_path / "wheels")
    assert done.returncode == 0, done.stdout
    assert "ui: fetching packages from the npm registry" in done.stdout, "who waits reads what takes the time"
    (wheel,) = (tmp_path / "wheels").glob("*.whl")
    assert names_in(wheel) == SHIPPED
    licences = (checkout.built["plots"] / "licences.txt").read_text()
    locked = json.loads((checkout.folder / "ui" / "package.json").read_text())["dependencies"]
    assert f"d3-scale {locked['d3-scale']} (ISC)" in licences
    assert "Permission to use, copy, modify" in licences
    assert not checkout.work.exists()
    assert not (checkout.folder / "ui" / "node_modules").exists()


def test_what_is_up_to_date_is_not_built_again_and_needs_neither_node_nor_npm(
    checkout: Checkout, tmp_path: Path
) -> None:
    assert checkout.bundle().returncode == 0
    before = checkout.content()
    checkout.variables = {"PATH": str(tmp_path / "no-programs")}
    for number in range(2):
        done = checkout.hatchling("wheel", tmp_path / f"wheels-{number}")
        assert done.returncode == 0, done.stdout
        assert "ui:" not in done.stdout
    assert checkout.content() == before


def test_an_editable_install_builds_nothing(checkout: Checkout, tmp_path: Path) -> None:
    done = checkout.hatchling("wheel:editable", tmp_path / "wheels")
    assert done.returncode == 0, done.stdout
    assert "ui:" not in done.stdout
    assert not checkout.is_built


def test_a_change_of_a_source_builds_anew_and_gives_that_bundle_another_hash(checkout: Checkout) -> None:
    assert checkout.bundle().returncode == 0
    before = json.loads(checkout.content()["plots/bundles.json"])
    source = checkout.folder / "ui" / "src" / "slices" / "index.ts"
    source.write_text(source.read_text() + "\nconsole.info('changed');\n")
    assert "ui: built" in checkout.bundle().stdout
    after = json.loads(checkout.content()["plots/bundles.json"])
    assert {name for name in before if before[name] != after[name]} == {"slices"}


def test_a_source_distribution_has_the_bundles_and_makes_the_wheel_without_npm(
    checkout: Checkout, tmp_path: Path
) -> None:
    done = checkout.hatchling("sdist", tmp_path / "distribution")
    assert done.returncode == 0, done.stdout
    (archive,) = (tmp_path / "distribution").glob("*.tar.gz")
    shutil.unpack_archive(archive, tmp_path / "unpacked", filter="data")
    (folder,) = (tmp_path / "unpacked").iterdir()
    unpacked = Checkout(folder, {"PATH": str(tmp_path / "no-programs")})
    done = unpacked.hatchling("wheel", tmp_path / "wheels")
    assert done.returncode == 0, done.stdout
    (wheel,) = (tmp_path / "wheels").glob("*.whl")
    assert names_in(wheel) == SHIPPED


def test_a_build_that_is_killed_leaves_nothing_half_made_and_the_next_one_ends(checkout: Checkout) -> None:
    assert checkout.bundle().returncode == 0
    before = checkout.content()
    source = checkout.folder / "ui" / "src" / "slices" / "index.ts"
    source.write_text(source.read_text() + "\nconsole.info('changed');\n")
    process = subprocess.Popen([sys.executable, "ui/building.py"], cwd=checkout.folder, start_new_session=True)
    wait_until((checkout.work / "ui" / "node_modules").exists, limit=60, what="packages arrive")
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert checkout.content() == before
    assert "ui: built" in checkout.bundle().stdout
    assert set(checkout.content()) == SHIPPED
    assert not checkout.work.exists()


def test_two_builds_at_once_wait_for_each_other(checkout: Checkout) -> None:
    both = [
        subprocess.Popen([sys.executable, "ui/building.py"], cwd=checkout.folder, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=200)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sorted("ui: built" in text for text in said) == [False, True]


def test_without_the_npm_registry_it_says_so_soon_and_what_to_do(checkout: Checkout, tmp_path: Path) -> None:
    checkout.variables = {"npm_config_registry": "http://127.0.0.1:9", "npm_config_cache": str(tmp_path / "cache")}
    watch = Stopwatch()
    done = checkout.hatchling("wheel", tmp_path / "wheels")
    assert done.returncode != 0
    assert watch.within(30), watch
    last = [line for line in done.stdout.splitlines() if line.startswith("error: ")][-1]
    assert "the npm registry cannot be reached" in last
    assert "npm_config_registry" in last
    assert "Traceback" not in done.stdout
    assert not checkout.is_built


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make a folder read-only for root")
def test_where_the_sources_cannot_be_written_the_wheel_has_the_bundles_all_the_same(
    checkout: Checkout, tmp_path: Path
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    checkout.variables = {"TMPDIR": str(scratch)}
    read_only = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && cd "$1" && shift && exec "$@"'
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path / "wheels")]
    done = checkout.run(["unshare", "--mount", "sh", "-c", read_only, "sh", str(checkout.folder), *build])
    assert done.returncode == 0, done.stdout
    (wheel,) = (tmp_path / "wheels").glob("*.whl")
    assert names_in(wheel) == SHIPPED
    assert not checkout.is_built
    assert list(scratch.glob("mantidlab-*")) == [], "what was built elsewhere is deleted"


def test_on_a_machine_without_node_it_comes_from_the_package_index(checkout: Checkout, tmp_path: Path) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "sh").symlink_to("/bin/sh")
    checkout.variables = {"PATH": str(programs)}
    done = checkout.bundle()
    assert done.returncode == 0, done.stdout
    assert "ui: fetching Node" in done.stdout
    assert set(checkout.content()) == SHIPPED
