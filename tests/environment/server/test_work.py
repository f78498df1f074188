"""What a user does in a session: all that a stock single-user server can do."""

import json
import re
import stat
import time
from pathlib import Path

import pytest
from real_sessions import PYTHON, Session, wait_for

RUNTIME_FOLDERS = "/tmp/session-"
NOTEBOOK = {
    "cells": [
        {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "execution_count": None, "source": "1+1"}
    ],
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


def save_notebook(session: Session, name: str) -> None:
    answer = session.ask("PUT", f"api/contents/{name}", body={"type": "notebook", "content": NOTEBOOK})
    assert answer.status in {200, 201}, answer.body


def test_a_cell_runs_in_the_environment(session):
    assert session.run_cell("import sys; print(sys.prefix)").strip() == str(PYTHON.parent.parent)


def test_the_user_path_of_a_kernel_is_the_usual_one(session):
    (session.home / "mine.py").write_text("answer = 42")
    assert session.run_cell("import mine; print(mine.answer)").strip() == "42"


def test_kernels_talk_through_sockets_that_only_their_user_can_reach(session):
    session.run_cell("1")
    listening = [
        path
        for path in Path("/proc/net/unix").read_text().split()
        if path.startswith(RUNTIME_FOLDERS) and "-ipc-" in path
    ]
    assert listening
    for folder in {Path(path).parent for path in listening if Path(path).exists()}:
        assert folder.stat().st_mode & 0o077 == 0
    assert max(map(len, listening)) <= 107


def test_the_server_has_no_port_and_a_kernel_only_one_for_itself(session):
    session.run_cell("1")
    server, *kernels = family(session.process.pid)
    assert addresses_of([server]) == set()
    # ipykernel takes the output of subprocesses on a loopback port, guarded by a key; a session has its own loopback.
    assert addresses_of(kernels) <= {"0100007F"}


def test_the_socket_is_open_to_whoever_may_enter_its_folder(session):
    assert stat.S_IMODE(session.socket.stat().st_mode) == 0o666


def test_the_browser_gets_jupyterlab(session):
    at_root = session.ask("GET", "")
    assert (at_root.status, at_root.headers["Location"]) == (302, f"{session.prefix}lab?")
    page = session.ask("GET", "lab")
    assert page.status == 200
    config = json.loads(re.search(rb'id="jupyter-config-data"[^>]*>(.*?)</script>', page.body, re.DOTALL)[1])
    assert config["hubUser"] == "ann"
    assert config["buildCheck"] is False
    assert config["news"] == {"disabled": True}
    assert config["terminalsAvailable"] is True
    assert config["extensionManager"]["can_install"] is False


def test_files_are_kept_in_the_home(session):
    save_notebook(session, "kept.ipynb")
    assert json.loads((session.home / "kept.ipynb").read_text())["cells"][0]["source"] == ["1+1"]
    assert session.ask("POST", "api/contents/kept.ipynb/checkpoints").status == 201
    assert session.ask("DELETE", "api/contents/kept.ipynb").status == 204
    assert not (session.home / "kept.ipynb").exists()


@pytest.mark.parametrize(("kind", "expected"), [("html", b"<html"), ("script", b"1+1"), ("markdown", b"1+1")])
def test_a_notebook_is_exported(session, kind, expected):
    save_notebook(session, "export.ipynb")
    answer = session.ask("GET", f"nbconvert/{kind}/export.ipynb")
    assert answer.status == 200, answer.body
    assert expected in answer.body


def test_all_exporters_are_offered(session):
    assert {"html", "python", "script", "slides", "latex"} <= set(session.ask("GET", "api/nbconvert").json)


def test_events_reach_who_listens(session):
    listener = session.websocket("api/events/subscribe")
    session.ask("PUT", "api/contents/event.txt", body={"type": "file", "format": "text", "content": "x"})
    session.ask("GET", "api/contents/event.txt?content=1")
    assert json.loads(listener.recv())["schema_id"].startswith("https://events.jupyter.org/")
    sent = {
        "schema_id": "https://events.jupyter.org/jupyter_server/contents_service/v1",
        "version": "1",
        "data": {"action": "get", "path": "x"},
    }
    assert session.ask("POST", "api/events", body={**sent, "schema_id": "https://nobody.knows/it"}).status >= 400
    assert session.ask("POST", "api/events", body=sent).status == 204


def test_news_are_off_and_can_be_switched_on(session):
    url = "lab/api/settings/@jupyterlab/apputils-extension:notification"
    assert session.ask("GET", url).json["schema"]["properties"]["fetchNews"]["default"] == "false"
    assert session.ask("PUT", url, body={"raw": '{"fetchNews": "true"}'}).status == 204
    assert session.ask("GET", url).json["settings"] == {"fetchNews": "true"}


def test_languages_licences_workspaces_and_metrics_are_there(session):
    assert "en" in session.ask("GET", "lab/api/translations/").json["data"]
    assert session.ask("GET", "lab/api/licenses/").status == 200
    assert session.ask("GET", "lab/api/workspaces/default").status == 200
    assert b"http_request_duration_seconds" in session.ask("GET", "metrics").body


def test_kernel_specifications_name_the_environment(session):
    found = session.ask("GET", "api/kernelspecs").json
    assert found["default"] == "python3"


def test_a_terminal_is_a_bash_in_the_home_with_the_environment_in_reach(session):
    (session.home / ".profile").write_text("export FROM_PROFILE=yes\n")
    said = talk_to_terminal(session, "echo $FROM_PROFILE $BASH_VERSION $(command -v python) $PWD ':'", until=" :\r\n")
    answer = next(line for line in said if line.endswith(" :")).split()
    assert answer[0] == "yes"
    assert answer[1].startswith("5.")
    assert answer[2:4] == [str(PYTHON), str(session.home)]


def test_a_closed_terminal_leaves_no_zombie(session):
    talk_to_terminal(session, "echo done ':'", until=" :\r\n")
    for terminal in session.ask("GET", "api/terminals").json:
        assert session.ask("DELETE", f"api/terminals/{terminal['name']}").status == 204
    wait_for(lambda: not zombies_of(session.process.pid), what="the shells to be reaped", seconds=5)


def talk_to_terminal(session: Session, line: str, *, until: str) -> list[str]:
    name = session.ask("POST", "api/terminals").json["name"]
    connection = session.websocket(f"terminals/websocket/{name}")
    time.sleep(0.5)
    connection.send(json.dumps(["stdin", line + "\r"]))
    text = ""
    while text.count(until) < 1:
        kind, *rest = json.loads(connection.recv())
        text += rest[0] if kind == "stdout" else ""
    connection.close()
    return [part for part in re.sub(r"\x1b\[[^a-zA-Z]*[a-zA-Z]", "", text).split("\r\n") if part]


def family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(inner for child in children for inner in family(int(child)))]


def addresses_of(processes: list[int]) -> set[str]:
    """Return the addresses, as the kernel writes them, that these processes listen or talk on."""
    inodes = {
        match[1]
        for pid in processes
        for descriptor in Path(f"/proc/{pid}/fd").iterdir()
        if (match := re.match(r"socket:\[(\d+)\]", read_link(descriptor)))
    }
    found = set()
    for table in ("tcp", "tcp6", "udp", "udp6"):
        rows = [line.split() for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]]
        found |= {row[1].partition(":")[0] for row in rows if row[9] in inodes}
    return found


def zombies_of(pid: int) -> list[str]:
    found = []
    for stat_file in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = stat_file.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if after_name[0] == "Z" and after_name[1] == str(pid):
            found.append(stat_file.parent.name)
    return found


def read_link(path: Path) -> str:
    try:
        return str(path.readlink())
    except OSError:
        return ""
