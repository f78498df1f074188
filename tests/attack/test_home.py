"""Games with links, names and folders of one's own home, which root's programs look through and mount."""

import json
from pathlib import Path

import pytest
import requests
from support.attack import Attack, Attacker, Ground, Tried

SECRET = "of alice, and of nobody else"
MARKED = '{"cells": [], "metadata": {"mantidhub": {"hash": "%s"}}, "nbformat": 4, "nbformat_minor": 5}'


@pytest.fixture
def secret(ground: Ground) -> Path:
    """A file of alice, by the name that the host knows it by."""
    ground.alice.run(f"open('secret.txt', 'w').write({SECRET!r})")
    return ground.home("alice") / "secret.txt"


def served(who: Attacker, name: str) -> Tried:
    """Ask one's own server for a file of one's own home."""
    answer = who.person.session("GET", f"/files/{name}")
    return Tried("read" if SECRET in answer.text else "", f"status {answer.status_code}")


def test_read_anothers_file_by_a_link_that_ones_own_server_follows(ground: Ground, attack: Attack, secret: Path):
    """Server and kernel see the same: what the server follows leads nowhere else."""
    ground.eve.run(
        f"import os\nopen('kept.txt', 'w').write({SECRET!r})\n"
        "for number, target in enumerate(['kept.txt', "
        f"{str(secret)!r}, '../alice/secret.txt', '/home/alice/secret.txt', '/proc/1/root' + {str(secret)!r}]):\n"
        "    os.path.lexists(f'link{number}.txt') or os.symlink(target, f'link{number}.txt')"
    )
    attack.control(served(ground.eve, "link0.txt"))
    for number in range(1, 5):
        attack.attempt(served(ground.eve, f"link{number}.txt"))


def test_give_a_file_of_the_platform_a_second_name_in_ones_home(ground: Ground, attack: Attack):
    """A hard link would outlive the environment, and be a name by which it could be changed."""
    linked = (
        "import os, sys\nopen('own.txt', 'w').close()\nos.link({!r}, 'second'); os.unlink('second'); print('linked')"
    )
    attack.control(ground.eve.attempt(linked.format("own.txt")))
    for target in ("/etc/passwd", "/usr/bin/env", "/run/mantidhub/session/server.sock"):
        attack.attempt(ground.eve.attempt(linked.format(target)))
    attack.attempt(ground.eve.attempt(linked.replace("{!r}", "sys.executable").format()))


def test_put_something_else_in_the_place_of_ones_home(ground: Ground, attack: Attack):
    """The next start would mount what stands there, as root."""
    renamed = "import os\nos.rename({0!r}, {0!r} + '-aside'); print('renamed')"
    ground.eve.run("import os\nos.makedirs('/home/eve/folder')")
    attack.control(ground.eve.attempt(renamed.format("/home/eve/folder")))
    ground.eve.run("os.rmdir('/home/eve/folder-aside')")
    attack.attempt(ground.eve.attempt(renamed.format("/home/eve")))
    attack.attempt(ground.eve.attempt("import os\nos.symlink('/home/alice', '/home/bob'); print('put beside it')"))
    assert ground.home("eve").is_dir()
    assert not ground.home("eve").is_symlink()


def needed(ground: Ground, environment: str) -> dict[str, int]:
    """Ask as the administrator, and usually as root, how many notebooks of how many people need an environment."""
    listed = json.loads(ground.platform.command("environment", "list", "--json").stdout)["environments"]
    (found,) = [one for one in listed if one["id"] == environment]
    return found


