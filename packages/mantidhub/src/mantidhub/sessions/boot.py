"""Which run of the machine this is."""

from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def boot() -> str:
    """Return the kernel's name for this run of the machine; process ids and start times begin anew with each."""
    return _BOOT_ID.read_text().strip()
