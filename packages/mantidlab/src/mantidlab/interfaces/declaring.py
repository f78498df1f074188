"""The decorator: it makes an interface of a typed function, and a call of it stays a call."""

import functools
import inspect
import sys
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, Protocol, TypeVar, overload

from mantidlab.interfaces.errors import DeclarationMistake
from mantidlab.interfaces.parameters import Parameters, parameters_of
from mantidlab.interfaces.progress import Progress
from mantidlab.interfaces.results import Result
from mantidlab.interfaces.running import run

if TYPE_CHECKING:
    from mantidlab.forms.spec import FormSpec

P = ParamSpec("P")
R = TypeVar("R")


FILE_MODULE = "interface_file_"
"""How the names begin under which files of interfaces are loaded; no ``import`` finds those."""


@dataclass(frozen=True)
class Heading:
    """What is said of an interface beside its fields.

    Attributes
    ----------
    name
        By which it is found: the function's name.
    title
        What people read: ``I(Q) from SANS``.
    technique
        ``SANS``, ``reflectometry``, …; empty where it is for any.
    instruments
        Whose runs its fields take by bare numbers; empty where it is for any.
    summary
        The first sentence of the function's docstring.
    origin
        The file, or the module, in which it is declared; ``notebook`` for one that a notebook declares.
    """

    name: str
    title: str
    technique: str
    instruments: tuple[str, ...]
    summary: str
    origin: str


class Interface(Generic[P, R]):
    """A typed function with a title: it has a form, runs in batches and from the command line, and can be called.

    Made by `interface`. A call validates the arguments, shows progress, and returns a `Result`.

    Attributes
    ----------
    heading
        What is said of it.
    parameters
        Its fields.
    function
        The function as it was written.
    """

    def __init__(self, function: Callable[P, Any], heading: Heading, parameters: Parameters) -> None:
        functools.update_wrapper(self, function)
        self.function = function
        self.heading = heading
        self.parameters = parameters

    @property
    def name(self) -> str:
        """By which it is found."""
        return self.heading.name

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Result[R]:
        """Run it with these arguments.

        Raises
        ------
        ValuesRefused
            The arguments do not fit; the message says why for each.
        """
        return self.run(self.parameters.named(args, kwargs))

    def run(self, values: Mapping[str, Any], *, cache: bool = True) -> Result[R]:
        """Run it with values by name, as forms, tables and command lines have them.

        Parameters
        ----------
        values
            A field of a model may be given as ``settings.low``.
        cache
            Whether steps may be taken from what earlier runs have kept.

        Raises
        ------
        ValuesRefused
            The values do not fit; the message says why for each.
        """
        return run(self, values, cache=cache)

    def resolved(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the function would get: every parameter, validated, runs as paths.

        Raises
        ------
        ValuesRefused
            The values do not fit; the message says why for each.
        """
        return self.parameters.resolved(values, self.heading.instruments)

    def form(self) -> "FormSpec":
        """Return its form: the fields, with types, units, defaults, choices."""
        from mantidlab.forms.live import form_of_function

        form = form_of_function(
            self.function,
            framework="interface",
            title=self.heading.title,
            of=f"interface/{self.name}",
            import_="\n".join(self.brought),
        )
        return replace(form, call=replace(form.call, target="result"), instruments=self.heading.instruments)

    @property
    def brought(self) -> tuple[str, ...]:
        """The lines that bring it into a notebook; none for one that the notebook declares."""
        module = self.function.__module__
        if module == "__main__":
            return ()
        if module.startswith(FILE_MODULE):
            return ("from mantidlab.interfaces import find", f"{self.name} = find({self.name!r})")
        return (f"from {module} import {self.name}",)

    def __repr__(self) -> str:
        heading = self.heading
        about = " · ".join(part for part in (heading.technique, ", ".join(heading.instruments)) if part)
        return f"<interface {self.name}{self.parameters.signature}: {heading.title}{f' ({about})' if about else ''}>"


class _Decorator(Protocol):
    @overload
    def __call__(self, function: Callable[P, Generator[Progress, None, R]], /) -> Interface[P, R]: ...
    @overload
    def __call__(self, function: Callable[P, R], /) -> Interface[P, R]: ...


_declared: dict[str, Interface[Any, Any]] = {}
_gathered: ContextVar[list[tuple[int, DeclarationMistake]] | None] = ContextVar("gathered_mistakes", default=None)


@contextmanager
def mistakes_gathered() -> Iterator[list[tuple[int, DeclarationMistake]]]:
    """Gather what is wrong with single functions, and the lines where they begin, instead of raising it.

    One function that cannot be an interface then hides none of the others in its file.
    """
    gathered: list[tuple[int, DeclarationMistake]] = []
    token = _gathered.set(gathered)
    try:
        yield gathered
    finally:
        _gathered.reset(token)


def interface(
    function: None = None, /, *, title: str = "", instruments: Sequence[str] = (), technique: str = ""
) -> _Decorator:
    """Make an interface of a typed function.

    Parameters
    ----------
    title
        What people read: ``I(Q) from SANS``.
    instruments
        Whose runs its fields take by bare numbers; none if it is for any.
    technique
        ``SANS``, ``reflectometry``, …; empty if it is for any.

    Raises
    ------
    DeclarationMistake
        The function cannot be an interface as it stands; when the module is imported, not when somebody runs it.
    """
    if function is not None or not title:
        raise DeclarationMistake('An interface has a title: write @interface(title="…") above the function.')
    if isinstance(instruments, str):
        raise DeclarationMistake(
            f'Instruments are listed: instruments=["{instruments}"], not instruments="{instruments}".'
        )

    def declare(function: Callable[..., Any]) -> Interface[Any, Any]:
        try:
            parameters = parameters_of(function)
        except DeclarationMistake as mistake:
            gathered = _gathered.get()
            if gathered is None:
                raise
            gathered.append((function.__code__.co_firstlineno, mistake))
            return function  # type: ignore[return-value]  # it stays what it was, for those who call it
        summary = (inspect.getdoc(function) or "").strip().partition("\n\n")[0].replace("\n", " ")
        heading = Heading(function.__name__, title, technique, tuple(instruments), summary, _origin(function))
        made: Interface[Any, Any] = Interface(function, heading, parameters)
        _declared[made.name] = made
        return made

    return declare


def declared() -> dict[str, Interface[Any, Any]]:
    """Return what has been declared in this process, by name; of two with one name, the later one."""
    return dict(_declared)


def _origin(function: Callable[..., Any]) -> str:
    if function.__module__ == "__main__":
        file = getattr(sys.modules["__main__"], "__file__", None)
        return str(Path(file).absolute()) if file else "notebook"
    return function.__module__
