"""One running MantidHub for each suite that needs one, with two people in it."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings
from support.daemons import REQUIRED, NoDaemon, daemon_for_tests
from support.docker import DockerDaemon
from support.internet import REQUIRED as NETWORK_REQUIRED
from support.internet import Internet, NoNetwork, internet_for_tests
from support.person import Person
from support.platform import Platform

# What a test says must not depend on how busy the machine is.
settings.register_profile("at any speed", deadline=None)
settings.load_profile("at any speed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-bodies", action="store_true", help="write what Docker is sent down anew, instead of comparing it"
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Leave a line for each test that failed where `make test` looks for them when all suites have run."""
    file = os.environ.get("MANTIDHUB_TEST_FAILURES")
    if file and not hasattr(terminalreporter.config, "workerinput"):  # that of all processes together
        reports = [report for kind in ("failed", "error") for report in terminalreporter.getreports(kind)]
        lines = [f"  {report.nodeid}: {sentence_of(report)}\n" for report in reports]
        Path(file).parent.mkdir(exist_ok=True)
        with Path(file).open("a", encoding="utf-8") as failures:
            failures.writelines(lines)


def sentence_of(report: pytest.TestReport) -> str:
    """Return in one line why a test failed."""
    crash = getattr(report.longrepr, "reprcrash", None)
    said = str(crash.message if crash else report.longrepr).strip().splitlines() or [""]
    return said[0][:200]


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    running = Platform(tmp_path_factory.mktemp("mantidhub") / "State").start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def docker() -> Iterator[DockerDaemon]:
    """A Docker daemon of the tests' own. Where none can be started, what needs it is skipped, and that is said."""
    with ExitStack() as stack:
        try:
            daemon = stack.enter_context(daemon_for_tests())
        except NoDaemon as reason:
            if os.environ.get(REQUIRED):
                raise
            pytest.skip(f"The Docker engine is NOT tested here. {reason}")
        yield daemon


@pytest.fixture(scope="session")
def administrator(platform: Platform) -> Person:
    return Person.from_link(platform.administrators_link, "admin")


@pytest.fixture(scope="session")
def alice(platform: Platform) -> Person:
    person = Person.from_link(platform.invite("alice"), "alice")
    person.start_session()
    return person


@pytest.fixture(scope="session")
def bob(platform: Platform) -> Person:
    person = Person.from_link(platform.invite("bob"), "bob")
    person.start_session()
    return person


@pytest.fixture
def fresh_state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture(scope="session")
def internet() -> Iterator[Internet]:
    """A machine beyond this one. Where none can be made, what needs it is skipped, and that is said."""
    with ExitStack() as stack:
        try:
            made = stack.enter_context(internet_for_tests())
        except NoNetwork as reason:
            if os.environ.get(NETWORK_REQUIRED):
                raise
            pytest.skip(f"Network policies are NOT tested here. {reason}")
        yield made
