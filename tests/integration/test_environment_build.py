"""Environments are really built: completely, once, and with nothing left behind however a build ends.

Most tests build a small environment of one package that they make themselves, without a network and in a second. The
last ones use the real scipp environment, which all suites share in ``build/test-state/environments``.
"""

import base64
import hashlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.channel_server import ChannelServer
from support.pace import slowness

from mantidhub.environments import (
    Environment,
    Progress,
    Sources,
    Specification,
    Step,
    build,
    choose_interpreter,
    find,
    list_built,
    lock,
    looks_whole,
    remove,
    shipped_specifications,
    verify,
)
from mantidhub.environments.environment import MANIFEST
from mantidhub.environments.specification import SHIPPED
from mantidhub.errors import EnvironmentFailed

REPOSITORY = SHIPPED.parent
STATE = REPOSITORY / "build" / "test-state" / "environments"

SPECIFICATION = f"""\
name = "small"
title = "Small"
description = "One package, and mantidlab"
python = ["3.11", "3.12", "3.13"]
requirements = "small.in"
lock = "small.txt"
local_packages = ["{REPOSITORY / "packages" / "mantidlab"}"]
free_space_gb = 0.0005

[files]
"etc/jupyter/labconfig/page_config.json" = "page_config.json"

[variables]
GREETING = "hello"

[checks]
imports = ["pebble", "mantidlab"]
"""

BUILDER = """
import sys, time
from pathlib import Path
from mantidhub.environments import Specification, build, choose_interpreter

def pause(progress):
    if progress.step.name == sys.argv[3]:
        print("there", flush=True)
        time.sleep(float(sys.argv[4]))

specification = Specification.load(Path(sys.argv[1]))
build(specification, Path(sys.argv[2]), interpreter=choose_interpreter(specification), progress=pause)
"""


@dataclass(frozen=True)
class Quarry:
    """A specification and the folder that its package comes from."""

    specification: Path
    root: Path

    def build(self, root: Path | None = None) -> tuple[Environment, list[Progress]]:
        """Build here and now."""
        reports: list[Progress] = []
        specification = Specification.load(self.specification)
        interpreter = choose_interpreter(specification)
        return build(specification, root or self.root, interpreter=interpreter, progress=reports.append), reports

    def build_from(self, sources: Sources) -> Environment:
        """Build from other sources than those of uv's variables."""
        specification = Specification.load(self.specification)
        return build(specification, self.root, interpreter=None, progress=lambda progress: None, sources=sources)

    def build_until(self, step: Step, *, pause: float = 60) -> subprocess.Popen[str]:
        """Build in a process that can be killed, and return once it has reached a step, where it pauses (seconds)."""
        command = [sys.executable, "-c", BUILDER, self.specification, self.root, step.name, str(pause)]
        builder = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert builder.stdout is not None
        assert builder.stdout.readline() == "there\n"
        return builder

    def edit(self, old: str, new: str) -> None:
        """Change the specification."""
        text = self.specification.read_text()
        assert old in text
        self.specification.write_text(text.replace(old, new))

    def supply(self, source: str, weight: bytes = b"") -> None:
        """Make the wheel of the package ``pebble`` and the lock that names it."""
        wheel = self.specification.parent / "wheels" / "pebble-1.0-py3-none-any.whl"
        wheel.parent.mkdir(exist_ok=True)
        content = {
            "pebble/__init__.py": source.encode(),
            "pebble/weight.bin": weight,
            "pebble-1.0.dist-info/METADATA": b"Metadata-Version: 2.1\nName: pebble\nVersion: 1.0\n",
            "pebble-1.0.dist-info/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            "pebble-1.0.dist-info/entry_points.txt": b"[console_scripts]\npebble = pebble:main\n",
        }
        record = "pebble-1.0.dist-info/RECORD"
        lines = [f"{name},sha256={record_digest(data)},{len(data)}" for name, data in content.items()]
        with zipfile.ZipFile(wheel, "w") as archive:
            for name, data in {**content, record: "\n".join([*lines, f"{record},,"]).encode()}.items():
                archive.writestr(name, data)
        self.lock(hashlib.sha256(wheel.read_bytes()).hexdigest())

    def lock(self, digest: str) -> None:
        """Write the lock with a hash."""
        self.specification.with_suffix(".txt").write_text(f"pebble==1.0 \\\n    --hash=sha256:{digest}\n")


