"""The server makes forms of each environment of a session, and reads and writes calls, whatever the kernels do."""

import json
import sys
from pathlib import Path

import pytest
from real_sessions import PYTHON, Session
from support.small_catalogue import CATALOGUE
from test_kernels import SCIPP, environment

from mantidlab.docs.extract.__main__ import extract
from mantidlab.forms.live import form_of_function

WS = {"expression": "ws"}


@pytest.fixture(scope="module")
def kernels(tmp_path_factory) -> str:
    """The environments of the sessions: scipp's catalogue as a build writes it, and a small one of Mantid."""
    mantid = tmp_path_factory.mktemp("mantid")
    (mantid / "share" / "mantidhub").mkdir(parents=True)
    (mantid / "share" / "mantidhub" / "catalogue.json").write_text(CATALOGUE.to_json(), encoding="utf-8")
    scipp = tmp_path_factory.mktemp("scipp")
    extract(["scipp"], scipp / "share" / "mantidhub", prefix=Path(sys.prefix))
    for folder in (mantid.parent, mantid.parent.parent):
        folder.chmod(0o755)
    mine = {**SCIPP, "prefix": str(scipp), "python": str(PYTHON)}
    return json.dumps([mine, environment("mantid", "Mantid 6.16", "bb", prefix=mantid)])


@pytest.fixture
def session(sessions, kernels) -> Session:
    return sessions.start(MANTIDHUB_KERNELS=kernels)


def post(session, kind, **body):
    return session.ask("POST", f"mantidlab/forms/{kind}", body=body)


def test_forms_of_each_environment(session):
    form = session.ask("GET", "mantidlab/forms/form?of=algorithm/ConvertUnits-v1&environment=mantid").json
    assert (form["framework"], form["call"]["import"]) == ("mantid", "from mantid.simpleapi import ConvertUnits")
    assert [field["name"] for field in form["fields"]][:1] == ["InputWorkspace"]
    rebin = session.ask("GET", "mantidlab/forms/form?of=python/scipp.rebin").json
    assert rebin["call"]["function"] == "sc.rebin"
    assert {field["name"]: field["widget"] for field in rebin["fields"]}["x"] == "workspace"
    gone = session.ask("GET", "mantidlab/forms/form?of=algorithm/Nothing-v1&environment=mantid")
    assert (gone.status, gone.json["message"][:35]) == (404, "There is no form of Nothing-v1: thi")


def test_a_call_is_read_changed_and_written_back(session):
    source = "s = '🙂'\nx = sc.linspace('x', 0, 1, num=3)  # three\n"
    read = post(session, "read", source=source, offset=source.index("linspace") + 1, context=["import scipp as sc"])
    assert read.json["values"] == {"dim": "x", "start": 0, "stop": 1, "num": 3}
    assert (read.json["targets"], read.json["of"]) == (["x"], "python/scipp.linspace")
    start, end = read.json["span"]
    assert source.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le") == "sc.linspace('x', 0, 1, num=3)"
    values = {**read.json["values"], "num": 4, "unit": "m"}
    written = post(
        session, "write", of=read.json["of"], values=values, targets=["y"], source=source, span=[start, end]
    ).json
    assert written["source"] == "s = '🙂'\ny = sc.linspace('x', 0, 1, num=4, unit=\"m\")  # three\n"
    assert written["imports"] == []


def test_a_new_call_comes_with_the_import_that_is_missing(session):
    values = {"x": {"expression": "data"}, "kwargs": {"tof": 50}}
    written = post(session, "write", of="python/scipp.rebin", values=values, targets=["out"]).json
    assert written == {"source": "out = sc.rebin(data, tof=50)", "span": [6, 28], "imports": ["import scipp as sc"]}
    there = post(session, "write", of="python/scipp.rebin", values=values, context="import scipp").json
    assert (there["source"], there["imports"]) == ("scipp.rebin(data, tof=50)", [])


def test_values_are_checked(session):
    checked = post(session, "check", of="python/scipp.linspace", values={"dim": "x", "num": 1.5}).json
    assert checked["problems"]["num"] == "num takes a whole number, not 1.5."
    assert checked["problems"]["start"].startswith("start must be given.")
    assert checked["notes"] == {}


def test_forms_that_the_server_does_not_know_come_along(session):
    def reduce(low: float, high: float = 2.0) -> None: ...

    form = form_of_function(reduce, import_="").to_json()
    unknown = post(session, "read", source="reduce(1)", offset=3)
    assert (unknown.status, unknown.json["called"]) == (404, ["reduce"])
    assert post(session, "read", source="reduce(1)", offset=3, form=form).json["values"] == {"low": 1}
    assert post(session, "write", form=form, values={"low": 1, "high": 3}).json["source"] == "reduce(1, high=3)"
    assert "low" in post(session, "check", form=form, values={}).json["problems"]


def test_files_by_run_number(session):
    def reduce(runs: list[Path]): ...

    of_mantid = {**form_of_function(reduce, import_="").to_json(), "framework": "mantid"}
    found = post(session, "files", form=of_mantid, field="runs", value="SIMSANS1001:1003,1010").json
    assert (found["asked"], found["found"] + found["lacking"], found["looking"]) == (4, 4, "")
    wrong = post(session, "files", form=of_mantid, field="runs", value="12-x").json
    assert wrong["problem"].startswith("'12-x' is no run")
    assert post(session, "files", form=of_mantid, field="nothing", value="1").status == 400


@pytest.mark.parametrize(
    ("kind", "body"),
    [("read", []), ("read", {}), ("write", {"of": "python/scipp.rebin"}), ("check", {"form": {"of": 1}, "values": {}})],
)
def test_what_is_not_complete_is_a_sentence(session, kind, body):
    answer = session.ask("POST", f"mantidlab/forms/{kind}", body=body)
    assert answer.status == 400
    assert "not known here" in answer.json["message"]


def test_a_value_that_is_no_python_is_a_sentence(session):
    answer = post(session, "write", of="python/scipp.rebin", values={"x": {"expression": "a b"}})
    assert answer.status == 400
    assert "is not an expression of Python" in answer.json["message"]
