"""The interpreter is found by its real path, and refused in words when it does not fit."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from mantidhub.environments import Specification, choose_interpreter
from mantidhub.environments.interpreters import inspect_interpreter, require_fit
from mantidhub.errors import EnvironmentFailed


def test_a_virtual_environment_leads_to_what_it_stands_on() -> None:
    found = inspect_interpreter(Path(sys.executable))
    assert found.prefix == Path(sys.base_prefix).resolve()
    assert found.executable.is_relative_to(found.prefix)
    assert found.version == sys.version_info[:3]
    assert not found.executable.is_symlink()


def test_a_symlinked_installation_is_resolved(tmp_path: Path) -> None:
    real = inspect_interpreter(Path(sys.executable))
    link = tmp_path / "cpython-latest"
    link.symlink_to(real.prefix)
    assert inspect_interpreter(link / real.executable.relative_to(real.prefix)) == real


@pytest.mark.parametrize(
    "content", [None, "#!/bin/sh\necho 'no python today' >&2\nexit 3\n", "#!/bin/sh\necho hello\n"]
)
def test_one_that_does_not_run_is_named(tmp_path: Path, content: str | None) -> None:
    python = tmp_path / "python3"
    if content:
        python.write_text(content)
        python.chmod(0o755)
    with pytest.raises(EnvironmentFailed, match=rf"The interpreter {python} does not run: .*Name another one"):
        inspect_interpreter(python)


@pytest.mark.parametrize("version", [(3, 10, 4), (3, 14, 0)])
def test_too_old_and_too_new_are_refused(folder: Path, version: tuple[int, int, int]) -> None:
    specification = Specification.load(folder / "small.toml")
    interpreter = replace(inspect_interpreter(Path(sys.executable)), version=version)
    found = ".".join(map(str, version))
    with pytest.raises(EnvironmentFailed, match=rf"needs Python 3\.11 or 3\.12 or 3\.13, .* is {found}"):
        require_fit(interpreter, specification)


def test_the_chosen_one_fits(folder: Path) -> None:
    specification = Specification.load(folder / "small.toml")
    chosen = choose_interpreter(specification)
    require_fit(inspect_interpreter(chosen), specification)
    assert chosen.resolve() == chosen
