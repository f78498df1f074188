"""MantidHub with its sessions in Docker, from sign-in to the end, as people and their administrator see it."""

import subprocess
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.docker import DockerDaemon
from support.person import Kernel, Person
from support.platform import MANTIDHUB, Platform, wait_until

from .conftest import StartDaemon


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory, docker: DockerDaemon) -> Path:
    file = tmp_path_factory.mktemp("config") / "mantidhub.toml"
    engine = f'[sessions]\nengine = "docker"\n[docker]\nsocket = "{docker.socket}"\n'
    file.write_text('[environments]\noffered = ["scipp"]\n' + engine)
    return file


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory, config: Path) -> Iterator[Platform]:
    running = Platform(tmp_path_factory.mktemp("mantidhub") / "State", ("--config", str(config))).start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def alice(platform: Platform) -> Person:
    person = Person.from_link(platform.invite("alice"), "alice")
    person.start_session()
    return person


@pytest.fixture(scope="module")
def kernel(alice: Person) -> Kernel:
    return alice.kernel()


def containers(docker: DockerDaemon, user: str) -> list[dict[str, str]]:
    return docker.containers(f"mantidhub.user={user}")


def attempt(kernel: Kernel, code: str) -> str:
    output = kernel.run(textwrap.dedent(code))
    return output.error or output.text.strip()


def test_a_person_is_in_a_container_of_their_own_and_runs_a_cell(alice: Person, kernel: Kernel, docker: DockerDaemon):
    assert [container["State"] for container in containers(docker, "alice")] == ["running"]
    assert attempt(kernel, "print(6 * 7)") == "42"
    assert attempt(kernel, "import os; print(os.environ['USER'], os.getcwd())") == "alice /home/alice"
    assert attempt(kernel, "import scipp; print(len(os.listdir('/data/instrument')) >= 3)") == "True"
    assert "sans-spheres.ipynb" in attempt(kernel, "print(os.listdir('examples'))")
    assert attempt(kernel, "import getpass; print(getpass.getuser())") == "alice"


def test_what_belongs_to_people_is_theirs(kernel: Kernel, platform: Platform):
    uid = int(attempt(kernel, "import os; open('notes.txt', 'w').write('kept'); print(os.getuid())"))
    assert uid >= 1_900_000_100
    assert (platform.state / "homes" / "alice" / "notes.txt").stat().st_uid == uid


def test_there_is_no_way_to_any_network(kernel: Kernel, platform: Platform):
    code = f"""
    import socket
    def connect(host, port):
        try:
            socket.create_connection((host, port), 2).close()
            return 'connected'
        except OSError as error:
            return type(error).__name__
    own = socket.create_server(('127.0.0.1', 0))
    print([name for _, name in socket.if_nameindex()], connect('192.0.2.1', 80), connect('127.0.0.1', {platform.port}),
          connect(*own.getsockname()))
    """
    assert attempt(kernel, code) == "['lo'] OSError ConnectionRefusedError connected"


def test_only_home_and_temporary_folders_are_writable(kernel: Kernel):
    code = """
    import os, tempfile
    def takes_a_file(folder):
        try:
            tempfile.TemporaryFile(dir=folder).close()
        except OSError:
            return False
        return True
    places = {line.split()[1] for line in open('/proc/mounts')} | {'/', '/usr', '/etc', '/run', '/home'}
    places -= {'/dev/mqueue'}  # message queues of the session's own IPC namespace, no files
    print(sorted(place for place in places if os.path.isdir(place) and takes_a_file(place)))
    """
    assert attempt(kernel, code) == "['/dev/shm', '/home/alice', '/run/mantidhub/session', '/tmp']"


def test_neither_docker_nor_the_controller_can_be_reached(kernel: Kernel, platform: Platform, docker: DockerDaemon):
    code = """
    import socket
    def connect_unix(path):
        try:
            socket.socket(socket.AF_UNIX).connect(path)
            return 'connected'
        except OSError as error:
            return type(error).__name__
    """
    kernel.run(textwrap.dedent(code))
    for path in (
        docker.socket,
        Path("/run/docker.sock"),
        Path("/var/run/docker.sock"),
        platform.state / "run" / "controller" / "controller.sock",
    ):
        assert attempt(kernel, f"print(connect_unix({str(path)!r}))") in {"FileNotFoundError", "PermissionError"}
    assert attempt(kernel, "print(connect_unix('/run/mantidhub/session/server.sock'))") == "connected"


def test_a_killed_controller_finds_the_session_again(alice: Person, kernel: Kernel, platform: Platform):
    kernel.run("kept = 'in memory'")
    killed = platform.kill_service("controller")
    record = platform.state / "controller" / "controller.pid"
    wait_until(lambda: int(record.read_text()) != killed, limit=5, what="the controller is started again")
    assert attempt(kernel, "print(kept)") == "in memory"
    alice.start_session("beside")
    alice.stop_session("beside")
    assert alice.hub("GET", "/users/alice").json()["servers"][""]["ready"]
    assert attempt(kernel, "print(kept)") == "in memory"


