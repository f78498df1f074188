"""What a session is given, from what was chosen and the administrator's settings."""

import json
from pathlib import Path

import pytest

from mantidhub.controller.composition import Composer
from mantidhub.controller.offering import Chosen
from mantidhub.errors import SessionFailed
from mantidhub.sessions.offer import OfferedSize
from mantidhub.sessions.request import SessionRequest
from mantidhub.sessions.spec import SessionSpec
from mantidhub.settings import Settings, StateFolder

SIZE = OfferedSize(name="odd", title="Odd", memory=3 * 2**30, cpus=2.5)
HUB_VARIABLES = {"JUPYTERHUB_SERVICE_PREFIX": "/base/user/alice/", "JUPYTERHUB_BASE_URL": "/base/"}


@pytest.fixture
def compose(tmp_path: Path, root: Path):
    state = StateFolder(tmp_path / "state")
    state.prepare(None)
    settings = Settings.model_validate({"facility": {"name": "ISIS", "instrument": "SANS2D"}})
    composer = Composer(settings, state, examples=tmp_path, services=None)

    def compose(*environments, server: str = "") -> SessionSpec:
        request = SessionRequest.model_validate({"user": "alice", "server": server, "variables": HUB_VARIABLES})
        return composer.compose(request, Chosen(environments[0], environments[1:], SIZE))

    return compose


@pytest.fixture
def compose_with(tmp_path: Path, make):
    """Compose a session of alice under settings of the network."""

    def compose_with(mirrors: dict[str, str] | None = None, **network: object) -> SessionSpec:
        state = StateFolder(tmp_path / "state")
        state.prepare(None)
        settings = Settings.model_validate({"network": network, "environments": {"mirrors": mirrors or {}}})
        composer = Composer(settings, state, examples=tmp_path, services=None)
        request = SessionRequest.model_validate({"user": "alice", "server": "", "variables": HUB_VARIABLES})
        return composer.compose(request, Chosen(make("scipp", "a"), (), SIZE))

    return compose_with


def text_at(spec: SessionSpec, path: str) -> str:
    (mount,) = [mount for mount in spec.mounts if mount.target == Path(path)]
    assert not mount.writable
    return mount.source.read_text()


def test_a_session_runs_the_server_of_its_own_environment(compose, make):
    scipp, mantid = make("scipp", "a"), make("mantid", "b")
    spec = compose(mantid, scipp)
    assert spec.command == (str(mantid.python), "-I", "-m", "mantidlab.server")
    assert spec.variables["PATH"].startswith(f"{mantid.prefix}/bin:")


def test_every_environment_and_its_python_is_mounted_once_and_read_only(compose, make):
    scipp, mantid = make("scipp", "a"), make("mantid", "b")
    mounts = [mount for mount in compose(scipp, mantid).mounts if mount.source == mount.target]
    for folder in (scipp.prefix, mantid.prefix, scipp.interpreter):
        assert [mount.writable for mount in mounts if mount.target == folder] == [False]


def test_the_session_is_told_what_it_is(compose, make):
    scipp = make("scipp", "a", variables={"EXTRA": "1"})
    variables = compose(scipp, make("mantid", "b", variables={"OTHER": "2"}), server="big-fit").variables
    expected = {
        "MANTIDHUB_ENVIRONMENT": "scipp",
        "MANTIDHUB_ENVIRONMENT_HASH": "a" * 64,
        "MANTIDHUB_ENVIRONMENT_LOCK": "a" * 64,
        "MANTIDHUB_ENVIRONMENT_TITLE": "Scipp 26.1.0",
        "MANTIDHUB_MEMORY": str(3 * 2**30),
        "MANTIDHUB_CPUS": "2.5",
        "MANTIDHUB_FACILITY": "ISIS",
        "MANTIDHUB_INSTRUMENT": "SANS2D",
        "MANTIDHUB_SPAWN_URL": "/base/hub/spawn/alice/big-fit",
        "OMP_NUM_THREADS": "2",
        "EXTRA": "1",
    }
    assert {name: variables.get(name) for name in expected} == expected
    assert "OTHER" not in variables, "the variables of a further kernel are that kernel's alone"


