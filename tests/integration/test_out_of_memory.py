"""Memory that is used up ends what used it, not the server, and not the notebooks beside it."""

import json
import os
import re
from collections.abc import Iterator

import pytest
import websocket
from support.person import Kernel, Person
from support.platform import Platform, wait_until

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="only root can set limits here")

BADNESS = "open('/proc/self/oom_score_adj').read().strip()"
BOMB = "a = [bytearray(2**24) for _ in range(200)]"
MANY_CHILDREN = """
import subprocess, sys
bomb = "a = bytearray(100 * 2**20); input()"
children = [subprocess.Popen([sys.executable, "-c", bomb], stdin=subprocess.PIPE, stderr=-3) for _ in range(8)]
for child in children:
    child.communicate()
print(-9 in [child.returncode for child in children])
"""


@pytest.fixture(scope="module")
def anna(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    """Somebody whose session may use 512 MiB."""
    folder = tmp_path_factory.mktemp("memory")
    config = folder / "mantidhub.toml"
    config.write_text('[sessions.sizes.small]\ntitle = "Small"\nmemory = "512 MiB"\ncpus = 1\n')
    platform = Platform(folder / "state", ("--config", str(config))).start()
    try:
        person = Person.from_link(platform.invite("anna"), "anna")
        person.start_session()
        yield person
    finally:
        platform.stop()


def process_of(kernel: Kernel) -> str:
    return kernel.run("import os; print(os.getpid())").text.strip()


def test_kernels_and_what_they_start_go_before_the_server(anna: Person):
    kernel = anna.kernel()
    assert kernel.run(f"print({BADNESS})").text.strip() == "900"
    assert kernel.run("import subprocess; print(subprocess.getoutput('cat /proc/self/oom_score_adj'))").text == "900\n"
    of_the_server = "import os; print(int(open(f'/proc/{os.getppid()}/oom_score_adj').read()))"
    assert int(kernel.run(of_the_server).text) < 900


def test_what_runs_in_a_terminal_goes_before_the_server_too(anna: Person):
    name = anna.session("POST", "/api/terminals").json()["name"]
    address = f"{anna.address.replace('http', 'ws', 1)}/user/anna/terminals/websocket/{name}"
    terminal = websocket.create_connection(address, header=[f"Authorization: token {anna.token}"], timeout=60)
    terminal.send(json.dumps(["stdin", "echo badness $(cat /proc/self/oom_score_adj) end\r"]))
    said = ""
    while not (found := re.search(r"badness (\d+) end", said)):
        kind, *rest = json.loads(terminal.recv())
        said += rest[0] if kind == "stdout" else ""
    terminal.close()
    assert found[1] == "900"


def test_the_server_and_the_other_notebook_live(anna: Person):
    other, doomed = anna.kernel(), anna.kernel()
    other.run("import os; kept = 'still here'")
    started = anna.session("GET", "/api/status").json()["started"]
    process = process_of(doomed)
    doomed.send(BOMB)
    wait_until(
        lambda: other.run(f"print(os.path.exists('/proc/{process}'))").text == "False\n",
        limit=90,
        what="the kernel that used the memory has ended",
    )
    assert other.run("print(kept)").text == "still here\n"
    assert anna.session("GET", "/api/status").json()["started"] == started, "the server is the same"


def test_many_children_are_ended_and_the_server_lives(anna: Person):
    other = anna.kernel()
    other.run("kept = 'still here'")
    started = anna.session("GET", "/api/status").json()["started"]
    assert other.run(MANY_CHILDREN).text == "True\n"
    assert other.run("print(kept)").text == "still here\n"
    assert anna.session("GET", "/api/status").json()["started"] == started, "the server is the same"
