"""Memory that is used up ends what used it, not the server, and the person is told; the same with each engine."""

import json
import os
import re
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import websocket
from support.person import Kernel, Person
from support.platform import Platform, wait_until

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="only root can set limits here")

BADNESS = "open('/proc/self/oom_score_adj').read().strip()"
BOMB = "a = [bytearray(2**24) for _ in range(200)]"
GROWTH = "import time; a = [(bytearray(8 * 2**20), time.sleep(0.1)) for _ in range(80)]"
MANY_PROGRAMS = """
import os, subprocess, sys
from pathlib import Path
def own(pid):
    return int(Path(f"/proc/{pid}/status").read_text().partition("RssAnon:")[2].split()[0]) // 1024
program = [sys.executable, "-S", "-c", "import time; a = bytearray(25 * 2**20); print(flush=True); time.sleep(6)"]
one = subprocess.Popen(program, stdout=subprocess.PIPE)
one.stdout.read(1)
sizes = own(os.getppid()), own(one.pid)
# In a session of their own and silent: the kernel may be ended before them, and they shall go on.
launcher = f'''
import pathlib, subprocess
programs = [subprocess.Popen({program!r}) for _ in range(40)]
ended = sum(program.wait() == -9 for program in programs)
pathlib.Path("ended").write_text(str(ended))
'''
silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
subprocess.Popen([sys.executable, "-S", "-c", launcher], start_new_session=True, **silent)
print(*sizes)
"""


@pytest.fixture(scope="module", params=["sandbox", "docker"])
def platform(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Platform]:
    """A MantidHub whose sessions may use 512 MiB."""
    folder = tmp_path_factory.mktemp("memory")
    config = folder / "mantidhub.toml"
    docker = f'[docker]\nsocket = "{request.getfixturevalue("docker").socket}"\n' if request.param == "docker" else ""
    config.write_text(
        f'[sessions]\nengine = "{request.param}"\n[sessions.sizes.small]\ntitle = "Small"\nmemory = "512 MiB"\n'
        f'cpus = 1\n{docker}[environments]\noffered = ["scipp"]\n'
    )
    platform = Platform(folder / "state", ("--config", str(config))).start()
    yield platform
    platform.stop()


@pytest.fixture(scope="module")
def anna(platform: Platform) -> Person:
    person = Person.from_link(platform.invite("anna"), "anna")
    person.start_session()
    return person


@pytest.fixture
def other(anna: Person) -> Iterator[Kernel]:
    """A notebook beside the one that uses the memory. All notebooks are shut down afterwards."""
    kernel = anna.kernel()
    kernel.run("import os; kept = 'still here'")
    yield kernel
    for kernel in anna.session("GET", "/api/kernels").json():
        anna.session("DELETE", f"/api/kernels/{kernel['id']}")


def process_of(kernel: Kernel) -> str:
    return kernel.run("import os; print(os.getpid())").text.strip()


def server_of(person: Person) -> str:
    return person.session("GET", "/api/status").json()["started"]


def use_up(person: Person, doomed: Kernel, other: Kernel) -> None:
    """Run code that uses all memory, and wait until the kernel has ended by it.

    The server is asked, not the other notebook: what needs memory while the first is being ended may be ended too.
    """
    process = process_of(doomed)
    doomed.send(BOMB)
    wait_until(lambda: told(person, doomed), limit=90, what="the notebook is told that its kernel has ended")
    assert other.run(f"print(os.path.exists('/proc/{process}'))").text == "False\n"


def told(person: Person, kernel: Kernel) -> str:
    """Return what the notebook of this kernel says; empty if it says nothing."""
    losses = {loss["kernel"]: loss["sentence"] for loss in person.session("GET", "/mantidlab/losses").json()}
    return losses.get(kernel.id, "")


def wait_until_told(person: Person, kernel: Kernel) -> str:
    wait_until(lambda: told(person, kernel), limit=20, what="the notebook is told")
    return told(person, kernel)


def terminal_of(person: Person, name: str) -> websocket.WebSocket:
    address = f"{person.address.replace('http', 'ws', 1)}/user/{person.name}/terminals/websocket/{name}"
    return websocket.create_connection(address, header=[f"Authorization: token {person.token}"], timeout=60)


def read_until(terminal: websocket.WebSocket, pattern: str) -> str:
    said = ""
    while not re.search(pattern, said):
        kind, *rest = json.loads(terminal.recv())
        said += rest[0] if kind == "stdout" else ""
    return said


