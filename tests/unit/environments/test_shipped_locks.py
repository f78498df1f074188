"""The locks that ship: complete, hashed, free of what was excluded, silent about where packages came from."""

import re

import pytest

from mantidhub.environments import Specification, shipped_specifications

PINNED = re.compile(r"^([a-z0-9][a-z0-9.-]*)==\S+", re.MULTILINE)


OF_PYTHON_PACKAGES = [found for found in shipped_specifications() if found.requirements is not None]


@pytest.fixture(params=OF_PYTHON_PACKAGES, ids=lambda specification: specification.name)
def specification(request: pytest.FixtureRequest) -> Specification:
    assert isinstance(request.param, Specification)
    return request.param


@pytest.fixture
def lock(specification: Specification) -> str:
    return specification.lock_file().read_text()


def test_every_requirement_is_locked(specification: Specification, lock: str) -> None:
    assert specification.requirements is not None
    requirements = specification.beside(specification.requirements).read_text()
    asked = re.findall(r"^([a-z0-9][a-z0-9-]*)", requirements, re.MULTILINE)
    assert asked
    assert set(asked) <= set(PINNED.findall(lock))


def test_every_package_has_a_hash(lock: str) -> None:
    entries = re.split(r"(?m)^(?=[a-z0-9])", lock)[1:]
    assert len(entries) > 100
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_excluded_packages_are_not_in_it(specification: Specification, lock: str) -> None:
    assert specification.excluded
    assert set(specification.excluded).isdisjoint(PINNED.findall(lock))


def test_it_names_no_host(lock: str) -> None:
    assert re.findall(r"https?://|--index-url|--find-links", lock) == []
