"""What `mantidhub check --isolation` makes of what the session said."""

import json
from pathlib import Path

import pytest

from mantidhub.errors import EngineError
from mantidhub.operations.isolation import probes
from mantidhub.operations.isolation.attacks import CALLS, HarmlessAttack, Surroundings, harmless_attacks
from mantidhub.operations.isolation.report import print_json, print_table
from mantidhub.operations.isolation.trial import Outcome, Trial, outcomes_of
from mantidhub.sessions.spec import EndCause, SessionEnd
from mantidhub.settings import StateFolder

ATTACKS = (HarmlessAttack("become root", "become_root"), HarmlessAttack("read the accounts", "read_file"))
END = SessionEnd("trial", EndCause.EXITED, 3, "It ended with exit code 3.")


def said(tmp_path: Path, *answers: dict[str, str]) -> Path:
    log = tmp_path / "trial.log"
    lines = [json.dumps({"probe": "x", "gained": "", "refused": "", **answer}) for answer in answers]
    log.write_text("\n".join(["a warning of the interpreter", *lines]))
    return log


def test_every_attack_is_a_probe_of_its_own_title():
    host = Surroundings(1, ["127.0.0.1"], 1, "name", [Path("/run/docker.sock")], Path("/environment"))
    attacks = list(harmless_attacks(StateFolder(Path("/state")), host))
    assert len({attack.title for attack in attacks}) == len(attacks) > len(CALLS)
    assert all(callable(getattr(probes, attack.probe)) for attack in attacks)


def test_what_was_gained_counts_and_nothing_else(tmp_path: Path):
    log = said(tmp_path, {"refused": "not permitted"}, {"gained": "read 64 bytes"})
    assert [outcome.outcome for outcome in outcomes_of(log, ATTACKS, END)] == ["blocked", "succeeded"]


def test_a_probe_that_broke_is_not_called_blocked(tmp_path: Path):
    log = said(tmp_path, {"broken": "KeyError: 'riscv64'"}, {"refused": "no such file"})
    assert outcomes_of(log, ATTACKS, END)[0] == Outcome("become root", "not tried", "KeyError: 'riscv64'")


def test_a_session_that_ended_early_is_no_proof(tmp_path: Path):
    with pytest.raises(EngineError, match=r"before all attacks were made.*exit code 3.*the last one was: become root"):
        outcomes_of(said(tmp_path, {"refused": "not permitted"}), ATTACKS, END)


def test_the_table_says_what_succeeded(capsys: pytest.CaptureFixture[str]):
    trial = Trial("sandbox", (Outcome("become root", "succeeded", "uid 0"), Outcome("set the clock", "blocked", "no")))
    print_table(trial)
    printed = capsys.readouterr().out
    assert "succeeded  become root    uid 0" in printed
    assert "1 of 2 attacks were blocked. 1 SUCCEEDED" in printed
    print_json(trial)
    assert json.loads(capsys.readouterr().out)[0] == {
        "attack": "become root",
        "engine": "sandbox",
        "outcome": "succeeded",
        "words": "uid 0",
    }
