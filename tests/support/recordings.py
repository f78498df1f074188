"""The recorded facts of a real Mantid, which lie beside the checkout."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(os.environ.get("MANTIDHUB_SHARED_MANTID") or Path(__file__).parents[2].parent / "shared" / "mantid")


@cache
def recording(name: str) -> Any:
    """Return a recorded file's content; skip the test where there is none."""
    file = FOLDER / name
    if not file.exists():
        pytest.skip(f"no {name} in {FOLDER}; name the folder of the recorded Mantid with MANTIDHUB_SHARED_MANTID")
    return json.loads(file.read_text(encoding="utf-8"))
