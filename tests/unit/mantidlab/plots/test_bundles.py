"""Where the programs that draw plots lie, and what is said where they were not built."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mantidlab.plots import bundles as module
from mantidlab.plots.bundles import bundles, loader
from mantidlab.plots.errors import BundlesMissing


@pytest.fixture
def static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    bundles.cache_clear()
    loader.cache_clear()
    yield tmp_path
    bundles.cache_clear()
    loader.cache_clear()


def test_each_bundle_has_its_file_and_the_hash_that_was_recorded(static: Path) -> None:
    (static / "bundles.json").write_text(json.dumps({"lines": "0a1b"}))
    assert bundles()["lines"].hash == "0a1b"
    assert bundles()["lines"].file == static / "lines.js"


def test_the_loader_is_read_as_it_is(static: Path) -> None:
    (static / "loader.js").write_text("export default {};\n", encoding="utf-8")
    assert loader() == "export default {};\n"


@pytest.mark.parametrize("ask", [bundles, loader])
def test_where_nothing_was_built_it_says_what_to_do(static: Path, ask) -> None:
    with pytest.raises(BundlesMissing, match=r"cannot be drawn: the programs that draw them are not in .*`make ui`"):
        ask()


def test_bundles_that_are_built_here_have_the_hash_of_their_content() -> None:
    if not (module.FOLDER / "bundles.json").exists():
        pytest.skip("nothing is built here yet; `make ui` does it")
    for bundle in bundles().values():
        assert hashlib.sha256(bundle.file.read_bytes()).hexdigest().startswith(bundle.hash)
