"""``mantidlab.form(thing)``: the form of anything that can be called, in the panel and as data."""

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from mantidlab.forms.algorithms import form_of_algorithm
from mantidlab.forms.book import FormBook, form_book
from mantidlab.forms.checking import problems_of
from mantidlab.forms.errors import NoSuchForm
from mantidlab.forms.live import form_of_function
from mantidlab.forms.namespace import find_thing
from mantidlab.forms.spec import Field, FormSpec, Json
from mantidlab.forms.writing import write_call

_LONGEST = 70


class Form:
    """A form: shown in the panel, and what the panel does with it as methods.

    >>> form = mantidlab.form("Rebin")  # doctest: +SKIP
    >>> print(form.call(InputWorkspace="ws", Params=[0, 0.1, 20]))  # doctest: +SKIP
    Rebin(InputWorkspace="ws", Params=[0, 0.1, 20])

    Attributes
    ----------
    spec
        The form as data: fields with types, units, defaults, allowed values.
    """

    def __init__(self, spec: FormSpec) -> None:
        self.spec = spec

    def call(self, *, targets: Sequence[str] = (), **values: Json) -> str:
        """Return the call with these values, as the panel would write it into a cell.

        Parameters
        ----------
        targets
            Names for what comes out.
        values
            Literals, or ``{"expression": "ws"}`` for a variable.

        Raises
        ------
        mantidlab.forms.errors.CannotBeWritten
            A name is no argument, or a value no Python.
        """
        return write_call(self.spec, values, targets).source

    def problems(self, *, targets: Sequence[str] = (), **values: Json) -> dict[str, str]:
        """Return a sentence for each argument whose value will not do, as the panel shows them."""
        return problems_of(self.spec, values, targets)

    def to_json(self) -> dict[str, Any]:
        """Return the form as JSON has it."""
        return self.spec.to_json()

    def __repr__(self) -> str:
        head = f"{self.spec.title}: {self.spec.summary}" if self.spec.summary else self.spec.title
        names = [one.name for one in self.spec.fields]
        width = min(28, max(map(len, names), default=0))
        return "\n".join([head, *(f"  {one.name:<{width}}  {_line(one)}" for one in self.spec.fields)])

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td><code>{escape(one.name)}</code></td><td>{escape(one.type)}</td><td>{escape(_value(one))}</td>"
            f'<td style="text-align:left">{escape(_short(one.documentation))}</td></tr>'
            for one in self.spec.fields
        )
        head = "<tr><th>argument</th><th>type</th><th>default</th><th></th></tr>"
        return f"<p><b>{escape(self.spec.title)}</b> {escape(self.spec.summary)}</p><table>{head}{rows}</table>"


def form(thing: str | Callable[..., Any]) -> Form:
    """Open the form of an algorithm or function in the panel, and return it.

    Parameters
    ----------
    thing
        A name as one writes it (``"Rebin"``, ``"sc.rebin"``, ``"my_function"``) or the function itself.

    Raises
    ------
    mantidlab.forms.errors.NoSuchForm
        There is no such thing, or Python does not tell how it is called.
    """
    found = Form(spec_of(thing))
    # A kernel has it loaded; elsewhere there is no panel to tell.
    importlib.import_module("mantidlab.kernel").push("forms", "open", {"of": found.spec.of, "form": found.to_json()})
    return found


def spec_of(thing: str | Callable[..., Any]) -> FormSpec:
    """Return the form of what a person names or has.

    Raises
    ------
    mantidlab.forms.errors.NoSuchForm
        There is none.
    """
    book = form_book()
    if isinstance(thing, str):
        try:
            return book.form(thing)
        except NoSuchForm:
            return _registered(thing) or spec_of_live(_found(thing, book), thing)
    return spec_of_live(thing)


def _found(name: str, book: FormBook) -> Any:
    try:
        return find_thing(name)
    except NoSuchForm as problem:
        near = book.near(name)
        if near is not None:
            raise NoSuchForm(f"There is no {name} in this environment. Did you mean {near}?") from problem
        raise NoSuchForm(
            f"{problem} Algorithms of Mantid have forms in environments that have Mantid, and only there."
        ) from problem


def spec_of_live(thing: Any, name: str = "") -> FormSpec:
    """Return the form of a thing itself: the catalogue's, where it knows the thing, for its documentation.

    Parameters
    ----------
    name
        By which the notebook calls it.
    """
    own = getattr(thing, "form", None)
    if callable(own) and isinstance(made := own(), FormSpec):  # an interface
        return made
    if not callable(thing):
        raise NoSuchForm(f"{name or type(thing).__name__} cannot be called, so it has no form.")
    module, known_as = str(getattr(thing, "__module__", "") or ""), str(getattr(thing, "__qualname__", ""))
    if module.partition(".")[0] in ("mantid", "scipp", "scippneutron", "ess"):
        # Since 6.2 an algorithm's function is an object that has a name, and no qualified one.
        simple = module.startswith("mantid.simpleapi")
        path = str(getattr(thing, "__name__", "")) if simple else f"{module}.{known_as}"
        try:
            return form_book().form(path)
        except NoSuchForm:
            pass
    return form_of_function(thing, name=name.rpartition(".")[2])


def _registered(name: str) -> FormSpec | None:
    """Return the form of an algorithm that Mantid has since the environment was built, such as one of this notebook."""
    if "mantid.simpleapi" not in sys.modules or not name.isidentifier():
        return None
    from mantidlab.docs.extract.mantid import describe_algorithm
    from mantidlab.frameworks.mantid import mantid_modules

    modules = mantid_modules()
    factory = modules.api.AlgorithmFactory
    if not factory.exists(name):
        return None
    return form_of_algorithm(describe_algorithm(modules, name, int(factory.highestVersion(name))))


def _line(one: Field) -> str:
    parts = [one.type or str(one.widget), _value(one), _short(one.documentation)]
    return " · ".join(part for part in parts if part)


def _value(one: Field) -> str:
    if one.required:
        return "must be given"
    if one.unset or one.default is None:
        return ""
    if isinstance(one.default, Mapping) and "expression" in one.default:
        return str(one.default["expression"])
    return f"{one.default!r}{f' {one.unit}' if one.unit else ''}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
