"""Notebooks for the tests here, and what is in their files."""

import json
from pathlib import Path
from typing import Any


def write_notebook(file: Path, *sources: str, kernel: str = "python3", **metadata: Any) -> None:
    """Write a notebook with these code cells."""
    file.write_text(json.dumps(notebook(*sources, kernel=kernel, **metadata)))


def notebook(*sources: str, kernel: str = "python3", **metadata: Any) -> dict[str, Any]:
    """Return a notebook with these code cells."""
    cells = [
        {"cell_type": "code", "id": f"c{i}", "metadata": {}, "outputs": [], "execution_count": None, "source": source}
        for i, source in enumerate(sources)
    ]
    kernelspec = {"name": kernel, "display_name": kernel, "language": "python"}
    return {"cells": cells, "metadata": {"kernelspec": kernelspec, **metadata}, "nbformat": 4, "nbformat_minor": 5}


def record_in(file: Path) -> dict[str, str] | None:
    """Return the record of the environment in which its cells last ran."""
    return metadata_of(file).get("mantidhub")


def metadata_of(file: Path) -> dict[str, Any]:
    return json.loads(file.read_text())["metadata"]
