"""Do forms agree with the Mantid of this environment, and do fifty algorithms run as forms would write them?

Every registered algorithm is made and compared with its form: a field for each property, and each default, put back
into Mantid, must leave what Mantid had by itself. `mantidlab.conformance.usages` are run as they stand, and so are the
examples of the offline documentation where it is there.
"""

import contextlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from mantidlab.conformance.report import Row, short
from mantidlab.conformance.usages import usages
from mantidlab.forms.book import FormBook
from mantidlab.forms.checking import problems_of
from mantidlab.forms.errors import FormError, NoSuchForm
from mantidlab.forms.spec import FormSpec, Widget
from mantidlab.frameworks.mantid_algorithm_calls import AlgorithmFactory, AlgorithmManager, AlgorithmUnderTest

# Setting one of these looks for files, or makes folders.
_FILES = (Widget.FILE, Widget.FILES, Widget.SAVE_FILE, Widget.FOLDER)

# What an example of Mantid's documentation says when the data that it speaks of are not installed.
_NO_DATA = (
    "not found",
    "Unable to find",
    "does not exist",
    "No such file",
    "Failed to find",
    "File search",
    "Search for",
)

NEAR = 1e-5
"""Of numbers, relative: Mantid writes the numbers of a list with six digits."""

Examples = Callable[[str], Iterable[str]]


def form_rows(book: FormBook, factory: AlgorithmFactory, manager: AlgorithmManager) -> list[Row]:
    """Compare the form of each registered algorithm with the algorithm; what differs has a row of its own."""
    rows: list[Row] = []
    algorithms = fields = defaults = 0
    for name, version in _registered(factory):
        about = f"form of {name} v{version}"
        try:
            form, algorithm = book.form(f"algorithm/{name}-v{version}"), manager.createUnmanaged(name, version)
            algorithm.initialize()
            properties = list(algorithm.keys())
        except NoSuchForm:
            rows.append(Row(about, "opens", "a form", "none", "FAILED"))
            continue
        except Exception as error:  # noqa: BLE001  (Mantid raises what it likes; the table says what)
            rows.append(Row(about, "is made by Mantid", "", short(f"{type(error).__name__}: {error}"), "left out"))
            continue
        algorithms += 1
        fields += len(properties)
        names = [field.name for field in form.fields]
        if sorted(names) != sorted(properties):
            rows.append(Row(about, "has a field for each property", short(properties), short(names), "FAILED"))
            continue
        compared, differing = _defaults(form, algorithm, about)
        defaults += compared
        rows += differing
    summary = [("open", algorithms), ("have a field for each property", fields), ("have Mantid's defaults", defaults)]
    return [*(Row("forms", what, "all", str(count), "ok" if count else "FAILED") for what, count in summary), *rows]


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
        except (ValueError, TypeError, RuntimeError) as refusal:
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


def call_rows(book: FormBook) -> list[Row]:
    """Look at each usage as a form does, without running it: every argument exists, no value is objected to."""
    rows = []
    for usage in usages():
        try:
            spec, read = book.read(usage.code, len(usage.code), "from mantid.simpleapi import *")
        except FormError as problem:
            rows.append(Row(f"call of {usage.algorithm}", "is read", usage.algorithm, str(problem), "FAILED"))
            continue
        wrong = [*read.kept, *problems_of(spec, read.values, read.call.targets).values()]
        found = "; ".join(wrong) or spec.title
        verdict = "ok" if found == usage.algorithm else "FAILED"
        rows.append(Row(f"call of {usage.algorithm}", "fits its form", usage.algorithm, found, verdict))
    return rows


def usage_rows(names: Mapping[str, Any], tidy: Callable[[], None], examples: Examples) -> list[Row]:
    """Run each usage, and the tested examples of the documentation of these algorithms.

    Parameters
    ----------
    names
        What ``from mantid.simpleapi import *`` brings.
    tidy
        Deletes what was made.
    examples
        Returns the codes of the tested examples of an algorithm's page.
    """
    rows = []
    for usage in usages():
        rows.append(_ran(f"usage of {usage.algorithm}", usage.code, names, tidy, may_lack_data=False))
        for number, code in enumerate(examples(usage.algorithm), 1):
            about = f"example {number} of {usage.algorithm}"
            rows.append(_ran(about, code, names, tidy, may_lack_data=True))
    return rows


def _ran(about: str, code: str, names: Mapping[str, Any], tidy: Callable[[], None], *, may_lack_data: bool) -> Row:
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(code, f"<{about}>", "exec"), dict(names))  # noqa: S102  (our own text, or the environment's pages)
    except Exception as error:  # noqa: BLE001  (Mantid raises what it likes; the table says what)
        said = f"{type(error).__name__}: {error}"
        lacking = may_lack_data and any(words in said for words in _NO_DATA)
        return Row(about, "runs", "runs", short(said), "left out" if lacking else "FAILED")
    finally:
        tidy()
    return Row(about, "runs", "runs", "runs", "ok")
