"""The simulated instruments and the examples, tested with the Python of a real environment.

The environment has numpy and scipp but no pytest, and is read-only: it is lent pytest and hypothesis of the development
environment by a folder of links. hypothesis is compiled for one version of Python, which both must share.
"""

import importlib.metadata
import os
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1] / "environment"
VARIABLE = "MANTIDHUB_TEST_ENVIRONMENT"
LENT = ("pytest", "pluggy", "iniconfig", "hypothesis", "sortedcontainers")  # what else they need, ipykernel needs too


@pytest.fixture(scope="module")
def environment_python() -> Path:
    prefix = os.environ.get(VARIABLE)
    if not prefix:
        pytest.fail(f"{VARIABLE} does not name the prefix of a built scipp environment; make test sets it")
    python = Path(prefix) / "bin" / "python"
    if not python.exists():
        pytest.fail(f"{VARIABLE} names {prefix}, which has no bin/python")
    return python


@pytest.fixture(scope="module")
def lent_pytest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lent")
    for name in LENT:
        distribution = importlib.metadata.distribution(name)
        for top in {file.parts[0] for file in distribution.files or [] if file.parts[0] != ".."}:
            (folder / top).symlink_to(str(distribution.locate_file(top)))
    return folder


@pytest.mark.parametrize("file", sorted(TESTS.rglob("test_*.py")), ids=lambda file: file.stem)
def test_in_the_environment(file: Path, environment_python: Path, lent_pytest: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    call = [environment_python, "-m", "pytest", "-c", TESTS / "pytest.ini", f"--junitxml={report}", file]
    variables = {**os.environ, "PYTHONPATH": str(lent_pytest), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(call, capture_output=True, text=True, check=False, timeout=580, env=variables)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-5_000:]
    cases = ET.parse(report).getroot().findall(".//testcase")  # noqa: S314  (we wrote it just now)
    skipped = [case.find("skipped") for case in cases if case.find("skipped") is not None]
    assert cases
    if len(skipped) == len(cases) and skipped[0] is not None:
        pytest.skip(skipped[0].get("message", ""))
    assert not skipped
