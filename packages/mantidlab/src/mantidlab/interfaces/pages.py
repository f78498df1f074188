"""A result as a small page below a cell: its parts, and where they come from."""

import html
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mantidlab.interfaces.briefly import briefly

if TYPE_CHECKING:
    from mantidlab.interfaces.results import Result

LONGEST = 200


def page_of(result: "Result[Any]") -> str:
    """Return HTML in the colours of the page that it stands in."""
    found = result.provenance
    files = [
        (Path(file.path).name, f"{file.size / 1e6:.3g} MB, SHA-256 <code>{file.sha256[:12]}…</code>")
        for file in found.files
    ]
    steps = [(step.name, "kept from before" if step.cached else f"{step.seconds:.2f} s") for step in found.steps]
    title = found.environment.get("title") or f"Python {found.versions.get('python', '')}"
    return "".join(
        [
            f"<div><strong>{html.escape(found.title)}</strong> ",
            f"<small>{found.seconds:.2f} s, {html.escape(title)}</small>",
            "".join(_said(sentence, "warn") for sentence in found.cautions),
            "".join(_said(sentence, "info") for sentence in found.remarks),
            _table((name, html.escape(briefly(part))) for name, part in result.values.items()),
            "<details><summary>Where it comes from</summary>",
            _table((name, html.escape(_short(text))) for name, text in found.resolved.items()),
            _table(files),
            _table(steps),
            _table((name, html.escape(text)) for name, text in found.versions.items()),
            _log(f"{line.seconds:8.2f} s  {line.level}  {line.line}" for line in found.log),
            "</details></div>",
        ]
    )


def _said(sentence: str, colour: str) -> str:
    style = f"border-left:4px solid var(--jp-{colour}-color1,#888);padding:2px 8px;margin:4px 0;max-width:80ch"
    return f'<div role="note" style="{style}">{html.escape(sentence)}</div>'


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _table(rows: Iterable[tuple[str, str]]) -> str:
    written = "".join(
        f'<tr><th style="text-align:left">{html.escape(name)}</th><td style="text-align:left">{text}</td></tr>'
        for name, text in rows
    )
    return f"<table>{written}</table>" if written else ""


def _log(lines: Iterable[str]) -> str:
    text = html.escape("\n".join(lines))
    return f"<pre>{text}</pre>" if text else ""