def test_stop_removes_the_container_and_keeps_the_home_and_the_log(platform: Platform, docker: DockerDaemon):
    bob = Person.from_link(platform.invite("bob"), "bob")
    bob.start_session()
    bob.kernel().run("open('notes.txt', 'w').write('kept'); import os; os.write(2, b'printed\\n')")
    assert len(containers(docker, "bob")) == 1
    bob.stop_session()
    assert containers(docker, "bob") == []
    assert not (platform.state / "run" / "sessions" / "bob").exists()
    assert (platform.state / "logs" / "sessions" / "bob.log").exists()
    bob.start_session()
    assert bob.kernel().run("print(open('notes.txt').read())").text == "kept\n"
    bob.stop_session()


def test_a_session_that_ends_by_itself_is_noticed(platform: Platform, docker: DockerDaemon):
    person = Person.from_link(platform.invite("ivan"), "ivan")
    person.start_session()
    assert person.session("POST", "/api/shutdown").status_code == 200
    wait_until(lambda: not person.hub("GET", "/users/ivan").json()["servers"], limit=20, what="the hub notices the end")
    assert containers(docker, "ivan") == []


def test_check_says_which_engine_is_used_and_why(platform: Platform, config: Path, docker: DockerDaemon):
    done = platform.command("check", "--config", str(config))
    assert (
        f'Sessions run in containers of Docker: sessions.engine is "docker", and Docker answers on {docker.socket}'
        in (done.stdout)
    )
    assert f" {docker.version}, a version that MantidHub is tested with." in done.stdout


def test_without_its_daemon_it_does_not_start_and_says_why(fresh_state: Path, tmp_path: Path):
    file = tmp_path / "mantidhub.toml"
    file.write_text(f'[sessions]\nengine = "docker"\n[docker]\nsocket = "{tmp_path}/none.sock"\n')
    for command in ("up", "check"):
        done = subprocess.run(
            [*MANTIDHUB, command, "--state", str(fresh_state), "--config", str(file)],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode != 0
        assert f"there is no {tmp_path}/none.sock. Start Docker" in done.stdout + done.stderr


def test_left_to_choose_it_takes_docker_only_where_a_daemon_answers_and_has_the_image(
    platform: Platform, tmp_path: Path, docker: DockerDaemon
):
    file = tmp_path / "mantidhub.toml"
    for lines, words in (
        (f'socket = "{docker.socket}"', 'Sessions run in containers of Docker: sessions.engine is "auto"'),
        (
            f'socket = "{tmp_path}/none.sock"',
            'Sessions run in the sandbox: sessions.engine is "auto", and',
        ),
        (f'socket = "{docker.socket}"\nimage = "x:none"', "has no image x:none. Make it with `make docker-image`"),
    ):
        file.write_text(f'[sessions]\nengine = "auto"\n[docker]\n{lines}\n')
        assert words in platform.command("check", "--config", str(file)).stdout


def test_controller_and_daemon_may_be_away_at_once(fresh_state: Path, tmp_path: Path, start_daemon: StartDaemon):
    daemon = start_daemon("--live-restore")
    file = tmp_path / "mantidhub.toml"
    file.write_text(
        f'[environments]\noffered = ["scipp"]\n[sessions]\nengine = "docker"\n[docker]\nsocket = "{daemon.socket}"\n'
    )
    platform = Platform(fresh_state, ("--config", str(file))).start()
    try:
        person = Person.from_link(platform.invite("henry"), "henry")
        person.start_session()
        kernel = person.kernel()
        kernel.run("kept = 'in memory'")
        daemon.stop()
        platform.kill_service("controller")
        assert kernel.run("print(kept)").text == "in memory\n", "work needs neither"
        time.sleep(1)
        daemon.start()
        person.start_session("beside", limit=30)
        assert kernel.run("print(kept)").text == "in memory\n"
        person.stop_session()
        assert [found["Labels"]["mantidhub.session"] for found in containers(daemon, "henry")] == ["henry~beside"]
    finally:
        platform.stop()
    assert containers(daemon, "henry") == []


def test_sessions_of_a_former_engine_are_ended(fresh_state: Path, config: Path, docker: DockerDaemon):
    first = Platform(fresh_state, ("--config", str(config))).start("--keep-sessions")
    gina = Person.from_link(first.invite("gina"), "gina")
    gina.start_session()
    first.stop()
    assert len(containers(docker, "gina")) == 1, "kept, as long as the engine is the same"
    text = config.read_text().replace('engine = "docker"', 'engine = "sandbox"')
    other = config.with_name("other.toml")
    other.write_text(text)
    second = Platform(fresh_state, ("--config", str(other))).start()
    try:
        wait_until(lambda: containers(docker, "gina") == [], limit=20, what="the container is gone")
    finally:
        second.stop()
