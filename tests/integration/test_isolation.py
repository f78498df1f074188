"""What a notebook cannot do from inside its session; each with the same thing done where it is allowed."""

import textwrap

import pytest
from support.person import Kernel, Person
from support.platform import Platform

CONNECT = """
import socket
def connect(host, port, timeout=2):
    try:
        socket.create_connection((host, port), timeout).close()
        return 'connected'
    except OSError as error:
        return type(error).__name__
def connect_unix(path):
    s = socket.socket(socket.AF_UNIX)
    try:
        s.connect(path)
        return 'connected'
    except OSError as error:
        return type(error).__name__
"""


@pytest.fixture(scope="module")
def kernel(alice: Person) -> Kernel:
    return alice.kernel()


def attempt(kernel: Kernel, code: str) -> str:
    output = kernel.run(textwrap.dedent(code))
    return output.error or output.text.strip()


def test_another_home_cannot_be_read(kernel: Kernel, bob: Person, platform: Platform):
    bob.kernel().run("open('secret.txt', 'w').write('bob')")
    assert attempt(kernel, "import os; print(os.listdir('/home'))") == "['alice']"
    assert "FileNotFoundError" in attempt(kernel, "open('/home/bob/secret.txt')")
    host_path = platform.state / "homes" / "bob" / "secret.txt"
    assert host_path.exists()
    assert "Error" in attempt(kernel, f"open({str(host_path)!r})")
    assert attempt(kernel, "open('own.txt', 'w').write('a'); print(open('own.txt').read())") == "a"


def test_processes_of_others_cannot_be_seen(kernel: Kernel, bob: Person):
    bob.kernel()
    found = attempt(
        kernel,
        """
        import os
        owners = {os.stat(f'/proc/{pid}').st_uid for pid in os.listdir('/proc') if pid.isdigit()}
        print(len([pid for pid in os.listdir('/proc') if pid.isdigit()]) < 30, owners == {os.getuid()})
        """,
    )
    assert found == "True True"


def test_no_tcp_port_of_the_host_can_be_reached(kernel: Kernel, platform: Platform):
    kernel.run(CONNECT)
    for host in ("127.0.0.1", "::1", "localhost"):
        assert attempt(kernel, f"print(connect({host!r}, {platform.port}))") != "connected"
    own = """
    server = socket.create_server(('127.0.0.1', 0))
    print(connect('127.0.0.1', server.getsockname()[1]))
    """
    assert attempt(kernel, own) == "connected"


def test_there_is_no_way_to_other_machines(kernel: Kernel):
    kernel.run(CONNECT)
    # Addresses of documentation (RFC 5737, RFC 3849): nobody has them, and without a network nothing is even sent.
    for address in ("192.0.2.1", "2001:db8::1"):
        assert attempt(kernel, f"print(connect({address!r}, 80))") == "OSError"
    assert attempt(kernel, "import socket; print([name for _, name in socket.if_nameindex()])") == "['lo']"


def test_the_environment_cannot_be_written(kernel: Kernel):
    write = "import sys, pathlib; (pathlib.Path(sys.prefix) / 'x').write_text('')"
    assert "Read-only file system" in attempt(kernel, write)
    assert "PermissionError" in attempt(kernel, "import scipp; open(scipp.__file__, 'a')")
    assert "Error" in attempt(kernel, "import os; os.chmod(scipp.__file__, 0o666)")
    assert "Read-only file system" in attempt(kernel, "open('/data/instrument/x', 'w')")
    assert "Read-only file system" in attempt(kernel, "open('/usr/x', 'w')")
    assert attempt(kernel, "open('/tmp/x', 'w').write('t'); print('written')") == "written"


def test_only_home_and_temporary_folders_are_writable(kernel: Kernel):
    found = attempt(
        kernel,
        """
        import os, tempfile
        def takes_a_file(folder):
            try:
                tempfile.TemporaryFile(dir=folder).close()
            except OSError:
                return False
            return True
        places = {line.split()[1] for line in open('/proc/mounts')}
        print(sorted(place for place in places if os.path.isdir(place) and takes_a_file(place)))
        """,
    )
    assert found == "['/dev/shm', '/home/alice', '/run/mantidhub/session', '/tmp']"


def test_the_hub_answers_only_what_the_sessions_own_scopes_allow(kernel: Kernel):
    ask = """
    import os, http.client, socket, json
    class Hub(http.client.HTTPConnection):
        def connect(self):
            self.sock = socket.socket(socket.AF_UNIX); self.sock.connect('/run/mantidhub/hub/hub.sock')
    def ask(method, path):
        hub = Hub('hub'); token = os.environ['JUPYTERHUB_API_TOKEN']
        hub.request(method, '/hub/api' + path, headers={'Authorization': 'token ' + token})
        return hub.getresponse().status
    """
    kernel.run(textwrap.dedent(ask))
    for method, path in (
        ("GET", "/users"),
        ("GET", "/users/bob"),
        ("POST", "/users/bob/server"),
        ("DELETE", "/users/bob/server"),
        ("POST", "/users/mallory"),
        ("POST", "/users/bob/tokens"),
        ("POST", "/shutdown"),
        ("GET", "/proxy"),
    ):
        assert attempt(kernel, f"print(ask({method!r}, {path!r}))") in {"403", "404"}, path
    assert attempt(kernel, "print(ask('GET', '/user'))") == "200"


def test_sockets_of_other_sessions_and_of_the_controller_cannot_be_reached(kernel: Kernel, platform: Platform):
    kernel.run(CONNECT)
    for socket in (
        platform.state / "run" / "sessions" / "bob" / "server.sock",
        platform.state / "run" / "controller" / "controller.sock",
        "/run/mantidhub/session/../../bob/server.sock",
    ):
        assert attempt(kernel, f"print(connect_unix({str(socket)!r}))") in {"FileNotFoundError", "PermissionError"}
    assert attempt(kernel, "print(connect_unix('/run/mantidhub/session/server.sock'))") == "connected"


def test_another_persons_session_refuses_ones_token(alice: Person, bob: Person):
    assert bob.session("GET", "/api/contents", of="alice").status_code == 403
    assert alice.session("GET", "/api/contents", of="alice").status_code == 200


def test_root_and_new_namespaces_are_out_of_reach(kernel: Kernel):
    assert "Error" in attempt(kernel, "import os; os.setuid(0)")
    unshare = "import ctypes; print(ctypes.CDLL(None, use_errno=True).unshare(0x10000000), ctypes.get_errno())"
    assert attempt(kernel, unshare) == "-1 1"
    status = (
        "print([l.split()[1] for l in open('/proc/self/status') if l.startswith(('CapEff', 'CapBnd', 'NoNewPrivs'))])"
    )
    assert attempt(kernel, status) == "['0000000000000000', '0000000000000000', '1']"
