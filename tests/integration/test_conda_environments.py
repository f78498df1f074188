"""Environments of conda packages are really solved, downloaded, linked and run, from a channel made here.

The channel holds a Python that runs, made of the one of this machine, and small packages; nothing needs a network.
"""

import hashlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from support.channel_server import ChannelServer
from support.conda_channel import MADE, PLACEHOLDER, CondaChannel, Package, noarch_python, own_subdir, python_package
from support.pace import slowness

from mantidhub.environments import (
    Environment,
    Progress,
    Sources,
    Specification,
    Step,
    build,
    list_built,
    lock,
    looks_whole,
    remove,
    verify,
)
from mantidhub.environments.environment import HASHES, MANIFEST
from mantidhub.environments.locking import is_locked
from mantidhub.environments.specification import SHIPPED
from mantidhub.environments.verification import read_hashes
from mantidhub.errors import EnvironmentFailed
from mantidhub.settings import StateFolder

REPOSITORY = SHIPPED.parent
SUBDIR = own_subdir()

SPECIFICATION = f"""\
name = "stones"
title = "Stones"
description = "Made of conda packages"
free_space_gb = 0.0005

[conda]
channels = ["rocks"]
packages = ["pebble"]
platforms = ["{SUBDIR}"]

[variables]
GREETING = "hello"

[checks]
imports = ["pebble"]
"""

BUILDER = """
import json, sys, time
from pathlib import Path
from mantidhub.environments import Sources, Specification, build

specification, root, cache, mirror, step, pause = sys.argv[1:]

def wait(progress):
    if progress.step.name == step:
        print("there", flush=True)
        time.sleep(float(pause))

sources = Sources(cache=Path(cache), mirrors={"rocks": mirror})
build(Specification.load(Path(specification)), Path(root), interpreter=None, progress=wait, sources=sources)
"""

PEBBLE = "def main():\n    print('a pebble')\n"


