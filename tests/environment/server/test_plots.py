"""The server gives pages the programs that draw plots: only these, only to who is signed in, to be kept for ever."""

import pytest

from mantidlab.plots.bundles import bundles


@pytest.mark.parametrize("name", ["lines", "slices", "instrument"])
def test_a_page_gets_a_bundle_and_may_keep_it_for_ever(session, name):
    bundle = bundles()[name]
    answer = session.ask("GET", f"mantidlab/plots/{bundle.hash}/{name}.js")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert "immutable" in answer.headers["Cache-Control"]
    assert "private" in answer.headers["Cache-Control"]
    assert answer.body == bundle.file.read_bytes()


@pytest.mark.parametrize(
    "path",
    [
        "{hash}/loader.js",
        "{hash}/bundles.js",
        "{hash}/slices.js",
        "0000000000000000/lines.js",
        "{hash}/..%2Fstatic%2Flines.js",
        "{hash}/lines.js.map",
    ],
)
def test_nothing_else_is_found_there(session, path):
    answer = session.ask("GET", "mantidlab/plots/" + path.format(hash=bundles()["lines"].hash))
    assert answer.status == 404
    assert "Cache-Control" not in answer.headers or "immutable" not in answer.headers["Cache-Control"]


def test_nobody_gets_one_without_signing_in(session):
    answer = session.ask("GET", f"mantidlab/plots/{bundles()['lines'].hash}/lines.js", token="")
    assert answer.status in {302, 403}
