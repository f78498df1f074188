"""What can be wrong with a home, a configuration or the platform: the server starts and says so, or says why not."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from real_sessions import PYTHON, Session

EMPTY = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a home of somebody else")


def last_line(session: Session) -> str:
    return session.log.strip().splitlines()[-1]


BROKEN_FILES = {
    "a syntax error": (".jupyter/jupyter_server_config.py", "c.ServerApp.port = = 3"),
    "a module that is not there": (".jupyter/jupyter_server_config.py", "import nowhere_to_be_found"),
    "an exit": (".jupyter/jupyter_server_config.py", "raise SystemExit(3)"),
    "a value of the wrong type": (".jupyter/jupyter_server_config.py", "c.ServerApp.root_dir = 7"),
    "a folder that is not there": (".jupyter/jupyter_server_config.py", "c.ServerApp.root_dir = '/no/such/folder'"),
    "half a file": (".jupyter/jupyter_server_config.json", '{"ServerApp": {'),
    "half a file of an extension": (".jupyter/jupyter_server_config.d/mine.json", '{"ServerApp": {'),
    "an extension that is not there": (
        ".jupyter/jupyter_server_config.d/mine.json",
        '{"ServerApp": {"jpserver_extensions": {"nowhere_to_be_found": true}}}',
    ),
    "half a page configuration": (".jupyter/labconfig/page_config.json", '{"disabledExtensions": '),
    "bytes": (".jupyter/jupyter_server_config.json", "\x00\x01"),
}


@pytest.mark.parametrize("broken", BROKEN_FILES)
def test_a_broken_configuration_does_not_keep_the_user_out(sessions, broken):
    home = sessions.make_home()
    name, content = BROKEN_FILES[broken]
    (home / name).parent.mkdir(parents=True)
    (home / name).write_text(content)
    session = sessions.start(home=home)
    assert session.ask("GET", "lab").status == 200
    assert session.ask("GET", "api/contents").status == 200
    assert Path(name).stem in session.log or "nowhere_to_be_found" in session.log or "left out" in session.log


def test_a_configuration_that_works_is_used(sessions):
    home = sessions.make_home()
    (home / ".jupyter").mkdir()
    (home / ".jupyter/jupyter_server_config.py").write_text("c.ContentsManager.allow_hidden = True\n")
    session = sessions.start(home=home)
    assert session.ask("GET", "api/contents/.jupyter").status == 200
    assert "left out" not in session.log


def test_a_configuration_cannot_move_the_server_to_a_port(sessions):
    home = sessions.make_home()
    (home / ".jupyter").mkdir()
    (home / ".jupyter/jupyter_server_config.py").write_text(
        "c.ServerApp.sock = ''\nc.ServerApp.ip = '0.0.0.0'\nc.KernelManager.transport = 'tcp'\n"
    )
    session = sessions.start(home=home)
    assert session.socket.exists()
    assert "ipc" in session.run_cell("import ipykernel.connect as c; print(c.get_connection_info())")


@pytest.mark.parametrize("name", ["json.py", "tornado.py", "mantidlab/__init__.py", "jupyter_server/__init__.py"])
def test_a_file_in_the_home_is_not_taken_for_a_part_of_the_server(sessions, name):
    home = sessions.make_home()
    (home / name).parent.mkdir(exist_ok=True)
    (home / name).write_text("raise SystemExit('taken from the home')")
    assert sessions.start(home=home, before=["env", f"--chdir={home}"]).ask("GET", "api").status == 200


def test_a_home_that_is_not_there_is_explained(sessions):
    session = sessions.launch(home=sessions.folder / "nowhere")
    assert session.process.wait(20) == 73
    assert last_line(session).startswith(f"mantidlab.server: Your home folder {sessions.folder}/nowhere is not there.")


@as_root
@pytest.mark.parametrize("mode", [0o500, 0o000])
def test_a_home_that_its_owner_cannot_write_or_read(sessions, mode):
    home = sessions.make_home()
    os.chown(home, NOBODY, NOBODY)
    home.chmod(mode)
    session = sessions.start(home=home, uid=NOBODY)
    assert session.ask("GET", "lab").status == 200
    assert "Your home cannot be written (Permission denied)" in session.log
    assert session.run_cell("print(6 * 7)").strip() == "42"


@as_root
def test_a_full_home(sessions):
    home = sessions.make_home()
    filled = (
        f"mount -t tmpfs -o size=64k tmpfs $HOME && {{ echo '{json.dumps(EMPTY)}' > $HOME/there.ipynb; "
        'cat /dev/zero > $HOME/big 2> /dev/null; exec "$@"; }'
    )
    if subprocess.run(["unshare", "--mount", "true"], check=False).returncode != 0:
        pytest.skip("this host allows no mount namespaces")
    shipped = sessions.folder / "shipped"
    shipped.mkdir()
    (shipped / "large.ipynb").write_text("x" * 100_000)
    session = sessions.start(
        home=home, before=["unshare", "--mount", "sh", "-c", filled, "sh"], MANTIDHUB_EXAMPLES=str(shipped)
    )
    assert "Your home cannot be written (No space left on device)" in session.log
    assert session.run_cell("print(6 * 7)").strip() == "42"
    text = {"type": "file", "format": "text", "content": "x" * 9999}
    for name, body in (("new.txt", text), ("new.ipynb", {"type": "notebook", "content": EMPTY})):
        refused = session.ask("PUT", f"api/contents/{name}", body=body)
        assert refused.status == 507
        message = json.loads(refused.body)["message"]
        assert message.startswith(f"{name} was not saved: the disk that holds your files is full (0.0 MB free).")
        assert session.ask("GET", f"api/contents/{name}").status == 404
    assert session.ask("GET", "api/contents/there.ipynb").status == 200
    kept = session.ask("POST", "api/contents/there.ipynb/checkpoints")
    assert kept.status == 201, "JupyterLab opens no notebook without one"
    assert session.ask("GET", "api/contents/there.ipynb/checkpoints").body == b"[]"


@pytest.mark.parametrize("name", ["MANTIDHUB_SOCKET", "JUPYTERHUB_API_TOKEN", "JUPYTERHUB_SERVICE_PREFIX"])
def test_a_missing_variable_is_explained(sessions, name):
    session = sessions.launch(**{name: None})
    assert session.process.wait(20) == 78
    assert last_line(session).startswith(f"mantidlab.server: The session was started without {name}.")


def test_a_missing_folder_for_the_socket_is_explained(sessions):
    session = sessions.launch(MANTIDHUB_SOCKET="/nowhere/server.sock")
    assert session.process.wait(20) == 73
    assert "the folder /nowhere is missing or not writable" in last_line(session)


def test_a_broken_environment_is_explained(sessions):
    """A copy of the environment's links without one package."""
    site = next((PYTHON.parent.parent / "lib").glob("python*/site-packages"))
    copy = sessions.folder / "site"
    copy.mkdir()
    for entry in site.iterdir():
        if not entry.name.startswith("jupyterlab_server"):
            (copy / entry.name).symlink_to(entry)
    run = f"import sys, site; sys.path.remove({str(site)!r}); site.addsitedir({str(copy)!r}); "
    start = "from mantidlab.server.run import main; sys.exit(main())"
    session = sessions.launch(
        command=[str(PYTHON), "-I", "-c", run + start], MANTIDLAB_WITHOUT="stand-ins,user-configuration"
    )
    assert session.process.wait(30) == 70
    assert last_line(session).startswith("mantidlab.server: The environment is broken: ModuleNotFoundError")


def test_a_hub_that_cannot_be_reached_is_explained(sessions):
    """Takes as long as JupyterHub's client tries, some 46 s."""
    session = sessions.launch(JUPYTERHUB_API_URL="http+unix://%2Fnowhere%2Fhub.sock/hub/api")
    assert session.process.wait(120) == 69
    assert last_line(session).startswith("mantidlab.server: The notebook server could not reach the hub.")
