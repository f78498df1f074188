"""Kernels of an environment that can answer panels are told to at their start."""

import json
from pathlib import Path

import pytest

from mantidlab.server.kernels import write_kernels
from mantidlab.server.session_environments import SessionEnvironment


def environment(prefix: Path, *packages: str) -> SessionEnvironment:
    for package in packages:
        (prefix / "lib/python3.11/site-packages" / package).mkdir(parents=True)
    (prefix / "bin").mkdir()
    (prefix / "bin/python").touch()
    (prefix / "lib/python3.11/site-packages/ipykernel_launcher.py").touch()
    return SessionEnvironment("scipp", "scipp", "aa", "aa", prefix / "bin/python", prefix, {})


@pytest.mark.parametrize(("package", "told"), [("mantidlab/kernel", True), ("mantidlab", False)])
def test_the_extension_is_loaded_where_the_environment_has_it(tmp_path: Path, package: str, told: bool) -> None:
    (tmp_path / "prefix").mkdir()
    data = write_kernels([environment(tmp_path / "prefix", package)], tmp_path)
    argv = json.loads((data / "kernels/python3/kernel.json").read_text())["argv"]
    assert ("--IPKernelApp.extra_extensions=mantidlab.kernel" in argv) == told
    assert argv[-2:] == ["-f", "{connection_file}"]
