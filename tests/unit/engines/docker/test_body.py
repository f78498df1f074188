"""The container that Docker is asked for, compared word by word with what was looked at once.

``pytest tests/unit/engines/docker --rewrite-bodies`` writes the files anew after a change that is meant.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mantidhub.engines.docker.body import Labels, container_body, container_name
from mantidhub.sessions.spec import Limits, Mount, SessionSpec
from mantidhub.settings.state import Identity

BODIES = Path(__file__).with_name("bodies")
STATE = Path("/var/lib/mantidhub")
PREFIX = STATE / "environments" / "scipp-0123456789ab"
ALICE = SessionSpec(
    key="alice",
    environment=PREFIX.name,
    identity=Identity(1_900_000_100, 1_900_000_100, (5001, 5002)),
    command=(str(PREFIX / "bin" / "python"), "-I", "-m", "mantidlab.server"),
    mounts=(
        Mount(STATE / "controller/sessions/alice/accounts/0-passwd", Path("/etc/passwd")),
        Mount(PREFIX, PREFIX),
        Mount(Path("/archive/instrument"), Path("/data/instrument")),
        Mount(STATE / "run/hub", Path("/run/mantidhub/hub")),
        Mount(STATE / "run/sessions/alice", Path("/run/mantidhub/session"), writable=True),
        Mount(STATE / "homes/alice", Path("/home/alice"), writable=True),
    ),
    variables={"PATH": "/usr/bin:/bin", "HOME": "/home/alice", "JUPYTERHUB_API_TOKEN": "word=of=two"},
    home=Path("/home/alice"),
    socket=STATE / "run/sessions/alice/server.sock",
    ready_path="/user/alice/api",
    limits=Limits(memory=4 * 2**30, cpus=2.0, processes=1024),
    start_timeout=timedelta(seconds=90),
    log=STATE / "logs/sessions/alice.log",
)
SPECS = {
    "alice": ALICE,
    "named-and-small": replace(
        ALICE,
        key="bob~second",
        identity=Identity(1_900_000_101, 1_900_000_101),
        limits=Limits(memory=2**30, cpus=0.25, processes=64),
    ),
}


def body_of(spec: SessionSpec) -> dict[str, object]:
    labels = Labels("0a1b2c3d", spec.key, spec.environment, datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC))
    assert spec.identity is not None
    return container_body(
        spec,
        image="mantidhub-session:bookworm",
        identity=spec.identity,
        labels=labels,
        system_calls=b"12345678",
        strict_mounts=True,
    )


@pytest.mark.parametrize("name", SPECS)
def test_it_is_what_was_written_down(name: str, request: pytest.FixtureRequest):
    file = BODIES / f"{name}.json"
    body = body_of(SPECS[name])
    first = body["HostConfig"]["Mounts"][-1]
    assert Path(first["Source"]).is_file()
    first["Source"] = Path(first["Source"]).name  # the rest of its path is where the package is installed
    if request.config.getoption("--rewrite-bodies"):
        file.write_text(json.dumps(body, indent=2) + "\n")
    assert body == json.loads(file.read_text())


def test_every_body_belongs_to_a_spec():
    assert {file.stem for file in BODIES.glob("*.json")} == set(SPECS)


def test_the_same_spec_gives_the_same_body_and_is_not_changed():
    spec = replace(ALICE, variables=dict(reversed(ALICE.variables.items())))
    assert body_of(spec) == body_of(ALICE)


def test_only_what_the_spec_calls_writable_is_so():
    mounts = body_of(ALICE)["HostConfig"]["Mounts"]
    assert [mount["Target"] for mount in mounts if not mount["ReadOnly"]] == ["/run/mantidhub/session", "/home/alice"]


def test_names_of_sessions_never_meet():
    keys = ["alice", "alice~b", "alice-b", "alice-server-b", "alice~b-server", "alice.b", "alice~server-b"]
    names = [container_name("m", key) for key in keys]
    assert len(set(names)) == len(keys)
    assert all("~" not in name for name in names)
