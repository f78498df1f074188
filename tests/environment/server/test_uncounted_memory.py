"""Where nothing counts the session's memory, a notebook says of its kernel what is known, and no more."""

import os
import signal
import time
from pathlib import Path

from real_sessions import wait_for

LIMIT = 3 * 2**30 + 12345  # of no cgroup of this machine
DEAF = "import signal; [signal.signal(number, signal.SIG_IGN) for number in (signal.SIGTERM, signal.SIGINT)]"


def test_it_speaks_of_a_kernel_that_was_killed_and_not_of_those_that_exit_or_that_jupyter_ends(sessions):
    session = sessions.start(MANTIDHUB_MEMORY=str(LIMIT))
    kernels = [session.ask("POST", "api/kernels", body={"name": "python3"}).json["id"] for _ in range(3)]
    processes = [int(session.run_cell("import os; print(os.getpid())", kernel)) for kernel in kernels]
    time.sleep(2.5)  # new kernels are looked for every 2 s
    killed, exits, restarted = kernels
    session.run_cell(DEAF, restarted)
    session.send_cell("while True: pass", restarted)
    session.send_cell("os._exit(1)", exits)
    assert session.ask("POST", f"api/kernels/{restarted}/restart").status == 200
    wait_for(lambda: not any(Path(f"/proc/{process}").exists() for process in processes[1:]), what="both to have ended")
    time.sleep(4)  # Jupyter finds after 3 s at most that one has exited
    assert session.ask("GET", "mantidlab/losses").json == []
    os.kill(processes[0], signal.SIGKILL)
    [loss] = wait_for(lambda: session.ask("GET", "mantidlab/losses").json, what="the notebook to be told")
    assert loss["kernel"] == killed
    assert loss["sentence"].startswith("The kernel was ended from outside, perhaps because the machine had no memory")
    assert "so this is not certain; each program may use 3 GiB" in loss["sentence"]
