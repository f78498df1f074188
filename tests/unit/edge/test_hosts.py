"""Each person's host is one label of a domain name, and nobody else's."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jupyterhub.utils import _is_dns_safe

from mantidhub.edge.hosts import HOST_LABEL, host_label, persons_host
from mantidhub.sessions.names import USER_NAME

users = st.from_regex(USER_NAME, fullmatch=True)


@pytest.mark.parametrize("name", ["alice", "a", "0x", "jean-luc", "u-alice"])
def test_a_name_that_is_a_label_is_the_label(name: str) -> None:
    assert persons_host(name, "hub.example") == f"{name}.hub.example"


@pytest.mark.parametrize("name", ["ann.miller", "ann_miller", "ann-", "a--b", "xn--bcher-kva", "a." * 16])
def test_of_other_names_there_is_a_hash(name: str) -> None:
    assert re.fullmatch(r"u-[a-z0-9]{1,8}--[0-9a-f]{16}", host_label(name))


@given(users)
def test_every_label_can_be_used(name: str) -> None:
    label = host_label(name)
    assert _is_dns_safe(label) or label.isnumeric()
    assert re.fullmatch(HOST_LABEL, label)
    assert len(label) <= 32, "the path of the socket behind it has no more room"


@given(users, users)
def test_no_two_people_share_a_host(one: str, other: str) -> None:
    assert (host_label(one) == host_label(other)) == (one == other)


def test_nothing_but_people_has_a_host() -> None:
    with pytest.raises(ValueError, match="service"):
        persons_host("announcements", "hub.example", "service")
