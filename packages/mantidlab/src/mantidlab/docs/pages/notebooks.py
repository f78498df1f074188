"""The page of an example: the notebook's texts and its code."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from mantidlab.docs.pages.thing import NothingThere, Thing, Usage

_TITLE = re.compile(r"^#\s+(?P<title>[^\n]+)", re.MULTILINE)
_LARGEST = 5_000_000  # bytes of a notebook that are read; one with pictures of results is no text to search


@dataclass(frozen=True)
class Example:
    """A notebook that shows how something is done.

    Attributes
    ----------
    file
        Below the person's home, as JupyterLab opens it.
    texts, codes
        The sources of its cells.
    """

    file: str
    title: str
    texts: tuple[str, ...]
    codes: tuple[str, ...]

    @property
    def text(self) -> str:
        """All its texts without the first title, as search reads them."""
        return re.sub(r"[#*`]+", "", _TITLE.sub("", "\n".join(self.texts), count=1)).strip()


def read_example(file: Path, home: Path) -> Example | None:
    """Read a notebook; None for what is none."""
    try:
        if file.stat().st_size > _LARGEST:
            return None
        cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
        sources = [(str(cell["cell_type"]), "".join(cell["source"])) for cell in cells]
    except (OSError, ValueError, TypeError, LookupError, RecursionError):
        return None
    texts = tuple(source for kind, source in sources if kind == "markdown")
    found = _TITLE.search("\n".join(texts))
    title = found["title"].strip() if found else file.stem.replace("-", " ").replace("_", " ")
    codes = tuple(source for kind, source in sources if kind == "code" and source.strip())
    return Example(file.relative_to(home).as_posix(), title, texts, codes)


def example_thing(name: str, home: Path) -> Thing:
    """Return the page of an example below a home.

    Raises
    ------
    NothingThere
        It is gone, is no notebook, or does not lie in the home.
    """
    file = home / name
    if ".." in Path(name).parts or Path(name).is_absolute() or file.suffix != ".ipynb":
        raise NothingThere(f"{name} is no notebook below your home.")
    example = read_example(file, home)
    if example is None:
        raise NothingThere(f"The example {name} is not there any more, or is no notebook.")
    before = ""
    usage = []
    for number, code in enumerate(example.codes, 1):
        before = f"{before}\n\n{code}".strip()
        usage.append(Usage(f"Step {number}", code, before, "", tested=False, needs=_framework(example)))
    return Thing(
        of=f"example/{name}",
        kind="example",
        title=example.title,
        summary=example.text.partition("\n\n")[0],
        framework=_framework(example),
        markdown="\n\n".join(example.texts),
        usage=tuple(usage),
        file=example.file,
    )


def _framework(example: Example) -> str:
    code = "\n".join(example.codes)
    return next((name for name in ("mantid", "scipp") if re.search(rf"^\s*(?:import|from) {name}\b", code, re.M)), "")
