"""One build at a time; the lock goes with whoever held it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from mantidhub.environments.locking import build_lock

HOLD = """
import sys, time
from pathlib import Path
from mantidhub.environments.locking import build_lock
with build_lock(Path(sys.argv[1]), "small", waiting=lambda who: None):
    print("held", flush=True)
    time.sleep(60)
"""

LEAVE_BEHIND = """
import os, subprocess, sys
from pathlib import Path
from mantidhub.environments.locking import build_lock
with build_lock(Path(sys.argv[1]), "small", waiting=lambda who: None) as descriptor:
    orphan = subprocess.Popen(["sleep", "60"], pass_fds=[descriptor], stdout=subprocess.DEVNULL)
    print(orphan.pid, flush=True)
    os._exit(1)
"""


def silent(who: str) -> None:
    raise AssertionError(f"waited for {who}")


def test_a_second_build_waits_and_names_the_first(root: Path) -> None:
    waited: list[str] = []
    with subprocess.Popen([sys.executable, "-c", HOLD, root], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()

        def kill_it(who: str) -> None:
            waited.append(who)
            os.kill(holder.pid, signal.SIGKILL)

        with build_lock(root, "small", waiting=kill_it):
            assert waited[0] == f"process {holder.pid} builds small"


def test_another_name_does_not_wait(root: Path) -> None:
    with build_lock(root, "small", waiting=silent), build_lock(root, "other", waiting=silent):
        pass


def test_the_lock_can_be_taken_again(root: Path) -> None:
    for _ in range(2):
        with build_lock(root, "small", waiting=silent):
            pass


def test_a_program_that_inherited_the_lock_still_holds_it(root: Path) -> None:
    waited: list[str] = []
    with build_lock(root, "small", waiting=silent) as descriptor:
        orphan = subprocess.Popen(["sleep", "60"], pass_fds=[descriptor])

    def end_it(who: str) -> None:
        waited.append(who)
        orphan.kill()
        orphan.wait()

    with build_lock(root, "small", waiting=end_it):
        assert waited == ["another process builds small"]


def test_programs_that_outlive_a_killed_build_are_waited_for_by_that_name(root: Path) -> None:
    waited: list[str] = []
    with subprocess.Popen([sys.executable, "-c", LEAVE_BEHIND, root], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        orphan = int(holder.stdout.readline())

    def end_it(who: str) -> None:
        waited.append(who)
        os.kill(orphan, signal.SIGKILL)

    with build_lock(root, "small", waiting=end_it):
        assert waited[0] == f"what process {holder.pid} had started for small before it was ended"
