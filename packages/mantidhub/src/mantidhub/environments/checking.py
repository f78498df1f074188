"""What a new environment must do before anybody sees it: import, give up its knowledge, pass its checks.

Each runs as a session would: with the environment's variables, and a home of its own.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from mantidhub.environments import check_imports
from mantidhub.environments.installer import Site
from mantidhub.environments.progress import Step
from mantidhub.environments.specification import Specification
from mantidhub.environments.workshop import Outcome
from mantidhub.errors import EnvironmentFailed

EXTRACTOR = "mantidlab.docs.extract"
KNOWLEDGE = Path("share") / "mantidhub"
"""Where in a prefix the catalogue lies."""


class Trial:
    """Runs programs in a prefix as a session would."""

    def __init__(self, specification: Specification, site: Site) -> None:
        self._specification = specification
        self._site = site
        self._home = site.scratch / "home"
        self._home.mkdir(parents=True, exist_ok=True)
        self._variables = {**self._session_variables(), "HOME": str(self._home)}

    def imports(self) -> None:
        """Import what the specification names.

        Raises
        ------
        EnvironmentFailed
            One cannot be imported.
        """
        modules = self._specification.checks.imports
        tried: list[str] = []

        def note(line: str) -> None:
            if line.startswith("trying "):
                tried.append(line.removeprefix("trying "))
                self._site.report(Step.CHECKING, len(tried) - 1, len(modules), tried[-1])

        command: list[str | Path] = [self._site.python, "-I", "-B", check_imports.__file__, *modules]
        outcome = self._site.workshop.run(command, cwd=self._home, variables=self._variables, said=note)
        self._require(outcome, f"`import {tried[-1] if tried else 'nothing'}` fails in it")

    def extract(self) -> None:
        """Draw out what the packages of the catalogue know, into the prefix.

        Raises
        ------
        EnvironmentFailed
            That failed.
        """
        names = self._specification.catalogue
        if names:
            self._site.report(Step.EXTRACTING, message=", ".join(names))
            outcome = self._run_module(EXTRACTOR, ["--out", self._site.prefix / KNOWLEDGE, *names])
            self._require(outcome, f"its catalogue of {', '.join(names)} cannot be extracted")

    def modules(self) -> None:
        """Run the modules that the specification names as checks.

        Raises
        ------
        EnvironmentFailed
            One does not end well.
        """
        modules = self._specification.checks.modules
        for number, module in enumerate(modules):
            self._site.report(Step.TESTING, number, len(modules), module)
            self._require(self._run_module(module, []), f"the check `python -m {module}` fails in it")

    def _run_module(self, module: str, arguments: Sequence[str | Path]) -> Outcome:
        command: list[str | Path] = [self._site.python, "-I", "-B", "-m", module, *arguments]
        return self._site.workshop.run(command, cwd=self._home, variables=self._variables)

    def _require(self, outcome: Outcome, what: str) -> None:
        if outcome.status != 0:
            raise EnvironmentFailed(
                f"The environment {self._specification.name} was installed, but {what} (status {outcome.status}), so "
                f"it was thrown away. All that was said is in {self._site.workshop.log}; it ends with\n{outcome.tail()}"
            )

    def _session_variables(self) -> dict[str, str]:
        """Return the environment's variables; where they name a file of a session, they name a copy of it here."""
        values = {
            "threads": str(len(os.sched_getaffinity(0))),
            "memory": str(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")),
            "facility": "",
            "instrument": "",
            "archive": str(self._home),
            "home": str(self._home),
        }
        copies: dict[str, str] = {}
        for number, (target, source) in enumerate(self._specification.session_files.items()):
            text = self._specification.beside(source).read_text(encoding="utf-8")
            for name, value in values.items():
                text = text.replace("{" + name + "}", value)
            copy = self._home / f".session-file-{number}"
            copy.write_text(text, encoding="utf-8")
            copies[target] = str(copy)
        return {name: copies.get(value, value) for name, value in self._specification.variables.items()}
