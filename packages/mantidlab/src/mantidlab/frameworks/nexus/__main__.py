"""``python -m mantidlab.frameworks.nexus FILE…``: say what NeXus files hold.

A table for each file, or with ``--json`` a list of them; with ``--dialect`` only how the first entry of a file is
written and by which instrument. What cannot be read is one sentence on standard error, and the exit code is 1.
"""

import argparse
import json
import signal
import sys

from mantidlab.frameworks.model import FrameworkError
from mantidlab.frameworks.nexus.file import open_file
from mantidlab.frameworks.nexus.summary import FileSummary, to_text


def main_of_process() -> int:
    """Run the command as other commands behave: quietly over when it is interrupted or nobody reads on."""
    for sent in (signal.SIGPIPE, signal.SIGINT):
        signal.signal(sent, signal.SIG_DFL)
    # A terminal that cannot show × or a strange file name shows something else instead.
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    return main()


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        prog="python -m mantidlab.frameworks.nexus", description="Say what NeXus files hold."
    )
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument("--dialect", action="store_true", help="only how each is written, one line of JSON each")
    chosen = parser.parse_args(arguments)
    if chosen.dialect:
        return _say_dialects(chosen.files)
    found: list[FileSummary] = []
    failed = False
    for name in chosen.files:
        try:
            with open_file(name) as file:
                summary = file.contents()
        except FrameworkError as problem:
            print(problem, file=sys.stderr)
            failed = True
            continue
        found.append(summary)
        if not chosen.json:
            print(to_text(summary), end="\n\n")
    if chosen.json:
        json.dump([summary.as_json() for summary in found], sys.stdout, indent=2, ensure_ascii=False)
        print()
    return int(failed)


def _say_dialects(names: list[str]) -> int:
    failed = False
    for name in names:
        try:
            with open_file(name) as file:
                reading = next(iter(file.readings.values()))
                print(json.dumps({"dialect": reading.dialect, "instrument": reading.header.instrument}))
        except (FrameworkError, StopIteration) as problem:
            print(problem, file=sys.stderr)
            failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main_of_process())
