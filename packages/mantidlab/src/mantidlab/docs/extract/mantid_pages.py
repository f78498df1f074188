"""Finds the page of each algorithm in Mantid's offline documentation."""

import re
from pathlib import Path

_TESTED = re.compile(r"^\s*\.\. testcode::", re.MULTILINE)


class AlgorithmPages:
    """The folder of the documentation (of the package ``mantiddocs``, or of its sources); None when there is none."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def page(self, name: str, version: int) -> str:
        """Return the page's path below the folder; empty when there is none."""
        return self._first(f"algorithms/{name}-v{version}.html", f"algorithms/{name}-v{version}.rst")

    def tested_examples(self, name: str, version: int) -> int | None:
        """Return how many examples of the page Mantid's tests run; None where its source is not there."""
        source = self._first(
            f"_sources/algorithms/{name}-v{version}.rst.txt",
            f"_sources/algorithms/{name}-v{version}.txt",
            f"algorithms/{name}-v{version}.rst",
        )
        if not source or self._folder is None:
            return None
        return len(_TESTED.findall((self._folder / source).read_text(encoding="utf-8", errors="replace")))

    def _first(self, *paths: str) -> str:
        if self._folder is None:
            return ""
        return next((path for path in paths if (self._folder / path).is_file()), "")
