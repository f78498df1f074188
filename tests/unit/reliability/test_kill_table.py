"""The kill table sees losses: it is tried on losses that are made here."""

import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from reliability.load import Worker
from reliability.remains import Looker, Outside, services, sessions_of_processes
from reliability.rounds import Outcome
from reliability.table import Row, Table
from support.platform import wait_until

from mantidhub.settings import StateFolder


@pytest.fixture
async def worker(tmp_path: Path) -> AsyncIterator[Worker]:
    worker = Worker("http://127.0.0.1:1", "alice", "token", tmp_path)
    worker.acknowledged.versions = {"work.ipynb": 7}
    yield worker
    await worker.close()


def save(folder: Path, version: int) -> None:
    (folder / "work.ipynb").write_text(json.dumps({"metadata": {"version": version}}))


@pytest.mark.parametrize("version", [7, 8])
async def test_a_save_is_there_if_the_disk_has_it_or_a_later_one(worker: Worker, tmp_path: Path, version: int):
    save(tmp_path, version)
    assert worker.lost_saves() == []


async def test_an_older_version_is_a_lost_save(worker: Worker, tmp_path: Path):
    save(tmp_path, 6)
    assert worker.lost_saves() == ["alice/work.ipynb: version 7 was acknowledged, the disk has 6"]


@pytest.mark.parametrize("text", [None, "", '{"metadata": {"versi'])
async def test_a_file_that_is_gone_or_cut_off_is_a_lost_save(worker: Worker, tmp_path: Path, text: str | None):
    if text is not None:
        (tmp_path / "work.ipynb").write_text(text)
    assert "the disk has no whole notebook" in worker.lost_saves()[0]


def test_what_belongs_to_no_known_session_is_an_orphan():
    outside = Outside({"process": {"alice", "bob"}, "container": set(), "record": {"carol"}}, other=["mount /x"])
    assert outside.orphans({"alice"}) == ["process of bob", "record of carol", "mount /x"]
    assert outside.running() == {"alice", "bob"}


def test_processes_of_sandboxes_and_services_are_seen(tmp_path: Path):
    state = StateFolder(tmp_path)
    labelled = {**os.environ, "MANTIDHUB_SESSION": f"{state.mark}:alice"}
    of_another = {**os.environ, "MANTIDHUB_SESSION": "another:bob"}
    hub = {**os.environ, "MANTIDHUB_DEPLOYMENT": f"{tmp_path}/run/deployment.json"}
    caddy = tmp_path / "caddy"
    caddy.symlink_to(shutil.which("sleep") or "")
    started = [subprocess.Popen(["sleep", "60"], env=variables) for variables in (labelled, of_another)]
    started.append(subprocess.Popen([caddy, "60"], env=hub))
    try:
        wait_until(lambda: sessions_of_processes(state.mark), limit=20, what="the process has its variables")
        assert sessions_of_processes(state.mark) == {started[0].pid: "alice"}
        assert Looker(state, None).look().orphans(set()) == ["process of alice"]
        wait_until(lambda: services(state)["edge"], limit=20, what="the process has its variables")
        assert services(state) == {"hub": [], "controller": [], "edge": [started[2].pid]}
    finally:
        for process in started:
            process.kill()
            process.wait()


def test_folders_and_records_are_seen(tmp_path: Path):
    state = StateFolder(tmp_path)
    for folder in (state.sessions / "bob", state.routes / "carol", state.controller / "records"):
        folder.mkdir(parents=True)
    (state.controller / "records" / "dave.json").touch()
    orphans = Looker(state, None).look().orphans({"alice"})
    assert orphans == ["socket folder of bob", "route of carol", "record of dave"]


def test_rows_of_other_runs_stay_in_the_file(tmp_path: Path):
    file = tmp_path / "reliability.json"
    former = Table(file)
    former.write(Row("edge killed", "sandbox", 1, 10, times=20))
    former.write(Row("hub killed", "sandbox", 1, 10, times=20))
    table, row = Table(file), Row("edge killed", "sandbox", 2, 3)
    table.write(row)
    row.add(Outcome(saves_acknowledged=5, saves_lost=1, failures=["lost"]))
    table.write(row)
    written = {entry["event"]: entry for entry in json.loads(file.read_text())}
    assert written["hub killed"]["times"] == 20
    assert (written["edge killed"]["seed"], written["edge killed"]["saves_lost"]) == (2, 1)
    assert not row.passed
    assert "FAILED" in table.text()
