"""The threat model names tests; each is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODEL = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", MODEL)))


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_what_proves_it_exists(file: str, test: str):
    text = (ROOT / file).read_text(encoding="utf-8")
    assert not test or re.search(rf"^(async )?def {test}\(", text, re.MULTILINE), f"{file} has no {test}"


def test_every_file_of_attacks_is_named():
    files = {str(file.relative_to(ROOT)) for file in (ROOT / "tests" / "attack").glob("test_*.py")}
    assert files <= {file for file, _ in NAMED}
