"""How the server starts: quickly, from what it needs alone, and with any network or none."""

import os
import shutil
import statistics
import subprocess
from pathlib import Path

import pytest
from real_sessions import OURS, PYTHON

STOCK = [str(PYTHON), "-I", "-m", "jupyterhub.singleuser", "--allow-root"]
LEFT_OUT = {
    "sqlalchemy",
    "alembic",
    "jupyterhub.orm",
    "jupyterhub.handlers.base",
    "arrow",
    "webcolors",
    "rfc3986_validator",
    "lark",
    "requests",
    "httpx",
    "httpcore",
    "babel",
    "IPython",
    "nbconvert.exporters.html",
    "jupyter_lsp",
    "notebook_shim.nbserver",
}


def test_the_start_imports_nothing_that_it_does_not_use(sessions):
    session = sessions.start(command=[OURS[0], "-I", "-X", "importtime", *OURS[2:]])
    imported = {line.rpartition("|")[2].strip() for line in session.log.splitlines() if line.startswith("import time:")}
    assert "jupyterlab.extensions" in imported
    assert sorted(LEFT_OUT & imported) == []


def test_a_stock_server_imports_some_of_it(sessions):
    """Shows that the test above looks at the right thing, and which entries a newer release has made needless."""
    socket = Path(sessions.hub.session_variables("ann")["TEST_SOCKET"])
    stock = [PYTHON, "-I", "-X", "importtime", *STOCK[2:], f"--ServerApp.sock={socket}"]
    session = sessions.start(command=stock)
    for name in ("sqlalchemy", "alembic", "jupyterhub.orm", "isoduration", "requests", "httpx"):
        assert f" {name}\n" in session.log


def test_it_starts_in_less_than_sixty_percent_of_stock(sessions):
    socket = Path(sessions.hub.session_variables("ann")["TEST_SOCKET"])
    seconds = {"ours": [], "stock": []}
    for _ in range(3):
        for name, command in (("ours", OURS), ("stock", [*STOCK, f"--ServerApp.sock={socket}"])):
            session = sessions.start(command=command)
            seconds[name].append(session.seconds_to_answer)
            session.stop()
    assert statistics.median(seconds["ours"]) < 0.6 * statistics.median(seconds["stock"]), seconds


def test_no_node_is_run(sessions):
    programs = sessions.folder / "programs"
    programs.mkdir()
    (programs / "node").write_text(f"#!/bin/sh\ntouch {sessions.folder}/node-was-run\n")
    (programs / "node").chmod(0o755)
    session = sessions.start(PATH=f"{programs}:{os.environ['PATH']}")
    assert session.ask("GET", "lab").status == 200
    assert not (sessions.folder / "node-was-run").exists()
    assert str(programs) in session.run_cell("import os; print(os.environ['PATH'])")


def test_a_release_that_needs_what_was_left_out_starts_the_stock_way(sessions):
    breaking = (
        "import runpy; from mantidlab.server import deferral, leftout; "
        "leftout.MODULES += (deferral.Deferred('jupyter_server.serverapp', classes={'ServerApp': int}),); "
        "runpy.run_module('mantidlab.server', run_name='__main__')"
    )
    session = sessions.start(command=[PYTHON, "-I", "-c", breaking])
    assert "trying it without stand-ins" in session.log
    assert "imported without stand-ins, which is slower" in session.log
    assert session.run_cell("print(6 * 7)").strip() == "42"


@pytest.mark.skipif(not shutil.which("unshare"), reason="unshare (util-linux) is not installed")
def test_a_session_without_any_network_runs_a_cell(sessions):
    away = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--user", "--net"]
    if subprocess.run([*away, "true"], check=False).returncode != 0:
        pytest.skip("this host allows no network namespaces")
    session = sessions.start(before=away)
    assert session.run_cell("import socket; print(socket.if_nameindex())").strip() == "[(1, 'lo')]"


def test_a_stale_socket_of_a_killed_server_is_no_obstacle(sessions):
    killed = sessions.start()
    killed.process.kill()
    killed.process.wait()
    assert killed.socket.exists()
    again = sessions.start(home=killed.home, keep_socket=True)
    assert again.ask("GET", "api").status == 200


def test_two_servers_have_folders_of_their_own(sessions):
    first, second = sessions.start("ann"), sessions.start("bob")
    assert first.run_cell("print(1)") == second.run_cell("print(1)") == "1\n"
