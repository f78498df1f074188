"""What uv, hatchling and npm really said (uv 0.13.9, npm 11.19) becomes a sentence with a cause and a remedy."""

import signal
from pathlib import Path

import pytest

from mantidhub.environments.uv_failures import explain_failure
from mantidhub.environments.workshop import Outcome

RECORDED = Path(__file__).parent / "uv_outputs"
LOG = Path("/srv/mantidhub/environments/scipp.log")


def outcome(name: str) -> Outcome:
    return Outcome(2, tuple((RECORDED / f"{name}.txt").read_text().splitlines()))


@pytest.mark.parametrize(
    ("name", "meaning", "advice"),
    [
        ("bad_certificate", "a certificate that is not trusted", "SSL_CERT_FILE"),
        ("cache_full", "the disk is full", "UV_CACHE_DIR"),
        ("disk_full", "the disk is full", "Free some space"),
        ("http_401", "the package index refuses us", "credentials"),
        ("http_404", "does not have what the lock names", "mirror"),
        ("http_503", "could not be downloaded", "HTTPS_PROXY"),
        ("missing_version", "does not have what the lock names", "mirror"),
        ("no_hash", "the lock has no hash for a package", "mantidhub environment lock"),
        ("no_name_service", "could not be downloaded", "network connection"),
        ("no_permission", "a folder cannot be written", "right to write"),
        ("npm_refused", "the npm registry, which cannot be reached", "npm_config_registry"),
        ("offline", "the network is switched off", "UV_OFFLINE"),
        ("only_source", "no ready-made package", "another Python version"),
        ("refused", "could not be downloaded", "network connection"),
        ("timed_out", "could not be downloaded", "network connection"),
        ("wrong_hash", "its hash differs", "mirror"),
    ],
)
def test_a_recorded_failure_is_understood(name: str, meaning: str, advice: str) -> None:
    text = explain_failure(outcome(name), "installing the packages of scipp.txt", LOG)
    sentence = text.splitlines()[0]
    assert sentence.startswith("While installing the packages of scipp.txt: ")
    assert meaning in sentence
    assert advice in sentence
    assert str(LOG) in sentence
    assert "run the same command again" in sentence
    assert "://" not in sentence
    assert text.endswith(outcome(name).lines[-1].rstrip()), "what uv said last is kept"


def test_every_recorded_output_is_used_above() -> None:
    cases = test_a_recorded_failure_is_understood.pytestmark[0].args[1]  # type: ignore[attr-defined]
    assert sorted(path.stem for path in RECORDED.glob("*.txt")) == sorted(case[0] for case in cases)


def test_names_of_packages_are_not_taken_for_causes() -> None:
    said = ("Downloading async-timeout (1.0MiB)", "error: something new", "  cause: the moon")
    assert "the program failed. Its last lines" in explain_failure(Outcome(2, said), "installing", LOG)


def test_a_killed_program_points_at_memory() -> None:
    assert "out of memory" in explain_failure(Outcome(-signal.SIGKILL, ()), "compiling", LOG)
