"""Several environments in a session: a kernel for each, which knows its own and nothing of the server's."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from real_sessions import PYTHON, Session, Starter

PREFIX = PYTHON.parent.parent
SHOWN = ("MANTIDHUB_ENVIRONMENT", "MANTIDHUB_ENVIRONMENT_HASH", "MANTIDHUB_ENVIRONMENT_LOCK")


def environment(name: str, title: str, lock: str, *, prefix: Path = PREFIX, **variables: str) -> dict[str, Any]:
    """Return an entry of MANTIDHUB_KERNELS."""
    hash_ = (lock * 64)[:64]
    python = str(prefix / "bin" / "python")
    identity = {"id": f"{name}-{hash_[:12]}", "name": name, "title": title, "hash": hash_, "lock": lock}
    return {**identity, "python": python, "prefix": str(prefix), "variables": variables}


SCIPP = environment("scipp", "scipp", "aa", OF_SCIPP="1")
MANTID = environment("mantid", "Mantid 6.16", "bb", OF_MANTID="half of $HOME", PATH="/opt/mantid:/usr/bin:/bin")


def start(sessions: Starter, *environments: dict[str, Any], **variables: str) -> Session:
    """Start a session as the controller does: the variables of its own environment are the server's too."""
    own = {**environments[0]["variables"], **variables}
    return sessions.start(MANTIDHUB_KERNELS=json.dumps(environments), **own)


def kernels_of(session: Session) -> dict[str, Any]:
    found = session.ask("GET", "api/kernelspecs").json
    assert found["default"] == "python3"
    return found["kernelspecs"]


def run_in(session: Session, kernel: str, code: str) -> str:
    started = session.ask("POST", "api/kernels", body={"name": kernel})
    assert started.status == 201, started.body
    return session.run_cell(code, started.json["id"])


def variables_in(session: Session, kernel: str) -> dict[str, str]:
    return json.loads(run_in(session, kernel, "import os, json; print(json.dumps(dict(os.environ)))"))


def test_each_environment_has_a_kernel_and_the_sessions_own_is_the_default(sessions):
    session = start(sessions, SCIPP, MANTID, environment("mantid", "Mantid 6.15", "cc"))
    titles = {name: kernel["spec"]["display_name"] for name, kernel in kernels_of(session).items()}
    assert titles == {
        "python3": "scipp",
        "mantidhub-mantid": "Mantid 6.16",
        "mantidhub-mantid-cccccccccccc": "Mantid 6.15",
    }


def test_a_kernel_says_which_environment_it_is(sessions):
    session = start(sessions, SCIPP, MANTID)
    own, other = variables_in(session, "python3"), variables_in(session, "mantidhub-mantid")
    assert [own[name] for name in SHOWN] == ["scipp", "aa" * 32, "aa"]
    assert [other[name] for name in SHOWN] == ["mantid", "bb" * 32, "bb"]
    assert other["MANTIDHUB_ENVIRONMENT_TITLE"] == "Mantid 6.16"


def test_a_kernel_has_the_variables_of_its_environment_and_none_of_the_servers(sessions):
    session = start(sessions, SCIPP, MANTID, PYTHONPATH="/of/the/server", JUPYTER_CONFIG_PATH="/etc/of-the-site")
    own, other = variables_in(session, "python3"), variables_in(session, "mantidhub-mantid")
    assert own["OF_SCIPP"] == "1"
    assert "OF_MANTID" not in own
    assert other["OF_MANTID"] == "half of $HOME"
    for kept_away in ("OF_SCIPP", "PYTHONPATH", "PYTHONHOME", "MANTIDHUB_KERNELS"):
        assert kept_away not in other
    assert "PYTHONPATH" not in own
    assert other["JUPYTER_CONFIG_PATH"] == "/etc/of-the-site"


