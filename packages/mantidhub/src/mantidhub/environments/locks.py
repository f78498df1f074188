"""Make the lock of a specification anew.

A lock fits every Python version and machine that the specification allows, names packages, versions and hashes, and
never the host that served them.
"""

import shutil
import tempfile
from pathlib import Path

from uv import find_uv_bin

from mantidhub.environments.conda.locking import make_lock
from mantidhub.environments.progress import Report, Reporter, Step
from mantidhub.environments.sources import Sources
from mantidhub.environments.specification import Specification
from mantidhub.environments.uv import source_options, source_variables
from mantidhub.environments.workshop import Workshop
from mantidhub.errors import EnvironmentFailed


def lock(
    specification: Specification, *, progress: Report, sources: Sources | None = None, root: Path | None = None
) -> Path:
    """Solve what a specification asks for and write its lock.

    It is written aside first, so it may be interrupted or killed at any moment: the old lock stays until then.

    Parameters
    ----------
    specification
        What it shall hold.
    progress
        Told how far it is.
    sources
        Where packages are looked for.
    root
        The folder of environments: where the lock goes if the specification names none, and where `build` finds it.

    Returns
    -------
    Path
        The lock.

    Raises
    ------
    EnvironmentFailed
        A source cannot be reached, or what is asked for does not fit together.
    """
    reporter = Reporter(progress)
    path = specification.lock_file(root)
    try:
        if specification.conda is not None:
            make_lock(specification, path, reporter, sources or Sources())
        else:
            compile_lock(specification, path, reporter, sources or Sources())
    except OSError as error:
        raise EnvironmentFailed(
            f"The lock {path} cannot be written: {error.strerror} ({error.filename}). Free space, or give this user "
            "the right to write there."
        ) from error
    reporter(Step.DONE, 1, 1, str(path))
    return path


def compile_lock(specification: Specification, path: Path, reporter: Reporter, sources: Sources) -> None:
    """Let uv solve; versions of the old lock that still fit are kept.

    Raises
    ------
    EnvironmentFailed
        The requirements cannot be solved.
    """
    reporter(Step.SOLVING, message=str(specification.requirements))
    aside = path.with_name(f".{path.name}.new")
    made_by = f"mantidhub environment lock {specification.name}"
    with tempfile.TemporaryDirectory(prefix="mantidhub-lock-") as folder:
        excluded = Path(folder) / "excluded.txt"
        excluded.write_text("\n".join(specification.excluded))
        if path.exists():
            shutil.copyfile(path, aside)
        command: list[str | Path] = [
            *(find_uv_bin(), "pip", "compile", "--quiet", "--universal"),
            *("--python-version", oldest(specification.python)),
            *("--generate-hashes", "--no-emit-index-url", "--custom-compile-command", made_by),
            *source_options(sources),
            *("--excludes", excluded, str(specification.requirements), "--output-file", aside),
        ]
        try:
            outcome = Workshop(log=Path(folder) / "uv.log").run(
                command, cwd=specification.path.parent, variables=source_variables(sources)
            )
            if outcome.status != 0:
                said = "\n".join(line for line in outcome.lines if line)
                raise EnvironmentFailed(f"No lock for {specification.path} could be made. uv says:\n{said}")
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)


def oldest(versions: tuple[str, ...]) -> str:
    """Return the oldest of some Python versions."""
    return min(versions, key=lambda version: int(version.partition(".")[2]))
