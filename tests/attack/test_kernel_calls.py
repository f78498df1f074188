"""Attacks on the kernel: calls that break out of a session, or that much of the kernel has been broken by.

The control is the same call by root on the host, in namespaces of its own, so that nothing of the host changes.
"""

import os
from pathlib import Path

import pytest
from support.attack import OWN_NAMESPACES, Attack, Ground, probe_on_host

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="the controls are calls that only root may make")

CALLS = {
    "mount a file system": ("mount_file_system", {"path": "/tmp"}),
    "bind the root folder a second time": ("bind_root", {"path": "/tmp"}),
    "mount what is read only anew as writable": ("make_writable", {"path": "/"}),
    "unmount what covers something": ("unmount", {"path": "/proc"}),
    "prepare a file system by the newer calls": ("open_new_file_system", {}),
    "exchange the root folder": ("pivot_root", {}),
    "change the root folder": ("change_root", {}),
    "make a user namespace": ("new_user_namespace", {}),
    "make a user namespace by clone": ("clone_user_namespace", {}),
    "make a user namespace by clone3": ("clone3_user_namespace", {}),
    "make a mount namespace": ("new_mount_namespace", {}),
    "make a network namespace": ("new_network_namespace", {}),
    "make a time namespace": ("new_time_namespace", {}),
    "load a program into the kernel": ("load_program_into_kernel", {}),
    "make a map in the kernel": ("make_kernel_map", {}),
    "handle page faults": ("handle_page_faults", {}),
    "make calls past the filter by io_uring": ("use_io_uring", {}),
    "count events of the processor": ("watch_processor", {}),
    "reach the keyrings": ("read_keyrings", {}),
    "keep a key where others find it": ("keep_key", {}),
    "load a module": ("load_module", {}),
    "load another kernel": ("load_kernel", {}),
    "restart the machine": ("reboot", {}),
    "let the machine swap to a file": ("add_swap", {}),
    "record the processes of all": ("record_processes", {}),
    "watch the files of all": ("watch_files", {}),
    "read the kernel's log": ("read_kernel_log", {}),
    "type into the terminal": ("type_into_terminal", {}),
    "name the machine": ("name_machine", {}),
    "set the clock": ("set_clock", {}),
    "dump core on the host": ("dump_core", {}),
    "make a device file": ("make_device", {"path": "/tmp/device"}),
    "give a file to root": ("give_away", {"path": "/tmp/given"}),
    "open a file by its handle": ("open_by_handle", {"path": "/etc/passwd"}),
    "raise the own priority": ("raise_priority", {}),
    "run in real time": ("run_in_real_time", {}),
    "become root": ("become_root", {}),
    "hold capabilities": ("gain_capabilities", {}),
    "run without a filter of system calls": ("without_filter", {}),
    "make a raw socket": ("make_raw_socket", {}),
    "make a packet socket": ("make_packet_socket", {}),
    "make a socket to the host of a virtual machine": ("make_vsock", {}),
    "change network interfaces": ("make_interface", {}),
}


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_call(ground: Ground, attack: Attack, call: str):
    name, parameters = CALLS[call]
    attack.control(probe_on_host(name, within=OWN_NAMESPACES, **parameters))
    attack.attempt(ground.eve.probe(name, **parameters))


KERNEL_FILES = {
    "the core pattern": "/proc/sys/kernel/core_pattern",
    "the program that loads modules": "/proc/sys/kernel/modprobe",
    "the magic keys": "/proc/sysrq-trigger",
    "the release agent of cgroups": "/sys/fs/cgroup/memory/release_agent",
    "the handler of devices": "/sys/kernel/uevent_helper",
    "the kernel's messages": "/dev/kmsg",
    "the memory of the machine": "/dev/mem",
    "the maker of network interfaces": "/dev/net/tun",
    "the maker of virtual machines": "/dev/kvm",
    "the maker of file systems": "/dev/fuse",
}


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
