"""What is scipp's or NumPy's comes back from files as it was, and has one number."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pytest
import scipp as sc

from mantidlab.frameworks.model import Axis, Histogram
from mantidlab.interfaces import Unit, ValuesRefused, interface
from mantidlab.interfaces.briefly import briefly, numbers_of
from mantidlab.interfaces.errors import CannotKeep
from mantidlab.interfaces.hashing import NoDigest, digest
from mantidlab.interfaces.keeping import Damaged, read_value, write_value


@dataclass(frozen=True, eq=False)
class Reduced:
    curve: Any
    masks: np.ndarray
    chi: np.float64


def kept(value: Any, folder: Path) -> Any:
    return read_value(json.loads(json.dumps(write_value(value, folder))), folder)


def histogram() -> sc.DataArray:
    made = sc.DataArray(
        sc.array(dims=["Q"], values=[1.0, 2.0], variances=[0.1, 0.2], unit="counts"),
        coords={"Q": sc.array(dims=["Q"], values=[0.1, 0.2, 0.4], unit="1/angstrom"), "run": sc.scalar("SANS2D22048")},
        masks={"beamstop": sc.array(dims=["Q"], values=[True, False])},
        name="I(Q)",
    )
    made.coords.set_aligned("run", False)
    return made


def events() -> sc.DataArray:
    table = sc.data.table_xyz(nrow=50)
    return table.bin(x=3, y=2)


def group() -> sc.DataGroup:
    return sc.DataGroup(
        {"data": histogram(), "sample": "silica", "inner": sc.DataGroup({"n": 3}), "array": np.arange(3)}
    )


VARIABLES = {
    "variable": lambda: sc.arange("x", 3, unit="m"),
    "scalar": lambda: sc.scalar(1.5, variance=0.2, unit="meV"),
    "vectors": lambda: sc.vectors(dims=["spectrum"], values=np.arange(6.0).reshape(2, 3), unit="m"),
    "rotation": lambda: sc.spatial.rotations_from_rotvecs(sc.vector([0, 0, 1.0], unit="rad")),
    "times": lambda: sc.datetimes(dims=["t"], values=[1, 2, 3], unit="ns"),
    "texts": lambda: sc.array(dims=["x"], values=["a", "b"]),
    "empty": lambda: sc.zeros(dims=["x", "y"], shape=[0, 3]),
    "histogram": histogram,
    "events": events,
    "dataset": lambda: sc.Dataset({"a": histogram(), "b": 2.0 * histogram()}),
    "group": group,
}
OTHERS = {
    "array": lambda: np.arange(12.0).reshape(3, 4)[:, ::2],
    "number": lambda: np.float32(1.5),
    "times": lambda: np.array(["2026-01-01", "NaT"], dtype="M8[ns]"),
    "texts": lambda: np.array(["a", "bc"]),
    "record": lambda: np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]),
    "none": lambda: np.empty((0, 3)),
}


@pytest.mark.parametrize("make", VARIABLES.values(), ids=VARIABLES)
def test_what_is_scipps_comes_back(make, tmp_path: Path) -> None:
    value = make()
    back = kept(value, tmp_path)
    assert type(back) is type(value)
    assert digest(back) == digest(make())
    if "array" not in (value if isinstance(value, sc.DataGroup) else ()):
        assert sc.identical(back, value)


def test_which_coordinates_are_aligned_comes_back(tmp_path: Path) -> None:
    back = kept(histogram(), tmp_path)
    assert not back.coords["run"].aligned
    assert back.coords["Q"].aligned


@pytest.mark.parametrize("make", OTHERS.values(), ids=OTHERS)
def test_arrays_come_back(make, tmp_path: Path) -> None:
    value = make()
    back = kept(value, tmp_path)
    assert type(back) is type(value)
    assert back.dtype == value.dtype
    np.testing.assert_array_equal(back, value)
    assert digest(back) == digest(value)


def test_a_dataclass_of_arrays_comes_back(tmp_path: Path) -> None:
    value = Reduced(histogram(), np.array([True, False]), np.float64(1.25))
    back = kept(value, tmp_path)
    assert sc.identical(back.curve, value.curve)
    assert (back.chi, type(back.chi)) == (1.25, np.float64)


def changed(name: str) -> sc.DataArray:
    made = histogram()
    match name:
        case "value":
            made.values[0] += 1e-15
        case "variance":
            made.variances[0] *= 2
        case "unit":
            made.unit = "one"
        case "coordinate":
            made.coords["Q"].values[0] = 0.05
        case "mask":
            made.masks["beamstop"].values[1] = True
        case "name":
            made.name = "S(Q)"
        case "alignment":
            made.coords.set_aligned("Q", False)
        case "dtype":
            made = made.astype("float32")
        case "dimension":
            made = made.rename_dims(Q="q")
        case "another coordinate":
            made = made.assign_coords(T=sc.scalar(1))
    return made


CHANGES = [
    "value",
    "variance",
    "unit",
    "coordinate",
    "mask",
    "name",
    "alignment",
    "dtype",
    "dimension",
    "another coordinate",
]


@pytest.mark.parametrize("name", CHANGES)
def test_any_difference_of_a_data_array_gives_another_number(name: str) -> None:
    made = changed(name)
    if name == "value":
        made.values[0] = 1.0 + 2**-50
    assert digest(made) != digest(histogram())


def test_events_count_by_each_event() -> None:
    other = events()
    other.bins.constituents["data"].values[3] += 1e-9
    assert digest(events()) == digest(events()) != digest(other)


def test_objects_of_numpy_without_an_end_are_refused() -> None:
    with pytest.raises(NoDigest):
        digest(np.r_)


def test_arrays_of_objects_are_refused(tmp_path: Path) -> None:
    array = np.array([object()])
    with pytest.raises(NoDigest):
        digest(array)
    with pytest.raises(CannotKeep):
        write_value(array, tmp_path)


def test_a_damaged_file_of_scipp_is_said_to_be_damaged(tmp_path: Path) -> None:
    written = write_value(histogram(), tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:500])
    with pytest.raises(Damaged):
        read_value(written, tmp_path)


def test_scalars_of_scipp_come_in_the_unit_of_their_field() -> None:
    @interface(title="T")
    def shown(
        length: Annotated[float, Unit("Å")],
        both: Annotated[list[float], Unit("meV")] = [1.0],  # noqa: B006
    ) -> tuple[float, float]:
        return length, both[0]

    assert shown(sc.scalar(0.2, unit="nm")).value == (2.0, 1.0)
    assert shown({"value": 0.3, "unit": "nm"}, sc.array(dims=["x"], values=[2000.0], unit="µeV")).value == (3.0, 2.0)
    with pytest.raises(ValuesRefused, match=r"It is wanted in Å. s cannot be converted to Å"):
        shown(sc.scalar(1.0, unit="s"))
    with pytest.raises(ValuesRefused, match="It is wanted in Å"):
        shown({"value": 1.0, "unit": "nonsense"})


def test_scipp_and_curves_are_told_in_a_few_words() -> None:
    axis = Axis("Q", "Q", "1/Å", np.array([0.006, 0.1, 0.3]), edges=True)
    assert briefly(Histogram(axis, np.zeros(2))) == "2 bins, Q 0.006 to 0.3 1/Å"
    assert briefly((Histogram(axis, np.zeros(2)),) * 3) == "3 curves, the first with 2 bins, Q 0.006 to 0.3 1/Å"
    assert briefly(histogram()) == "DataArray, Q 2, counts"
    assert briefly(np.zeros((2, 3))) == "2 × 3, float64"
    assert numbers_of({"a": sc.scalar(2.0, variance=4.0), "b": histogram(), "c": np.float64(1)}) == {
        "a": 2.0,
        "a.error": 2.0,
        "c": 1.0,
    }
