"""What can go wrong with interfaces. The text is for the person who declares one or runs one.

InterfaceError
├── DeclarationMistake   a function cannot be an interface as it stands
├── ValuesRefused        values do not fit the fields; says so for each
├── NoSuchInterface      a name that nobody has declared
├── CannotKeep           a value is of no kind that can be kept in a file
├── CannotRepeat         a result has an input that cannot be written down
└── BatchRefused         a table or a folder cannot be used for a batch
"""

from collections.abc import Mapping


class InterfaceError(Exception):
    """The root of all of them: what was tried, what was found, what to do."""

    def _render_traceback_(self) -> list[str]:
        """Show the sentence alone in a notebook (IPython asks for this): where in our code it was said helps nobody."""
        return [f"{type(self).__name__}: {self}"]


class DeclarationMistake(InterfaceError, TypeError):
    """A function cannot be an interface as it stands."""


class ValuesRefused(InterfaceError, ValueError):
    """Values do not fit the fields of an interface.

    Attributes
    ----------
    problems
        A sentence for each field that has one, by the field's name; those of a model's fields as ``settings.low``.
    """

    def __init__(self, interface: str, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        listed = "\n".join(f"  {name}: {problem}" for name, problem in self.problems.items())
        super().__init__(f"{interface} cannot run with these values:\n{listed}")


class NoSuchInterface(InterfaceError, LookupError):
    """Nobody has declared an interface of that name."""

    def __str__(self) -> str:
        # LookupError's children would put quotation marks around the sentence.
        return str(self.args[0]) if self.args else ""


class CannotKeep(InterfaceError, TypeError):
    """A value is of no kind that can be kept in a file and read again without running code of others."""


class CannotRepeat(InterfaceError):
    """A result has an input that cannot be written down in a notebook."""


class BatchRefused(InterfaceError, ValueError):
    """A table or a folder cannot be used for a batch."""
