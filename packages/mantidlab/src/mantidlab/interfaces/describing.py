"""Says what sources declare, as lines of JSON: a short-lived process of its own, which imports code of people.

``python -m mantidlab.interfaces.describing`` lists the sources, one line, and then describes each, one line each, so
that whoever reads knows which one hangs or ends the process. With names of sources to pass over as its arguments.
"""

import json
import os
import sys
from dataclasses import asdict
from typing import Any, TextIO

from mantidlab.interfaces.declaring import Interface
from mantidlab.interfaces.discovery import Source, load, sources


def described(interface: Interface[Any, Any], source: Source) -> dict[str, Any]:
    """Return what a list shows of an interface, and its form, as JSON can hold it."""
    heading = interface.heading
    return {
        **{"name": heading.name, "title": heading.title, "technique": heading.technique},
        **{"instruments": list(heading.instruments), "summary": heading.summary},
        **{"origin": source.name, "kind": source.kind, "form": interface.form().to_json()},
    }


def _describe(source: Source) -> dict[str, Any]:
    loaded = load(source)
    interfaces = [described(each, source) for each in loaded.interfaces]
    return {"source": asdict(source), "interfaces": interfaces, "messages": list(loaded.messages)}


def main() -> int:
    """Write the lines."""
    # What people's code prints must not get between them.
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    listed = [source for source in sources() if source.name not in sys.argv[1:]]
    _say(lines, [asdict(source) for source in listed])
    for source in listed:
        _say(lines, _describe(source))
    return 0


def _say(lines: TextIO, content: Any) -> None:
    lines.write(json.dumps(content) + "\n")
    lines.flush()


if __name__ == "__main__":
    sys.exit(main())
