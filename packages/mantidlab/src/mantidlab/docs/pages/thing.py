"""One thing of the documentation as data: what a panel, a cell or a test shows of it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


class NothingThere(Exception):
    """What a link leads to is not in this environment; the text says what was looked for."""


@dataclass(frozen=True)
class PropertyRow:
    """A property, parameter or argument as a row of a table.

    Attributes
    ----------
    documentation
        As HTML of whitelisted elements.
    direction
        ``Input``, ``Output`` or ``InOut``.
    default
        As a person reads it; empty where there is none.
    """

    name: str
    type: str
    direction: str
    default: str
    required: bool
    documentation: str
    choices: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True)
class Usage:
    """An example of use.

    Attributes
    ----------
    title
        What stands above it.
    code
        As the documentation shows it.
    runs
        What runs by itself: with the imports, and the examples before it on which it stands.
    output
        What the documentation says that it prints.
    tested
        Whether the documentation's own tests run it.
    needs
        The framework without which it does not run: ``mantid``, ``scipp``.
    html
        What the documentation says of it, of whitelisted elements.
    """

    title: str
    code: str
    runs: str
    output: str
    tested: bool
    needs: str
    html: str = ""


@dataclass(frozen=True)
class Link:
    """A way to something else; `of` is empty where this environment has no such thing."""

    title: str
    of: str


@dataclass(frozen=True)
class Call:
    """What **Insert call** puts into a cell: `source` with ``...`` where a person must say something."""

    imports: str
    source: str

    @property
    def cell(self) -> str:
        """Both, as one cell."""
        return f"{self.imports}\n\n{self.source}" if self.imports else self.source


@dataclass(frozen=True)
class Thing:
    """One algorithm, fit function, Python object, page, example or interface.

    Attributes
    ----------
    of
        What leads to it; of a property it leads to what has it, and `property` names it.
    html
        The description, of whitelisted elements alone; formulas stand between ``\\(`` and ``\\)`` or ``\\[`` and
        ``\\]``, and links to other things begin with ``#of=``.
    markdown
        The description where a notebook holds it; whoever shows it makes it harmless.
    categories
        In which lists it stands.
    file
        A notebook that can be opened, below the person's home.
    call
        None where nothing can be called.
    form
        Whether there is a form of it.
    """

    of: str
    kind: str
    title: str
    summary: str
    framework: str
    html: str = ""
    markdown: str = ""
    signature: str = ""
    returns: str = ""
    deprecated: str = ""
    property: str = ""
    properties: tuple[PropertyRow, ...] = ()
    usage: tuple[Usage, ...] = ()
    see_also: tuple[Link, ...] = ()
    members: tuple[Link, ...] = ()
    categories: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    file: str = ""
    call: Call | None = None
    form: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        content = asdict(self)
        if self.call is not None:
            content["call"]["cell"] = self.call.cell
        return content


def unique(links: Sequence[Link]) -> tuple[Link, ...]:
    """Return links in their order, each once."""
    return tuple(dict.fromkeys(links))
