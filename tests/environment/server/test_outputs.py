"""A server keeps what a notebook's cell prints while no page is connected, and leaves the file to the page that is."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from real_sessions import Session, wait_for

CELL = r"""print('begun', flush=True)
import pathlib, time
while not pathlib.Path('go').exists(): time.sleep(0.02)
print('ended')"""
GOING_AWAY = 1001
NO_PATIENCE = "import mantidlab.server.outputs.keeper as keeper\nkeeper.CUT_OFF = 0.1\n"


class Page:
    """A page on a notebook, as far as the server knows one."""

    def __init__(self, session: Session, notebook: str) -> None:
        self.session = session
        self.file = session.home / notebook
        cell = {"cell_type": "code", "id": "c", "metadata": {}, "outputs": [], "execution_count": None, "source": CELL}
        self.file.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
        body = {"path": notebook, "type": "notebook", "name": notebook, "kernel": {"name": "python3"}}
        self.kernel = session.ask("POST", "api/sessions", body=body).json["kernel"]["id"]
        self.connect()

    def connect(self) -> None:
        self.connection = self.session.websocket(f"api/kernels/{self.kernel}/channels?session_id=page")

    def run(self) -> None:
        """Ask for the cell, and wait until it has printed something."""
        header = {"msg_id": "r", "msg_type": "execute_request", "session": "page", "username": "", "version": "5.3"}
        content = {"code": CELL, "silent": False, "store_history": True, "allow_stdin": False}
        message = {"header": header, "parent_header": {}, "metadata": {"cellId": "c"}, "content": content}
        self.connection.send(json.dumps({**message, "channel": "shell", "buffers": []}))
        while json.loads(self.connection.recv())["msg_type"] != "stream":
            pass

    def close(self) -> None:
        """Go as a tab goes that is closed."""
        self.connection.close(status=GOING_AWAY)

    def vanish(self) -> None:
        """Go as a laptop goes that is closed."""
        self.connection.sock.close()

    def version(self) -> tuple[bytes, int]:
        return self.file.read_bytes(), self.file.stat().st_mtime_ns

    def printed(self) -> list[str]:
        """Return what the notebook on disk shows."""
        [cell] = json.loads(self.file.read_text())["cells"]
        return [word for output in cell["outputs"] for word in "".join(output["text"]).split()]

    def take_over(self) -> list[dict[str, Any]]:
        return self.session.ask("POST", f"mantidlab/outputs/{self.kernel}?session=page").json["runs"]


@pytest.fixture
def page(sessions) -> Page:
    home: Path = sessions.make_home()
    (home / ".jupyter").mkdir()
    (home / ".jupyter/jupyter_server_config.py").write_text(NO_PATIENCE)
    return Page(sessions.start(home=home), "a.ipynb")


def test_it_writes_when_the_page_is_closed(page: Page):
    page.run()
    assert page.printed() == [], "while the page is there, it writes"
    page.close()
    wait_for(lambda: page.printed() == ["begun"], what="what came before")
    (page.session.home / "go").touch()
    wait_for(lambda: page.printed() == ["begun", "ended"], what="what came after")
    [cell] = json.loads(page.file.read_text())["cells"]
    assert cell["execution_count"] == 1


def test_it_writes_when_the_session_is_stopped(page: Page):
    page.run()
    page.vanish()
    assert page.session.stop() == 0
    assert page.printed() == ["begun"]


def test_whoever_reads_the_notebook_has_all_there_is(page: Page):
    page.run()
    page.close()
    content = page.session.ask("GET", "api/contents/a.ipynb?content=1").json["content"]
    assert "begun" in content["cells"][0]["outputs"][0]["text"]


def test_a_page_that_vanished_finds_its_file_as_it_left_it_and_is_told_all(page: Page):
    left = page.version()
    page.run()
    page.vanish()
    (page.session.home / "go").touch()
    wait_for(lambda: page.printed() == ["begun", "ended"], what="the outputs on disk")
    page.connect()
    wait_for(lambda: page.version() == left, what="the file as it was")
    [run] = page.take_over()
    assert (run["cell"], run["ended"], run["count"]) == ("c", True, 1)
    assert re.findall("begun|ended", str(run["outputs"])) == ["begun", "ended"]
    page.close()
    wait_for(lambda: page.printed() == ["begun", "ended"], what="the outputs on disk again")


def test_the_file_is_left_to_whoever_wrote_it_meanwhile(page: Page):
    page.run()
    page.vanish()
    wait_for(lambda: page.printed() == ["begun"], what="the outputs on disk")
    mine = json.loads(page.file.read_text())
    mine["metadata"] = {"mine": True}
    page.file.write_text(json.dumps(mine))
    page.connect()
    assert page.take_over(), "it is connected"
    assert json.loads(page.file.read_text())["metadata"] == {"mine": True}


def test_nobody_else_is_told(page: Page):
    page.run()
    page.close()
    answer = page.session.ask("POST", f"mantidlab/outputs/{page.kernel}?session=page", token="a wrong one")
    assert answer.status == 403
