"""Which address an attempt is counted for."""

import pytest

from mantidhub.accounts.address import client_address

SECRET = "what only the edge knows"


@pytest.mark.parametrize(
    ("forwarded", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("203.0.113.1, 198.51.100.9 , 192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("not an address", "direct"),
        ("192.0.2.7,", "direct"),
        ("", "direct"),
    ],
)
def test_behind_the_edge_the_last_address_counts(forwarded: str, counted: str) -> None:
    assert client_address({"X-MantidHub-Edge": SECRET, "X-Forwarded-For": forwarded}, SECRET) == counted


@pytest.mark.parametrize("claimed", ["", "a guess", SECRET + "x", "\u00e9"])
def test_without_the_edges_secret_no_header_is_believed(claimed: str) -> None:
    assert client_address({"X-MantidHub-Edge": claimed, "X-Forwarded-For": "192.0.2.7"}, SECRET) == "direct"


def test_without_an_edge_an_empty_secret_opens_nothing() -> None:
    assert client_address({"X-MantidHub-Edge": "", "X-Forwarded-For": "192.0.2.7"}, "") == "direct"
    assert client_address({"X-Forwarded-For": "192.0.2.7"}, "") == "direct"
