"""What of the panels can be translated, and the files of a language as JupyterLab reads them.

``python -m mantidlab.server.translation texts > mantidlab.pot`` lists every text of the panels and of their settings;
``python -m mantidlab.server.translation write mantidlab.po FOLDER`` makes of its translation ``mantidlab.json``, which
pages read, and ``mantidlab.mo``, by which the server translates settings.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jupyterlab_server.translation_utils import DEFAULT_SCHEMA_SELECTORS

DOMAIN = "mantidlab"
"""By which JupyterLab keeps our texts apart from its own."""

LABEXTENSION = Path(sys.prefix) / "share/jupyter/labextensions/mantidlab"

_SAID = re.compile(r"""\.(__|_n)\(\s*(["'`])((?:\\.|(?!\2).)*)\2(?:,\s*(["'`])((?:\\.|(?!\4).)*)\4)?""", re.DOTALL)
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_LETTERS = {"n": "\n", "t": "\t", "r": "\r"}


def texts(labextension: Path) -> Catalog:
    """Return all texts that an installed labextension says, none of them translated.

    Parameters
    ----------
    labextension
        The folder with `schemas` and `static`.
    """
    catalogue = Catalog(domain=DOMAIN, project="mantidlab", charset="utf-8")
    for schema in sorted(labextension.glob("schemas/mantidlab/*.json")):
        for context, text in texts_of_schema(json.loads(schema.read_text(encoding="utf-8"))):
            catalogue.add(text, context=context)
    for bundle in sorted(labextension.glob("static/panels/*.js")):
        for message in texts_of_bundle(bundle.read_text(encoding="utf-8")):
            catalogue.add(message)
    return catalogue


def texts_of_schema(schema: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the texts of a settings schema with their contexts, by the selectors that JupyterLab's server has."""
    for path, text in _strings(schema, ""):
        for selector, context in DEFAULT_SCHEMA_SELECTORS.items():
            if re.fullmatch(f"/{selector}", path):
                yield context, text
                break


def texts_of_bundle(source: str) -> Iterator[str | tuple[str, str]]:
    """Yield what a bundle of JavaScript gives to its translator: a text, or those of one and of many."""
    for called, _, text, _, many in _SAID.findall(source):
        yield (_unescaped(text), _unescaped(many)) if called == "_n" else _unescaped(text)


def write(translation: BinaryIO, folder: Path) -> None:
    """Write a translated catalogue as JupyterLab reads it: ``mantidlab.json`` and ``mantidlab.mo`` in a folder."""
    catalogue = read_po(translation, domain=DOMAIN)
    said: dict[str, Any] = {
        "": {
            "domain": DOMAIN,
            "language": str(catalogue.locale or catalogue.locale_identifier),
            "plural_forms": catalogue.plural_forms,
        }
    }
    for message in catalogue:
        translated = [message.string] if isinstance(message.string, str) else list(message.string)
        text = message.id if isinstance(message.id, str) else message.id[0]
        if text and all(translated):
            said[f"{message.context}\x04{text}" if message.context else text] = translated
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{DOMAIN}.json").write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")
    with (folder / f"{DOMAIN}.mo").open("wb") as file:
        write_mo(file, catalogue)


def main() -> None:
    """List the texts, or write a translation's files."""
    parser = argparse.ArgumentParser(prog="python -m mantidlab.server.translation", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    listing = commands.add_parser("texts", help="print a template (.pot) of all texts")
    listing.add_argument("--labextension", type=Path, default=LABEXTENSION, help="another folder than the installed")
    writing = commands.add_parser("write", help="make of a translation what JupyterLab reads")
    writing.add_argument("translation", type=argparse.FileType("rb"), help="the .po file")
    writing.add_argument("folder", type=Path, help="locale/LANGUAGE/LC_MESSAGES of a language pack")
    options = parser.parse_args()
    if options.command == "texts":
        write_po(sys.stdout.buffer, texts(options.labextension), width=0, sort_output=True)
    else:
        write(options.translation, options.folder)


def _strings(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield all strings in JSON with their places, written as JupyterLab's selectors expect them."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(inner, f"{path}/{key}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _strings(inner, f"{path}[{place}]") if isinstance(inner, dict) else ()


def _unescaped(literal: str) -> str:
    """Return what a literal of JavaScript means."""

    def meaning(found: re.Match[str]) -> str:
        code = found[1] or found[2]
        return chr(int(code, 16)) if code else _LETTERS.get(found[3], found[3])

    return _ESCAPED.sub(meaning, literal)


if __name__ == "__main__":
    main()