def record_digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


@pytest.fixture
def quarry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Quarry]:
    folder = tmp_path / "environments"
    folder.mkdir()
    (folder / "small.toml").write_text(SPECIFICATION)
    (folder / "small.in").write_text("pebble\n")
    (folder / "page_config.json").write_text('{"disabledExtensions": {}}')
    quarry = Quarry(folder / "small.toml", tmp_path / "built")
    quarry.supply("def main():\n    print('a pebble')\n")
    monkeypatch.setenv("UV_FIND_LINKS", str(folder / "wheels"))
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv-cache"))
    yield quarry
    for environment in list_built(quarry.root):
        remove(environment)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MB."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small file system")
    folder = tmp_path / "small-disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def nothing_is_left(root: Path) -> bool:
    return {path.name for path in root.iterdir()} <= {"small.log", ".small.lock"}


# --- what is built -------------------------------------------------------------------------------------------------


def test_it_holds_the_locked_and_the_local_package_and_the_settings(quarry: Quarry) -> None:
    environment, _ = quarry.build()
    script = "import pebble, mantidlab, sys; print(pebble.__cached__, sys.prefix)"
    said = subprocess.run([environment.python, "-c", script], check=True, capture_output=True, text=True).stdout
    cached, prefix = said.split()
    assert Path(prefix) == environment.prefix == quarry.root / f"small-{environment.hash[:12]}"
    assert Path(cached).is_file()
    assert environment.packages == {"pebble": "1.0", "mantidlab": "0.1.0"}
    assert environment.variables == {"GREETING": "hello"}
    assert (environment.prefix / "etc/jupyter/labconfig/page_config.json").is_file()


def test_scripts_work_after_the_rename_and_compiled_files_name_the_final_place(quarry: Quarry) -> None:
    environment, _ = quarry.build()
    pebble = environment.prefix / "bin" / "pebble"
    assert subprocess.run([pebble], check=True, capture_output=True, text=True).stdout == "a pebble\n"
    compiled = next(environment.prefix.glob("lib/python3*/site-packages/pebble/__pycache__/*.pyc")).read_bytes()
    assert compiled[4:8] == b"\x01\x00\x00\x00", "valid whatever the source's time (PEP 552, unchecked hash)"
    assert f"{environment.prefix}/lib".encode() in compiled
    assert b"/.small-" not in compiled


def test_everybody_may_read_it_and_nobody_may_write(quarry: Quarry) -> None:
    before = os.umask(0o077)
    try:
        environment, _ = quarry.build()
    finally:
        os.umask(before)
    modes = {stat.S_IMODE(path.lstat().st_mode) for path in environment.prefix.rglob("*") if not path.is_symlink()}
    assert modes == {0o555, 0o444}
    assert stat.S_IMODE(environment.prefix.stat().st_mode) == 0o555


def test_it_shares_no_file_with_the_cache(quarry: Quarry) -> None:
    environment, _ = quarry.build()
    assert {path.stat().st_nlink for path in environment.prefix.rglob("*") if path.is_file()} == {1}


def test_its_interpreter_is_reached_without_a_symlink_on_the_way(quarry: Quarry, tmp_path: Path) -> None:
    specification = Specification.load(quarry.specification)
    real = Path(sys.base_prefix).resolve()
    link = tmp_path / "python-latest"
    link.symlink_to(real)
    python = link / Path(sys.executable).resolve().relative_to(real)
    environment = build(specification, quarry.root, interpreter=python, progress=lambda progress: None)
    assert environment.interpreter == real
    target = environment.python.readlink()
    assert target == target.resolve()
    assert str(link) not in (environment.prefix / "pyvenv.cfg").read_text()


def test_it_verifies_and_is_found(quarry: Quarry) -> None:
    environment, _ = quarry.build()
    assert verify(environment) == []
    assert find(quarry.root, "small") == environment


