"""What the relay says before a session does."""

from ipaddress import IPv6Address

from mantidhub.network.proxy_protocol import header


def test_the_header_says_where_from_and_whose_session():
    """Byte by byte as the text of the PROXY protocol, version 2, has it in its section 2.2."""
    written = header("ann~second", IPv6Address("fd00::1"))
    assert written[:12] == b"\x0d\x0a\x0d\x0a\x00\x0d\x0a\x51\x55\x49\x54\x0a"
    assert written[12:14] == b"\x21\x21", "version 2, a connection, TCP over IPv6"
    assert int.from_bytes(written[14:16]) == len(written) - 16
    assert written[16:48] == IPv6Address("fd00::1").packed + IPv6Address("::1").packed
    assert written[52:55] == b"\xe0\x00\x0a", "a field of our own, ten bytes"
    assert written[55:] == b"ann~second"
