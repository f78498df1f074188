"""What the controller may expect of any engine: the same sessions, told apart by nothing."""

import asyncio
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.engines import Bench, DockerBench, SandboxBench
from support.pace import Stopwatch
from support.platform import wait_until

from mantidhub.engines.protocol import Engine
from mantidhub.sessions.spec import EndCause, Handle

from .conftest import HOME, IDENTITY, MEBIBYTE, Make

NOW = timedelta(0)
MUST_BE_ROOT = pytest.mark.skipif(os.getuid() != 0, reason="only root can give ids and set limits here")


async def told(home: Path, name: str = "told") -> str:
    """Wait for what the session writes into its home."""
    file = home / name
    for _ in range(1000):
        if file.exists() and (text := file.read_text()).endswith("\n"):
            return text.strip()
        await asyncio.sleep(0.01)
    raise AssertionError(f"the session wrote no {file}")


async def end_of(engine: Engine, handle: Handle) -> EndCause:
    return (await asyncio.wait_for(engine.wait(handle), 20)).cause


async def run(engine: Engine, spec, limit: float = 30):
    return await asyncio.wait_for(engine.wait(await engine.launch(spec)), limit)


async def test_a_session_runs_its_command_and_ends_with_its_code(engine: Engine, bench: Bench, make: Make):
    end = await run(engine, make("exit 0"))
    assert (end.key, end.cause, end.exit_code) == ("alice", EndCause.EXITED, 0)
    assert bench.remains() == []


async def test_its_last_words_are_the_reason_and_all_of_them_are_in_the_log(engine: Engine, make: Make, tmp_path: Path):
    (tmp_path / "alice.log").write_text("of an earlier session\n")
    end = await run(engine, make("echo first; sleep 0.2; echo 'no such kernel' >&2; exit 3"))
    assert (end.cause, end.exit_code, end.message) == (EndCause.EXITED, 3, "no such kernel")
    assert (tmp_path / "alice.log").read_text() == "of an earlier session\nfirst\nno such kernel\n"
    end = await run(engine, make("exit 4"))
    assert end.message == "It ended with exit code 4.", "words of an earlier session are not those of this one"


async def test_it_has_its_own_variables_folder_and_host_name_and_no_others(engine: Engine, make: Make, home: Path):
    await run(engine, make('echo "$GREETING, $(pwd), $(cat /proc/sys/kernel/hostname), ${USER-none}" > told'))
    assert await told(home) == f"hello world, {HOME}, mantidhub, none"


@MUST_BE_ROOT
async def test_it_runs_as_its_user_with_its_groups_and_without_any_right(
    engine: Engine, make: Make, home: Path, archive: Path
):
    (archive / "for_the_group").write_text("theirs")
    os.chown(archive / "for_the_group", 0, IDENTITY.groups[0])
    (archive / "for_the_group").chmod(0o040)
    (archive / "for_root").touch(0o400)
    script = """
import os
def read(name):
    try:
        return open("/data/instrument/" + name).read()
    except OSError as error:
        return type(error).__name__
words = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp:")
status = [line.split()[1] for line in open("/proc/self/status") if line.startswith(words)]
file = open("told", "w")
rights = {int(word, 16) for word in status[:5]}
print(os.getuid(), os.getgid(), read("for_the_group"), read("for_root"), rights, *status[5:], file=file)
"""
    await run(engine, make(script, python=True))
    assert await told(home) == f"{IDENTITY.uid} {IDENTITY.gid} theirs PermissionError {{0}} 1 2"


async def test_it_has_no_network(engine: Engine, make: Make, home: Path):
    script = """
import socket
def connect(host, port):
    try:
        socket.create_connection((host, port), 2).close()
        return "connected"
    except OSError as error:
        return type(error).__name__
own = socket.create_server(("127.0.0.1", 0))
file = open("told", "w")
print([name for _, name in socket.if_nameindex()], connect("192.0.2.1", 80), connect(*own.getsockname()), file=file)
"""
    await run(engine, make(script, python=True))
    assert await told(home) == "['lo'] OSError connected"


