"""Reads a command line and does what it says."""

import argparse
import inspect
import json
import sys
from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path
from typing import Any

from mantidlab.interfaces.batches.outcome import Status
from mantidlab.interfaces.batches.running import batch
from mantidlab.interfaces.briefly import briefly
from mantidlab.interfaces.caching import clear_cache
from mantidlab.interfaces.commands.options import add_fields, field_lines, given
from mantidlab.interfaces.declaring import Interface
from mantidlab.interfaces.discovery import discover, find
from mantidlab.interfaces.errors import InterfaceError
from mantidlab.interfaces.saved import open_result, refuse_place

PROGRAM = "python -m mantidlab.interfaces"


class Exit(IntEnum):
    """How the command ended."""

    DONE = 0
    FAILED = 1
    REFUSED = 2
    STOPPED = 130


def main(words: Sequence[str]) -> int:
    """Do what a command line says.

    Parameters
    ----------
    words
        Without the program's name.

    Returns
    -------
    int
        The exit code.
    """
    try:
        return _do(words)
    except InterfaceError as problem:
        return _say(problem, Exit.REFUSED)
    except OSError as problem:
        return _say(problem, Exit.FAILED)
    except KeyboardInterrupt:
        goes_on = words[:1] == ["batch"]
        return _say(f"Stopped.{' The same command goes on where it was.' if goes_on else ''}", Exit.STOPPED)


def _do(words: Sequence[str]) -> int:
    parser = _parser()
    arguments, rest = parser.parse_known_args(words)
    if arguments.command == "run":
        return _run(find(arguments.name), rest)
    if rest:
        parser.error(f"unknown: {' '.join(rest)}")
    return int(_COMMANDS[arguments.command](arguments))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=PROGRAM, description="Runs interfaces: techniques as functions with fields.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    listing = commands.add_parser("list", help="which interfaces there are, and which files are broken")
    listing.add_argument("--json", action="store_true", help="as JSON")
    describing = commands.add_parser("describe", help="what an interface does, and its fields")
    describing.add_argument("name")
    running = commands.add_parser("run", help="run an interface once; run NAME --help lists its fields", add_help=False)
    running.add_argument("name")
    batches = commands.add_parser("batch", help="run an interface once for each row of a table")
    batches.add_argument("name")
    batches.add_argument("table", type=Path, help="a CSV file; its first line names fields")
    batches.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="where the results go")
    batches.add_argument("--retry", action="store_true", help="also run rows again that failed")
    notebook = commands.add_parser("notebook", help="write a notebook that repeats a result")
    notebook.add_argument("result", type=Path, help="the folder of a result")
    notebook.add_argument("--to", type=Path, metavar="FILE", help="the notebook; beside the result if not given")
    commands.add_parser("clear-cache", help="delete what steps have kept")
    return parser


def _list(arguments: argparse.Namespace) -> int:
    found = discover()
    if arguments.json:
        listed = [
            {"name": name, "title": each.heading.title, "technique": each.heading.technique, "origin": source.name}
            for name, (each, source) in sorted(found.interfaces.items())
        ]
        unread = [{"origin": broken.source.name, "message": broken.message} for broken in found.broken]
        print(json.dumps({"interfaces": listed, "broken": unread}))
    else:
        print(*found.lines(), sep="\n")
        for broken in found.broken:
            print(broken.message, file=sys.stderr)
    return Exit.DONE


def _describe(arguments: argparse.Namespace) -> int:
    interface = find(arguments.name)
    print(f"{interface.name}: {interface.heading.title}", inspect.getdoc(interface.function) or "", sep="\n\n")
    print(*field_lines(interface.form()), sep="\n")
    return Exit.DONE


def _run(interface: Interface[Any, Any], words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog=f"{PROGRAM} run {interface.name}", description=interface.heading.summary)
    add_fields(parser, interface)
    outcome = parser.add_argument_group("the run")
    outcome.add_argument("--save-to", type=Path, metavar="FOLDER", help="a new folder for the result")
    outcome.add_argument("--notebook", type=Path, metavar="FILE", help="also write a notebook that repeats it")
    outcome.add_argument("--no-cache", action="store_true", help="compute every step anew")
    arguments = parser.parse_args(words)
    if arguments.save_to:
        # Before it computes for an hour.
        try:
            refuse_place(arguments.save_to)
        except OSError as problem:
            return _say(str(problem), Exit.REFUSED)
    values = interface.parameters.from_texts(given(arguments), interface.heading.instruments)
    try:
        result = interface.run(values, cache=not arguments.no_cache)
    except InterfaceError:
        raise
    except Exception as problem:  # noqa: BLE001  (whatever the function raised, its sentence is what a person can use)
        return _say(f"{interface.name} failed: {type(problem).__name__}: {problem}", Exit.FAILED)
    for sentence in (*result.cautions, *result.provenance.remarks):
        print(sentence, file=sys.stderr)
    for name, part in result.values.items():
        print(f"{name}: {part if isinstance(part, float) else briefly(part)}")
    if arguments.save_to:
        print(f"saved in {result.save(arguments.save_to)}")
    if arguments.notebook:
        print(f"notebook {result.notebook(arguments.notebook)}")
    return Exit.DONE


def _batch(arguments: argparse.Namespace) -> int:
    outcome = batch(find(arguments.name), arguments.table, to=arguments.to, retry=arguments.retry)
    for row in outcome.rows:
        if row.message:
            print(f"row {row.row} {row.status}: {row.message}", file=sys.stderr)
    counted = ", ".join(f"{sum(row.status is status for row in outcome.rows)} {status}" for status in Status)
    print(f"{counted}; {outcome.folder.path / 'table.csv'}")
    return Exit.FAILED if outcome.failed else Exit.DONE


def _notebook(arguments: argparse.Namespace) -> int:
    result = open_result(arguments.result)
    target = arguments.to or arguments.result.absolute().with_suffix(".ipynb")
    print(result.notebook(target))
    return Exit.DONE


def _clear(arguments: argparse.Namespace) -> int:
    print(f"{clear_cache() / 1e6:.1f} MB are free again.")
    return Exit.DONE


def _say(problem: object, code: Exit) -> int:
    print(problem, file=sys.stderr)
    return code


_COMMANDS = {"list": _list, "describe": _describe, "batch": _batch, "notebook": _notebook, "clear-cache": _clear}
