"""JupyterHub finds its routes in the folder, and nothing to correct."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mantidhub.edge.hosts import host_label
from mantidhub.edge.proxy import EdgeProxy
from mantidhub.edge.targets import target_of
from mantidhub.errors import SessionRefused, SettingsError

HUB = "http+unix://%2Frun%2Fhub.sock"
ALICE = Path("/run/Sessions/alice/server.sock")


class Watched(EdgeProxy):
    """Notes what JupyterHub changes."""

    changes: list[tuple[str, ...]]

    async def add_route(self, routespec: str, target: str, data: dict[str, Any]) -> None:
        self.changes.append(("add", routespec))
        await super().add_route(routespec, target, data)

    async def delete_route(self, routespec: str) -> None:
        self.changes.append(("delete", routespec))
        await super().delete_route(routespec)


@pytest.fixture
def proxy(tmp_path: Path) -> Watched:
    hub = SimpleNamespace(routespec="/", host=HUB)
    proxy = Watched(routes_folder=str(tmp_path), hub=hub, app=SimpleNamespace(hub=hub))
    proxy.changes = []
    return proxy


class Users(dict[str, Any]):
    """JupyterHub's users, each with ready servers at given sockets."""

    def __init__(self, sockets: dict[tuple[str, str], Path]) -> None:
        for (name, server), path in sockets.items():
            spec = f"/user/{name}/{server}/" if server else f"/user/{name}/"
            spawner = SimpleNamespace(
                ready=True, pending=None, proxy_spec=spec, server=SimpleNamespace(host=target_of(path))
            )
            self.setdefault(name, SimpleNamespace(name=name, spawners={})).spawners[server] = spawner


def test_the_hub_does_not_start_it(proxy: EdgeProxy) -> None:
    assert proxy.should_start is False


async def test_a_route_becomes_a_link_and_is_told_again(proxy: EdgeProxy) -> None:
    await proxy.add_route("/", HUB, {"hub": True})
    await proxy.add_route("/user/alice/", target_of(ALICE), {"user": "alice", "server_name": ""})
    await proxy.add_route("/user/alice/second/", "http+unix://%2frun%2fb.sock:80", {})

    assert proxy.routes.list() == {"alice": ALICE, "alice~second": Path("/run/b.sock")}
    told = await proxy.get_all_routes()
    assert told["/"]["target"] == HUB
    assert told["/user/alice/"] == {
        "routespec": "/user/alice/",
        "target": target_of(ALICE),
        "data": {"user": "alice", "server_name": ""},
    }
    assert told["/user/alice/second/"]["data"] == {"user": "alice", "server_name": "second"}

    await proxy.delete_route("/user/alice/")
    assert set(proxy.routes.list()) == {"alice~second"}


async def test_a_restarted_hub_has_nothing_to_correct(proxy: Watched) -> None:
    sockets = {("alice", ""): ALICE, ("alice", "second"): Path("/run/b.sock")}
    proxy.routes.add("alice", sockets["alice", ""])
    proxy.routes.add("alice~second", sockets["alice", "second"])

    await proxy.check_routes(Users(sockets), {})

    assert proxy.changes == []


async def test_the_hubs_check_adds_moves_and_removes_routes(proxy: Watched) -> None:
    proxy.routes.add("alice", Path("/run/old.sock"))
    proxy.routes.add("gone", Path("/run/gone.sock"))

    await proxy.check_routes(Users({("alice", ""): ALICE, ("bob", ""): Path("/run/b.sock")}), {})

    assert proxy.routes.list() == {"alice": ALICE, "bob": Path("/run/b.sock")}
    assert sorted(proxy.changes) == [("add", "/user/alice/"), ("add", "/user/bob/"), ("delete", "/user/gone/")]


@pytest.mark.parametrize("routespec", ["/services/announce/", "/prefix/user/alice/", "hub.example/user/alice/"])
async def test_routes_of_other_kinds_are_refused(proxy: EdgeProxy, routespec: str) -> None:
    with pytest.raises(SettingsError, match="knows the hub and sessions"):
        await proxy.add_route(routespec, target_of(ALICE), {})


@pytest.fixture
def proxy_of_hosts(proxy: Watched) -> Watched:
    """Where each person has a host of their own."""
    proxy.app.domain = "hub.example"
    proxy.host_routing = True
    return proxy


@pytest.mark.parametrize(
    ("user", "host"), [("alice", "alice.hub.example"), ("ann_b", host_label("ann_b") + ".hub.example")]
)
async def test_a_route_has_the_host_of_its_person(proxy_of_hosts: Watched, user: str, host: str) -> None:
    spec = f"{host}/user/{user}/second/"
    await proxy_of_hosts.add_route("/", HUB, {"hub": True})
    await proxy_of_hosts.add_route(spec, target_of(ALICE), {})

    assert proxy_of_hosts.routes.list() == {f"{user}~second": ALICE}
    assert set(await proxy_of_hosts.get_all_routes()) == {"/", spec}
    await proxy_of_hosts.delete_route(spec)
    assert proxy_of_hosts.routes.list() == {}


@pytest.mark.parametrize("routespec", ["/user/alice/", "hub.example/user/alice/", "bob.hub.example/user/alice/"])
async def test_a_route_with_another_host_is_refused(proxy_of_hosts: Watched, routespec: str) -> None:
    with pytest.raises(SettingsError, match="knows the hub and sessions"):
        await proxy_of_hosts.add_route(routespec, target_of(ALICE), {})


@pytest.mark.parametrize("routespec", ["/user/%2e%2e/", "/user/alice%2Fsecond/", "/user/alice/a~b/", "/user/alice~b/"])
async def test_names_that_no_session_has_are_refused(proxy: EdgeProxy, routespec: str) -> None:
    with pytest.raises(SessionRefused):
        await proxy.add_route(routespec, target_of(ALICE), {})
    assert proxy.routes.list() == {}


async def test_a_session_behind_a_tcp_port_is_refused(proxy: EdgeProxy) -> None:
    with pytest.raises(ValueError, match="not the address of a Unix socket"):
        await proxy.add_route("/user/alice/", "http://127.0.0.1:8888", {})
