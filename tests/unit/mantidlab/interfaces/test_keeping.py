"""Values come back from files as they were; nothing that is read runs code."""

import json
import math
import pickle
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, PrivateAttr, field_validator

from mantidlab.interfaces.errors import CannotKeep
from mantidlab.interfaces.hashing import digest
from mantidlab.interfaces.keeping import Damaged, read_value, write_value


class Colour(Enum):
    RED = "red"


class Beam(BaseModel):
    low: float = 1.0

    @field_validator("low")
    @classmethod
    def doubled(cls, value: float) -> float:
        return 2 * value


@dataclass(frozen=True)
class Curve:
    points: tuple[float, ...]
    beam: Beam

    def __post_init__(self) -> None:
        if not self.points:
            raise ValueError("no points")


class Fit(NamedTuple):
    centre: float
    error: float


class Secret(BaseModel):
    _hidden: int = PrivateAttr(default=1)


def kept(value: Any, folder: Path) -> Any:
    return read_value(json.loads(json.dumps(write_value(value, folder))), folder)


VALUES: list[Any] = [
    *(None, True, 1, -0.0, math.inf, -math.inf, 1.5, 2 - 3j, "é\n", b"\x00\xff", [], (), {}, set(), frozenset({1})),
    *([(1, "a"), {2: {"float": 1}}], {"object": "x", "scipp": "y"}, {(1, 2): [None]}, {"tuple": []}),
    *(datetime(2026, 1, 1, tzinfo=UTC), date(2026, 1, 1), timedelta(days=-1, microseconds=3), Path("/data/run.nxs")),
    *(Colour.RED, Beam(low=3), Curve((1.0, 2.0), Beam()), Fit(1.0, 0.1), [Fit(1.0, 0.1)]),
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_comes_back_as_it_was(value: Any, tmp_path: Path) -> None:
    back = kept(value, tmp_path)
    assert type(back) is type(value)
    assert back == value
    assert repr(back) == repr(value)
    assert digest(back) == digest(value)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.complex_numbers(),
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=20,
)


@given(values)
def test_any_value_of_containers_comes_back(value: Any) -> None:
    assert repr(kept(value, Path("unused"))) == repr(value)


def test_what_a_model_was_given_comes_back_too(tmp_path: Path) -> None:
    assert kept(Beam(low=1), tmp_path).model_fields_set == {"low"}
    assert kept(Beam(), tmp_path).model_fields_set == set()


def test_what_cannot_be_kept_is_refused(tmp_path: Path) -> None:
    class Local(BaseModel):
        x: int = 1

    for value in (object(), [object()], len, Local(), {"a": {1, object()}}):
        with pytest.raises(CannotKeep, match=r"kept|found again"):
            write_value(value, tmp_path)


@pytest.mark.parametrize(
    "written",
    [
        {"object": "os:system", "parts": {}},
        {"object": "subprocess:Popen", "parts": {"args": "touch ran"}},
        {"object": "builtins:object", "parts": {}},
        {"object": "a_module_that_nobody_loaded:Thing", "parts": {}},
        {"object": f"{__name__}:Curve", "parts": {"points": {"tuple": []}}},
        {"object": f"{__name__}:Beam", "parts": {"low": 1.0, "more": 2}, "set": []},
        {"object": f"{__name__}:Beam"},
        {"numpy": "../../etc/passwd", "scalar": False},
        {"what": 1},
    ],
    ids=str,
)
def test_what_nobody_here_wrote_is_damaged(written: Any, tmp_path: Path) -> None:
    with pytest.raises(Damaged):
        read_value(written, tmp_path)
    assert not (tmp_path / "ran").exists()


def test_no_pickle_is_read(tmp_path: Path) -> None:
    (tmp_path / "1.npy").write_bytes(pickle.dumps([1]))
    with pytest.raises(Damaged):
        read_value({"numpy": "1.npy", "scalar": False}, tmp_path)
