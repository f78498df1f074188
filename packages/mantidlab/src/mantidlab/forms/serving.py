"""Answers a page's requests for forms, whatever carries them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mantidlab.docs.reading import KnowledgeMissing
from mantidlab.forms.book import FormBook, form_book
from mantidlab.forms.checking import notes_of, problems_of
from mantidlab.forms.errors import FormError, NoCallHere, NoSuchForm
from mantidlab.forms.imports import imports_of
from mantidlab.forms.loaders import FILENAME, LOAD, covering, guessed, with_options
from mantidlab.forms.meant import files_meant, path_meant
from mantidlab.forms.reading import ReadCall
from mantidlab.forms.rewriting import rewrite_call
from mantidlab.forms.spec import FormSpec, Values
from mantidlab.forms.writing import write_call

Asked = Mapping[str, Any]


class Refused(Exception):
    """A request cannot be answered; the message is for the person.

    Attributes
    ----------
    status
        Of HTTP.
    more
        What a program may want to know besides.
    """

    def __init__(self, message: str, status: int, more: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.more = dict(more or {})


def answer(kind: str, asked: Asked, prefix: Path, folder: Path) -> Mapping[str, Any]:
    """Answer a request.

    Parameters
    ----------
    prefix
        Of the environment that the notebook runs in.
    folder
        Of the notebook, of which relative paths are told.

    Raises
    ------
    Refused
        It is none, or what it asks for is not there.
    """
    try:
        return _ANSWERS[kind](asked, form_book(prefix), folder)
    except NoCallHere as problem:
        raise Refused(str(problem), 404, {"called": list(problem.called)}) from problem
    except NoSuchForm as problem:
        raise Refused(str(problem), 404) from problem
    except FormError as problem:
        raise Refused(str(problem), 400) from problem
    except KnowledgeMissing as problem:
        raise Refused(str(problem), 503) from problem
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise Refused(f"A form was asked for in a way that is not known here ({kind}: {problem!r}).", 400) from problem


def _spec(asked: Asked, book: FormBook) -> FormSpec:
    return FormSpec.from_json(asked["form"]) if asked.get("form") else book.form(str(asked["of"]))


def _context(asked: Asked) -> str:
    """Return the sources of other cells; a page may send them one by one."""
    given = asked.get("context") or ""
    return "\n".join(map(str, given)) if isinstance(given, list) else str(given)


def _form(asked: Asked, book: FormBook, folder: Path) -> Mapping[str, Any]:
    return book.form(str(asked["of"])).to_json()


def _read(asked: Asked, book: FormBook, folder: Path) -> Mapping[str, Any]:
    source = str(asked["source"])
    known = FormSpec.from_json(asked["form"]) if asked.get("form") else None
    spec, read = book.read(source, to_letters(source, int(asked["offset"])), _context(asked), known)
    span = [to_units(source, read.call.start), to_units(source, read.call.end)]
    spec, read = _with_loader(spec, read, asked, book, folder)
    return {
        "of": spec.of,
        "values": dict(read.values),
        "targets": list(read.call.targets),
        "kept": list(read.kept),
        "span": span,
        "form": spec.to_json(),
    }


def _with_loader(
    spec: FormSpec, read: ReadCall, asked: Asked, book: FormBook, folder: Path
) -> tuple[FormSpec, ReadCall]:
    """Read a call of ``Load`` that gives options of a loader with the fields of these options."""
    if spec.of != LOAD or not read.kept or asked.get("form"):
        return spec, read
    names = [text.partition("=")[0].strip() for text in read.kept]
    path = path_meant(spec, read.values.get(FILENAME), folder, book)
    guess = guessed(path, book.prefix) if path is not None else None
    extended = with_options(spec, book, guess.loader) if guess is not None else None
    if extended is None or any(extended.field(name) is None for name in names):
        extended = covering(spec, book, names) or extended
    if extended is None:
        return spec, read
    source = str(asked["source"])
    return book.read(source, to_letters(source, int(asked["offset"])), _context(asked), extended)


def _loader(asked: Asked, book: FormBook, folder: Path) -> Mapping[str, Any]:
    """Answer which loader ``Load`` takes, as Mantid said it (``loader``, ``version``) or by a guess, and the form."""
    spec = book.form(str(asked["of"]))
    path = path_meant(spec, asked.get("value"), folder, book)
    told = str(asked.get("loader") or "")
    guess = None if told or path is None else guessed(path, book.prefix)
    loader = told or (guess.loader if guess is not None else "")
    extended = with_options(spec, book, loader, asked.get("version")) if loader else None
    return {
        "path": None if path is None else str(path),
        "loader": loader if extended is not None else None,
        "guessed_by": guess.by if guess is not None and extended is not None else "",
        "form": (extended or spec).to_json(),
    }


def _write(asked: Asked, book: FormBook, folder: Path) -> Mapping[str, Any]:
    spec = _spec(asked, book)
    context, targets = _context(asked), asked.get("targets")
    if asked.get("source") is None or asked.get("span") is None:
        fresh = write_call(spec, asked["values"], targets or (), imports_of(context))
        source, span, imports = fresh.source, fresh.span, fresh.imports
    else:
        before = str(asked["source"])
        start, end = (to_letters(before, int(place)) for place in asked["span"])
        there, read = book.read_span(before, start, end, context, spec if asked.get("form") else None)
        if there.of != spec.of:
            raise NoCallHere("The call in the cell is another one by now. Open its form again from the cell.")
        changed = rewrite_call(before, read, there, asked["values"], targets, imports_of(context, before))
        source, span, imports = changed.source, changed.span, changed.imports
    return {"source": source, "span": [to_units(source, place) for place in span], "imports": list(imports)}


def _check(asked: Asked, book: FormBook, folder: Path) -> Mapping[str, Any]:
    spec = _spec(asked, book)
    if "rows" in asked:  # of a table: each is checked as one form is
        return {"rows": [_checked(spec, values, (), folder) for values in asked["rows"]]}
    return _checked(spec, asked["values"], asked.get("targets") or (), folder)


def _checked(spec: FormSpec, values: Values, targets: Sequence[str], folder: Path) -> Mapping[str, Any]:
    return {"problems": problems_of(spec, values, targets, folder), "notes": notes_of(spec, values)}


def _files(asked: Asked, book: FormBook, folder: Path) -> Mapping[str, Any]:
    return files_meant(_spec(asked, book), str(asked["field"]), asked.get("value"), folder, book.facilities)


_ANSWERS = {"form": _form, "read": _read, "write": _write, "check": _check, "files": _files, "loader": _loader}


def to_letters(text: str, units: int) -> int:
    """Return the place in a text that a browser counts in units of UTF-16."""
    return len(text.encode("utf-16-le")[: 2 * max(0, units)].decode("utf-16-le", "ignore"))


def to_units(text: str, letters: int) -> int:
    """Return what a browser calls a place in a text."""
    return len(text[:letters].encode("utf-16-le")) // 2
