"""One Jupyter kernel for each environment of the session, written as kernel specifications.

They are files in the session's runtime folder, which goes first in ``JUPYTER_PATH``: so the server, and ``jupyter``
in a terminal or a cell, mean the same by a kernel's name.

============================  ==================================================================================
name                          what it is
============================  ==================================================================================
``python3``                   the session's own environment, whichever that is; the default
``mantidhub-NAME``            another environment of the session
``mantidhub-NAME-HASH``       a second one of the same name, with 12 characters of its hash
============================  ==================================================================================

Why these names, and not hashes, see ``docs/decisions/session-kernels.md``.
"""

import html
import json
import os
import shutil
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from mantidlab.server.session_environments import SessionEnvironment

OWN = "python3"
OTHERS = "mantidhub-"
# What belongs to the server's Python or to the platform and would mislead a kernel.
NOT_FOR_KERNELS = ("PYTHONHOME", "PYTHONPATH", "MANTIDHUB_KERNELS")
# Where the server adds configuration that names modules of its own environment; others get it as it was before.
CONFIGURATION = "JUPYTER_CONFIG_PATH"
# Lets panels ask a kernel while its cells run; an environment of before has no such part.
EXTENSION = "mantidlab.kernel"
# Backgrounds on which white letters have a contrast of at least 4.5.
COLOURS = ("#1f6f8b", "#7a4b9d", "#a8442a", "#2f7a3f", "#8a5a00", "#44598f")


def kernel_names(environments: Sequence[SessionEnvironment]) -> list[str]:
    """Return the name of the kernel of each environment; the first is the session's own."""
    names: list[str] = []
    for environment in environments:
        name = f"{OTHERS}{environment.name}".lower() if names else OWN
        names.append(f"{name}-{environment.hash[:12]}" if name in names else name)
    return names


def environment_called(called: str, environments: Sequence[SessionEnvironment]) -> SessionEnvironment:
    """Return the environment that the page means by a kernel's name, a hash or a specification's name.

    The session's own stands for all others: kernels that people described themselves.
    """
    for name, environment in zip(kernel_names(environments), environments, strict=True):
        if called in (name, environment.hash, environment.name):
            return environment
    return environments[0]


def write_kernels(environments: Sequence[SessionEnvironment], runtime: Path) -> Path:
    """Write the kernel specifications of *environments*, from the variables that the platform gave to this process.

    Parameters
    ----------
    environments
        Those of the session, its own first.
    runtime
        The session's runtime folder.

    Returns
    -------
    Path
        The folder to put first in ``JUPYTER_PATH``.
    """
    data = runtime / "jupyter"
    shutil.rmtree(data, ignore_errors=True)
    own = environments[0]
    for name, environment in zip(kernel_names(environments), environments, strict=True):
        folder = data / "kernels" / name
        folder.mkdir(parents=True)
        (folder / "kernel.json").write_text(json.dumps(kernel_specification(environment, own), indent=1))
        (folder / "logo-svg.svg").write_text(_logo(environment.title))
    return data


def kernel_specification(environment: SessionEnvironment, own: SessionEnvironment) -> dict[str, object]:
    """Return the content of a ``kernel.json``: the kernel of *environment* in a session whose own one is *own*."""
    trouble = "" if environment is own else why_it_cannot_start(environment)
    wanted = _variables(environment, own)
    unwanted = {*NOT_FOR_KERNELS, *own.variables, *([] if environment is own else [CONFIGURATION])} - wanted.keys()
    command = [str(environment.python), "-m", "ipykernel_launcher"]
    if environment.installed(EXTENSION.replace(".", "/")):
        command.append(f"--IPKernelApp.extra_extensions={EXTENSION}")
    if trouble:
        command = [sys.executable, "-I", "-m", "mantidlab.server.broken_kernel", trouble]
    return {
        # env(1) becomes the interpreter, and can take variables away, which a specification cannot.
        "argv": ["/usr/bin/env", *_options(unwanted), *command, "-f", "{connection_file}"],
        "display_name": f"{environment.title} (cannot start)" if trouble else environment.title,
        "language": "python",
        # Jupyter replaces $NAME in here.
        "env": {name: value.replace("$", "$$") for name, value in wanted.items()},
        # What the page writes into a notebook whose cells this kernel ran; null for one that runs nothing.
        "metadata": {"debugger": not trouble, "mantidhub": None if trouble else environment.record},
    }


def why_it_cannot_start(environment: SessionEnvironment) -> str:
    """Return the sentence for the user of a kernel that cannot work, or nothing."""
    what = f"The kernel of {environment.title} cannot start: "
    if not environment.python.exists():
        return f"{what}{environment.python} is not there in this session. Tell your administrator."
    if not environment.installed("ipykernel_launcher"):
        return f"{what}ipykernel is not installed in {environment.prefix}. Tell your administrator to add it."
    return ""


def labextension_folders(environments: Sequence[SessionEnvironment]) -> list[str]:
    """Return where environments other than the session's own keep what their packages add to JupyterLab's page.

    Only folders with an extension that those before lack: JupyterLab looks through each one at its start.
    """
    folders: list[str] = []
    known: set[str] = set()
    for environment in environments:
        folder = environment.prefix / "share/jupyter/labextensions"
        found = {str(file.parent.relative_to(folder)) for file in _descriptions(folder)}
        if found - known and environment is not environments[0]:
            folders.append(str(folder))
        known |= found
    return folders


def _descriptions(folder: Path) -> Iterator[Path]:
    yield from folder.glob("[!@]*/package.json")
    yield from folder.glob("@*/*/package.json")


def _options(unwanted: set[str]) -> list[str]:
    return [part for name in sorted(unwanted) for part in ("-u", name)]


def _variables(environment: SessionEnvironment, own: SessionEnvironment) -> dict[str, str]:
    variables = {
        "PATH": os.environ.get("PATH", os.defpath),
        **environment.variables,
        "MANTIDHUB_ENVIRONMENT": environment.name,
        "MANTIDHUB_ENVIRONMENT_HASH": environment.hash,
        "MANTIDHUB_ENVIRONMENT_LOCK": environment.lock,
        "MANTIDHUB_ENVIRONMENT_TITLE": environment.title,
    }
    programs = [str(environment.prefix / "bin")]
    replaced = {*programs, str(own.prefix / "bin")}
    path = [folder for folder in variables["PATH"].split(os.pathsep) if folder not in replaced]
    variables["PATH"] = os.pathsep.join([*programs, *path])
    if environment is not own and CONFIGURATION in os.environ:
        variables[CONFIGURATION] = os.environ[CONFIGURATION]
    return variables


def _logo(title: str) -> str:
    """Draw a tile with the title's first letter, in a colour that stays the same for a title."""
    letter = html.escape(next((sign for sign in title if sign.isalnum()), "?").upper())
    colour = COLOURS[zlib.crc32(title.encode()) % len(COLOURS)]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64">'
        f'<rect width="64" height="64" rx="12" fill="{colour}"/>'
        '<text x="32" y="46" font-family="sans-serif" font-size="40" font-weight="bold" text-anchor="middle" '
        f'fill="#fff">{letter}</text></svg>'
    )
