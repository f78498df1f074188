"""What `mantidhub check` says of the network of sessions, and of settings that may surprise."""

import shutil
from pathlib import Path

import pytest

from mantidhub.network import squid as squid_module
from mantidhub.operations.check import Finding, findings_of
from mantidhub.settings import Settings, StateFolder

needs_squid = pytest.mark.skipif(
    shutil.which("squid", path=squid_module.PLACES) is None, reason="There is no squid here to take a configuration"
)


def finding(folder: Path, **network: object) -> Finding:
    settings = Settings.model_validate(
        {"network": network, "environments": {"mirrors": {"pypi": "https://mirror.example/simple"}}}
    )
    state = StateFolder(folder / "state")
    (found,) = [
        found
        for found in findings_of(settings, state, None)
        if "network.policy" in found.text or found.text.startswith("squid ")
    ]
    return found


def test_without_a_policy_nothing_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(squid_module, "PLACES", str(tmp_path))
    found = finding(tmp_path)
    assert (found.grade, found.text) == ("ok", "network.policy is none: sessions reach no other host.")


def test_a_squid_that_is_missing_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(squid_module, "PLACES", str(tmp_path))
    found = finding(tmp_path, policy="open")
    assert found.grade == "problem"
    assert "apt-get install squid" in found.text


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "169.254.169.254", "[::1]:80", "[fe80::1]"])
def test_a_listed_host_that_is_refused_all_the_same_is_named(tmp_path: Path, host: str):
    settings = Settings.model_validate({"network": {"policy": "hosts", "hosts": [host, "git.example"]}})
    found = list(findings_of(settings, StateFolder(tmp_path / "state"), None))
    (named,) = [one for one in found if one.text.startswith("network.hosts: ")]
    assert named.grade == "weak"
    assert f"{host} will be refused" in named.text
    assert not any(host in one.text for one in found if "sessions reach" in one.text and one != named)


@pytest.mark.parametrize(("idle_after", "is_named"), [("1 s", True), ("9 min", True), ("10 min", False)])
def test_a_time_after_which_people_who_read_would_lose_their_session_is_named(
    tmp_path: Path, idle_after: str, is_named: bool
):
    settings = Settings.model_validate({"sessions": {"idle_after": idle_after}})
    found = findings_of(settings, StateFolder(tmp_path / "state"), None)
    assert any(one.text.startswith("sessions.idle_after: ") for one in found) is is_named


@needs_squid
@pytest.mark.parametrize(
    ("network", "reach"),
    [
        ({"policy": "hosts", "hosts": ["git.example:22", "*.example"]}, "git.example:22, *.example"),
        ({"policy": "registries"}, "mirror.example:443"),
        ({"policy": "open"}, "every public host on the ports 80, 443"),
    ],
)
def test_it_says_what_sessions_reach_and_through_what(tmp_path: Path, network: dict[str, object], reach: str):
    found = finding(tmp_path, **network)
    assert found.grade == "ok", found.text
    assert f"sessions reach {reach}, through /usr/" in found.text


@needs_squid
def test_what_squid_does_not_take_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    template = tmp_path / "template"
    template.write_text("http_port 127.0.0.1:{port}\nno_such_word on\nacl x port nothing\n")
    monkeypatch.setattr(squid_module, "TEMPLATE", template)
    found = finding(tmp_path, policy="open")
    assert found.grade == "problem"
    assert "squid does not take" in found.text
