"""HTTPS, what the edge leaves behind, and a real hub behind it."""

import asyncio
import os
import ssl
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import aiohttp
from support.certificates import make_certificate
from support.edge import Edge, telling, who_answers


async def test_https_with_the_administrators_certificate(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, "hub.example")
    edge = Edge(tmp_path)
    edge.settings = replace(edge.settings, certificate=certificate)
    await edge.serve(edge.settings.hub, telling("hub"))
    edge.start()
    try:
        trust = ssl.create_default_context(cafile=str(certificate.chain))
        async with (
            aiohttp.ClientSession() as browser,
            browser.get(f"https://127.0.0.1:{edge.port}/", ssl=trust, server_hostname="hub.example") as answer,
        ):
            assert (await answer.json())["headers"]["x-forwarded-proto"] == "https"
    finally:
        await edge.close()


async def test_caddy_leaves_nothing_outside_its_folder(edge: Edge, browser: aiohttp.ClientSession) -> None:
    await who_answers(browser, edge.url)
    assert edge.caddy is not None
    environment = Path(f"/proc/{edge.caddy.pid}/environ").read_bytes().decode()
    assert os.environ.get("PATH", "-") not in environment
    assert {entry.name for entry in edge.folder.iterdir()} <= {
        "Caddyfile", "access.json", "hub.sock", "messages", "routes", "sockets", "state",
    }  # fmt: skip


HUB_CONFIGURATION = """
from mantidhub.edge.proxy import EdgeProxy

c.JupyterHub.proxy_class = EdgeProxy
c.EdgeProxy.routes_folder = "{routes}"
c.JupyterHub.hub_bind_url = c.JupyterHub.hub_connect_url = "http+unix://{socket}"
c.JupyterHub.db_url = "sqlite://"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.services = [{{"name": "test", "api_token": "{token}", "admin": True}}]
"""


async def test_a_real_hub_lives_behind_the_edge(tmp_path: Path, browser: aiohttp.ClientSession) -> None:
    token = "a" * 64
    edge = Edge(tmp_path)
    await edge.session("left-over")
    (tmp_path / "config.py").write_text(
        HUB_CONFIGURATION.format(
            routes=edge.settings.routes, socket=quote(str(edge.settings.hub), safe=""), token=token
        )
    )
    log = (tmp_path / "hub.log").open("wb")
    hub = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "jupyterhub", "-f", "config.py", cwd=tmp_path, stdout=log, stderr=log
    )
    edge.start()
    try:
        while not edge.settings.hub.exists():
            await asyncio.sleep(0.1)
        known = {"Authorization": f"token {token}"}
        async with browser.get(f"{edge.url}/hub/login") as page:
            assert page.status == 200
            assert "Sign in" in await page.text()
        async with browser.post(f"{edge.url}/hub/api/users/alice", headers=known) as created:
            assert created.status == 201
        async with browser.get(f"{edge.url}/user/alice/api/status", headers=known) as stopped:
            assert stopped.status == 424, "JupyterHub's own status for a server that does not run"
        async with browser.get(f"{edge.url}/hub/api/proxy", headers=known) as routes:
            assert set(await routes.json()) == {"/"}, "the route of a session that nobody knows is removed"
    finally:
        hub.terminate()
        await hub.wait()
        log.close()
        await edge.close()
