"""Tells what a file is from its first bytes, and says in a sentence why it cannot be read and what to do.

Signatures: HDF5 and HDF4 from the format specifications of The HDF Group (support.hdfgroup.org); ISIS RAW from the
layout of its header as Mantid's loader checks it: 80 bytes of text, then the numbers 2, 32 and 126.
"""

import struct
from pathlib import Path

from mantidlab.frameworks.model import Unreadable

HDF5 = b"\x89HDF\r\n\x1a\n"
HDF4 = b"\x0e\x03\x13\x01"
LOOKED_AT = 4096
USER_BLOCKS = (0, 512, 1024, 2048, 4096, 8192)
"""Where HDF5 looks for its signature: a file may begin with something else."""

_KNOWN = (
    (
        HDF4,
        "is HDF4, which older NeXus files are, and only HDF5 is read here",
        "Convert it with “h4toh5 OLD NEW” of The HDF Group, or load it in Mantid and save it with SaveNexusProcessed.",
    ),
    (b"\x1f\x8b", "is compressed with gzip", "Unpack it with “gunzip” first."),
    (b"BZh", "is compressed with bzip2", "Unpack it with “bunzip2” first."),
    (b"PK\x03\x04", "is a ZIP archive", "Unpack it with “unzip” first."),
    (b"\xfd7zXZ\x00", "is compressed with xz", "Unpack it with “unxz” first."),
    (
        b"version https://git-lfs",
        "is a Git LFS pointer: a text that stands for the file",
        "Fetch the file itself with “git lfs pull”.",
    ),
    (b"CDF\x01", "is netCDF 3", "Convert it to netCDF 4, which is HDF5, with “nccopy -k nc4 OLD NEW”."),
    (b"CDF\x02", "is netCDF 3", "Convert it to netCDF 4, which is HDF5, with “nccopy -k nc4 OLD NEW”."),
    (b"\x89PNG", "is a picture", "Choose a NeXus file."),
    (b"%PDF", "is a PDF document", "Choose a NeXus file."),
)


def refuse_what_is_no_hdf5(path: Path) -> int:
    """Return the size of an HDF5 file.

    Raises
    ------
    Unreadable
        It is not there, not a file, not for this person, empty, or of another format; the message says which.
    """
    head, size = _first_bytes(path)
    if size == 0:
        raise Unreadable(f"{path} is empty. The measurement or the copy was broken off; fetch it again.")
    if _has_signature(path):
        return size
    raise Unreadable(f"{path} {_what_it_is(head)}")


def _first_bytes(path: Path) -> tuple[bytes, int]:
    try:
        if path.is_dir():
            raise Unreadable(f"{path} is a folder. Name a file in it.")
        if not path.is_file() and path.exists():
            raise Unreadable(f"{path} is neither a file nor a folder. Name a NeXus file.")
        with path.open("rb") as file:
            return file.read(LOOKED_AT), path.stat().st_size
    except FileNotFoundError as error:
        broken = " It is a link to what is not there." if path.is_symlink() else ""
        raise Unreadable(f"{path} is not there.{broken} Look in its folder for the name, in the same case.") from error
    except PermissionError as error:
        raise Unreadable(
            f"{path} may not be read by you. Ask the person who owns it, or your facility, for access."
        ) from error
    except (OSError, ValueError) as error:
        raise Unreadable(f"{path} cannot be opened: {getattr(error, 'strerror', None) or error}.") from error


def _has_signature(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            for place in USER_BLOCKS:
                file.seek(place)
                if file.read(len(HDF5)) == HDF5:
                    return True
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}.") from error
    return False


def _what_it_is(head: bytes) -> str:
    for signature, found, advice in _KNOWN:
        if head.startswith(signature):
            return f"{found}. {advice}"
    if is_isis_raw(head):
        return (
            "is an ISIS RAW file, the format before NeXus, which is not read here. Load it in Mantid with LoadRaw and "
            "save it with SaveNexusProcessed, or take the .nxs file of the same run."
        )
    if _is_text(head):
        start = head[:40].decode("utf-8", "replace").splitlines()[0] if head.split() else ""
        return (
            f"is text, which begins “{start}”. Choose a NeXus file; text is opened by a double click in the file list."
        )
    return (
        f"begins with {head[:8].hex(' ')}, which is not HDF5 and no format that is known here. If it was NeXus, the "
        f"copy is damaged; fetch it again."
    )


def is_isis_raw(head: bytes) -> bool:
    """Tell whether these are the first bytes of an ISIS RAW file."""
    if len(head) < 92:
        return False
    version, first, second = struct.unpack_from("<3i", head, 80)
    return (first, second) == (32, 126) and 0 < version < 100


def _is_text(head: bytes) -> bool:
    printable = sum(32 <= byte < 127 or byte in b"\t\n\r\f" or byte >= 128 for byte in head)
    return len(head) > 4 and b"\0" not in head and printable > 0.98 * len(head)