@dataclass
class Quarry:
    """A specification, the channel that it asks for, and a state folder."""

    folder: Path
    channel: CondaChannel
    reports: list[Progress] = field(default_factory=list)

    @property
    def specification(self) -> Path:
        return self.folder / "stones.toml"

    @property
    def root(self) -> Path:
        return self.folder / "built"

    @property
    def cache(self) -> Path:
        return self.folder / "cache"

    @property
    def lock(self) -> Path:
        return self.root / "stones.lock.json"

    def sources(self, mirror: str = "", *, credentials: Path | None = None, offline: bool = False) -> Sources:
        mirrors = {} if offline and not mirror else {"rocks": mirror or str(self.channel.folder)}
        return Sources(cache=self.cache, mirrors=mirrors, credentials=credentials, offline=offline)

    def build(self, sources: Sources | None = None, root: Path | None = None) -> Environment:
        self.reports.clear()
        return build(
            Specification.load(self.specification),
            root or self.root,
            interpreter=None,
            progress=self.reports.append,
            sources=sources or self.sources(),
        )

    def build_until(self, step: Step, *, mirror: str = "", pause: float = 60) -> subprocess.Popen[str]:
        """Build in a process that can be ended, and return once it has reached a step, where it pauses (seconds)."""
        mirror = mirror or str(self.channel.folder)
        places = [self.specification, self.root, self.cache, mirror, step.name, str(pause)]
        builder = subprocess.Popen(
            [sys.executable, "-c", BUILDER, *places], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert builder.stdout is not None
        assert builder.stdout.readline() == "there\n"
        return builder

    def edit(self, old: str, new: str) -> None:
        text = self.specification.read_text()
        assert old in text
        self.specification.write_text(text.replace(old, new))

    def locked(self) -> dict[str, dict[str, object]]:
        """Return name → entry of the lock."""
        return {entry["name"]: entry for entry in json.loads(self.lock.read_text())["platforms"][SUBDIR]}

    def steps(self) -> list[Step]:
        return list(dict.fromkeys(report.step for report in self.reports))


@pytest.fixture
def workplace(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory, if there is one: a build waits for the disk at its end, and a busy disk takes seconds."""
    memory = Path("/dev/shm")
    if not memory.is_dir() or shutil.disk_usage(memory).free < 1e9:
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(prefix="mantidhub-test-", dir=memory) as folder:
        yield Path(folder)


@pytest.fixture
def quarry(workplace: Path) -> Iterator[Quarry]:
    channel = CondaChannel(workplace / "channels" / "rocks")
    channel.add_archive(*python_package(SUBDIR))
    channel.add(noarch_python("pebble", PEBBLE, entry_points=["pebble = pebble:main"], depends=["granite"]))
    channel.add(granite("1.0"))
    quarry = Quarry(workplace, channel)
    quarry.specification.write_text(SPECIFICATION)
    yield quarry
    for environment in [found for root in workplace.glob("built*") for found in list_built(root)]:
        remove(environment)


def granite(version: str, build_string: str = "0", *, depends: tuple[str, ...] = (), **more: str) -> Package:
    """Return a package of which one text file and one program hold the prefix."""
    placeholder = more.get("placeholder", PLACEHOLDER)
    return Package(
        name="granite",
        version=version,
        build=build_string,
        depends=depends,
        subdir=SUBDIR,
        files={
            "share/granite.txt": f"prefix={placeholder}/share\n".encode(),
            "share/granite.bin": b"\0\1\2" + placeholder.encode() + b"/share\0\0end",
            "share/weight.bin": b"",
        },
        placeholders={"share/granite.txt": "text", "share/granite.bin": "binary"},
        placeholder=placeholder,
        kind=".tar.bz2",
    )


@pytest.fixture
def server(quarry: Quarry) -> Iterator[ChannelServer]:
    with ChannelServer(quarry.channel.folder.parent) as server:
        yield server


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 12 MB: less than the archives, and less than the environment."""
    if os.geteuid() != 0:
        if os.environ.get("CI"):
            pytest.fail("only root can mount a small file system, and continuous integration must test it")
        pytest.skip("only root can mount a small file system")
    folder = tmp_path / "small-disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def nothing_is_left(root: Path) -> bool:
    """Tell whether no prefix is there, whole or not."""
    kept = {"stones.log", ".stones.lock", "stones.lock.json"}
    return not root.exists() or {path.name for path in root.iterdir()} <= kept


def archive(quarry: Quarry, name: str) -> Path:
    return next(quarry.channel.folder.glob(f"*/{name}-*"))


def python_says(environment: Environment, script: str) -> str:
    done = subprocess.run([environment.python, "-c", script], check=True, capture_output=True, text=True)
    return done.stdout.strip()


# --- what is chosen ------------------------------------------------------------------------------------------------


def test_the_newest_versions_that_fit_are_chosen(quarry: Quarry) -> None:
    quarry.channel.add(granite("1.5"))
    quarry.channel.add(granite("2.0", depends=("__glibc >=99",)))
    quarry.build()
    assert quarry.locked()["granite"]["version"] == "1.5"


def test_a_pinned_build_is_chosen(quarry: Quarry) -> None:
    for build_string in ("h1_1", "h2_2", "h3_3"):
        quarry.channel.add(granite("1.0", build_string))
    quarry.edit('packages = ["pebble"]', 'packages = ["pebble", "granite ==1.0 h2_2"]')
    quarry.build()
    assert quarry.locked()["granite"]["build"] == "h2_2"


def test_the_first_channel_decides(quarry: Quarry) -> None:
    sand = CondaChannel(quarry.folder / "channels" / "sand")
    sand.add(granite("0.9"))
    quarry.edit('channels = ["rocks"]', f'channels = ["{sand.folder}", "rocks"]')
    quarry.build()
    assert (quarry.locked()["granite"]["version"], quarry.locked()["granite"]["channel"]) == ("0.9", "sand")


def test_what_cannot_be_had_together_is_named(quarry: Quarry) -> None:
    quarry.channel.add(noarch_python("gravel", "", depends=["granite >=2"]))
    quarry.edit('packages = ["pebble"]', 'packages = ["pebble", "gravel"]')
    with pytest.raises(EnvironmentFailed) as failure:
        quarry.build()
    sentence = str(failure.value).splitlines()[0]
    assert str(quarry.specification) in sentence
    assert "cannot be had together" in sentence
    assert "gravel" in sentence
    assert "granite >=2" in str(failure.value)
    assert nothing_is_left(quarry.root)


def test_a_package_that_nobody_has_is_named(quarry: Quarry) -> None:
    quarry.edit('packages = ["pebble"]', 'packages = ["pebble", "marble"]')
    with pytest.raises(EnvironmentFailed, match=r"cannot be had together on \S+: .*marble"):
        quarry.build()


def test_a_match_spec_that_is_none_is_named(quarry: Quarry) -> None:
    quarry.edit('packages = ["pebble"]', 'packages = ["pebble >=>1"]')
    with pytest.raises(EnvironmentFailed, match=r"stones\.toml: conda\.packages holds 'pebble >=>1'"):
        quarry.build()


def test_without_python_nothing_is_locked(quarry: Quarry) -> None:
    quarry.edit('packages = ["pebble"]', 'packages = ["granite"]')
    with pytest.raises(EnvironmentFailed, match=r"no package of it needs Python"):
        quarry.build()
    assert not quarry.lock.exists()


def test_what_is_excluded_is_left_out(quarry: Quarry) -> None:
    quarry.edit("[variables]", '[excluded]\ngranite = "too heavy"\n\n[variables]')
    environment = quarry.build()
    assert "granite" not in quarry.locked()
    assert "granite" not in environment.packages


def test_the_lock_names_no_place(quarry: Quarry, server: ChannelServer) -> None:
    quarry.build(quarry.sources(server.address("rocks")))
    text = quarry.lock.read_text()
    assert server.host not in text
    assert str(quarry.folder) not in text
    assert "://" not in text


def test_the_same_channel_gives_the_same_lock_wherever_it_lies(quarry: Quarry, server: ChannelServer) -> None:
    specification = Specification.load(quarry.specification)
    locks = [
        lock(specification, root=quarry.folder / name, progress=quarry.reports.append, sources=sources).read_bytes()
        for name, sources in [
            ("a", quarry.sources()),
            ("b", quarry.sources(quarry.channel.folder.as_uri())),
            ("c", quarry.sources(server.address("rocks"))),
        ]
    ]
    assert len(set(locks)) == 1
    assert {Step.READING_CHANNELS, Step.SOLVING, Step.DONE} <= set(quarry.steps())


def test_a_lock_is_kept_until_the_specification_asks_for_something_else(quarry: Quarry) -> None:
    first = quarry.build()
    quarry.channel.add(granite("1.5"))
    assert quarry.build() == first
    quarry.edit('packages = ["pebble"]', 'packages = ["pebble", "granite"]')
    assert quarry.build().lock_hash != first.lock_hash
    assert quarry.locked()["granite"]["version"] == "1.5"


def test_a_lock_that_the_specification_names_must_fit_it(quarry: Quarry) -> None:
    quarry.edit("free_space_gb", 'lock = "stones.lock.json"\nfree_space_gb')
    with pytest.raises(EnvironmentFailed, match=r"stones\.lock\.json cannot be read .*mantidhub environment lock"):
        quarry.build()
    specification = Specification.load(quarry.specification)
    made = lock(specification, progress=quarry.reports.append, sources=quarry.sources())
    assert made == quarry.folder / "stones.lock.json"
    assert verify(quarry.build()) == []
    quarry.edit('packages = ["pebble"]', 'packages = ["pebble", "granite"]')
    with pytest.raises(EnvironmentFailed, match="was made for other channels, packages or platforms"):
        quarry.build()


# --- what is built -------------------------------------------------------------------------------------------------


def test_a_noarch_package_is_in_site_packages_and_compiled_for_the_final_place(quarry: Quarry) -> None:
    environment = quarry.build()
    module = next(environment.prefix.glob("lib/python3*/site-packages/pebble/__init__.py"))
    compiled = next(module.parent.glob("__pycache__/*.pyc")).read_bytes()
    assert compiled[4:8] == b"\x01\x00\x00\x00", "valid whatever the source's time (PEP 552, unchecked hash)"
    assert f"{environment.prefix}/lib".encode() in compiled
    assert Path(python_says(environment, "import pebble; print(pebble.__file__)")).resolve() == module


def test_compiled_files_that_a_package_brings_are_replaced(quarry: Quarry) -> None:
    python, _ = python_package(SUBDIR)
    folder = f"lib/python{python.version.rpartition('.')[0]}/site-packages/basalt"
    # What a build elsewhere left: it fits the source's time, and names a place that is not here.
    magic = subprocess.run(
        [sys.executable, "-c", "import importlib.util, sys; sys.stdout.buffer.write(importlib.util.MAGIC_NUMBER)"],
        check=True,
        capture_output=True,
    ).stdout
    stale = magic + bytes(4) + MADE.to_bytes(4, "little") + (12).to_bytes(4, "little") + b"elsewhere"
    tag = f"cpython-{python.version.replace('.', '', 1).partition('.')[0]}"
    files = {f"{folder}/__init__.py": b"answer = 42\n", f"{folder}/__pycache__/__init__.{tag}.pyc": stale}
    quarry.channel.add(Package("basalt", subdir=SUBDIR, files=files))
    quarry.edit('packages = ["pebble"]', 'packages = ["pebble", "basalt"]')
    environment = quarry.build()
    compiled = (environment.prefix / folder / "__pycache__" / f"__init__.{tag}.pyc").read_bytes()
    assert compiled[4:8] == b"\x01\x00\x00\x00"
    assert python_says(environment, "import basalt; print(basalt.answer)") == "42"


def test_an_entry_point_runs(quarry: Quarry) -> None:
    pebble = quarry.build().prefix / "bin" / "pebble"
    assert subprocess.run([pebble], check=True, capture_output=True, text=True).stdout == "a pebble\n"


def test_texts_and_programs_name_the_final_place_and_nothing_names_the_hidden_one(quarry: Quarry) -> None:
    environment = quarry.build()
    share = environment.prefix / "share"
    assert (share / "granite.txt").read_text() == f"prefix={environment.prefix}/share\n"
    program = (share / "granite.bin").read_bytes()
    assert f"{environment.prefix}/share\0".encode() in program
    assert len(program) == len(b"\0\1\2" + PLACEHOLDER.encode() + b"/share\0\0end")
    for place in (f"/.{environment.prefix.name}", str(quarry.cache), str(quarry.channel.folder)):
        assert holders_of(place, environment.prefix) == []


def holders_of(text: str, prefix: Path) -> list[Path]:
    """Return the files that hold a text."""
    files = (path for path in prefix.rglob("*") if path.is_file() and not path.is_symlink())
    return [path for path in files if text.encode() in path.read_bytes()]


def test_everybody_may_read_it_and_it_shares_no_file_with_the_cache(quarry: Quarry) -> None:
    environment = quarry.build()
    files = [path for path in environment.prefix.rglob("*") if path.is_file() and not path.is_symlink()]
    assert {path.stat().st_nlink for path in files} == {1}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o555, 0o444}


def test_the_manifest_says_what_is_in_it(quarry: Quarry) -> None:
    version = python_package(SUBDIR)[0].version
    environment = quarry.build()
    assert environment.packages == {"granite": "1.0", "pebble": "1.0", "python": version}
    assert environment.python_version == version
    assert environment.interpreter == environment.prefix
    assert environment.python.resolve().is_relative_to(environment.prefix)
    assert environment.variables == {"GREETING": "hello"}
    assert verify(environment) == []


def test_a_local_package_is_put_into_it(quarry: Quarry) -> None:
    quarry.edit("free_space_gb", f'local_packages = ["{REPOSITORY / "packages" / "mantidlab"}"]\nfree_space_gb')
    quarry.edit('imports = ["pebble"]', 'imports = ["pebble", "mantidlab"]')
    environment = quarry.build()
    assert environment.packages["mantidlab"] == "0.1.0"
    assert verify(environment) == []


def test_progress_is_reported_in_order_with_bytes(quarry: Quarry) -> None:
    quarry.build()
    wanted = [Step.READING_CHANNELS, Step.SOLVING, Step.DOWNLOADING, Step.INSTALLING, Step.COMPILING, Step.CHECKING]
    assert [step for step in quarry.steps() if step in wanted] == wanted
    assert all(report.done <= report.total for report in quarry.reports if report.total)
    loaded = [report for report in quarry.reports if report.step is Step.DOWNLOADING and report.total]
    assert loaded[-1].done == loaded[-1].total == sum(int(str(one["size"])) for one in quarry.locked().values())


def test_a_second_build_is_immediate(quarry: Quarry) -> None:
    first = quarry.build()
    times = []
    for _ in range(5):
        began = time.perf_counter()
        assert quarry.build() == first
        times.append(time.perf_counter() - began)
    assert min(times) < 0.5 * slowness()
    assert quarry.steps() == [Step.INTERPRETER, Step.DONE]


def test_a_changed_file_is_found(quarry: Quarry) -> None:
    environment = quarry.build()
    victim = environment.prefix / "share" / "granite.txt"
    victim.chmod(0o644)
    victim.write_text("prefix=/elsewhere\n")
    assert [(str(difference.path), difference.kind) for difference in verify(environment)] == [
        ("share/granite.txt", "changed")
    ]


def test_a_package_whose_note_is_gone_makes_it_not_whole(quarry: Quarry) -> None:
    environment = quarry.build()
    note = next((environment.prefix / "conda-meta").glob("granite-*.json"))
    note.parent.chmod(0o755)
    note.unlink()
    assert not looks_whole(environment)


# --- the same on another machine -----------------------------------------------------------------------------------


def test_the_same_lock_gives_the_same_environment_in_another_place(quarry: Quarry, server: ChannelServer) -> None:
    here = quarry.build()
    other_root = quarry.folder / "built-elsewhere"
    other_root.mkdir()
    (other_root / "stones.lock.json").write_bytes(quarry.lock.read_bytes())
    other = Sources(cache=quarry.folder / "other-cache", mirrors={"rocks": server.address("rocks")})
    there = quarry.build(other, other_root)
    assert there.prefix.name == here.prefix.name
    assert (there.hash, there.lock_hash) == (here.hash, here.lock_hash)
    assert neutral_hashes(there) == neutral_hashes(here)


def neutral_hashes(environment: Environment) -> dict[str, str]:
    """Return path → SHA-256 of every file's content, with the folder of environments left out of it."""
    root = f"{environment.prefix.parent}/".encode()
    hashes = {}
    for path in sorted(environment.prefix.rglob("*")):
        if path.is_file() and path.name not in {MANIFEST, HASHES} and path.suffix not in {".pyc", ".bin"}:
            content = path.read_bytes().replace(root, b"/")
            if path.parent.name == "conda-meta" and path.suffix == ".json":
                # Those of the paths are hashes of files that may hold the prefix.
                content = json.dumps({**json.loads(content), "paths_data": None}).encode()
            hashes[str(path.relative_to(environment.prefix))] = hashlib.sha256(content).hexdigest()
        elif path.suffix in {".pyc", ".bin"}:
            hashes[str(path.relative_to(environment.prefix))] = "holds the place in another length"
    return hashes


def test_built_again_at_the_same_place_every_file_is_the_same(quarry: Quarry, server: ChannelServer) -> None:
    # mantidlab too, which every shipped specification has: a wheel that is built on the way.
    quarry.edit("free_space_gb", f'local_packages = ["{REPOSITORY / "packages" / "mantidlab"}"]\nfree_space_gb')
    first = quarry.build()
    hashes = read_hashes(first.prefix)
    remove(first)
    other = Sources(cache=quarry.folder / "other-cache", mirrors={"rocks": server.address("rocks")})
    second = quarry.build(other)
    again = read_hashes(second.prefix)
    # It says when the environment was built, and nothing else that differs.
    assert (hashes.pop(MANIFEST) == again.pop(MANIFEST)) == (first.created == second.created)
    assert again == hashes
    assert replace(second, created=first.created) == first


def test_a_cache_that_was_carried_away_is_enough_without_a_connection(quarry: Quarry, server: ChannelServer) -> None:
    here = quarry.build(quarry.sources(server.address("rocks")))
    server.asked.clear()
    carried = quarry.folder / "carried"
    quarry.cache.rename(carried)
    there = quarry.build(Sources(offline=True, cache=carried), quarry.folder / "built-elsewhere")
    assert (there.hash, there.lock_hash) == (here.hash, here.lock_hash)
    assert verify(there) == []
    assert server.asked == []


def test_what_a_channel_has_is_known_without_a_connection(quarry: Quarry, server: ChannelServer) -> None:
    mirror = server.address("rocks")
    specification = Specification.load(quarry.specification)
    first = lock(specification, root=quarry.root, progress=quarry.reports.append, sources=quarry.sources(mirror))
    text = first.read_bytes()
    first.unlink()
    server.asked.clear()
    offline = quarry.sources(mirror, offline=True)
    assert lock(specification, root=quarry.root, progress=quarry.reports.append, sources=offline).read_bytes() == text
    assert server.asked == []


def test_without_a_connection_it_says_what_the_cache_lacks(quarry: Quarry, server: ChannelServer) -> None:
    with pytest.raises(EnvironmentFailed, match="What the channel rocks has is not in the cache"):
        quarry.build(quarry.sources(offline=True))
    quarry.build(quarry.sources(server.address("rocks")))
    remove(list_built(quarry.root)[0])
    next(quarry.cache.rglob("granite-*.tar.bz2")).unlink()
    with pytest.raises(EnvironmentFailed, match=r"1 package\(s\) are not in the cache .*granite-1\.0-0\.tar\.bz2"):
        quarry.build(quarry.sources(offline=True))
    assert nothing_is_left(quarry.root)


# --- mirrors and credentials ---------------------------------------------------------------------------------------


def test_a_mirror_takes_the_place_of_a_channel(quarry: Quarry, server: ChannelServer) -> None:
    environment = quarry.build(quarry.sources(server.address("rocks")))
    assert {asked.path for asked in server.asked} >= {f"/rocks/{SUBDIR}/granite-1.0-0.tar.bz2"}
    assert verify(environment) == []


@pytest.mark.parametrize("kind", ["netrc", "json", "token"])
def test_the_right_credentials_open_a_mirror(quarry: Quarry, server: ChannelServer, kind: str) -> None:
    credentials = quarry.folder / "credentials"
    if kind == "token":
        server.token = "s3cret-8Qz"
        credentials.write_text('{"127.0.0.1": {"CondaToken": "s3cret-8Qz"}}')
    else:
        server.account = "mary:kV7hunter"
        netrc = "machine 127.0.0.1 login mary password kV7hunter\n"
        entry = {server.host: {"BasicHTTP": {"username": "mary", "password": "kV7hunter"}}}
        credentials.write_text(netrc if kind == "netrc" else json.dumps(entry))
    environment = quarry.build(quarry.sources(server.address("rocks"), credentials=credentials))
    assert verify(environment) == []
    for secret in ("kV7hunter", "s3cret-8Qz"):
        assert secret not in quarry.lock.read_text()
        assert secret not in (quarry.root / "stones.log").read_text()
        assert holders_of(secret, environment.prefix) == []


def test_only_the_file_that_is_named_is_asked_for_credentials(
    quarry: Quarry, server: ChannelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Programs for downloads look at the user's own file by themselves.
    (quarry.folder / ".netrc").write_text("machine 127.0.0.1 login mary password kV7hunter\n")
    monkeypatch.setenv("HOME", str(quarry.folder))
    monkeypatch.delenv("NETRC", raising=False)
    server.bearer = "s3cret-8Qz"
    credentials = quarry.folder / "credentials"
    credentials.write_text(json.dumps({server.host: {"BearerToken": "s3cret-8Qz"}}))
    environment = quarry.build(quarry.sources(server.address("rocks"), credentials=credentials))
    assert verify(environment) == []
    remove(environment)
    shutil.rmtree(quarry.cache)
    server.bearer, server.account = "", "mary:kV7hunter"
    credentials.write_text(json.dumps({"elsewhere.example": {"BearerToken": "s3cret-8Qz"}}))
    with pytest.raises(EnvironmentFailed, match="does not accept the credentials of"):
        quarry.build(quarry.sources(server.address("rocks"), credentials=credentials))


def test_missing_credentials_are_asked_for(
    quarry: Quarry, server: ChannelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(quarry.folder))
    server.account = "mary:kV7hunter"
    with pytest.raises(EnvironmentFailed, match=r"The channel rocks at http\S+ asks for credentials\. Name a file"):
        quarry.build(quarry.sources(server.address("rocks")))
    assert nothing_is_left(quarry.root)


@pytest.mark.parametrize("locked", [False, True], ids=["while solving", "while downloading"])
def test_wrong_credentials_are_named_and_not_shown(quarry: Quarry, server: ChannelServer, locked: bool) -> None:
    if locked:
        lock(
            Specification.load(quarry.specification),
            root=quarry.root,
            progress=quarry.reports.append,
            sources=quarry.sources(),
        )
    server.account = "mary:kV7hunter"
    credentials = quarry.folder / "credentials"
    credentials.write_text("machine 127.0.0.1 login mary password mustard\n")
    with pytest.raises(EnvironmentFailed, match="does not accept the credentials of") as failure:
        quarry.build(quarry.sources(server.address("rocks"), credentials=credentials))
    assert str(credentials) in str(failure.value)
    assert "mustard" not in str(failure.value)
    assert nothing_is_left(quarry.root)


def test_a_channel_that_is_not_reached_is_named_with_what_to_do(quarry: Quarry) -> None:
    with pytest.raises(EnvironmentFailed) as failure:
        quarry.build(quarry.sources("http://127.0.0.1:9/rocks"))
    assert "The channel rocks was not reached at http://127.0.0.1:9/rocks" in str(failure.value)
    assert all(word in str(failure.value) for word in ("mirror", "--offline", "make the lock there"))
    assert len(str(failure.value).splitlines()) == 1
    assert nothing_is_left(quarry.root)


@pytest.mark.parametrize("content", ["<html>Sign in</html>", "", '{"packages": {"granite-1'])
def test_what_a_channel_says_and_nobody_understands_is_named_and_not_kept(
    quarry: Quarry, server: ChannelServer, content: str
) -> None:
    index = quarry.channel.folder / SUBDIR / "repodata.json"
    whole = index.read_text()
    index.write_text(content)
    with pytest.raises(EnvironmentFailed, match=r"the channel rocks has at http\S+ cannot be understood") as failure:
        quarry.build(quarry.sources(server.address("rocks")))
    assert len(str(failure.value).splitlines()) == 1
    index.write_text(whole)
    assert verify(quarry.build(quarry.sources(server.address("rocks")))) == []


def test_a_record_of_a_channel_that_nobody_understands_is_told_from_packages_that_do_not_fit(quarry: Quarry) -> None:
    index = quarry.channel.folder / SUBDIR / "repodata.json"
    index.write_text(index.read_text().replace('"version": "1.0"', '"version": "!!~~"'))
    with pytest.raises(EnvironmentFailed, match=r"rocks at file:\S+ says of a package cannot be understood: .*!!~~"):
        quarry.build()


def test_a_mirror_without_the_channel_is_named(quarry: Quarry, server: ChannelServer) -> None:
    with pytest.raises(EnvironmentFailed, match=r"There is no channel rocks at http\S+/sand"):
        quarry.build(quarry.sources(server.address("sand")))


# --- packages that cannot be had or used ---------------------------------------------------------------------------


def test_a_cut_download_goes_on_where_it_stopped(quarry: Quarry, server: ChannelServer) -> None:
    server.cuts, server.after = 1, 100_000
    environment = quarry.build(quarry.sources(server.address("rocks")))
    resumed = [asked for asked in server.asked if asked.range and asked.path.endswith((".conda", ".tar.bz2"))]
    assert len(resumed) == 1
    assert verify(environment) == []


def test_a_download_that_is_always_cut_is_given_up_and_goes_on_next_time(quarry: Quarry, server: ChannelServer) -> None:
    python = archive(quarry, "python").name
    lock(
        Specification.load(quarry.specification),
        root=quarry.root,
        progress=quarry.reports.append,
        sources=quarry.sources(),
    )
    server.cuts, server.after = -1, 0
    with pytest.raises(EnvironmentFailed, match=r"could not be downloaded from http\S+: .* \(5 tries\)") as failure:
        quarry.build(quarry.sources(server.address("rocks")))
    assert len(str(failure.value).splitlines()) == 1
    assert nothing_is_left(quarry.root)
    server.cuts = 0
    assert verify(quarry.build(quarry.sources(server.address("rocks")))) == []
    assert server.asked_for(python)


def test_a_package_that_is_not_the_locked_one_is_refused(quarry: Quarry) -> None:
    specification = Specification.load(quarry.specification)
    lock(specification, root=quarry.root, progress=quarry.reports.append, sources=quarry.sources())
    victim = archive(quarry, "granite")
    victim.write_bytes(victim.read_bytes()[:-1] + b"x")
    with pytest.raises(EnvironmentFailed, match=r"granite-1\.0-0\.tar\.bz2 .* is not the one that was locked"):
        quarry.build()
    assert nothing_is_left(quarry.root)
    assert not list(quarry.cache.rglob("granite*.part"))


def test_a_prefix_longer_than_the_placeholder_is_named_with_its_length(quarry: Quarry) -> None:
    quarry.channel.add(granite("2.0", placeholder="/opt/short"))
    with pytest.raises(EnvironmentFailed, match=r"granite-2\.0-0\.tar\.bz2 cannot be installed in .* characters"):
        quarry.build()
    assert nothing_is_left(quarry.root)


def test_a_disk_that_fills_up_is_named(quarry: Quarry, small_disk: Path) -> None:
    with pytest.raises(EnvironmentFailed, match=r"could not be built in .*: the disk is full") as failure:
        quarry.build(root=small_disk)
    assert str(small_disk) in str(failure.value)
    assert nothing_is_left(small_disk)


def test_a_cache_whose_disk_fills_up_is_named(quarry: Quarry, small_disk: Path) -> None:
    with pytest.raises(EnvironmentFailed, match=r"could not be downloaded to .*small-disk.*: the disk is full"):
        quarry.build(Sources(cache=small_disk / "cache", mirrors={"rocks": str(quarry.channel.folder)}))
    assert nothing_is_left(quarry.root)


def test_scripts_of_packages_are_not_run_but_named_in_the_log(quarry: Quarry) -> None:
    script = b"#!/bin/sh\ntouch $PREFIX/ran\n"
    quarry.channel.add(Package("lava", subdir=SUBDIR, files={"bin/.lava-post-link.sh": script}))
    quarry.edit('packages = ["pebble"]', 'packages = ["pebble", "lava"]')
    environment = quarry.build()
    assert not (environment.prefix / "ran").exists()
    assert ".lava-post-link.sh" in (quarry.root / "stones.log").read_text()


@pytest.mark.parametrize("path", ["../../beside/file", "share/../../../beside/file"])
@pytest.mark.parametrize("kind", [".conda", ".tar.bz2"])
def test_a_package_that_lists_a_path_outside_of_the_environment_is_refused(
    quarry: Quarry, path: str, kind: str
) -> None:
    quarry.channel.add(Package("lava", subdir=SUBDIR, listed=[path], kind=kind))
    quarry.edit('packages = ["pebble"]', 'packages = ["pebble", "lava"]')
    before = set(quarry.folder.iterdir()) | {quarry.root, quarry.cache}
    with pytest.raises(EnvironmentFailed, match=rf"lava-1\.0-0\{kind} of the channel rocks names .*beside/file, which"):
        quarry.build()
    assert nothing_is_left(quarry.root)
    assert set(quarry.folder.iterdir()) == before


@pytest.mark.parametrize(
    ("links", "listed"),
    [({"share/lava": "{outside}"}, ["share/lava/secret"]), ({"share/lava": "{outside}/secret"}, ["share/lava"])],
    ids=["folder", "file"],
)
def test_a_package_whose_symlink_leads_to_a_file_of_the_machine_is_refused(
    quarry: Quarry, links: dict[str, str], listed: list[str]
) -> None:
    secret = quarry.folder / "outside" / "secret"
    secret.parent.mkdir()
    secret.touch(mode=0o600)
    links = {path: target.format(outside=secret.parent) for path, target in links.items()}
    quarry.channel.add(Package("lava", subdir=SUBDIR, links=links, listed=listed))
    quarry.edit('packages = ["pebble"]', 'packages = ["pebble", "lava"]')
    with pytest.raises(EnvironmentFailed, match=r"lava-1\.0-0 reaches by a symlink of its own to \S+secret"):
        quarry.build()
    assert nothing_is_left(quarry.root)
    assert (stat.S_IMODE(secret.stat().st_mode), secret.stat().st_nlink) == (0o600, 1)


def test_no_file_of_a_package_has_rights_of_its_owner(quarry: Quarry) -> None:
    quarry.channel.add(Package("lava", subdir=SUBDIR, files={"bin/lava": b"#!/bin/sh\n"}, mode=0o6755))
    quarry.edit('packages = ["pebble"]', 'packages = ["pebble", "lava"]')
    assert stat.S_IMODE((quarry.build().prefix / "bin" / "lava").stat().st_mode) == 0o555


def test_a_settings_file_replaces_a_symlink_that_a_package_brings(quarry: Quarry) -> None:
    outside = quarry.folder / "outside.txt"
    outside.write_text("of somebody else")
    quarry.channel.add(Package("lava", subdir=SUBDIR, links={"share/lava.txt": str(outside)}))
    quarry.edit('packages = ["pebble"]', 'packages = ["pebble", "lava"]')
    quarry.edit("[variables]", '[files]\n"share/lava.txt" = "lava.txt"\n\n[variables]')
    (quarry.folder / "lava.txt").write_text("hot")
    environment = quarry.build()
    assert outside.read_text() == "of somebody else"
    assert (environment.prefix / "share" / "lava.txt").read_text() == "hot"


def test_a_settings_file_does_not_leave_the_environment_through_a_symlink(quarry: Quarry) -> None:
    outside = quarry.folder / "outside"
    outside.mkdir()
    quarry.channel.add(Package("lava", subdir=SUBDIR, links={"share/lava": str(outside)}))
    quarry.edit('packages = ["pebble"]', 'packages = ["pebble", "lava"]')
    quarry.edit("[variables]", '[files]\n"share/lava/lava.txt" = "lava.txt"\n\n[variables]')
    (quarry.folder / "lava.txt").write_text("hot")
    with pytest.raises(EnvironmentFailed, match=r"files\.share/lava/lava\.txt lies outside of the environment"):
        quarry.build()
    assert not list(outside.iterdir())
    assert nothing_is_left(quarry.root)


# --- post-build checks ---------------------------------------------------------------------------------------------


def supply(quarry: Quarry, name: str, files: dict[str, str]) -> None:
    content = {f"site-packages/{path}": text.encode() for path, text in files.items()}
    quarry.channel.add(Package(name, subdir="noarch", noarch="python", depends=("python",), files=content))
    quarry.edit('packages = ["pebble"]', f'packages = ["pebble", "{name}"]')


CHECK = """\
import os, sys, pathlib
settings = pathlib.Path(os.environ["STONE_SETTINGS"]).read_text()
sys.exit(f"threads={len(os.sched_getaffinity(0))}\\n" != settings or os.environ["GREETING"] != "hello")
"""


def test_a_check_runs_with_variables_and_a_copy_of_the_session_s_files(quarry: Quarry) -> None:
    supply(quarry, "assay", {"assay.py": CHECK})
    (quarry.folder / "stones.properties").write_text("threads={threads}\n")
    quarry.edit('GREETING = "hello"', 'GREETING = "hello"\nSTONE_SETTINGS = "/etc/stones.properties"')
    quarry.edit("[checks]", '[session_files]\n"/etc/stones.properties" = "stones.properties"\n\n[checks]')
    quarry.edit('imports = ["pebble"]', 'imports = ["pebble"]\nmodules = ["assay"]')
    environment = quarry.build()
    assert environment.variables["STONE_SETTINGS"] == "/etc/stones.properties"
    assert [report.message for report in quarry.reports if report.step is Step.TESTING] == ["assay"]


def test_a_check_that_fails_is_named_with_its_reason(quarry: Quarry) -> None:
    supply(quarry, "assay", {"assay.py": "raise SystemExit('too soft')"})
    quarry.edit('imports = ["pebble"]', 'imports = ["pebble"]\nmodules = ["assay"]')
    with pytest.raises(EnvironmentFailed, match=r"(?s)the check `python -m assay` fails in it .*too soft"):
        quarry.build()
    assert nothing_is_left(quarry.root)


EXTRACTOR = """\
import pathlib, sys
_, option, place, *names = sys.argv
assert option == "--out"
pathlib.Path(place).mkdir(parents=True)
pathlib.Path(place, "catalogue.json").write_text(repr(names))
"""


def test_the_catalogue_is_extracted_into_the_environment(quarry: Quarry) -> None:
    package = {"mantidlab/__init__.py": "", "mantidlab/docs/__init__.py": "", "mantidlab/docs/extract.py": EXTRACTOR}
    supply(quarry, "extractor", package)
    quarry.edit("free_space_gb", 'catalogue = ["pebble", "granite"]\nfree_space_gb')
    environment = quarry.build()
    written = environment.prefix / "share" / "mantidhub" / "catalogue.json"
    assert written.read_text() == "['pebble', 'granite']"
    assert verify(environment) == []


def test_a_catalogue_that_cannot_be_extracted_is_a_failure(quarry: Quarry) -> None:
    quarry.edit("free_space_gb", 'catalogue = ["pebble"]\nfree_space_gb')
    with pytest.raises(EnvironmentFailed, match="its catalogue of pebble cannot be extracted"):
        quarry.build()
    assert nothing_is_left(quarry.root)


# --- builds that end early -----------------------------------------------------------------------------------------

MOMENTS = [
    Step.READING_CHANNELS,
    Step.SOLVING,
    Step.DOWNLOADING,
    Step.INSTALLING,
    Step.COMPILING,
    Step.CHECKING,
    Step.HASHING,
    Step.PUBLISHING,
]


@pytest.mark.parametrize("step", MOMENTS)
def test_a_killed_build_shows_nothing_and_the_next_one_is_whole(quarry: Quarry, step: Step) -> None:
    with quarry.build_until(step) as builder:
        builder.kill()
    assert list_built(quarry.root) == []
    environment = quarry.build()
    assert verify(environment) == []
    assert not list(quarry.root.glob(".stones-*"))


@pytest.mark.parametrize("seconds", [0.05, 0.15, 0.3, 0.6])
def test_a_build_that_is_killed_while_it_works_is_whole_next_time(quarry: Quarry, seconds: float) -> None:
    with quarry.build_until(Step.DOWNLOADING, pause=0) as builder:
        time.sleep(seconds)
        builder.kill()
    assert verify(quarry.build()) == []
    assert not list(quarry.root.glob(".stones-*"))


@pytest.mark.parametrize("step", [Step.SOLVING, Step.DOWNLOADING, Step.INSTALLING, Step.COMPILING])
def test_an_interrupted_build_cleans_up_after_itself(quarry: Quarry, step: Step) -> None:
    with quarry.build_until(step) as builder:
        builder.send_signal(signal.SIGINT)
    assert builder.returncode != 0
    assert nothing_is_left(quarry.root)


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_command_that_is_ended_cleans_up_after_itself(quarry: Quarry, end: signal.Signals) -> None:
    supply(quarry, "assay", {"assay.py": "import time; time.sleep(600)"})
    quarry.edit('imports = ["pebble"]', 'imports = ["pebble"]\nmodules = ["assay"]')
    settings = quarry.folder / "settings" / "mantidhub.toml"
    settings.parent.mkdir()
    settings.write_text(
        f'[environments]\nspecifications = "{quarry.folder}"\ncache = "{quarry.cache}"\n'
        f'[environments.mirrors]\nrocks = "{quarry.channel.folder}"\n'
    )
    state = StateFolder(quarry.folder / "state")
    command = [Path(sys.prefix, "bin", "mantidhub"), "environment", "build", "stones"]
    command += ["--config", settings, "--state", state.root]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as builder:
        assert builder.stderr is not None
        assert any("running checks" in line for line in builder.stderr)
        builder.send_signal(end)
        assert "Interrupted. Run the same command again" in builder.stderr.read()
    assert builder.returncode == 130
    assert nothing_is_left(state.environments)


def test_a_first_lock_is_made_by_one_process_and_seen_by_others(quarry: Quarry) -> None:
    with quarry.build_until(Step.SOLVING, pause=2) as builder:
        assert is_locked(quarry.root, "stones"), "else whoever looks takes it for a build that was interrupted"
        # Somebody must read on, or the pipe might fill.
        reader = threading.Thread(target=builder.communicate)
        reader.start()
        environment = quarry.build()
        reader.join()
    assert builder.returncode == 0
    assert Step.SOLVING not in quarry.steps()
    assert list_built(quarry.root) == [environment]


def test_an_interrupted_lock_leaves_the_old_one(quarry: Quarry) -> None:
    quarry.build()
    before = quarry.lock.read_bytes()
    quarry.edit('packages = ["pebble"]', 'packages = ["pebble", "granite"]')
    with quarry.build_until(Step.READING_CHANNELS) as builder:
        builder.send_signal(signal.SIGINT)
    assert quarry.lock.read_bytes() == before