def test_progress_is_reported_in_order_and_counts_up(quarry: Quarry) -> None:
    _, reports = quarry.build()
    steps = list(dict.fromkeys(report.step for report in reports))
    assert steps[0] is Step.INTERPRETER
    assert steps[-4:] == [Step.CHECKING, Step.HASHING, Step.PUBLISHING, Step.DONE]
    assert steps.index(Step.DOWNLOADING) < steps.index(Step.COMPILING) < steps.index(Step.CHECKING)
    assert [report.message for report in reports if report.step is Step.CHECKING] == ["pebble", "mantidlab"]
    assert all(report.done <= report.total for report in reports if report.total)
    assert [report.elapsed for report in reports] == sorted(report.elapsed for report in reports)


# --- building again ------------------------------------------------------------------------------------------------


def test_the_same_specification_is_not_built_again(quarry: Quarry) -> None:
    first, _ = quarry.build()
    second, reports = quarry.build()
    assert second == first
    assert [report.step for report in reports] == [Step.INTERPRETER, Step.DONE]


def test_another_specification_is_built_beside_it(quarry: Quarry) -> None:
    first, _ = quarry.build()
    quarry.edit("hello", "good evening")
    second, _ = quarry.build()
    assert second.hash != first.hash
    assert looks_whole(first)
    assert len(list_built(quarry.root)) == 2


@pytest.mark.parametrize("damage", ["manifest", "package"])
def test_a_broken_environment_is_built_anew(quarry: Quarry, damage: str) -> None:
    environment, _ = quarry.build()
    victim = environment.prefix / MANIFEST
    if damage == "package":
        victim = next(environment.prefix.glob("lib/python3*/site-packages/pebble-*"))
    victim.parent.chmod(0o755)
    victim.chmod(0o755)
    shutil.rmtree(victim) if victim.is_dir() else victim.write_text("{")
    again, _ = quarry.build()
    assert verify(again) == []


# --- builds that end early -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [Step.DOWNLOADING, Step.COMPILING, Step.CHECKING, Step.HASHING, Step.PUBLISHING])
def test_a_killed_build_shows_nothing_and_the_next_one_goes_on(quarry: Quarry, step: Step) -> None:
    with quarry.build_until(step) as builder:
        builder.kill()
    assert list_built(quarry.root) == []
    environment, _ = quarry.build()
    assert verify(environment) == []
    assert not list(quarry.root.glob(".small-*"))


def test_an_interrupted_build_cleans_up_after_itself(quarry: Quarry) -> None:
    with quarry.build_until(Step.COMPILING) as builder:
        builder.send_signal(signal.SIGINT)
    assert builder.returncode != 0
    assert nothing_is_left(quarry.root)


def test_two_builds_at_once_make_one_environment(quarry: Quarry) -> None:
    with quarry.build_until(Step.CHECKING, pause=2) as builder:
        # Somebody must read on, or the pipe might fill.
        reader = threading.Thread(target=builder.communicate)
        reader.start()
        environment, reports = quarry.build()
        reader.join()
    assert builder.returncode == 0
    assert list_built(quarry.root) == [environment]
    waiting = [report.message for report in reports if report.step is Step.WAITING]
    assert f"process {builder.pid} builds small" in waiting
    assert Step.COMPILING not in [report.step for report in reports], "the second took what the first had built"


# --- builds that cannot succeed ------------------------------------------------------------------------------------


def test_a_package_that_is_not_the_locked_one_is_refused(quarry: Quarry) -> None:
    quarry.lock("0" * 64)
    with pytest.raises(EnvironmentFailed, match="a package is not the one that was locked"):
        quarry.build()
    assert nothing_is_left(quarry.root)


def test_a_lock_without_hashes_is_refused(quarry: Quarry) -> None:
    quarry.specification.with_suffix(".txt").write_text("pebble==1.0\n")
    with pytest.raises(EnvironmentFailed, match="the lock has no hash for a package"):
        quarry.build()


