"""How a session ends: on SIGTERM, within five seconds, with its kernels."""

from pathlib import Path

import pytest
from real_sessions import Session, wait_for
from support.pace import Stopwatch
from test_work import family, talk_to_terminal

IGNORING = "import signal as s; s.signal(s.SIGTERM, s.SIG_IGN); s.signal(s.SIGINT, s.SIG_IGN)\n"
COMPUTING = "open('computing', 'w').close()\nwhile True: pass"


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def ends_in_time(session: Session) -> None:
    whole_family = family(session.process.pid)
    watch = Stopwatch()
    assert session.stop() == 0
    assert watch.within(5), watch
    wait_for(lambda: all(gone(pid) for pid in whole_family), what="kernels and shells to end", seconds=30)


def test_it_takes_kernels_and_terminals_along(sessions):
    session = sessions.start()
    session.run_cell("1")
    talk_to_terminal(session, "echo ready ':'", until=" :\r\n")
    assert len(family(session.process.pid)) >= 3
    ends_in_time(session)


@pytest.mark.parametrize("work", [COMPUTING, IGNORING + COMPUTING], ids=["computes", "computes and ignores signals"])
def test_it_ends_in_time_while_a_cell(sessions, work):
    session = sessions.start()
    session.send_cell(work)
    wait_for((session.home / "computing").exists, what="the cell to run")
    ends_in_time(session)


def test_it_ends_in_time_when_the_server_itself_hangs(sessions):
    home = sessions.make_home()
    (home / ".jupyter").mkdir()
    (home / ".jupyter/jupyter_server_config.py").write_text(
        "import threading, time\n"
        "from jupyter_server.serverapp import ServerApp\n"
        "hang = lambda: (open('hanging', 'w').close(), time.sleep(60))\n"
        "threading.Timer(1, lambda: ServerApp.instance().io_loop.add_callback(hang)).start()\n"
    )
    session = sessions.start(home=home)
    wait_for((home / "hanging").exists, what="the server to hang")
    ends_in_time(session)


def test_it_leaves_no_folder_behind(sessions):
    session = sessions.start()
    runtime = Path(session.run_cell("import ipykernel.connect as c; print(c.get_connection_file())").strip()).parent
    assert runtime.is_dir()
    session.stop()
    assert not runtime.exists()
