"""Conda channels for tests, made here and now: packages of both archive kinds, an index, and a Python that runs."""

import bz2
import functools
import hashlib
import io
import json
import os
import re
import stat
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PLACEHOLDER = "/opt/placeholder" + "_long_placeholder" * 14
"""What packages hold where the prefix shall stand, as conda's builders pad it: 254 characters."""

MADE = 1_700_000_000
"""When all files were last changed (Unix time)."""

NEEDED = "compileall importlib.metadata json logging platform runpy site struct subprocess sysconfig traceback warnings"
"""Modules that a build, uv and the packages of the tests use."""


@dataclass
class Package:
    """What one package holds.

    Attributes
    ----------
    files
        Path → content; executable below ``bin``.
    links
        Path → target of a symlink.
    placeholders
        Path → ``text`` or ``binary``, for files that hold `PLACEHOLDER`.
    listed
        Paths that it lists although its archive does not hold them.
    mode
        Permissions of all files; below ``bin`` they can be run besides.
    """

    name: str
    version: str = "1.0"
    build: str = "0"
    depends: Iterable[str] = ()
    subdir: str = "linux-64"
    noarch: str | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    placeholders: Mapping[str, str] = field(default_factory=dict)
    placeholder: str = PLACEHOLDER
    entry_points: Iterable[str] = ()
    listed: Iterable[str] = ()
    mode: int = 0o644
    kind: str = ".conda"

    @property
    def file_name(self) -> str:
        return f"{self.name}-{self.version}-{self.build}{self.kind}"

    def index(self) -> dict[str, Any]:
        content: dict[str, Any] = {
            "name": self.name,
            "version": self.version,
            "build": self.build,
            "build_number": 0,
            "depends": list(self.depends),
            "subdir": self.subdir,
            "license": "BSD-3-Clause",
            "timestamp": 1700000000000,
        }
        return {**content, "noarch": self.noarch} if self.noarch else content

    def paths(self) -> dict[str, Any]:
        entries = [self._path(path, content) for path, content in self.files.items()]
        entries += [{"_path": path, "path_type": "softlink"} for path in self.links if not self._is_behind(path)]
        entries += [self._path(path, b"") for path in self.listed]
        return {"paths": entries, "paths_version": 1}

    def _is_behind(self, link: str) -> bool:
        """Tell whether a listed path leads through a symlink, which then is not listed itself."""
        return any(path.startswith(link) for path in self.listed)

    def _path(self, path: str, content: bytes) -> dict[str, Any]:
        entry: dict[str, Any] = {
            "_path": path,
            "path_type": "hardlink",
            "sha256": hashlib.sha256(content).hexdigest(),
            "size_in_bytes": len(content),
        }
        if path in self.placeholders:
            entry |= {"prefix_placeholder": self.placeholder, "file_mode": self.placeholders[path]}
        return entry

    def archive(self) -> bytes:
        info = {"info/index.json": dump(self.index()), "info/paths.json": dump(self.paths())}
        if self.noarch == "python":
            noarch = {"type": "python", "entry_points": list(self.entry_points)}
            info["info/link.json"] = dump({"noarch": noarch, "package_metadata_version": 1})
        if self.kind == ".tar.bz2":
            return bz2.compress(tar({**info, **self.files}, self.links, self.mode))
        target = io.BytesIO()
        stem = self.file_name.removesuffix(".conda")
        with zipfile.ZipFile(target, "w") as archive:
            parts = {
                "metadata.json": dump({"conda_pkg_format_version": 2}),
                f"pkg-{stem}.tar.zst": zstandard(tar(self.files, self.links, self.mode)),
                f"info-{stem}.tar.zst": zstandard(tar(info, {})),
            }
            for name, content in parts.items():
                archive.writestr(zipfile.ZipInfo(name), content)
        return target.getvalue()


class CondaChannel:
    """A channel in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for subdir in ("linux-64", "linux-aarch64", "noarch"):
            (folder / subdir).mkdir(parents=True)
            self._write(subdir, {"packages": {}, "packages.conda": {}})

    def add(self, package: Package) -> Path:
        """Put a package into the channel and its index; return the archive."""
        content = package.archive()
        return self.add_archive(package, content)

    def add_archive(self, package: Package, content: bytes) -> Path:
        """Put a package into the channel with an archive made before."""
        archive = self.folder / package.subdir / package.file_name
        archive.write_bytes(content)
        index = json.loads((self.folder / package.subdir / "repodata.json").read_text())
        entry = {
            **package.index(),
            "sha256": hashlib.sha256(content).hexdigest(),
            "md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
            "size": len(content),
        }
        index["packages.conda" if package.kind == ".conda" else "packages"][package.file_name] = entry
        self._write(package.subdir, index)
        return archive

    def _write(self, subdir: str, index: Mapping[str, Any]) -> None:
        content = {"info": {"subdir": subdir}, **index, "removed": [], "repodata_version": 1}
        (self.folder / subdir / "repodata.json").write_text(json.dumps(content))


@functools.cache
def python_package(subdir: str = "linux-64", *, whole: bool = False) -> tuple[Package, bytes]:
    """Return a package of the Python of this machine, and its archive.

    It has as much of the library as small packages need, or the whole of it.
    """
    python, version = find_python()
    minor = version.rpartition(".")[0]
    files = {f"bin/python{minor}": Path(python).resolve().read_bytes()}
    for source, place in whole_library(python) if whole else library_files(python):
        files[f"lib/python{minor}/{place}"] = neutral(source)
    package = Package(
        name="python",
        version=version,
        build="h0_0_cpython",
        subdir=subdir,
        files=files,
        links={
            "bin/python": f"python{minor}",
            "bin/python3": f"python{minor}",
            # Debian's Python looks there only, and its site module is frozen into the program.
            f"lib/python{minor}/dist-packages": "site-packages",
        },
    )
    return package, package.archive()


def find_python() -> tuple[str, str]:
    """Return the distribution's Python, else the one that runs the tests, and its version."""
    script = "import platform; print(platform.python_version())"
    for python in ("/usr/bin/python3.11", "/usr/bin/python3", getattr(sys, "_base_executable", sys.executable)):
        if os.access(python, os.X_OK):
            said = subprocess.run([python, "-I", "-c", script], check=True, capture_output=True, text=True).stdout
            return python, said.strip()
    raise AssertionError("there is no Python")