def test_the_kernels_are_described_its_own_first(compose, make):
    scipp, mantid = make("scipp", "a"), make("mantid", "b", variables={"OTHER": "2"})
    own, further = json.loads(compose(scipp, mantid).variables["MANTIDHUB_KERNELS"])
    assert own["id"] == scipp.id
    assert further == {
        "id": mantid.id,
        "name": "mantid",
        "title": "Mantid",
        "hash": "b" * 64,
        "lock": "b" * 64,
        "python": str(mantid.python),
        "prefix": str(mantid.prefix),
        "variables": {"OTHER": "2"},
    }


def test_the_title_of_a_kernel_has_the_version_that_the_page_showed(compose, make):
    newer = make("scipp", "a")
    older = make("scipp", "b", packages={"scipp": "25.1.0"})
    variables = compose(newer, older, make("mantid", "c", title="Mantid 6.16", packages={"mantid": "6.16.0"})).variables
    titles = [kernel["title"] for kernel in json.loads(variables["MANTIDHUB_KERNELS"])]
    assert titles == ["Scipp 26.1.0", "Scipp 25.1.0", "Mantid 6.16"]


def test_two_builds_of_one_name_have_titles_that_tell_them_apart(compose, make):
    spec = compose(make("scipp", "a", day=30), make("scipp", "b"))
    titles = [kernel["title"] for kernel in json.loads(spec.variables["MANTIDHUB_KERNELS"])]
    assert titles == ["Scipp 26.1.0 (built 2026-01-31)", "Scipp 26.1.0 (built 2026-01-01)"]


def test_files_are_made_from_templates_and_the_sessions_own_environment_wins(compose, make):
    own = make("mantid", "a", session_files={"/etc/m.properties": "cores={threads} {unknown} {{facility}}\n"})
    template = "{threads} {memory} {facility} {instrument} {archive} {home}"
    other = make("scipp", "b", session_files={"/etc/m.properties": "lost", "/etc/deep/down": template})
    spec = compose(own, other)
    assert text_at(spec, "/etc/m.properties") == "cores=2 {unknown} {ISIS}\n"
    assert text_at(spec, "/etc/deep/down") == f"2 {3 * 2**30} ISIS SANS2D /data/instrument /home/alice"


@pytest.mark.parametrize("path", ["/home/alice/x", "/home/x", "/tmp/x", "/usr/lib/x", "/etc/passwd", "/data", "/dev/x"])
def test_no_file_takes_the_place_of_something_else(compose, make, path: str):
    with pytest.raises(SessionFailed, match=f"asks for a file at {path}, where sessions see something else"):
        compose(make("scipp", "a", session_files={path: "x"}))


def test_limits_are_those_of_the_size(compose, make):
    limits = compose(make("scipp", "a")).limits
    assert (limits.memory, limits.cpus, limits.processes) == (3 * 2**30, 2.5, 1024)


def test_a_session_has_no_way_out_and_hears_of_none_unless_the_administrator_opens_one(compose_with):
    spec = compose_with()
    assert not any("network" in str(mount.target) for mount in spec.mounts)
    assert not any("proxy" in name.lower() for name in spec.variables)


def test_a_session_gets_a_way_out_that_it_cannot_change(compose_with, tmp_path: Path):
    spec = compose_with(policy="open")
    (mount,) = [mount for mount in spec.mounts if mount.target == Path("/run/mantidhub/network")]
    assert mount.source == tmp_path / "state" / "run" / "network" / "alice"
    assert (mount.source.is_dir(), mount.writable) == (True, False)
    for name in ("http_proxy", "HTTPS_PROXY"):
        assert spec.variables[name] == "http://127.0.0.1:3128"
    assert spec.variables["NO_PROXY"] == "localhost,127.0.0.1,::1"
    assert spec.variables["MANTIDHUB_NETWORK_SOCKET"] == "/run/mantidhub/network/proxy.sock"


def test_pip_and_uv_are_told_of_the_index_that_sessions_reach(compose_with):
    variables = compose_with({"pypi": "https://mirror.example/simple"}, policy="registries").variables
    assert variables["PIP_INDEX_URL"] == variables["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"


@pytest.mark.parametrize(("mirrors", "policy"), [({"pypi": "https://mirror.example"}, "none"), ({}, "open")])
def test_pip_and_uv_are_told_of_no_index_that_sessions_do_not_reach(compose_with, mirrors, policy):
    variables = compose_with(mirrors, policy=policy).variables
    assert not {"PIP_INDEX_URL", "UV_DEFAULT_INDEX"} & variables.keys()
