"""The pages of the offline documentation: of the package ``mantiddocs``, which holds what Sphinx made, as HTML.

The package puts it below ``share/doc/html`` (its recipe tests for ``share/doc/html/index.html``; releases that were
built for Qt's help viewer have the same pages below ``share/doc``). The packages of scipp and of the ESS hold no pages:
what they document offline are their docstrings.
"""

import html.parser
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path, PurePosixPath

from mantidlab.docs.catalogue import Failure, Page

PLACES = ("share/doc/html", "share/doc", "share/doc/mantid/html")
"""Where in an environment the documentation may lie."""

_KINDS = {
    "fitting/fitfunctions": "fit function",
    "algorithms": "algorithm",
    "api": "Python",
    "concepts": "concept",
    "diagrams": "diagram",
    "interfaces": "interface",
    "plotting": "plotting",
    "release": "release notes",
    "techniques": "technique",
    "tutorials": "tutorial",
    "workbench": "workbench",
}
_NOT_PAGES = ("_", "genindex", "py-modindex", "search", "404")
_LEFT_OUT = frozenset({"script", "style", "nav", "footer", "form", "svg", "math", "template"})
_EMPTY = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_BLOCKS = frozenset(
    {
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "td",
    }
    | {"th", "tr", "ul"}
)
_SENDS_ON = re.compile(r"""<meta\s[^>]*http-equiv=["']?refresh\b""", re.IGNORECASE)
_VERSIONED = re.compile(r"(algorithms/.+)-v\d+\.html")
_CATEGORIES = re.compile(r"Categor(?:y|ies): ")
_FEW = 300  # so few are read before other processes have started


@dataclass(frozen=True)
class Documentation:
    """The pages of a folder, and those that could not be read."""

    pages: tuple[Page, ...] = ()
    failures: tuple[Failure, ...] = ()


def documentation_folder(prefix: Path) -> Path | None:
    """Return where an environment has Mantid's offline documentation, None if it has none."""
    folders = (prefix / place for place in PLACES)
    return next((folder for folder in folders if (folder / "index.html").is_file()), None)


def extract_pages(folder: Path, progress: Callable[[str], None], processes: int = 1) -> Documentation:
    """Read all pages below a folder, sorted by path.

    Parameters
    ----------
    folder
        It has an ``index.html`` of Sphinx.
    processes
        Between how many to share the work. They are forked, so nothing with threads may have been imported before.
    """
    paths = sorted(path for path in _page_paths(folder))
    progress(f"reading {len(paths)} pages of documentation")
    if processes > 1 and len(paths) > _FEW:
        with ProcessPoolExecutor(processes, get_context("fork")) as pool:
            found = list(pool.map(_read, [folder] * len(paths), paths, chunksize=50))
    else:
        found = [_read(folder, path) for path in paths]
    pages = tuple(one for one in found if isinstance(one, Page))
    return Documentation(pages, tuple(one for one in found if isinstance(one, Failure)))


def read_page(path: str, content: str) -> Page:
    """Read one page of HTML: its title, and the text of its main part without menus and marks."""
    reader = _Reader()
    reader.feed(content)
    reader.close()
    title = _one_line(reader.heading) or _one_line(reader.title).partition(" — ")[0] or PurePosixPath(path).stem
    return Page(path, title, kind_of(path), _lines(reader.main or reader.everything))


def kind_of(path: str) -> str:
    """Return what a page is about, by its folder."""
    return next((kind for folder, kind in _KINDS.items() if path.startswith(f"{folder}/")), "page")


def _page_paths(folder: Path) -> Iterator[str]:
    paths = [file.relative_to(folder) for file in folder.rglob("*.html")]
    versioned = {match[1] for match in map(_VERSIONED.fullmatch, map(Path.as_posix, paths)) if match}
    for path in paths:
        # lists of pages by category: the catalogue knows the categories, and a search for a name must not end in a list
        if any(part.startswith("_") or part == "categories" for part in path.parts[:-1]):
            continue
        # algorithms/Rebin.html only sends on to the page of the latest version
        if not path.name.startswith(_NOT_PAGES) and path.with_suffix("").as_posix() not in versioned:
            yield path.as_posix()


def _read(folder: Path, path: str) -> Page | Failure | None:
    try:
        content = (folder / path).read_text(encoding="utf-8", errors="replace")
        return None if _SENDS_ON.search(content) else read_page(path, content)
    except (OSError, ValueError, AssertionError) as error:
        return Failure(f"page {path}", f"{type(error).__name__}: {error}")


class _Reader(html.parser.HTMLParser):
    """Collects the title, the first heading and the text of the main part of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.heading = ""
        self.main: list[str] = []
        self.everything: list[str] = []
        self._open: list[str] = []
        self._main_from: int | None = None
        self._left_out_from: int | None = None
        self._heading_done = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        if tag in _BLOCKS:
            self._text("\n")
        if tag in _EMPTY:
            return
        given = {name: value or "" for name, value in attrs}
        self._open.append(tag)
        if self._main_from is None and not self.main and (tag == "main" or given.get("role") == "main"):
            self._main_from = len(self._open)
        classes = given.get("class", "").split()
        mark = (tag == "a" and "headerlink" in classes) or "math" in classes  # nobody searches for LaTeX
        contents = tag == "div" and {"contents", "topic"} <= {*classes}  # of older Sphinx; newer ones make it a nav
        if self._left_out_from is None and (tag in _LEFT_OUT or mark or contents):
            self._left_out_from = len(self._open)

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and those in it that were left open."""
        if tag not in self._open:
            return
        while self._open:
            depth, closed = len(self._open), self._open.pop()
            if self._left_out_from == depth:
                self._left_out_from = None
            if self._main_from == depth:
                self._main_from = None
            self._heading_done |= closed == "h1" and bool(self.heading.strip())
            if closed == tag:
                break
        if tag in _BLOCKS:
            self._text("\n")

    def handle_data(self, data: str) -> None:
        """Take text."""
        if "title" in self._open and "svg" not in self._open:
            self.title += data
        elif self._left_out_from is None:
            if "h1" in self._open and not self._heading_done:
                self.heading += data
            self._text(data)

    def _text(self, text: str) -> None:
        (self.everything if self._main_from is None else self.main).append(text)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _lines(parts: list[str]) -> str:
    lines = (_one_line(line) for line in "".join(parts).splitlines())
    return "\n".join(line for line in lines if line and not _CATEGORIES.match(line))
