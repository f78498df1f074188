"""Dead, hot and noisy detectors that were put into a run are found, and others are not."""

import h5py
import numpy as np
import pytest

from mantidlab.archive import find_run
from mantidlab.techniques.detector_mask import detector_mask
from mantidlab.techniques.detectors.masking import numbers_in, read_mask
from mantidlab.techniques.detectors.rules import Thresholds, judge
from mantidlab.techniques.errors import WrongSetting

DEAD, HOT, NOISY = [8230, 8231, 12_345], [3000, 10_000], [8240, 8243]


@pytest.fixture
def spoilt(archive, tmp_path):
    """A run whose detectors are spoilt: some count nothing, some ten times too much, some always."""
    path = tmp_path / "SIMSANS00001001.nxs"
    path.write_bytes(find_run("SIMSANS", 1001, archive).read_bytes())
    rng = np.random.default_rng(1)
    with h5py.File(path, "r+") as file:
        events = file["entry/instrument/detector/events"]
        numbers, times = events["event_id"][...], events["event_time_offset"][...]
        numbers[np.isin(numbers, DEAD)] = 8000  # behind the beam stop
        taken = np.flatnonzero(~np.isin(numbers, [*HOT, *NOISY]))
        chosen = rng.permutation(taken)
        for place, number in enumerate(HOT):
            some = chosen[place * 20_000 : (place + 1) * 20_000]
            numbers[some] = number
        for place, number in enumerate(NOISY):
            some = np.concatenate([np.flatnonzero(numbers == number), chosen[100_000 + 150 * place :][:150]])
            numbers[some], times[some] = number, rng.uniform(times.min(), times.max(), len(some))
        events["event_id"][...], events["event_time_offset"][...] = numbers, times
    return path


def test_spoilt_detectors_are_found(spoilt):
    result = detector_mask(spoilt, settings={"beam_stop": 0.06, "noisy_above": 8.0}).value
    table = {column.name: column.values for column in result.bad.columns}
    found = {
        word: set(table["detector"][table["verdict"] == word].tolist()) for word in ("dead", "hot", "noisy", "cold")
    }
    assert found["dead"] == set(DEAD)
    assert found["hot"] == set(HOT)
    assert set(NOISY) <= found["noisy"]
    assert len(found["noisy"] | found["cold"]) <= len(NOISY) + 2
    assert result.found["place"] > 100
    assert len(result.mask) == sum(result.found.values())


@pytest.mark.parametrize("run", ["SIMSANS1001", "SIMSANS1002", "SIMPOW3001", "SIMPOW3002"])
def test_sound_instruments_lose_nothing(run):
    result = detector_mask(run, settings={"beam_stop": 0.06 if "SANS" in run else 0.0}).value
    assert {word: number for word, number in result.found.items() if word != "place"} == {
        "dead": 0, "cold": 0, "hot": 0, "noisy": 0, "named": 0,
    }  # fmt: skip


def test_masks_go_to_mantid_and_come_back(spoilt, tmp_path):
    path = tmp_path / "mask.xml"
    first = detector_mask(spoilt, settings={"numbers": "1-3"}, save=path).value
    assert set(read_mask(path).tolist()) == set(first.mask.detector_list())
    second = detector_mask(spoilt, settings={"find_bad": False, "start_from": path}).value
    assert second.mask.detector_list() == first.mask.detector_list()
    assert second.mask.array.shape == (128 * 128,)


def test_what_chance_allows_is_not_bad():
    rng = np.random.default_rng(4)
    x, y = np.meshgrid(np.arange(60.0), np.arange(60.0))
    positions = np.stack([x.ravel(), y.ravel(), np.full(3600, 100.0)], axis=1)
    counts = rng.poisson(40, 3600).astype(float)
    told = judge(counts, None, positions, np.ones(3600, dtype=bool), Thresholds())
    assert not told.bad.any()
    counts[[17, 500]] = 0, 400
    told = judge(counts, None, positions, np.ones(3600, dtype=bool), Thresholds())
    assert np.flatnonzero(told.dead).tolist() == [17]
    assert np.flatnonzero(told.hot).tolist() == [500]
    masked = np.ones(3600, dtype=bool)
    masked[500] = False
    assert not judge(counts, None, positions, masked, Thresholds()).hot.any()


def test_few_counts_tell_nothing():
    x, y = np.meshgrid(np.arange(20.0), np.arange(20.0))
    positions = np.stack([x.ravel(), y.ravel(), np.full(400, 100.0)], axis=1)
    counts = np.random.default_rng(1).poisson(2, 400).astype(float)
    assert not judge(counts, None, positions, np.ones(400, dtype=bool), Thresholds()).bad.any()


def test_numbers_and_wrong_ones():
    assert numbers_in("1-3, 9,-4").tolist() == [1, 2, 3, 9, -4]
    assert numbers_in("").tolist() == []
    with pytest.raises(WrongSetting, match="'a', which is no detector number"):
        numbers_in("1,a")
    with pytest.raises(WrongSetting, match="does not go upwards"):
        numbers_in("9-1")


def test_wrong_mask_files_get_sentences(tmp_path):
    path = tmp_path / "mask.xml"
    for text, words in (
        ("no xml", "cannot be read as a mask"),
        ("<other/>", "is XML and no mask"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><detector-masking/>', "defines entities"),
    ):
        path.write_text(text)
        with pytest.raises(WrongSetting, match=words):
            read_mask(path)
