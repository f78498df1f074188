"""Do forms agree with the Mantid of this environment, and do fifty algorithms run as forms would write them?

Every registered algorithm is made and compared with its form: a field for each property, and each default, put back
into Mantid, must leave what Mantid had by itself. `mantidlab.conformance.usages` are run as they stand, and so are the
examples of the offline documentation where it is there.
"""

import contextlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from mantidlab.conformance.report import Row, short
from mantidlab.conformance.steps import Found, Step, rows_of, step_of
from mantidlab.conformance.usages import Usage, usages
from mantidlab.forms.book import FormBook
from mantidlab.forms.checking import problems_of
from mantidlab.forms.errors import FormError, NoSuchForm
from mantidlab.forms.spec import FormSpec, Widget
from mantidlab.frameworks.mantid_algorithm_calls import AlgorithmFactory, AlgorithmManager, AlgorithmUnderTest

# Setting one of these looks for files, or makes folders.
_FILES = (Widget.FILE, Widget.FILES, Widget.SAVE_FILE, Widget.FOLDER)

NEAR = 1e-5
"""Of numbers, relative: Mantid writes the numbers of a list with six digits."""

OPEN, FIELDS, DEFAULTS = (
    "forms: open",
    "forms: have a field for each property",
    "forms: have Mantid's defaults",
)

Examples = Callable[[str], Iterable[str]]


def form_steps(book: FormBook, factory: AlgorithmFactory, manager: AlgorithmManager) -> Iterator[Step]:
    """Give a step for the form of each registered algorithm."""
    for name, version in _registered(factory):
        about = f"form of {name} v{version}"
        yield Step(about, partial(_form, book, manager, name, version, about))


def form_rows(book: FormBook, factory: AlgorithmFactory, manager: AlgorithmManager) -> list[Row]:
    """Compare the form of each registered algorithm with the algorithm; what differs has a row of its own."""
    return rows_of(form_steps(book, factory, manager))


def _form(book: FormBook, manager: AlgorithmManager, name: str, version: int, about: str) -> Found:
    try:
        form = book.form(f"algorithm/{name}-v{version}")
    except NoSuchForm:
        return Found((Row(about, "opens", "a form", "none", "FAILED"),))
    try:
        algorithm = manager.createUnmanaged(name, version)
        algorithm.initialize()
        properties = list(map(str, algorithm.keys()))
    except Exception as error:  # noqa: BLE001  (Mantid raises what it likes; the table says what)
        said = short(f"{type(error).__name__}: {error}")
        return Found((Row(about, "is made by Mantid", "", said, "left out"),), {OPEN: 1})
    names = [field.name for field in form.fields]
    if sorted(names) != sorted(properties):
        row = Row(about, "has a field for each property", short(properties), short(names), "FAILED")
        return Found((row,), {OPEN: 1, FIELDS: len(properties)})
    compared, differing = _defaults(form, algorithm, about)
    return Found(tuple(differing), {OPEN: 1, FIELDS: len(properties), DEFAULTS: compared})


def _registered(factory: AlgorithmFactory) -> Iterator[tuple[str, int]]:
    registered = factory.getRegisteredAlgorithms(True)
    for name in sorted(registered):
        for version in sorted(map(int, registered[name])):
            yield str(name), version


def _defaults(form: FormSpec, algorithm: AlgorithmUnderTest, about: str) -> tuple[int, list[Row]]:
    """Put each default of a form into Mantid: it must hold the same afterwards."""
    compared, rows = 0, []
    for field in form.fields:
        if field.unset or field.widget in _FILES or field.accepts is not None:
            continue
        before = str(algorithm.getPropertyValue(field.name))
        try:
            algorithm.setProperty(field.name, field.default)
            after = str(algorithm.getPropertyValue(field.name))
        except Exception as refusal:  # noqa: BLE001  (as above)
            after = f"{type(refusal).__name__}: {refusal}"
        compared += 1
        if not same_text(before, after):
            rows.append(Row(about, f"default of {field.name}", short(before), short(after), "FAILED"))
    return compared, rows


def same_text(one: str, other: str) -> bool:
    """Return whether two values as Mantid writes them are the same; numbers may be written otherwise."""
    if one == other:
        return True
    ours, theirs = one.split(","), other.split(",")
    if len(ours) != len(theirs):
        return False
    try:
        pairs = [(float(a), float(b)) for a, b in zip(ours, theirs, strict=True)]
    except ValueError:
        return False
    return all(abs(a - b) <= NEAR * max(abs(a), abs(b)) for a, b in pairs)


def call_steps(book: FormBook) -> Iterator[Step]:
    """Give a step for each usage, which looks at it as a form does: every argument exists, no value is objected to."""
    for usage in usages():
        yield step_of(f"call of {usage.algorithm}", partial(_called, book, usage))


def call_rows(book: FormBook) -> list[Row]:
    """Return what `call_steps` find."""
    return rows_of(call_steps(book))


def _called(book: FormBook, usage: Usage) -> Row:
    about = f"call of {usage.algorithm}"
    try:
        spec, read = book.read(usage.code, len(usage.code), "from mantid.simpleapi import *")
    except FormError as problem:
        return Row(about, "is read", usage.algorithm, str(problem), "FAILED")
    wrong = [*read.kept, *problems_of(spec, read.values, read.call.targets).values()]
    found = "; ".join(wrong) or spec.title
    return Row(about, "fits its form", usage.algorithm, found, "ok" if found == usage.algorithm else "FAILED")


def usage_steps(names: Mapping[str, Any], tidy: Callable[[], None], examples: Examples) -> Iterator[Step]:
    """Give steps that run each usage, and the tested examples of the documentation of these algorithms.

    Parameters
    ----------
    names
        What ``from mantid.simpleapi import *`` brings.
    tidy
        Deletes what was made.
    examples
        Returns the codes of the tested examples of an algorithm's page.
    """
    for usage in usages():
        about = f"usage of {usage.algorithm}"
        yield step_of(about, partial(_ran, about, usage.code, names, tidy, ours=True))
        for number, code in enumerate(_examples(examples, usage.algorithm), 1):
            about = f"example {number} of {usage.algorithm}"
            yield step_of(about, partial(_ran, about, code, names, tidy, ours=False), judged=False)


def usage_rows(names: Mapping[str, Any], tidy: Callable[[], None], examples: Examples) -> list[Row]:
    """Return what `usage_steps` find."""
    return rows_of(usage_steps(names, tidy, examples))


def _examples(examples: Examples, algorithm: str) -> list[str]:
    try:
        return list(examples(algorithm))
    except Exception:  # noqa: BLE001  (a page that cannot be read has none; that its form opens is looked at elsewhere)
        return []


def _ran(about: str, code: str, names: Mapping[str, Any], tidy: Callable[[], None], *, ours: bool) -> Row:
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(code, f"<{about}>", "exec"), dict(names))  # noqa: S102  (our own text, or the environment's pages)
    except (Exception, KeyboardInterrupt, SystemExit) as error:  # noqa: BLE001  (Mantid raises what it likes)
        said = f"{type(error).__name__}: {error}"
        # An example may lack its data or its network; that it is no Python, or lacks a name, is its reader's doing.
        read_wrongly = isinstance(error, (SyntaxError, NameError))
        return Row(about, "runs", "runs", short(said), "FAILED" if ours or read_wrongly else "left out")
    finally:
        tidy()
    return Row(about, "runs", "runs", "runs", "ok")
