"""What a daemon says of itself, and what an administrator should know of it."""

import pytest

from mantidhub.engines.docker.client import Daemon
from mantidhub.engines.docker.weaknesses import find_weaknesses

GOOD = Daemon(product="Docker", version="28.2.2", api=(1, 50), security=("name=seccomp,profile=builtin",), unlimited=())
OLD = Daemon(
    product="Docker", version="20.10.24", api=(1, 41), security=("name=seccomp,profile=default",), unlimited=()
)


def weaknesses(daemon: Daemon, *missing_of_homes: str, as_root: bool = True) -> list[str]:
    return find_weaknesses(daemon, missing_of_homes=list(missing_of_homes), as_root=as_root)


def test_a_daemon_of_today_has_none():
    assert weaknesses(GOOD) == []


def test_what_it_cannot_limit_is_named():
    daemon = Daemon(**{**vars(GOOD), "unlimited": ("swap", "processes")})
    assert [sentence.partition(":")[0] for sentence in weaknesses(daemon)] == [
        "Sessions have no limit on swap",
        "Sessions have no limit on processes",
    ]


@pytest.mark.parametrize("security", [(), ("name=apparmor",), ("name=seccomp,profile=unconfined",)])
def test_a_filter_that_is_switched_off_is_named(security: tuple[str, ...]):
    (sentence,) = weaknesses(Daemon(**{**vars(GOOD), "security": security}))
    assert sentence.startswith("Sessions may make any system call")


def test_started_as_root_the_engine_makes_mounts_strict_itself():
    assert weaknesses(OLD, "nosuid", "nodev") == []


def test_else_a_daemon_whose_read_only_ends_at_the_next_mount_is_named():
    assert any("Docker 20.10.24 is older than 25" in sentence for sentence in weaknesses(OLD, as_root=False))
    assert not any("older than 25" in sentence for sentence in weaknesses(GOOD, as_root=False))


def test_else_homes_that_allow_setuid_programs_or_devices_are_named():
    sentence, _ = weaknesses(GOOD, "nosuid", "nodev", as_root=False)
    assert "Homes are mounted without nosuid and nodev" in sentence


def test_an_ordinary_user_is_told_that_all_sessions_are_theirs():
    (sentence,) = weaknesses(GOOD, as_root=False)
    assert "not started as root" in sentence


def test_a_daemon_that_is_older_than_all_that_were_tried_is_named():
    (sentence,) = weaknesses(Daemon(**{**vars(OLD), "version": "19.03.8"}))
    assert sentence == "Docker 19.03.8 is older than any that MantidHub was tested with."


def test_a_podman_that_does_not_tell_of_memory_is_named():
    podman = {**vars(OLD), "product": "Podman"}
    (sentence,) = weaknesses(Daemon(**{**podman, "version": "4.3.1"}))
    assert sentence.startswith("Podman 4.3.1 does not tell that memory was used up")
    assert weaknesses(Daemon(**{**podman, "version": "5.4.2"})) == []
