"""A live MantidHub for each engine, with attacker and victim in it; a record of every attack and a table at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.attack import RESULTS, Attack, Attacker, Ground, NotOfThisKernel, Result, write_results
from support.docker import DockerDaemon
from support.person import Person
from support.platform import Platform

ENGINES = ("sandbox", "docker")
ANY_ENGINE = "any"
"""Of an attack that meets no session but one of the test's own: what runs sessions is nothing to it."""
_RESULTS = pytest.StashKey[list[Result]]()
_REPORT = pytest.StashKey[pytest.TestReport]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_RESULTS] = []


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function):
    try:
        return (yield)
    except NotOfThisKernel as reason:
        pytest.skip(str(reason))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    report = yield
    if report.failed or report.skipped:
        item.stash[_REPORT] = report
        result = _result_of(item)
        if result is not None and report.skipped and not result.reason:
            result.reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
    return report


def _result_of(item: pytest.Item) -> Result | None:
    """Return the record of a test, made the first time that it is asked for: also if its ground cannot be made."""
    if "attack" not in getattr(item, "fixturenames", ()):
        return None
    call = getattr(item, "callspec", None)
    results = item.config.stash[_RESULTS]
    engine = call.params.get("ground", ANY_ENGINE) if call else ANY_ENGINE
    title = item.originalname.removeprefix("test_").replace("_", " ")
    if further := [part for part in (call.id.split("-") if call else ()) if part not in ENGINES]:
        title += f": {'-'.join(further)}"
    known = next((result for result in results if (result.attack, result.engine) == (title, engine)), None)
    if known is None:
        known = Result(title, engine)
        results.append(known)
    return known


@pytest.fixture(scope="session", params=ENGINES)
def ground(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """Every attack takes this: it is made once for each engine, and attacks that do it no harm share it."""
    engine: str = request.param
    daemon = request.getfixturevalue("docker") if engine == "docker" else None
    with live_ground(engine, daemon, tmp_path_factory.mktemp(engine)) as ground:
        yield ground


@contextmanager
def live_ground(
    engine: str, daemon: DockerDaemon | None, folder: Path, *, within: tuple[str, ...] = (), settings: str = ""
) -> Iterator[Ground]:
    """Run a MantidHub with attacker and victim; `settings` are further ones."""
    file = _configuration(folder, engine, daemon, settings)
    platform = Platform(folder / "State", ("--config", str(file)), within=within).start()
    try:
        people = {name: Person.from_link(platform.invite(name), name) for name in ("eve", "alice")}
        for person in people.values():
            person.start_session()
        eve, alice = (Attacker(person) for person in people.values())
        yield Ground(engine, platform, eve, alice, daemon)
    finally:
        platform.stop()


def _configuration(folder: Path, engine: str, daemon: DockerDaemon | None, settings: str) -> Path:
    """Write the settings: what administrators have, with sessions small enough for many at once."""
    file = folder / "mantidhub.toml"
    text = (
        '[environments]\noffered = ["scipp"]\n[sessions]\n'
        + f'engine = "{engine}"\nprocesses = 256\nstop_grace = "3 s"\n'
    )
    text += '[sessions.sizes.small]\ntitle = "Small"\nmemory = "1 GiB"\ncpus = 1.0\n'
    if daemon is not None:
        text += f'[docker]\nsocket = "{daemon.socket}"\n'
    file.write_text(text + settings)
    return file


@pytest.fixture
def attack(request: pytest.FixtureRequest) -> Iterator[Attack]:
    """The record of this attack: the test gives it the control and the attempt."""
    result = _result_of(request.node)
    assert result is not None
    made = Attack(result)
    yield made
    if _REPORT not in request.node.stash:
        assert result.control is not None, "the test did not try the control"
        assert result.outcome is not None, "the test did not make its attack"


def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.config.stash[_RESULTS]:
        write_results(session.config.stash[_RESULTS])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    results = config.stash[_RESULTS]
    if not results:
        return
    terminalreporter.section("attacks")
    width = max(len(result.attack) for result in results)
    by_attack: dict[str, dict[str, Result]] = {}
    for result in results:
        by_attack.setdefault(result.attack, {})[result.engine] = result
    for title, engines in by_attack.items():
        terminalreporter.write(f"{title:<{width}}  ")
        for engine in (ANY_ENGINE,) if ANY_ENGINE in engines else ENGINES:
            word, colour = _verdict(engines.get(engine))
            terminalreporter.write(f"{engine}: ")
            terminalreporter.write(f"{word:<22}", **{colour: True})
        terminalreporter.line("")
    for result in results:
        if result.reason:
            terminalreporter.line(f"Not tried on {result.engine}: {result.attack}. {result.reason}")
    blocked = sum(result.outcome == "blocked" and result.control == "passed" for result in results)
    terminalreporter.line(
        f"{len(by_attack)} attacks, {blocked} of {len(results)} attempts blocked; written to {RESULTS}"
    )


def _verdict(result: Result | None) -> tuple[str, str]:
    if result is None:
        return "-", "yellow"
    if result.outcome == "succeeded":
        return "SUCCEEDED", "red"
    if result.control == "failed":
        return "CONTROL FAILED", "red"
    if result.reason:
        return "not tried", "yellow"
    return ("blocked", "green") if result.outcome == "blocked" and result.control else ("NOT JUDGED", "red")
