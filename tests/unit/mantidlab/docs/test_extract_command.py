"""The command that the builder runs: its lines, its files, its exit code."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

import mantidlab
from mantidlab.docs.extract.__main__ import extract, main
from mantidlab.docs.reading import read_catalogue
from mantidlab.docs.schema import catalogue_schema
from mantidlab.docs.search import SearchIndex

LINE = re.compile(r"^(\d+) (\d+) (\S.*)$")


def run(*arguments, **variables):
    source = str(Path(mantidlab.__file__).parents[1])
    command = [sys.executable, "-m", "mantidlab.docs.extract", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": source, "PYTHONDONTWRITEBYTECODE": "1", **variables}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@pytest.fixture
def package(tmp_path):
    file = tmp_path / "packages" / "tiny" / "__init__.py"
    file.parent.mkdir(parents=True)
    file.write_text('"""Tiny."""\nprint("9 9 noise")\ndef measure(counts: int) -> float:\n    """Measure."""\n')
    return str(file.parents[1])


def test_package(tmp_path, package):
    source = str(Path(mantidlab.__file__).parents[1])
    done = run("--out", tmp_path / "out" / "deep", "tiny", "tiny", PYTHONPATH=f"{package}:{source}")
    assert (done.returncode, done.stderr) == (0, "")
    lines = [LINE.match(line) for line in done.stdout.splitlines()]
    assert all(lines)
    counted = [(int(line[1]), int(line[2])) for line in lines if line]
    assert counted == sorted(counted)
    assert counted[-1] == (3, 3)
    assert done.stdout.splitlines()[-1] == "3 3 2 Python functions and classes"
    assert sorted(path.name for path in (tmp_path / "out" / "deep").iterdir()) == ["catalogue.json", "search.sqlite"]
    content = json.loads((tmp_path / "out" / "deep" / "catalogue.json").read_text(encoding="utf-8"))
    jsonschema.validate(content, catalogue_schema())
    assert SearchIndex(tmp_path / "out" / "deep" / "search.sqlite").search("mesure")[0].name == "tiny.measure"


def test_package_that_is_not_installed(tmp_path):
    out = tmp_path / "out"
    done = run("--out", out, "no_such_package")
    assert done.returncode == 1
    assert done.stderr.startswith("no_such_package cannot be described: not installed in this environment.")
    assert len(done.stderr.splitlines()) == 1
    assert not out.exists()


def test_mantid_that_is_not_installed(tmp_path):
    done = run("--out", tmp_path, "mantid")
    assert done.returncode == 1
    assert done.stderr.startswith("Mantid is not in this environment")
    assert list(tmp_path.iterdir()) == []


def test_folder_that_cannot_be_made(tmp_path, package, capsys, monkeypatch):
    monkeypatch.syspath_prepend(package)
    (tmp_path / "file").write_text("")
    assert main(["--out", str(tmp_path / "file" / "out"), "tiny"]) == 1
    assert capsys.readouterr().err.startswith("What the environment knows could not be written to")


def test_what_was_there_stays_when_writing_fails(tmp_path, package, monkeypatch):
    monkeypatch.syspath_prepend(package)
    assert main(["--out", str(tmp_path), "tiny"]) == 0
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    monkeypatch.setattr("mantidlab.docs.search.index._fill", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    assert main(["--out", str(tmp_path), "tiny"]) == 1
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before


def test_recorded_mantid_with_its_pages(tmp_path, monkeypatch, capsys, mantid):
    stubs = []
    monkeypatch.setattr("mantidlab.docs.extract.__main__._write_stubs", stubs.append)
    html = tmp_path / "share" / "doc" / "html"
    (html / "algorithms").mkdir(parents=True)
    (html / "index.html").write_text("<h1>Mantid</h1>")
    (html / "algorithms" / "Rebin-v1.html").write_text("<title>x</title><h1>Rebin v1</h1><p>Explains Params.")
    catalogue = extract(["mantid"], tmp_path / "out", tmp_path, start_mantid=lambda: mantid)
    assert len({algorithm.name for algorithm in catalogue.algorithms}) == 941
    assert len(catalogue.functions) == 107
    assert [page.title for page in catalogue.pages] == ["Rebin v1", "Mantid"]
    assert stubs == [catalogue]
    assert read_catalogue(tmp_path / "out" / "catalogue.json") == catalogue
    assert capsys.readouterr().out.splitlines()[-1].startswith("5 5 984 algorithms, 107 fit functions, 2 pages")
    index = SearchIndex(tmp_path / "out" / "search.sqlite")
    assert index.search("explains params")[0].leads_to == "algorithm/Rebin-v1"  # whose page says so
    assert [hit.title for hit in index.search("rebin")[:2]] == ["Rebin v1", "Rebin2D v1"]