def test_kernels_and_what_they_start_go_before_the_server(other: Kernel):
    assert other.run(f"print({BADNESS})").text.strip() == "900"
    assert other.run("import subprocess; print(subprocess.getoutput('cat /proc/self/oom_score_adj'))").text == "900\n"
    of_the_server = "import os; print(int(open(f'/proc/{os.getppid()}/oom_score_adj').read()))"
    assert int(other.run(of_the_server).text) < 900


def test_kernels_that_people_describe_themselves_go_before_the_server_too(anna: Person, other: Kernel):
    code = """
    import json, pathlib, sys
    folder = pathlib.Path.home() / ".local/share/jupyter/kernels/mine"
    folder.mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (folder / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "mine", "language": "python"}))
    """
    assert not other.run(textwrap.dedent(code)).error
    assert anna.kernel("mine").run(f"print({BADNESS})").text.strip() == "900"


def test_what_runs_in_a_terminal_goes_before_the_server_too(anna: Person):
    terminal = terminal_of(anna, anna.session("POST", "/api/terminals").json()["name"])
    terminal.send(json.dumps(["stdin", "echo badness $(cat /proc/self/oom_score_adj) end\r"]))
    said = read_until(terminal, r"badness \d+ end")
    terminal.close()
    assert "badness 900 end" in said


def test_the_server_and_the_other_notebook_live_and_the_notebook_says_what_happened(anna: Person, other: Kernel):
    doomed, started = anna.kernel(), server_of(anna)
    use_up(anna, doomed, other)
    sentence = wait_until_told(anna, doomed)
    assert other.run("print(kept)").text == "still here\n"
    assert server_of(anna) == started, "the server is the same"
    assert sentence.startswith("The kernel was ended because the session reached its memory limit of 512 MiB. ")
    used = int(re.search(r"The kernel used (\d+) MiB\.", sentence)[1])
    assert 250 < used < 512, "although it grew faster than anybody looked"
    assert "Its variables are lost" in sentence
    assert "What helps: load less at once" in sentence
    assert told(anna, other) == "", "nothing is said where nothing was lost"
    assert anna.session("DELETE", f"/mantidlab/losses/{doomed.id}").status_code == 204
    assert told(anna, doomed) == "", "what was read is not said again"


def test_kernels_that_end_otherwise_are_not_called_out_of_memory(anna: Person, other: Kernel):
    killed, exits = anna.kernel(), anna.kernel()
    ended = {kernel: process_of(kernel) for kernel in (killed, exits)}
    killed.send("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    exits.send("import os; os._exit(137)")
    for process in ended.values():
        wait_until(
            lambda process=process: other.run(f"print(os.path.exists('/proc/{process}'))").text == "False\n",
            limit=20,
            what="the kernel has ended",
        )
    time.sleep(2.5)  # they are looked at every 2 s
    assert [told(anna, kernel) for kernel in ended] == ["", ""]


def test_a_program_that_a_cell_started_is_told_of_in_its_notebook(anna: Person, other: Kernel):
    starter = anna.kernel()
    code = f"import subprocess, sys; print(subprocess.run([sys.executable, '-c', {GROWTH!r}]).returncode)"
    assert starter.run(code).text == "-9\n", "the kernel goes on"
    sentence = wait_until_told(anna, starter)
    assert re.match(r"A program that this kernel started, python\S*, was ended because the session reached", sentence)
    assert int(re.search(r"It used (\d+) MiB", sentence)[1]) > 200
    assert told(anna, other) == ""


def test_files_in_memory_are_named_where_they_are_the_cause(anna: Person, other: Kernel):
    other.run("file = open('/tmp/large', 'wb'); file.write(bytes(120 * 2**20)); file.close()")
    other.run("file = open('/dev/shm/large', 'wb'); file.write(bytes(60 * 2**20)); file.close()")
    doomed = anna.kernel()
    use_up(anna, doomed, other)
    sentence = wait_until_told(anna, doomed)
    other.run("os.unlink('/tmp/large'); os.unlink('/dev/shm/large')")
    assert "Files in /tmp use 120 MiB, which counts as memory. Files in /dev/shm use 60 MiB" in sentence
    assert "What helps: delete files in /tmp and /dev/shm, load less at once" in sentence


def test_many_programs_each_smaller_than_the_server_end_before_it(platform: Platform, anna: Person, other: Kernel):
    """Without a higher badness the server would go among the first, being larger than each of them."""
    started = server_of(anna)
    server, program = map(int, other.run(MANY_PROGRAMS).text.split())
    assert server > program > 20, "in MiB"
    ended = Path(platform.state / "homes" / "anna" / "ended")
    wait_until(ended.exists, limit=90, what="all programs are over")
    assert int(ended.read_text()) > 10
    assert server_of(anna) == started, "the server is the same"
