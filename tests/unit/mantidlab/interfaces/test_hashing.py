"""Values have one number, which tells different ones apart."""

import itertools
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from mantidlab.interfaces.hashing import NoDigest, digest


class Colour(Enum):
    RED = 1
    BLUE = 2


class Settings(BaseModel):
    low: float = 1.0


@dataclass(frozen=True)
class Peak:
    centre: float


DIFFERENT: list[Any] = [
    *(None, True, False, 0, 1, 0.0, 1.0, -0.0, 1j, "", "1", b"1", b"", "None"),
    *([], (), {}, set(), [1], (1,), {1}, {"a": 1}, {"a": 2}, {"b": 1}, [[1], 2], [1, [2]], ["ab", "c"], ["a", "bc"]),
    *(Colour.RED, Colour.BLUE, Settings(), Settings(low=2), Peak(1.0), Peak(2.0)),
    *(datetime(2026, 1, 1, tzinfo=UTC), timedelta(1), Path("nowhere"), [None], [None, None], len, max),
]


def test_different_values_have_different_numbers() -> None:
    for one, other in itertools.combinations(DIFFERENT, 2):
        assert digest(one) != digest(other), (one, other)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(values, values)
def test_equal_text_of_python_means_equal_numbers(one: Any, other: Any) -> None:
    assert (digest(one) == digest(other)) == (repr(one) == repr(other))


def test_files_count_by_their_content(tmp_path: Path) -> None:
    one, same, other = (tmp_path / name for name in ("one", "same", "other"))
    one.write_bytes(b"counts")
    same.write_bytes(b"counts")
    other.write_bytes(b"others")
    assert digest(one) == digest(same) != digest(other)
    os.utime(one, (1, 1))
    assert digest(one) == digest(same)
    one.write_bytes(b"counted")
    assert digest(one) != digest(same)


def test_what_has_no_known_content_is_refused(tmp_path: Path) -> None:
    for thing in (object(), tmp_path, (each for each in ())):
        with pytest.raises(NoDigest, match="content"):
            digest(thing)
