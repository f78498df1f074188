"""Attacks by using up: processes, memory, files, descriptors, processors, the log, and a server that does not listen.

Each is bounded by what the test asks for, is made in a session of its own, and leaves hub and victim as they were.
"""

import os
import time
from collections.abc import Iterator

import pytest
from support.attack import Attack, Attacker, Ground, Tried
from support.platform import wait_until

from mantidhub.sessions.log_length import LARGEST_LOG, LOOK_EVERY

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="only root can set limits on this host")

MEBIBYTE = 2**20
MEMORY = 1024 * MEBIBYTE
PROCESSES = 256
"""The limits that the sessions of this suite have."""


@pytest.fixture
def bomber(ground: Ground) -> Iterator[Attacker]:
    person = ground.newcomer("bomber")
    yield person
    ground.still_answers()
    person.person.stop_session()
    ground.platform.command("user", "remove", "bomber")


def counted(bomber: Attacker, code: str) -> int:
    """Run code that prints how far it came."""
    said = bomber.run(code)
    assert not said.error, said
    return int(said.text)


def beyond(reached: int, limit: int, what: str) -> Tried:
    return Tried(f"{reached} {what}" if reached > limit else "", f"it ended at {reached} {what}")


FORKS = """
import os, signal, time
children = []
try:
    while len(children) < {most}:
        child = os.fork()
        if child == 0:
            signal.pause()
        children.append(child)
except OSError:
    pass
for child in children:
    os.kill(child, 9)
for child in children:
    os.waitpid(child, 0)
print(len(children))
"""


def test_start_processes_without_end(ground: Ground, attack: Attack, bomber: Attacker):
    started = counted(bomber, FORKS.format(most=20))
    attack.control(Tried(f"{started} processes" if started == 20 else "", f"only {started} processes"))
    attack.attempt(beyond(counted(bomber, FORKS.format(most=4 * PROCESSES)), PROCESSES, "processes"))


ALLOCATION = """
import subprocess, sys
code = "import sys; a = b'x' * {size}; print(len(a))"
print(subprocess.run([sys.executable, '-c', code], capture_output=True, text=True).stdout.strip() or 0)
"""


def test_use_more_memory_than_the_limit(ground: Ground, attack: Attack, bomber: Attacker):
    attack.control(beyond(counted(bomber, ALLOCATION.format(size=100 * MEBIBYTE)), 0, "bytes"))
    attack.attempt(beyond(counted(bomber, ALLOCATION.format(size=2 * MEMORY)), MEMORY, "bytes"))


FILLING = """
import os, subprocess, sys
code = '''
with open("{folder}/filled", "wb", 0) as file:
    for _ in range({mebibytes}):
        file.write(b"x" * 2**20)
'''
subprocess.run([sys.executable, '-c', code], capture_output=True)
print(os.stat("{folder}/filled").st_size)
os.unlink("{folder}/filled")
"""


