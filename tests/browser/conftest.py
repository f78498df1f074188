"""A browser as people have it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext
from support.chromium import FORBIDDEN, chromium


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--slow-browser",
        type=float,
        default=1,
        metavar="TIMES",
        help="let pages compute so many times slower",
    )


@pytest.fixture(scope="session")
def times_slower(pytestconfig: pytest.Config) -> float:
    """How many times slower pages compute than this machine could."""
    times: float = pytestconfig.getoption("slow_browser")
    return times


@pytest.fixture(scope="session")
def browser(times_slower: float) -> Iterator[Browser]:
    with chromium(slower=times_slower) as started:
        yield started


@pytest.fixture
def desktop(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    yield context
    context.close()


@pytest.fixture
def tablet(browser: Browser) -> Iterator[BrowserContext]:
    """A tablet held upright, used with fingers."""
    context = browser.new_context(viewport={"width": 768, "height": 1024}, has_touch=True, is_mobile=True)
    yield context
    context.close()


@pytest.fixture(autouse=True)
def nothing_that_people_do_is_forbidden() -> Iterator[None]:
    """Find no page of ours that does what its Content Security Policy forbids."""
    before = len(FORBIDDEN)
    yield
    assert FORBIDDEN[before:] == []
