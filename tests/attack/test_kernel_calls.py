"""Attacks on the kernel: calls that break out of a session, or that much of the kernel has been broken by.

The control is the same call by root on the host, in namespaces of its own, so that nothing of the host changes.
"""

import os
from pathlib import Path

import pytest
from support.attack import OWN_NAMESPACES, Attack, Ground, probe_on_host

from mantidhub.operations.isolation.attacks import CALLS, KERNEL_FILES

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="the controls are calls that only root may make")


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_call(ground: Ground, attack: Attack, call: str):
    name, parameters = CALLS[call]
    attack.control(probe_on_host(name, within=OWN_NAMESPACES, **parameters))
    attack.attempt(ground.eve.probe(name, **parameters))


@pytest.mark.parametrize("file", KERNEL_FILES, ids=str)
def test_open_for_writing(ground: Ground, attack: Attack, file: str):
    path = KERNEL_FILES[file]
    if not Path(path).exists():
        pytest.skip(f"This host has no {path}, so nobody can open it")
    attack.control(probe_on_host("open_for_writing", path=path))
    attack.attempt(ground.eve.probe("open_for_writing", path=path))


def test_make_a_cgroup_and_enter_it(ground: Ground, attack: Attack):
    attack.control(probe_on_host("find_writable_cgroup"))
    attack.attempt(ground.eve.probe("find_writable_cgroup"))