@pytest.mark.parametrize("folder", ["/tmp", "/dev/shm"])
def test_fill(ground: Ground, attack: Attack, bomber: Attacker, folder: str):
    """Both are memory, so what they hold must count as the session's."""
    attack.control(beyond(counted(bomber, FILLING.format(folder=folder, mebibytes=10)), 0, "bytes"))
    filled = counted(bomber, FILLING.format(folder=folder, mebibytes=2 * MEMORY // MEBIBYTE))
    attack.attempt(beyond(filled, MEMORY, "bytes"))


NAMES = """
import os
os.makedirs("/tmp/names", exist_ok=True)
for number in range(1, {most} + 1):
    os.close(os.open(f"/tmp/names/{{number}}", os.O_CREAT))
    if number % 1000 == 0:
        with open("/home/bomber/made", "w") as made:
            made.write(str(number))
"""
SMALLEST_FILE = 512
"""Bytes of the kernel's memory that an empty file takes at least: an inode of tmpfs and a name."""


def test_fill_with_empty_files(ground: Ground, attack: Attack, bomber: Attacker):
    """They hold nothing, but the kernel's memory for them must count as the session's, which may end by it."""
    made = ground.home("bomber") / "made"
    bomber.run(NAMES.format(most=1000))
    attack.control(beyond(int(made.read_text()), 999, "files"))
    most = 2 * MEMORY // SMALLEST_FILE
    bomber.kernel.send(NAMES.format(most=most))
    wait_until(lambda: time.time() - made.stat().st_mtime > 10, limit=300, what="it makes no more")
    attack.attempt(beyond(int(made.read_text()), MEMORY // SMALLEST_FILE, "empty files"))


DESCRIPTORS = """
import os
opened = []
try:
    while len(opened) < {most}:
        opened.append(os.open('/dev/null', os.O_RDONLY))
except OSError:
    pass
print(len(opened))
for descriptor in opened:
    os.close(descriptor)
"""


def test_hold_files_open_without_end(ground: Ground, attack: Attack, bomber: Attacker):
    attack.control(beyond(counted(bomber, DESCRIPTORS.format(most=100)), 0, "files"))
    with open("/proc/sys/fs/file-max") as file:  # noqa: PTH123
        of_the_host = int(file.read())
    attack.attempt(beyond(counted(bomber, DESCRIPTORS.format(most=200_000)), of_the_host // 10, "files"))


BUSY = """
import multiprocessing, time
def work(until):
    while time.monotonic() < until:
        pass
until = time.monotonic() + 8
workers = [multiprocessing.get_context('fork').Process(target=work, args=(until,)) for _ in range(16)]
[worker.start() for worker in workers]
[worker.join() for worker in workers]
print(len(workers))
"""


def test_keep_all_processors_busy(ground: Ground, attack: Attack, bomber: Attacker):
    """Others are still answered while sixteen processes compute."""
    message = bomber.kernel.send(BUSY)
    slowest = max(ground.alice.person.session("GET", "/api/status").elapsed.total_seconds() for _ in range(5))
    done = bomber.kernel.output_of(message)
    attack.control(Tried("16 processes computed" if done.text.strip() == "16" else "", str(done)))
    attack.attempt(Tried(f"others waited {slowest:.1f} s" if slowest > 5 else "", f"at most {slowest:.2f} s"))


FLOOD = """
import os, sys
log = sys.stdout._original_stdstream_copy  # the server's own output, which a kernel inherits
for _ in range({mebibytes}):
    os.write(log, b'x' * (2**20 - 1) + b'\\n')
"""


def test_flood_the_log(ground: Ground, attack: Attack, bomber: Attacker):
    """What a server prints is kept in a file of the host. It may become too long for less than a minute."""
    log = ground.platform.state / "logs" / "sessions" / "bomber.log"
    if ground.engine == "docker":
        # Docker keeps it, at most 2 MB of it, and it is copied to the log when the session has ended.
        bomber.run(FLOOD.format(mebibytes=40))
        attack.control(Tried("printed" if not bomber.run(FLOOD.format(mebibytes=1)).error else "", "it cannot print"))
        bomber.person.stop_session()
        wait_until(log.exists, limit=60, what="the log is kept")
        attack.attempt(beyond(log.stat().st_size, LARGEST_LOG, "bytes"))
        bomber.person.start_session()
        return
    attack.control(Tried("printed" if not bomber.run(FLOOD.format(mebibytes=40)).error else "", "it cannot print"))
    wait_until(lambda: log.stat().st_size <= LARGEST_LOG, limit=2 * LOOK_EVERY + 60, what="the log is cut")
    attack.attempt(beyond(log.stat().st_size, LARGEST_LOG, "bytes"))


def test_keep_a_server_that_does_not_listen(ground: Ground, attack: Attack, bomber: Attacker):
    """A stopped process hears no SIGTERM; it ends all the same."""
    answers = bomber.person.session("GET", "/api/status").status_code == 200
    attack.control(Tried("it answers and is stopped when asked" if answers else "", "it does not answer"))
    bomber.kernel.send("import os, signal; os.kill(os.getppid(), signal.SIGSTOP)")
    bomber.person.stop_session()
    left = bomber.person.hub("GET", "/users/bomber").json()["servers"]
    attack.attempt(Tried(f"it still runs: {left}" if left else "", "it was ended"))
    bomber.person.start_session()
