"""What an administrator reads of the version of a daemon, and that the documentation names the same ones."""

from pathlib import Path

import pytest

from mantidhub.engines.docker.client import Daemon
from mantidhub.engines.docker.versions import TESTED, is_older_than_all, judgement

PAGE = Path(__file__).parents[4] / "docs" / "administrator.md"


def daemon(product: str, version: str) -> Daemon:
    return Daemon(product, version, (1, 41), (), ())


@pytest.mark.parametrize(
    ("product", "version"), [("Docker", "20.10.24+dfsg1"), ("Docker", "28.5.2"), ("Podman", "5.4.2")]
)
def test_one_that_was_tried_is_said_to_be_so(product: str, version: str):
    words = judgement(daemon(product, version))
    assert words == f"It is {product} {version}, a version that MantidHub is tested with."


def test_for_another_those_that_were_tried_are_named():
    words = judgement(daemon("Docker", "27.0.1"))
    assert words == "It is Docker 27.0.1; MantidHub is tested with 20.10, 26.1 and 28.5."


def test_what_is_older_than_all_is_told_from_what_lies_between():
    assert is_older_than_all(daemon("Docker", "19.03.8"))
    assert not is_older_than_all(daemon("Docker", "24.0.7"))
    assert not is_older_than_all(daemon("Docker", "29.1.0"))


def test_the_administrators_page_has_a_row_for_each():
    text = PAGE.read_text()
    for product, versions in TESTED.items():
        for version in versions:
            assert f"| {product} {'.'.join(map(str, version))}" in text