def test_a_kernel_finds_the_programs_of_its_own_environment_first(sessions, tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "lib/python3.11/site-packages").mkdir(parents=True)
    (tmp_path / "lib/python3.11/site-packages/ipykernel_launcher.py").touch()
    (tmp_path / "bin/python").write_text(f'#!/bin/sh\nexec {PYTHON} "$@"\n')
    (tmp_path / "bin/python").chmod(0o755)
    session = start(sessions, SCIPP, environment("mantid", "Mantid", "bb", prefix=tmp_path), PATH=os.environ["PATH"])
    own = variables_in(session, "python3")["PATH"].split(":")
    other = variables_in(session, "mantidhub-mantid")["PATH"].split(":")
    assert own[0] == str(PREFIX / "bin")
    assert other[0] == str(tmp_path / "bin")
    assert str(PREFIX / "bin") not in other
    assert "/usr/bin" in own
    assert "/usr/bin" in other


def test_kernels_of_other_environments_talk_through_the_same_private_sockets(sessions):
    session = start(sessions, SCIPP, MANTID)
    said = run_in(session, "mantidhub-mantid", "from ipykernel.kernelapp import IPKernelApp as A; a = A.instance();"
                  "print(a.transport, a.connection_file)").split()  # fmt: skip
    assert said[0] == "ipc"
    assert said[1].startswith("/tmp/session-")


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ("the prefix", "is not there in this session"),
        ("ipykernel", "ipykernel is not installed in"),
    ],
)
def test_a_kernel_that_cannot_start_says_so_in_the_notebook(sessions, tmp_path, missing, expected):
    if missing == "ipykernel":
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin/python").symlink_to(PYTHON)
    session = start(sessions, SCIPP, environment("mantid", "Mantid {6} 6.16", "bb", prefix=tmp_path))
    kernel = kernels_of(session)["mantidhub-mantid"]["spec"]
    assert kernel["display_name"] == "Mantid {6} 6.16 (cannot start)"
    assert kernel["metadata"]["mantidhub"] is None  # no cell runs in it, so none is recorded
    said = run_in(session, "mantidhub-mantid", "1 + 1")
    assert said.startswith("The kernel of Mantid {6} 6.16 cannot start: ")
    assert expected in said
    assert run_in(session, "python3", "print(1 + 1)").strip() == "2"


def test_each_kernel_has_a_tile_with_its_letter(sessions):
    session = start(sessions, SCIPP, environment("odd", "<Ödd> & Co", "bb"))
    for kernel, letter in (("python3", "S"), ("mantidhub-odd", "Ö")):
        address = kernels_of(session)[kernel]["resources"]["logo-svg"]
        answer = session.ask("GET", address.removeprefix(session.prefix))
        assert answer.headers["Content-Type"] == "image/svg+xml"
        assert f">{letter}</text>" in answer.body.decode()


def test_a_stale_kernel_in_the_home_does_not_stand_for_the_sessions_own(sessions):
    home = sessions.make_home()
    for name in ("python3", "mine"):
        stale = home / ".local/share/jupyter/kernels" / name / "kernel.json"
        stale.parent.mkdir(parents=True)
        stale.write_text(json.dumps({"argv": ["/gone/python"], "display_name": "of long ago", "language": "python"}))
    session = sessions.start(home=home, MANTIDHUB_KERNELS=json.dumps([SCIPP]))
    titles = {name: kernel["spec"]["display_name"] for name, kernel in kernels_of(session).items()}
    assert titles == {"python3": "scipp", "mine": "of long ago"}


def test_without_a_list_there_is_the_sessions_own_kernel(sessions):
    session = sessions.start(MANTIDHUB_ENVIRONMENT_TITLE="scipp of today", MANTIDHUB_ENVIRONMENT_LOCK="dd")
    kernel = kernels_of(session)["python3"]["spec"]
    assert kernel["display_name"] == "scipp of today"
    assert kernel["metadata"]["mantidhub"]["lock"] == "dd"
    assert run_in(session, "python3", "import sys; print(sys.prefix)").strip() == str(PREFIX)