async def test_only_its_home_and_temporary_folders_are_writable(engine: Engine, make: Make, home: Path, archive: Path):
    archive.chmod(0o777)  # what is read-only is so whatever its own permissions say
    script = """
import os, tempfile
def takes_a_file(folder):
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True
places = {line.split()[1] for line in open("/proc/mounts")} | {"/usr", "/etc", "/run", "/var/tmp", "/data"}
places -= {"/dev/mqueue"}  # message queues of the session's own IPC namespace, no files
found = sorted(place for place in places if os.path.isdir(place) and takes_a_file(place))
file = open("told", "w")
print(found, bool(os.statvfs("/").f_flag & os.ST_RDONLY), open("/data/instrument/run.nxs").read(), file=file)
"""
    await run(engine, make(script, python=True))
    assert await told(home) == "['/dev/shm', '/home/alice', '/tmp'] True counts"


async def test_files_in_memory_have_an_end(engine: Engine, make: Make, home: Path):
    script = """
import os
sizes = [os.statvfs(folder).f_blocks * os.statvfs(folder).f_frsize // 2**20 for folder in ("/tmp", "/dev/shm")]
print(sizes, file=open("told", "w"))
"""
    await run(engine, make(script, python=True))
    assert await told(home) == "[64, 64]"


async def test_it_sees_its_own_processes_alone(engine: Engine, make: Make, home: Path):
    await run(engine, make("ls /proc | grep -c '^[0-9]' > told"))
    assert int(await told(home)) < 8


@MUST_BE_ROOT
async def test_too_much_memory_ends_it_and_is_named(engine: Engine, bench: Bench, make: Make):
    end = await run(engine, make("a = bytearray(400 * 2**20)", python=True, memory=64 * MEBIBYTE))
    assert end.cause is (EndCause.OUT_OF_MEMORY if bench.tells_of_memory else EndCause.KILLED)
    assert end.exit_code not in {0, None}
    assert bench.remains() == []


@MUST_BE_ROOT
@pytest.mark.parametrize("exit_code", [0, 3])
async def test_what_goes_first_when_memory_ends_leaves_the_rest(engine: Engine, make: Make, home: Path, exit_code: int):
    """By its badness alone: the rest is larger, and would go first without it."""
    script = f"""
import subprocess, sys
held = bytearray(38 * 2**20)
bomb = "open('/proc/self/oom_score_adj', 'w').write('900'); a = [bytearray(2**18) for _ in range(80)]"
print(subprocess.run([sys.executable, "-c", bomb]).returncode, file=open("told", "w"), flush=True)
sys.exit({exit_code})
"""
    end = await run(engine, make(script, python=True, memory=64 * MEBIBYTE))
    assert await told(home) == "-9"
    assert (end.cause, end.exit_code) == (EndCause.EXITED, exit_code), "its child was killed, not itself"


@MUST_BE_ROOT
async def test_it_reads_what_it_may_use_and_what_was_ended_for_it_and_changes_neither(
    engine: Engine, make: Make, home: Path
):
    script = """
import os, subprocess, sys
version_one = os.path.isdir("/sys/fs/cgroup/memory")
folder = "/sys/fs/cgroup/memory" if version_one else "/sys/fs/cgroup"
limit = "memory.limit_in_bytes" if version_one else "memory.max"
def ended():
    lines = open(f"{folder}/{'memory.oom_control' if version_one else 'memory.events'}").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))
def is_writable(name):
    try:
        open(f"{folder}/{name}", "r+").close()
    except OSError:
        return False
    return True
before = ended()
subprocess.run([sys.executable, "-c", "open('/proc/self/oom_score_adj', 'w').write('900'); bytearray(400 * 2**20)"])
writable = [name for name in os.listdir(folder) if is_writable(name)]
print(open(f"{folder}/{limit}").read().strip(), before, ended(), writable, file=open("told", "w"))
"""
    await run(engine, make(script, python=True, memory=64 * MEBIBYTE))
    assert await told(home) == f"{64 * MEBIBYTE} 0 1 []"


@MUST_BE_ROOT
async def test_memory_that_it_may_have_it_gets(engine: Engine, make: Make):
    end = await run(engine, make("a = bytearray(40 * 2**20)", python=True, memory=64 * MEBIBYTE))
    assert (end.cause, end.exit_code) == (EndCause.EXITED, 0)


@MUST_BE_ROOT
async def test_it_has_no_more_processes_than_it_may(engine: Engine, make: Make, home: Path):
    script = """
import subprocess
running = []
try:
    while len(running) < 200:
        running.append(subprocess.Popen(["sleep", "30"]))
except OSError as error:
    print(len(running) > 30, type(error).__name__, file=open("told", "w"))
for process in running:
    process.kill()
"""
    await run(engine, make(script, python=True))
    assert await told(home) == "True BlockingIOError"