def test_have_root_read_anothers_notebook_as_ones_own(ground: Ground, attack: Attack):
    """Who could, learns where others work, and keeps environments from being freed."""
    written = ground.eve.run("import sys; print(open(sys.prefix + '/environment.json').read())").text
    text = MARKED % json.loads(written)["hash"]
    environment = Path(ground.eve.run("print(sys.prefix)").text.strip()).name
    before = needed(ground, environment)
    ground.alice.run(f"open('hers.ipynb', 'w').write({text!r})")
    hers = ground.home("alice") / "hers.ipynb"
    links = {"led.ipynb": str(hers), "led": str(hers.parent), "near.ipynb": "../alice/hers.ipynb"}
    ground.eve.run(
        f"import os\nopen('own.ipynb', 'w').write({text!r})\n"
        f"for name, target in {links}.items():\n    os.symlink(target, name)"
    )
    now = needed(ground, environment)
    attack.control(Tried("both are counted" if now["people"] == 2 else "", str(now)))
    more = now["notebooks"] - before["notebooks"]
    attack.attempt(Tried("links were followed" if more != 2 else "", f"{more} more notebooks are counted"))
    for name in ("own.ipynb", *links):
        (ground.home("eve") / name).unlink()
    hers.unlink()


TRAPS = {
    "a pipe": "os.mkfifo('trap.ipynb')",
    "a device of the host": "os.symlink('/dev/zero', 'trap.ipynb')",
    "a folder within itself": "os.mkdir('trap'); os.symlink('.', 'trap/trap')",
    "a thousand folders in one another": "[(os.mkdir('d'), os.chdir('d')) for _ in range(1000)]; os.chdir('/home/eve')",
    "a notebook of a terabyte": "open('trap.ipynb', 'w').truncate(2**40)",
    "names that are no text": r"open(b'\xff\x1b[2J\n.ipynb', 'w').write('{}')",
}


@pytest.mark.parametrize("trap", TRAPS, ids=str)
def test_hold_up_who_looks_through_the_homes_with(ground: Ground, attack: Attack, trap: str):
    tidy = "import os, subprocess as s\nos.chdir('/home/eve')\ns.run('rm -rf trap* d *.ipynb', shell=True)\n"
    attack.control(ground.eve.attempt(f"{tidy}{TRAPS[trap]}\nprint('laid')"))
    done = ground.platform.command("environment", "collect", check=False, typed="n\n", limit=30)
    is_lost = done.returncode != 0 or "Traceback" in done.stderr
    steers = "\x1b[2J" in done.stdout
    attack.attempt(Tried("it failed" if is_lost else "it printed what steers terminals" if steers else "", done.stderr))
    ground.eve.run(tidy)


def test_have_the_end_of_ones_session_remove_what_belongs_to_another(ground: Ground, attack: Attack, secret: Path):
    """Root removes what a session left in the folder of its socket."""
    mallory = ground.newcomer("mallory")
    mallory.run(
        f"import os\nos.chdir('/run/mantidhub/session')\nos.symlink({str(secret.parent)!r}, 'led')\n"
        f"os.symlink({str(secret)!r}, 'led.txt')\nopen('own.txt', 'w').close()"
    )
    folder = ground.platform.state / "run" / "sessions" / "mallory"
    assert (folder / "own.txt").exists()
    mallory.person.stop_session()
    attack.control(Tried("" if folder.exists() else "its own things were removed"))
    attack.attempt(Tried("" if secret.exists() else "removed"))
    ground.platform.command("user", "remove", "mallory")


def test_be_served_what_a_name_with_dots_leads_to(ground: Ground, attack: Attack, secret: Path):
    ground.eve.run(f"open('kept.txt', 'w').write({SECRET!r})")
    attack.control(served(ground.eve, "kept.txt"))
    for path in ("/files/../../alice/secret.txt", "/files/%2e%2e/alice/secret.txt", "/files/..%2falice%2fsecret.txt"):
        request = requests.Request("GET", "http://x", headers={"Authorization": f"token {ground.eve.person.token}"})
        asked = request.prepare()
        asked.url = f"{ground.eve.person.address}/user/eve{path}"
        with requests.Session() as web:
            answer = web.send(asked, timeout=60)
        attack.attempt(Tried("read" if SECRET in answer.text else "", f"status {answer.status_code}"))