@pytest.mark.parametrize("listed", ["{", '{"a": 1}', "[1]", '[{"name": "scipp"}]', '[{"name": 3}]'])
def test_a_list_that_cannot_be_read_is_a_mistake_of_the_platform(sessions, listed):
    session = sessions.launch(MANTIDHUB_KERNELS=listed)
    assert session.process.wait(30) == 78
    last = session.log.strip().splitlines()[-1]
    assert "list of environments (MANTIDHUB_KERNELS) cannot be read" in last
    assert "tell your administrator" in last


def test_widgets_of_every_environment_are_served_and_the_servers_win(sessions, tmp_path):
    other = tmp_path / "share/jupyter/labextensions"
    for name, version in (("jupyter-matplotlib", "0.0.1"), ("only-there", "3.2.1")):
        (other / name / "static").mkdir(parents=True)
        description = {"name": name, "version": version, "jupyterlab": {"_build": {"load": "static/entry.js"}}}
        (other / name / "package.json").write_text(json.dumps(description))
        (other / name / "static/entry.js").write_text(f"// of {version}")
    session = start(sessions, SCIPP, environment("mantid", "Mantid", "bb", prefix=tmp_path))
    page = session.ask("GET", "lab").body.decode()
    config = json.loads(re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.DOTALL)[1])
    loads = {extension["name"]: extension["load"] for extension in config["federated_extensions"]}
    assert loads["only-there"] == "static/entry.js"
    assert loads["jupyter-matplotlib"] != "static/entry.js"
    assert session.ask("GET", "lab/extensions/only-there/static/entry.js").body == b"// of 3.2.1"
    assert session.ask("GET", f"lab/extensions/jupyter-matplotlib/{loads['jupyter-matplotlib']}").status == 200


def test_the_page_learns_where_servers_are_started_and_which_version_of_our_files_it_has(sessions):
    session = sessions.start(MANTIDHUB_SPAWN_URL="/hub/spawn/ann", MANTIDHUB_ENVIRONMENT_HASH="0123456789abcdef")
    page = session.ask("GET", "lab").body.decode()
    config = json.loads(re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.DOTALL)[1])
    assert config["mantidhubSpawnUrl"] == "/hub/spawn/ann"
    assert config["hubServerUser"] == "ann"  # JupyterHub's own part is still there
    ours = next(extension for extension in config["federated_extensions"] if extension["name"] == "mantidlab")
    assert ours["load"] == "static/remoteEntry.js?v=0123456789ab"
    assert session.ask("GET", f"lab/extensions/mantidlab/{ours['load']}").status == 200


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", {"lock": "of before"}),
        ("--execute", {"environment": "scipp", "title": "scipp", "hash": "aa" * 32, "lock": "aa"}),
        ("--execute --ExecutePreprocessor.kernel_name=mantidhub-mantid",
         {"environment": "mantid", "title": "Mantid 6.16", "hash": "bb" * 32, "lock": "bb"}),
        ("--execute --allow-errors --ExecutePreprocessor.kernel_name=mantidhub-gone", {"lock": "of before"}),
        ("--execute --ExecutePreprocessor.kernel_name=mine", None),
    ],
)  # fmt: skip
def test_nbconvert_records_where_it_executed_a_notebook(sessions, options, expected):
    session = start(sessions, SCIPP, MANTID, environment("gone", "Gone", "ee", prefix=Path("/gone")))
    mine = session.home / ".local/share/jupyter/kernels/mine/kernel.json"
    mine.parent.mkdir(parents=True)
    argv = [str(PYTHON), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    mine.write_text(json.dumps({"argv": argv, "display_name": "mine", "language": "python"}))
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "execution_count": None, "source": "1+1"}
    metadata = {"kernelspec": {"name": "python3", "display_name": "x"}, "mantidhub": {"lock": "of before"}}
    notebook = {"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    (session.home / "a.ipynb").write_text(json.dumps(notebook))
    said = session.run_cell(f"!python -m nbconvert --to notebook --inplace {options} a.ipynb 2>&1; echo $?")
    assert said.split()[-1] == "0", said
    assert json.loads((session.home / "a.ipynb").read_text())["metadata"].get("mantidhub") == expected
