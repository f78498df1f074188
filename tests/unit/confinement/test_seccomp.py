"""The filter of system calls, asked call by call by a small interpreter of the kernel's filter language."""

import errno
import socket
import struct

import pytest

from mantidhub.confinement.seccomp import ALLOW, ERRNO, KILL, MACHINES, session_filter

REFUSED = ERRNO | errno.EPERM
NOT_THERE = ERRNO | errno.ENOSYS
CLONE_THREAD, CLONE_NEWUSER = 0x00010000, 0x10000000


def verdict(machine: str, number: int, *arguments: int, audit: int | None = None) -> int:
    """Run the filter as the kernel would on one call (instructions of ``linux/bpf_common.h``)."""
    program = list(struct.iter_unpack("<HBBI", session_filter(machine)))
    arguments = (*arguments, *(0,) * (6 - len(arguments)))
    data = struct.pack("<IIQ6Q", number, audit or MACHINES[machine].audit, 0, *arguments)
    at, accumulator = 0, 0
    while True:
        code, if_true, if_false, constant = program[at]
        at += 1
        if code == 0x20:
            (accumulator,) = struct.unpack_from("<I", data, constant)
        elif code == 0x06:
            return constant
        else:
            holds = {
                0x15: accumulator == constant,
                0x35: accumulator >= constant,
                0x45: bool(accumulator & constant),
            }[code]
            at += if_true if holds else if_false


@pytest.mark.parametrize("machine", MACHINES)
def test_calls_that_no_notebook_needs_are_refused(machine):
    for name, number in MACHINES[machine].denied.items():
        assert verdict(machine, number) == REFUSED, name


@pytest.mark.parametrize("machine", MACHINES)
def test_ordinary_calls_pass(machine):
    known = MACHINES[machine]
    special = {*known.denied.values(), known.clone3, known.socket}
    assert all(verdict(machine, number) == ALLOW for number in range(400) if number not in special)


@pytest.mark.parametrize("machine", MACHINES)
def test_threads_and_processes_may_be_made_but_no_user_namespaces(machine):
    known = MACHINES[machine]
    assert verdict(machine, known.clone, CLONE_THREAD) == ALLOW
    assert verdict(machine, known.clone, CLONE_NEWUSER | CLONE_THREAD) == REFUSED
    assert verdict(machine, known.unshare, CLONE_NEWUSER) == REFUSED
    assert verdict(machine, known.clone3) == NOT_THERE


@pytest.mark.parametrize("machine", MACHINES)
def test_sockets_stay_within_the_network_namespace(machine):
    families = {name: getattr(socket, name) for name in ("AF_UNIX", "AF_INET", "AF_INET6", "AF_NETLINK")}
    for name, family in families.items():
        assert verdict(machine, MACHINES[machine].socket, family) == ALLOW, name
    for family in set(range(50)) - set(families.values()):
        assert verdict(machine, MACHINES[machine].socket, family) == ERRNO | errno.EAFNOSUPPORT, family
    assert verdict(machine, MACHINES[machine].ioctl, 0, 0x5401) == ALLOW, "the filter goes on behind it"


@pytest.mark.parametrize("machine", MACHINES)
def test_characters_cannot_be_put_into_a_terminal(machine):
    ioctl = MACHINES[machine].ioctl
    assert verdict(machine, ioctl, 0, 0x5412) == REFUSED
    assert verdict(machine, ioctl, 0, 0x541C) == REFUSED
    assert verdict(machine, ioctl, 0, 0x5401) == ALLOW


def test_the_same_calls_under_other_numbers_or_another_architecture_do_not_pass():
    assert verdict("x86_64", 0x40000000 + MACHINES["x86_64"].denied["mount"]) == NOT_THERE
    assert verdict("x86_64", 1, audit=0x40000003) == KILL


def test_an_unknown_processor_has_no_filter():
    assert session_filter("pdp11") is None