def test_without_a_network_it_says_what_to_look_at(quarry: Quarry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UV_NO_INDEX")
    monkeypatch.delenv("UV_FIND_LINKS")
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    with pytest.raises(EnvironmentFailed, match="could not be downloaded") as failure:
        quarry.build()
    assert str(quarry.specification.with_suffix(".txt")) in str(failure.value)
    log = quarry.root / "small.log"
    assert str(log) in str(failure.value)
    assert "Connection refused" in log.read_text()
    assert nothing_is_left(quarry.root)


@pytest.fixture
def index(quarry: Quarry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ChannelServer]:
    """An index of Python packages that has ``pebble`` and nothing else."""
    monkeypatch.delenv("UV_NO_INDEX")
    monkeypatch.delenv("UV_FIND_LINKS")
    wheel = next(quarry.specification.parent.glob("wheels/*.whl"))
    folder = tmp_path / "simple" / "pebble"
    folder.mkdir(parents=True)
    (folder / wheel.name).write_bytes(wheel.read_bytes())
    (folder / "index.html").write_text(f'<a href="{wheel.name}">{wheel.name}</a>')
    with ChannelServer(tmp_path) as server:
        yield server


def test_a_cache_that_was_carried_away_is_enough_without_a_connection(
    quarry: Quarry, index: ChannelServer, tmp_path: Path
) -> None:
    mirrors = {"pypi": index.address("simple")}
    here = quarry.build_from(Sources(cache=tmp_path / "cache", mirrors=mirrors))
    assert index.asked_for("pebble-1.0-py3-none-any.whl")
    remove(here)
    index.asked.clear()
    carried = tmp_path / "carried"
    (tmp_path / "cache").rename(carried)
    there = quarry.build_from(Sources(cache=carried, mirrors=mirrors, offline=True))
    assert (there.hash, there.lock_hash) == (here.hash, here.lock_hash)
    remove(there)
    with pytest.raises(EnvironmentFailed, match=r"the network is switched off \(--offline"):
        quarry.build_from(Sources(cache=tmp_path / "empty", mirrors=mirrors, offline=True))
    assert nothing_is_left(quarry.root)
    assert index.asked == []


def test_a_lock_is_made_aside_and_names_no_place(quarry: Quarry, index: ChannelServer) -> None:
    specification, sources = (
        Specification.load(quarry.specification),
        Sources(mirrors={"pypi": index.address("simple")}),
    )
    lock_file = quarry.specification.with_suffix(".txt")
    lock_file.unlink()
    assert lock(specification, progress=lambda progress: None, sources=sources) == lock_file
    assert "pebble==1.0" in lock_file.read_text()
    assert index.host not in lock_file.read_text()
    before = lock_file.read_bytes()
    quarry.specification.with_suffix(".in").write_text("pebble\nmarble\n")
    with pytest.raises(EnvironmentFailed, match=r"(?s)No lock for .*marble"):
        lock(specification, progress=lambda progress: None, sources=sources)
    assert lock_file.read_bytes() == before
    assert not list(lock_file.parent.glob(".*.new"))


def test_too_little_space_is_seen_before_anything_is_done(quarry: Quarry) -> None:
    quarry.edit("free_space_gb = 0.0005", "free_space_gb = 1000000.0")
    with pytest.raises(EnvironmentFailed, match=r"needs 1000000\.0 GB while it is built, .* GB free"):
        quarry.build()
    assert nothing_is_left(quarry.root)


def test_a_disk_that_fills_up_meanwhile_is_named(quarry: Quarry, small_disk: Path) -> None:
    quarry.supply("", weight=os.urandom(8_000_000))
    with pytest.raises(EnvironmentFailed, match="the disk is full"):
        quarry.build(small_disk)
    assert nothing_is_left(small_disk)


def test_a_folder_that_cannot_be_written_is_named(quarry: Quarry, small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(EnvironmentFailed, match=rf"{small_disk / 'environments'} cannot be written \(Read-only"):
        quarry.build(small_disk / "environments")


def test_an_import_that_fails_is_named_with_its_reason(quarry: Quarry) -> None:
    quarry.supply("raise RuntimeError('no stone unturned')")
    with pytest.raises(EnvironmentFailed, match=r"(?s)`import pebble` fails .*no stone unturned"):
        quarry.build()
    assert nothing_is_left(quarry.root)


def test_an_import_that_crashes_is_named(quarry: Quarry) -> None:
    quarry.supply("import os; os.abort()")
    with pytest.raises(EnvironmentFailed, match=r"`import pebble` fails in it \(status -6\)"):
        quarry.build()


def test_imports_are_checked_with_the_session_s_variables_in_a_home_of_their_own(quarry: Quarry) -> None:
    quarry.supply(
        "import os, pathlib\n"
        "assert os.environ['GREETING'] == 'hello'\n"
        "(pathlib.Path.home() / 'cache').write_text('made at import')\n"
        "assert pathlib.Path.home() != pathlib.Path('" + str(Path.home()) + "')\n"
    )
    environment, _ = quarry.build()
    assert not list(environment.prefix.rglob("cache"))


# --- the scipp environment -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def scipp() -> Environment:
    specification = next(one for one in shipped_specifications() if one.name == "scipp")
    interpreter = choose_interpreter(specification)
    return build(specification, STATE, interpreter=interpreter, progress=lambda progress: None)


def python_says(environment: Environment, script: str, home: Path) -> str:
    surroundings = {"PATH": os.environ["PATH"], "HOME": str(home), **environment.variables}
    command = [environment.python, "-c", script]
    done = subprocess.run(command, env=surroundings, cwd=home, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_scipp_has_what_the_platform_promises(scipp: Environment) -> None:
    versions = {name: version.split(".") for name, version in scipp.packages.items()}
    assert versions["jupyterlab"][:2] == ["4", "6"]
    assert versions["jupyterhub"] == ["6", "1", "1"]
    assert (int(versions["ipykernel"][0]), int(versions["ipykernel"][1])) >= (6, 31)
    assert int(versions["ipykernel"][0]) < 7
    assert {"scipp", "scippneutron", "plopp", "matplotlib", "h5py", "mantidlab"} <= versions.keys()


def test_scipp_verifies(scipp: Environment) -> None:
    assert verify(scipp) == []


def test_scipp_is_recognised_at_once(scipp: Environment) -> None:
    specification = next(one for one in shipped_specifications() if one.name == "scipp")
    interpreter = choose_interpreter(specification)
    times = []
    for _ in range(5):
        started = time.perf_counter()
        build(specification, STATE, interpreter=interpreter, progress=lambda progress: None)
        times.append(time.perf_counter() - started)
    assert min(times) < 0.1 * slowness()


def test_scipp_leaves_out_what_slows_a_session_s_start(scipp: Environment, tmp_path: Path) -> None:
    script = "import sys, jupyterlab.labapp, jupyter_events; print(*sys.modules)"
    loaded = {name.partition(".")[0] for name in python_says(scipp, script, tmp_path).split()}
    assert loaded.isdisjoint({"rfc3987_syntax", "lark", "isoduration", "arrow", "jupyter_lsp"})


def test_scipp_s_jupyter_events_still_validate(scipp: Environment, tmp_path: Path) -> None:
    script = """
import json, logging, io
from jupyter_events import EventLogger
schema = {"$id": "https://example.org/event", "version": "1", "title": "Event", "type": "object",
          "properties": {"at": {"type": "string", "format": "date-time"}}}
stream = io.StringIO()
events = EventLogger(handlers=[logging.StreamHandler(stream)])
events.register_event_schema(schema)
events.emit(schema_id=schema["$id"], data={"at": "2026-01-02T03:04:05Z"})
try:
    events.emit(schema_id=schema["$id"], data={"at": 3})
except Exception as error:
    print(type(error).__name__, json.loads(stream.getvalue())["at"])
"""
    assert python_says(scipp, script, tmp_path) == "ValidationError 2026-01-02T03:04:05Z"


def test_scipp_s_lab_has_no_part_that_asks_for_a_language_server(scipp: Environment, tmp_path: Path) -> None:
    script = """
from jupyterlab.labapp import LabApp
from jupyterlab_server.config import get_page_config
print(*get_page_config(LabApp().labextensions_path)["disabledExtensions"])
"""
    disabled = python_says(scipp, script, tmp_path).split()
    assert {"@jupyterlab/lsp-extension", "@jupyterlab/notebook-extension:language-server"} <= set(disabled)


def test_a_notebook_runs_in_scipp(scipp: Environment, tmp_path: Path) -> None:
    script = """
import nbformat
from nbclient import NotebookClient
cell = "import scipp as sc; print(sc.to_unit(sc.scalar(1.0, unit='angstrom'), 'nm').value)"
notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
NotebookClient(notebook, timeout=120).execute()
print(notebook.cells[0].outputs[0].text)
"""
    assert float(python_says(scipp, script, tmp_path)) == pytest.approx(0.1)