def library_files(python: str) -> list[tuple[Path, str]]:
    """Return the files of the standard library that `NEEDED` modules load, and their places in it."""
    script = f"""
import sys, importlib, sysconfig, os
for name in {NEEDED.split()!r}:
    importlib.import_module(name)
importlib.import_module(sysconfig._get_sysconfigdata_name())
root = sysconfig.get_path("stdlib")
print(root)
print(os.__file__)
for module in list(sys.modules.values()):
    spec = getattr(module, "__spec__", None)
    if spec and spec.origin:
        print(spec.origin)
"""
    said = subprocess.run([python, "-I", "-c", script], check=True, capture_output=True, text=True).stdout
    root, *origins = said.splitlines()
    extra = [*Path(root, "encodings").glob("*.py"), *Path(root, "importlib").rglob("*.py"), *Path(root).glob("s*.py")]
    names = ("ast", "runpy", "contextvars", "stat", "os", "site", "pkgutil", "typing", "argparse", "textwrap", "shutil")
    extra += [Path(root, f"{name}.py") for name in names]
    extra += Path(root, "lib-dynload").glob("*.so")
    found = {Path(origin) for origin in origins if origin.startswith(root + "/")} | set(extra)
    left_out = {"sitecustomize.py"}
    return sorted(
        (path, path.relative_to(root).as_posix())
        for path in found
        if path.is_file() and path.suffix in {".py", ".so"} and path.name not in left_out
    )


def whole_library(python: str) -> list[tuple[Path, str]]:
    """Return the files of the standard library without its tests, and their places in it."""
    script = "import sysconfig; print(sysconfig.get_path('stdlib'))"
    said = subprocess.run([python, "-I", "-c", script], check=True, capture_output=True, text=True).stdout
    root = Path(said.strip())
    left_out = {"__pycache__", "dist-packages", "idlelib", "lib2to3", "site-packages", "sitecustomize.py", "test"}
    found = (path for path in sorted(root.rglob("*")) if path.suffix in {".py", ".so"} and path.is_file())
    return [
        (path, path.relative_to(root).as_posix()) for path in found if left_out.isdisjoint(path.relative_to(root).parts)
    ]


def neutral(source: Path) -> bytes:
    """Return a file of the library without what Debian changed: installers put packages into ``site-packages``."""
    content = source.read_bytes()
    if source.name == "sysconfig.py":
        content = content.replace(b"'DEB_PYTHON_INSTALL_LAYOUT', 'posix_local'", b"'NO_LAYOUT', 'posix_prefix'")
        content = re.sub(rb"prefix_scheme = '(posix_local|deb_system)'", b"prefix_scheme = 'posix_prefix'", content)
    return content


def noarch_python(name: str, source: str, *, entry_points: Iterable[str] = (), depends: Iterable[str] = ()) -> Package:
    """Return a package of one pure Python module."""
    return Package(
        name=name,
        build="pyh0_0",
        subdir="noarch",
        noarch="python",
        depends=("python >=3.11", *depends),
        files={f"site-packages/{name}/__init__.py": source.encode()},
        entry_points=entry_points,
    )


def dump(content: object) -> bytes:
    return json.dumps(content).encode()


def tar(files: Mapping[str, bytes], links: Mapping[str, str], mode: int = 0o644) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for path, content in files.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            entry.mtime = MADE
            entry.mode = mode | 0o111 if path.startswith("bin/") else mode
            archive.addfile(entry, io.BytesIO(content))
        for path, link in links.items():
            entry = tarfile.TarInfo(path)
            entry.type, entry.linkname, entry.mode = tarfile.SYMTYPE, link, stat.S_IRWXU
            archive.addfile(entry)
    return target.getvalue()


def zstandard(content: bytes) -> bytes:
    """Return a Zstandard frame (RFC 8878) of raw blocks: no compressor is needed to write one."""
    size = 1 << 17
    blocks = [content[start : start + size] for start in range(0, len(content), size)] or [b""]
    last = len(blocks) - 1
    # A window of 8 MiB and a content size of eight bytes; a block's header is its size, its type 0, and "last".
    head = b"\x28\xb5\x2f\xfd" + bytes([0b11000000, 13 << 3]) + len(content).to_bytes(8, "little")
    return head + b"".join(
        ((len(block) << 3) | (number == last)).to_bytes(3, "little") + block for number, block in enumerate(blocks)
    )


def own_subdir() -> str:
    return {"x86_64": "linux-64", "aarch64": "linux-aarch64"}[sysconfig.get_platform().rpartition("-")[2]]