@MUST_BE_ROOT
async def test_it_has_no_more_processor_time_than_it_may(engine: Engine, make: Make, home: Path):
    script = """
import time
began, used = time.monotonic(), time.process_time()
while time.monotonic() - began < 2:
    pass
print(time.process_time() - used, file=open("told", "w"))
"""
    await run(engine, make(script, python=True, cpus=0.1))
    assert float(await told(home)) < 0.4, "a tenth of a core for 2 s is 0.2 s"


async def test_asked_to_stop_it_may_tidy_up(engine: Engine, bench: Bench, make: Make, home: Path):
    script = "trap 'echo tidied > tidied; exit 7' TERM; echo ready > told; while :; do sleep 0.05; done"
    handle = await engine.launch(make(script))
    await told(home)
    await engine.stop(handle, grace=timedelta(seconds=10))
    end = await engine.wait(handle)
    assert (end.cause, end.exit_code) == (EndCause.EXITED, 7)
    assert await told(home, "tidied") == "tidied"
    assert bench.remains() == []


async def test_it_ends_after_its_grace_also_if_it_does_not_want_to(
    engine: Engine, bench: Bench, make: Make, home: Path
):
    handle = await engine.launch(make("trap '' TERM; echo ready > told; while :; do sleep 0.05; done"))
    await told(home)
    began, watch = time.monotonic(), Stopwatch()
    await engine.stop(handle, grace=timedelta(seconds=1))
    assert time.monotonic() - began > 0.9
    assert watch.within(5), watch
    await end_of(engine, handle)
    assert bench.remains() == []


async def test_without_grace_it_ends_at_once(engine: Engine, make: Make, home: Path):
    handle = await engine.launch(make("trap 'sleep 8' TERM; echo ready > told; while :; do sleep 0.05; done"))
    await told(home)
    watch = Stopwatch()
    await engine.stop(handle, grace=NOW)
    assert watch.within(3), watch
    await end_of(engine, handle)


async def test_stopping_what_has_ended_is_no_mistake(engine: Engine, make: Make):
    handle = await engine.launch(make("exit 0"))
    await engine.wait(handle)
    await engine.stop(handle, grace=NOW)
    await engine.stop(handle, grace=timedelta(seconds=1))


async def test_what_it_left_in_the_background_ends_with_it(engine: Engine, bench: Bench, make: Make, home: Path):
    script = "setsid sh -c 'while :; do date +%s.%N > beat; sleep 0.05; done' & sleep 0.5; exit 0"
    await run(engine, make(script))
    beat = (home / "beat").read_text()
    await asyncio.sleep(0.3)
    assert (home / "beat").read_text() == beat
    assert bench.remains() == []


async def test_a_restarted_controller_finds_it_and_its_end(engine: Engine, bench: Bench, make: Make, home: Path):
    handle = await engine.launch(make("echo ready > told; until [ -e go ]; do sleep 0.05; done; exit 5"))
    await told(home)
    second = await bench.engine()
    (found,) = await second.find_all()
    assert found.key == "alice"
    assert abs(found.started - handle.started) < timedelta(seconds=2)
    assert abs(datetime.now(UTC) - found.started) < timedelta(seconds=60)
    waiting = asyncio.create_task(second.wait(found))
    (home / "go").touch()
    end = await asyncio.wait_for(waiting, 20)
    assert (end.cause, end.exit_code) == (EndCause.EXITED, 5)
    assert await second.find_all() == []
    assert bench.remains() == []
    await second.close()


async def test_what_ended_while_no_controller_ran_is_found_with_its_reason_and_removed(
    engine: Engine, bench: Bench, make: Make, home: Path
):
    await engine.launch(make("echo ready > told; echo no more counts; exit 6"))
    await told(home)
    await asyncio.sleep(0.5)
    second = await bench.engine()
    (found,) = await second.find_all()
    end = await asyncio.wait_for(second.wait(found), 20)
    assert (end.key, end.cause, end.exit_code, end.message) == ("alice", EndCause.EXITED, 6, "no more counts")
    assert await second.find_all() == []
    assert bench.remains() == []
    await second.close()


