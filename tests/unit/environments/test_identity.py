"""The hash of an environment follows everything that shapes it, and nothing else."""

import itertools
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mantidhub.environments import Sources, Specification
from mantidhub.environments.interpreters import Interpreter
from mantidhub.environments.python_packages import PythonPackages

BASE = Interpreter(Path("/usr/bin/python3.11"), Path("/usr"), (3, 11, 2), "cpython-311", "x86_64-linux-gnu")

Load = Callable[[], Specification]


def identity(specification: Specification, base: Interpreter) -> str:
    return PythonPackages(specification, base, Sources()).fingerprint


def substitute(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("small.txt", "1.17.0", "1.17.1"),
        ("small.txt", "sha256:00", "sha256:01"),
        ("small.toml", '"Small"', '"Smaller"'),
        ("small.toml", 'OMP_NUM_THREADS = "1"', 'OMP_NUM_THREADS = "2"'),
        ("small.toml", 'OMP_NUM_THREADS = "1"', ""),
        ("small.toml", "etc/settings.json", "etc/other.json"),
        ("settings.json", "{}", "[]"),
        ("package/src/thing/__init__.py", "42", "43"),
        ("package/pyproject.toml", "thing", "thong"),
    ],
)
def test_it_changes_with(folder: Path, load: Load, file: str, old: str, new: str) -> None:
    before = identity(load(), BASE)
    substitute(folder / file, old, new)
    assert identity(load(), BASE) != before


def test_it_changes_with_a_new_source_file(folder: Path, load: Load) -> None:
    before = identity(load(), BASE)
    (folder / "package" / "src" / "thing" / "more.py").touch()
    assert identity(load(), BASE) != before


def test_it_changes_when_a_source_file_is_renamed(folder: Path, load: Load) -> None:
    before = identity(load(), BASE)
    source = folder / "package" / "src" / "thing" / "__init__.py"
    source.rename(source.with_name("other.py"))
    assert identity(load(), BASE) != before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("small.txt", "# made by hand", "# made by a program"),
        ("small.txt", "    # via -r small.in\n", ""),
        ("small.toml", 'name = "small"\ntitle = "Small"', '# why\ntitle = "Small"\nname = "small"'),
        ("small.in", "six", "six>=1"),
    ],
)
def test_it_does_not_change_with(folder: Path, load: Load, file: str, old: str, new: str) -> None:
    before = identity(load(), BASE)
    substitute(folder / file, old, new)
    assert identity(load(), BASE) == before


def test_it_does_not_change_with_times_and_compiled_files(folder: Path, load: Load) -> None:
    before = identity(load(), BASE)
    source = folder / "package" / "src" / "thing"
    os.utime(source / "__init__.py", (0, 0))
    (source / "__pycache__").mkdir()
    (source / "__pycache__" / "__init__.cpython-311.pyc").write_bytes(b"compiled")
    assert identity(load(), BASE) == before


def test_it_follows_the_sources_that_a_package_names_and_not_what_is_built_of_them(folder: Path, load: Load) -> None:
    package = folder / "package"
    with (package / "pyproject.toml").open("a") as project:
        project.write('\n[tool.mantidhub]\nsources = ["src", "ui/src", "ui/lock"]\nbuilt = ["src/thing/static"]\n')
    written = [
        package / name for name in ("ui/src/page.ts", "ui/lock", "src/thing/static/page.js", "ui/modules/other.js")
    ]
    for file in written:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("1")
    hashes = [identity(load(), BASE)]
    for file in written:
        file.write_text("2")
        hashes.append(identity(load(), BASE))
    changed = [former != new for former, new in itertools.pairwise(hashes)]
    assert changed == [True, True, False, False]


def test_it_does_not_change_with_the_place_of_the_checkout(folder: Path, load: Load, tmp_path: Path) -> None:
    before = identity(load(), BASE)
    shutil.copytree(folder, tmp_path / "elsewhere")
    assert identity(Specification.load(tmp_path / "elsewhere" / "small.toml"), BASE) == before


def test_it_follows_what_compiled_packages_must_fit(load: Load) -> None:
    specification = load()
    before = identity(specification, BASE)
    assert identity(specification, replace(BASE, abi="cpython-312")) != before
    assert identity(specification, replace(BASE, platform="aarch64-linux-gnu")) != before


def test_it_ignores_where_the_interpreter_lies_and_its_bug_fixes(load: Load) -> None:
    specification = load()
    moved = replace(BASE, executable=Path("/opt/bin/python3.11"), prefix=Path("/opt"), version=(3, 11, 9))
    assert identity(specification, moved) == identity(specification, BASE)
