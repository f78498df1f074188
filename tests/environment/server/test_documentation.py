"""The server answers about the documentation of each environment of a session, whatever the kernels do."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from real_sessions import PYTHON, Session, wait_for
from support.pace import Stopwatch
from support.small_catalogue import CATALOGUE, write_documentation
from test_kernels import SCIPP, environment

from mantidlab.docs.extract.__main__ import extract
from mantidlab.docs.search import write_index

NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "source": ["# Xylophones of neutrons\n", "\n", "How they *sound*."]},
        {"cell_type": "code", "source": "import scipp as sc\nx = sc.scalar(1)"},
        {"cell_type": "code", "source": "x + x"},
    ]
}


@pytest.fixture(scope="module")
def prefix(tmp_path_factory) -> Path:
    """An environment of Mantid as its files: a catalogue and offline documentation."""
    prefix = tmp_path_factory.mktemp("mantid")
    known = prefix / "share" / "mantidhub"
    known.mkdir(parents=True)
    (known / "catalogue.json").write_text(CATALOGUE.to_json(), encoding="utf-8")
    write_index(CATALOGUE, known / "search.sqlite")
    write_documentation(prefix / "share" / "doc" / "html")
    (prefix / "share" / "doc" / "html" / "_images" / "drawing.svg").write_text("<svg onload='x()'/>")
    (prefix / "secret.png").write_bytes(b"secret")
    for folder in (prefix.parent, prefix.parent.parent):
        folder.chmod(0o755)
    return prefix


@pytest.fixture(scope="module")
def scipp(tmp_path_factory) -> Path:
    """What the environment that runs the tests knows, as a build writes it."""
    prefix = tmp_path_factory.mktemp("scipp")
    extract(["scipp"], prefix / "share" / "mantidhub", prefix=Path(sys.prefix))
    return prefix


@pytest.fixture
def session(sessions, prefix, scipp) -> Session:
    mine = {**SCIPP, "prefix": str(scipp), "python": str(PYTHON)}
    mantid = environment("mantid", "Mantid 6.16", "bb", prefix=prefix)
    started = sessions.start(MANTIDHUB_KERNELS=json.dumps([mine, mantid]))
    examples = started.home / "examples"
    examples.mkdir(exist_ok=True)
    (examples / "sound.ipynb").write_text(json.dumps(NOTEBOOK))
    return started


def get(session, path, **parameters):
    query = "&".join(f"{name}={value}" for name, value in parameters.items())
    return session.ask("GET", f"mantidlab/docs/{path}?{query}")


def test_what_a_search_needs_is_open_before_somebody_types(session, scipp):
    index = scipp / "share" / "mantidhub" / "search.sqlite"
    files = Path("/proc") / str(session.process.pid) / "fd"
    wait_for(lambda: index in {file.resolve() for file in files.iterdir()}, what="the index to be opened")


def test_search_and_pages_of_each_environment(session):
    found = get(session, "search", q="conver%20units", environment="mantidhub-mantid").json
    assert found["hits"][0]["leads_to"] == "algorithm/ConvertUnits-v1"
    assert found["environment"] == "Mantid 6.16"
    assert 0 < found["ms"] < 1000
    assert get(session, "search", q="rebn").json["hits"][0]["leads_to"] == "python/scipp.rebin"
    page = get(session, "thing", of="algorithm/ConvertUnits-v1", environment="mantidhub-mantid").json
    assert page["title"] == "ConvertUnits v1"
    assert page["usage"][0]["tested"] is True
    hash_ = ("bb" * 64)[:64]
    assert f'/mantidlab/docs/file/{hash_}/_images/units%20drawing.png"' in page["html"]
    rebin = get(session, "thing", of="python/scipp.rebin").json
    assert [row["name"] for row in rebin["properties"]] == ["x", "arg_dict", "**kwargs"]
    assert rebin["usage"][0]["runs"].startswith("import scipp as sc\n")


def test_examples_of_the_home_are_found_and_opened(session):
    hits = get(session, "search", q="xylophnes", kinds="example").json["hits"]
    assert [hit["leads_to"] for hit in hits] == ["example/examples/sound.ipynb"]
    page = get(session, "thing", of="example/examples/sound.ipynb").json
    assert page["markdown"].startswith("# Xylophones")
    assert (page["file"], page["framework"]) == ("examples/sound.ipynb", "scipp")
    assert page["usage"][1]["runs"] == "import scipp as sc\nx = sc.scalar(1)\n\nx + x"
    (session.home / "examples" / "sound.ipynb").unlink()
    gone = get(session, "thing", of="example/examples/sound.ipynb")
    assert (gone.status, gone.json["message"]) == (
        404,
        "The example examples/sound.ipynb is not there any more, or is no notebook.",
    )
    assert get(session, "thing", of="example/../../etc/x.ipynb").status == 404


def test_interfaces_are_found_once_they_are_listed(session):
    def found():
        return get(session, "search", q="sans", kinds="interface").json["hits"]

    hits = wait_for(found, what="the interfaces", seconds=60)
    assert {hit["leads_to"].partition("/")[0] for hit in hits} == {"interface"}


def test_what_stands_at_the_caret(session):
    source = "s = '🙂'; Rebin(Parms=1)"
    body = {"source": source, "offset": len(source) - 1, "context": ["a = 1"], "environment": "mantid"}
    seen = session.ask("POST", "mantidlab/docs/look", body=body).json
    assert seen["of"] == "algorithm/Rebin-v1"
    (problem,) = seen["problems"]
    assert (problem["name"], problem["offers"]) == ("Parms", ["Params"])
    assert source[problem["start"] : problem["end"]] == "Parms"


@pytest.mark.parametrize("body", [[], {}, {"source": "x", "offset": "a"}, "x"])
def test_caret_asked_for_wrongly_is_a_sentence(session, body):
    answer = session.ask("POST", "mantidlab/docs/look", body=body)
    assert answer.status == 400
    assert answer.json["message"].endswith("in a form that is not known here.")


def test_pictures_and_nothing_else(session):
    picture = session.ask("GET", "mantidlab/docs/file/mantid/_images/units%20drawing.png")
    assert (picture.status, picture.headers["Content-Type"], picture.body) == (200, "image/png", b"\x89PNG drawing")
    drawing = session.ask("GET", "mantidlab/docs/file/mantid/_images/drawing.svg")
    assert drawing.headers["Content-Type"] == "image/svg+xml"
    assert "sandbox" in drawing.headers["Content-Security-Policy"]
    for path in (
        "index.html",
        "_sources/algorithms/ConvertUnits-v1.rst.txt",
        "..%2F..%2F..%2Fsecret.png",
        "_images/no.png",
    ):
        assert session.ask("GET", f"mantidlab/docs/file/mantid/{path}").status == 404, path
    assert session.ask("GET", "mantidlab/docs/file/scipp/_images/drawing.svg").status == 404


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("thing?of=algorithm/Nothing-v1", "This environment has no algorithm Nothing-v1."),
        ("search?q=x&kinds=nonsense", "There is nothing of that kind"),
    ],
)
def test_what_cannot_be_answered_is_a_sentence(session, path, message):
    answer = session.ask("GET", f"mantidlab/docs/{path}")
    assert answer.status in (400, 404)
    assert answer.json["message"].startswith(message)


def test_an_environment_without_a_catalogue_says_so(sessions, tmp_path):
    session = sessions.start(MANTIDHUB_KERNELS=json.dumps([{**SCIPP, "prefix": str(tmp_path)}]))
    answer = get(session, "search", q="rebin")
    assert answer.status == 404
    assert "is made when an environment is built" in answer.json["message"]
    assert get(session, "thing", of="python/scipp.rebin").status == 404
    look = session.ask("POST", "mantidlab/docs/look", body={"source": "Rebin(X=1)", "offset": 3})
    assert look.json == {"of": None, "property": None, "problems": []}


def test_nobody_reads_without_signing_in(session):
    for path in ("search?q=x", "thing?of=x", "file/mantid/_images/drawing.svg"):
        assert session.ask("GET", f"mantidlab/docs/{path}", token="").status in {302, 403}
    assert session.ask("POST", "mantidlab/docs/look", body={"source": ""}, token="").status in {302, 403}


def test_a_busy_kernel_and_a_dead_one_change_nothing(session):
    socket, _ = session.send_cell("import os, time; time.sleep(60)")
    time.sleep(0.5)
    watch = Stopwatch()
    assert get(session, "search", q="rebin").json["hits"]
    assert watch.within(2), watch
    socket.close()
    for kernel in session.ask("GET", "api/kernels").json:
        session.ask("DELETE", f"api/kernels/{kernel['id']}")
    assert get(session, "search", q="rebin").json["hits"]


def test_the_start_reads_none_of_it(session):
    """The catalogue, docutils and parso cost half a second, which nobody waits for at a start."""
    costly = ["docutils", "parso", "mantidlab.docs.reading", "mantidlab.docs.pages"]
    code = "import sys; import mantidlab.server.run, mantidlab.server.documentation;"
    code += f"print([name for name in {costly} if name in sys.modules])"
    done = subprocess.run([str(PYTHON), "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_page_of_the_real_catalogue_opens(scipp):
    from mantidlab.docs.reading import FOLDER, Knowledge

    pages = Knowledge(scipp / FOLDER).pages
    took = []
    for name in pages.references.objects:
        began = time.process_time()
        page = pages.open(f"python/{name}")
        took.append(time.process_time() - began)
        assert "<script" not in page.html
        assert "System Message" not in page.html
        if page.call is not None:
            compile(page.call.cell, name, "exec")
    assert sorted(took)[len(took) * 95 // 100] < 0.05
    assert len(took) > 500


def test_examples_of_docstrings_run(scipp):
    """Those of scipp itself, as the panel would put them into a cell: without an error."""
    import matplotlib as mpl

    from mantidlab.docs.reading import FOLDER, Knowledge

    mpl.use("agg")
    pages = Knowledge(scipp / FOLDER).pages
    failed, ran = [], 0
    for name in (
        "scipp.rebin",
        "scipp.linspace",
        "scipp.concat",
        "scipp.groupby",
        "scipp.bin",
        "scipp.where",
        "scipp.sort",
    ):
        for usage in pages.open(f"python/{name}").usage:
            ran += 1
            try:
                exec(usage.runs, {"display": repr})  # noqa: S102
            except Exception as error:  # noqa: BLE001
                failed.append((name, usage.runs, repr(error)))
    assert failed == []
    assert ran > 10
