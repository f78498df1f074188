"""Attacks on processes: those of others, of the platform, and the way out by programs with more rights."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.attack import Attack, Ground, Tried, probe_on_host
from support.platform import wait_until

as_root = pytest.mark.skipif(os.getuid() != 0, reason="the control needs root")


@pytest.fixture
def process_of_alice(ground: Ground) -> Iterator[int]:
    """A process in the victim's session, by the number that it has on the host."""
    ground.alice.run("import subprocess; sleeper = subprocess.Popen(['/bin/sleep', '54321'], env={'OF': 'alice-only'})")
    found: list[int] = []

    def appears() -> bool:
        for process in Path("/proc").glob("[0-9]*"):
            try:
                owned = process.stat().st_uid == ground.home("alice").stat().st_uid
                if owned and b"54321" in (process / "cmdline").read_bytes():
                    found.append(int(process.name))
            except OSError:
                continue
        return bool(found)

    wait_until(appears, limit=20, what="the process of alice is seen on the host")
    yield found[0]
    ground.alice.run("sleeper.kill(); sleeper.wait()")


def test_see_a_process_of_another(ground: Ground, attack: Attack, process_of_alice: int):
    attack.control(probe_on_host("find_process", words="5|4321"))
    attack.attempt(ground.eve.probe("find_process", words="5|4321"))


def test_read_the_variables_of_anothers_process(ground: Ground, attack: Attack, process_of_alice: int):
    attack.control(ground.alice.probe("find_variable", words="a|lice-only"))
    attack.attempt(ground.eve.probe("find_variable", words="a|lice-only"))


@pytest.mark.parametrize("way", ["trace_process", "read_process_memory", "read_process_root"])
@as_root
def test_enter_anothers_process(ground: Ground, attack: Attack, process_of_alice: int, way: str):
    attack.control(probe_on_host(way, pid=process_of_alice))
    attack.attempt(ground.eve.probe(way, pid=process_of_alice))


def test_signal_anothers_process(ground: Ground, attack: Attack, process_of_alice: int):
    attack.control(probe_on_host("signal_process", pid=process_of_alice))
    attack.attempt(ground.eve.probe("signal_process", pid=process_of_alice))
    attack.attempt(ground.eve.probe("signal_process", pid=ground.platform.service_pid("hub")))


def test_signal_everything(ground: Ground, attack: Attack, process_of_alice: int):
    """`kill -9 -1` ends all that one may signal: one's own session, and nothing else."""
    eva = ground.newcomer("eva")
    attack.control(ground.alice.attempt("print('runs' if sleeper.poll() is None else '')"))
    eva.kernel.send("import os; os.kill(-1, 9)")
    person = eva.person
    wait_until(lambda: not person.hub("GET", "/users/eva").json()["servers"], limit=60, what="the session has ended")
    ended = ground.alice.attempt("print('' if sleeper.poll() is None else 'ended alice')")
    attack.attempt(ended)
    ground.still_answers()


@pytest.fixture
def programs(ground: Ground) -> Iterator[dict[str, Path]]:
    """Programs with root's rights in the attacker's home, as an administrator may have left them by mistake."""
    home, made = ground.home("eve"), {}
    for kind in ("setuid", "capable"):
        program = home / f"{kind}-cat"
        shutil.copy2("/bin/cat", program)
        if kind == "setuid":
            program.chmod(0o4755)
        else:
            program.chmod(0o755)
            subprocess.run(["setcap", "cap_dac_override+ep", program], check=True)
        made[kind] = program
    yield made
    for program in made.values():
        program.unlink()


@pytest.mark.parametrize("kind", ["setuid", "capable"])
@as_root
def test_run_a_program_with_roots_rights(ground: Ground, attack: Attack, programs: dict[str, Path], kind: str):
    elsewhere = ground.platform.state.parent / f"{kind}-cat"
    for folder in (elsewhere.parent, elsewhere.parent.parent):
        folder.chmod(0o755)
    subprocess.run(["cp", "--archive", programs[kind], elsewhere], check=True)
    as_nobody = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
    done = subprocess.run([*as_nobody, elsewhere, "/proc/self/status"], capture_output=True, text=True, check=True)
    rights = next(line.split()[1] for line in done.stdout.splitlines() if line.startswith("CapEff"))
    attack.control(Tried(f"rights {rights}" if int(rights, 16) else "", done.stderr))
    attack.attempt(ground.eve.probe("run_as_its_owner", path=f"/home/eve/{programs[kind].name}"))


@as_root
def test_run_a_setuid_program_of_the_system(ground: Ground, attack: Attack):
    found = ground.eve.run(
        "import os, stat\nfor folder in ('/usr/bin', '/usr/sbin'):\n    for name in os.listdir(folder):\n"
        "        path = os.path.join(folder, name)\n"
        "        if os.path.exists(path) and os.stat(path).st_mode & stat.S_ISUID: print(path)"
    ).text.split()
    attack.control(Tried("su is setuid on the host" if Path("/bin/su").stat().st_mode & 0o4000 else "", "it is not"))
    grown = (
        "import subprocess; "
        "print(subprocess.run(['/bin/su', '-c', 'id -u'], input='', capture_output=True, text=True).stdout)"
    )
    attack.attempt(ground.eve.attempt(grown))
    assert ground.engine == "sandbox" or found == [], "the image has no setuid programs"


def test_hold_a_file_that_the_platform_has_open(ground: Ground, attack: Attack, tmp_path: Path):
    """A descriptor that was inherited opens what no path leads to."""
    attack.control(probe_on_host("find_inherited", expected="eve.log", hold=str(tmp_path / "held")))
    attack.attempt(ground.eve.probe("find_inherited", expected="eve.log"))