async def test_to_look_for_sessions_changes_nothing(engine: Engine, bench: Bench, make: Make, home: Path):
    starting = asyncio.create_task(engine.launch(make("echo ready > told; sleep 60")))
    second = await bench.engine()
    looks = 0
    while not starting.done():
        await second.find_all()
        looks += 1
        await asyncio.sleep(0.001)
    await told(home)
    assert looks > 1
    assert [found.key for found in await second.find_all()] == ["alice"]
    await second.close()


async def test_its_server_killed_inside_is_said_so(engine: Engine, bench: Bench, make: Make):
    end = await run(engine, make("kill -9 $$"))
    assert (end.cause, end.exit_code) == (EndCause.KILLED, 137)
    assert bench.remains() == []


async def test_sessions_of_another_mantidhub_are_left_alone(engine: Engine, bench: Bench, make: Make, home: Path):
    await engine.launch(make("echo ready > told; sleep 60"))
    await told(home)
    other = await bench.engine(mark="other")
    assert await other.find_all() == []
    assert [handle.key for handle in await engine.find_all()] == ["alice"]
    await other.close()


async def test_who_stops_waiting_leaves_the_session_alone(engine: Engine, make: Make, home: Path):
    handle = await engine.launch(make("echo ready > told; sleep 60"))
    await told(home)
    waiting = asyncio.create_task(engine.wait(handle))
    await asyncio.sleep(0.2)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert [found.key for found in await engine.find_all()] == ["alice"]


@pytest.mark.parametrize("milliseconds", [0, 2, 6])
async def test_a_start_that_nobody_waits_for_leaves_nothing(
    engine: Engine, bench: Bench, make: Make, milliseconds: int
):
    starting = asyncio.create_task(engine.launch(make("sleep 60")))
    await asyncio.sleep(milliseconds / 1000)
    assert not starting.done()
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert await engine.find_all() == []
    wait_until(lambda: bench.remains() == [], limit=5, what="nothing is left")


async def test_ended_from_outside_it_is_said_so(engine: Engine, bench: Bench, make: Make, home: Path):
    handle = await engine.launch(make("echo ready > told; sleep 60"))
    await told(home)
    waiting = asyncio.create_task(engine.wait(handle))
    await asyncio.sleep(0.2)
    bench.kill_from_outside("alice")
    end = await asyncio.wait_for(waiting, 20)
    # A container is removed whole; of a sandbox, bubblewrap may or may not live to say that the server was killed.
    expected = {
        SandboxBench: (EndCause.KILLED, {None, 137}, "It was killed."),
        DockerBench: (EndCause.VANISHED, {None}, "Its container was removed from outside."),
    }
    cause, exit_codes, message = expected[type(bench)]
    assert (end.cause, end.message) == (cause, message)
    assert end.exit_code in exit_codes
    assert bench.remains() == []


async def test_a_start_does_not_wait_for_the_stop_of_another(engine: Engine, make: Make, home: Path):
    stubborn = await engine.launch(make("trap '' TERM; echo ready > told; while :; do sleep 0.05; done"))
    await told(home)
    stopping = asyncio.create_task(engine.stop(stubborn, grace=timedelta(seconds=60)))
    await asyncio.sleep(0.1)
    end = await run(engine, make("exit 0", key="bob~second"))
    assert end.key == "bob~second"
    assert not stopping.done()
    await engine.stop(stubborn, grace=NOW)
    await stopping


async def test_a_session_can_be_started_again_and_again(engine: Engine, make: Make):
    for code in (1, 2, 3):
        assert (await run(engine, make(f"exit {code}"))).exit_code == code


async def test_what_it_cannot_enforce_is_said_in_sentences(engine: Engine):
    weaknesses = await engine.weaknesses()
    assert all(sentence.endswith(".") for sentence in weaknesses)
    if os.getuid() == 0:
        assert not [sentence for sentence in weaknesses if "no limit on" in sentence]


@MUST_BE_ROOT
async def test_its_processor_time_is_counted(engine: Engine, make: Make, home: Path):
    burn = """
import time
while time.process_time() < 1:
    pass
print("done", file=open("told", "w"), flush=True)
time.sleep(60)
"""
    handle = await engine.launch(make(burn, python=True))
    await told(home)
    spent = await engine.processor_time(handle)
    assert spent is not None
    assert timedelta(seconds=0.9) < spent < timedelta(seconds=5)
    await asyncio.sleep(1)
    later = await engine.processor_time(handle)
    assert later is not None
    assert later - spent < timedelta(seconds=0.2), "asleep, it needs none"
