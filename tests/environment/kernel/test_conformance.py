"""The expectations of a kernel with Mantid hold for the recorded one, and fail for one that cannot be cancelled."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))


@pytest.fixture
def rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, str]]:
    from support import recorded_package, recorded_workspaces

    from mantidlab.conformance.kernels import kernel_rows

    if not recorded_workspaces.FOLDER.exists():
        pytest.skip(f"no {recorded_workspaces.FOLDER}; name the folder with MANTIDHUB_SHARED_MANTID")

    def verdicts(**changed: str) -> dict[str, str]:
        path = recorded_package.write_package(tmp_path)["PYTHONPATH"]
        for file, more in changed.items():
            with (tmp_path / "mantid" / file / "__init__.py").open("a") as package:
                package.write(more)
        monkeypatch.setenv("PYTHONPATH", path)
        monkeypatch.delenv("PYTEST_CURRENT_TEST")
        return {row.what: f"{row.verdict} {row.found}" for row in kernel_rows()}

    return verdicts


def test_every_expectation_of_a_kernel_holds(rows):
    found = rows()
    assert len(found) == 7
    assert {what: said for what, said in found.items() if not said.startswith("ok")} == {}


def test_a_list_that_tells_nothing_fails(rows):
    found = rows(api="\nService._tell = lambda self, kind, *said: None\n")
    wrong = {what for what, verdict in found.items() if verdict.startswith("FAILED")}
    assert wrong == {
        "a workspace is named while a cell runs",
        "a workspace is described after the cell",
        "renaming and deleting are told",
    }
