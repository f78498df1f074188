"""What the running environment knows: its catalogue and its search index, as they were made with it."""

import functools
import json
import sys
import types
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from mantidlab.docs.catalogue import FORMAT, Catalogue
from mantidlab.docs.extract.pages import documentation_folder
from mantidlab.docs.search import Hit, Kind, SearchIndex, search

if TYPE_CHECKING:
    from mantidlab.docs.branches import Branch
    from mantidlab.docs.pages.opening import Pages

FOLDER = Path("share") / "mantidhub"
"""Where an environment keeps what it knows."""

CATALOGUE = "catalogue.json"
INDEX = "search.sqlite"


class KnowledgeMissing(Exception):
    """An environment has no catalogue, or one that cannot be read here."""


class Knowledge:
    """What an environment knows; files are opened when they are first asked for.

    Attributes
    ----------
    folder
        It holds `catalogue.json` and `search.sqlite`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @functools.cached_property
    def catalogue(self) -> Catalogue:
        """The whole catalogue.

        Raises
        ------
        KnowledgeMissing
            There is none, or it cannot be read.
        """
        return read_catalogue(self.folder / CATALOGUE)

    @functools.cached_property
    def index(self) -> SearchIndex:
        """The search index.

        Raises
        ------
        SearchUnavailable
            There is none, or it cannot be read.
        """
        return SearchIndex(self.folder / INDEX)

    @functools.cached_property
    def pages(self) -> "Pages":
        """The pages of all that the catalogue has.

        Raises
        ------
        KnowledgeMissing
            There is no catalogue, or it cannot be read.
        """
        from mantidlab.docs.pages.opening import Pages

        return Pages(self.catalogue, documentation_folder(self.folder.parent.parent))

    @functools.cached_property
    def tree(self) -> "Branch":
        """All that the catalogue has, by category, module and kind.

        Raises
        ------
        KnowledgeMissing
            There is no catalogue, or it cannot be read.
        """
        from mantidlab.docs.branches import tree_of

        return tree_of(self.catalogue)

    def search(self, text: str, limit: int = 20, kinds: Iterable[Kind | str] | None = None) -> list[Hit]:
        """Return what is meant by a text, best first: see `mantidlab.docs.search.search`."""
        return search(self.index, text, limit, kinds)


@functools.cache
def knowledge(prefix: Path = Path(sys.prefix)) -> Knowledge:
    """Return what the running environment knows.

    Raises
    ------
    KnowledgeMissing
        Nothing was drawn out of it.
    """
    folder = prefix / FOLDER
    if not (folder / CATALOGUE).is_file():
        raise KnowledgeMissing(
            f"This environment has no catalogue: {folder / CATALOGUE} is not there. It is made when an environment "
            "is built whose specification names packages under `catalogue`."
        )
    return Knowledge(folder)


def read_catalogue(file: Path) -> Catalogue:
    """Read a catalogue.

    Raises
    ------
    KnowledgeMissing
        It is not there, is no catalogue, or has another format.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise KnowledgeMissing(f"The catalogue {file} cannot be read: {error}.") from error
    found = content.pop("format", None) if isinstance(content, dict) else None
    if found != FORMAT:
        raise KnowledgeMissing(
            f"The catalogue {file} has format {found}, and {FORMAT} is read here. Build the environment anew."
        )
    try:
        catalogue = _reader_of(Catalogue)(content)
    except (TypeError, KeyError, AttributeError) as error:
        raise KnowledgeMissing(f"The catalogue {file} is damaged: {error!r}. Build the environment anew.") from error
    assert isinstance(catalogue, Catalogue)  # noqa: S101  (for the type checker)
    return catalogue


@functools.cache
def _reader_of(hint: Any) -> Any:
    """Return a function that makes a value of a field from what JSON has for it."""
    if isinstance(hint, type) and is_dataclass(hint):
        return _object_reader(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is tuple:
        return _tuple_reader(arguments[0])
    if origin not in (Union, types.UnionType):
        return lambda value: value
    for argument in arguments:
        if is_dataclass(argument):
            of_one = _object_reader(argument)
            return lambda value: None if value is None else of_one(value)
    return _frozen


def _tuple_reader(hint: Any) -> Any:
    if hint is str:
        return tuple
    return lambda values: tuple(map(_reader_of(hint), values))


def _object_reader(kind: Any) -> Any:
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    plain = [name for name in names if hints[name] in (str, int, float, bool) or get_origin(hints[name]) is Mapping]
    nested = [(name, hints[name]) for name in names if name not in plain]

    def read(value: Mapping[str, Any]) -> Any:
        # A field that came later has a default, and keys that are not known here are passed over.
        made = {name: value[name] for name in plain if name in value}
        for name, hint in nested:
            if name in value:
                made[name] = _reader_of(hint)(value[name])
        return kind(**made)

    return read


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
