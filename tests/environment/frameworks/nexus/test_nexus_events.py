"""Events are counted in blocks, exactly, and in little memory however many there are."""

import json
import subprocess
import sys

import h5py
import numpy as np
import pytest

from mantidlab.frameworks.model import FrameworkError, NotThere, Unreadable
from mantidlab.frameworks.nexus import BadEdges, Stopped, TooLarge, open_file
from mantidlab.frameworks.nexus.counting import Bins, Counter, Rows
from mantidlab.frameworks.nexus.events import blocks, count_events

EDGES = {
    "even": np.linspace(0, 20_000, 257),
    "logarithmic": np.geomspace(1, 20_000, 300),
    "uneven": np.array([-5.0, 0, 1, 3, 3.5, 10_000, 19_999]),
    "one bin": np.array([100.0, 200.0]),
    "far from zero": 1e9 + np.linspace(0, 1, 50),
    "narrow beside wide": np.array([0, 1e-9, 2e-9, 1e6]),
}


@pytest.mark.parametrize("name", EDGES)
@pytest.mark.parametrize("kind", ["f4", "f8"])
def test_a_bin_holds_its_lower_edge_and_not_its_upper_one(name, kind):
    edges = EDGES[name]
    rng = np.random.default_rng(3)
    near = [edges, np.nextafter(edges, np.inf), np.nextafter(edges, -np.inf)]
    values = np.concatenate([rng.uniform(edges[0] - 1, edges[-1] + 1, 50_000), *near, [np.nan, np.inf, -np.inf]])
    values = values.astype(kind)
    exact = values.astype("f8")
    expected = np.searchsorted(edges, exact, side="right") - 1
    expected[~((exact >= edges[0]) & (exact < edges[-1]))] = -1
    assert np.array_equal(Bins(edges).of(values), expected)


@pytest.mark.parametrize("edges", [[1], [1, 1], [2, 1], [0, np.nan], [[0, 1]], "ab", [0, np.inf]])
def test_what_are_no_edges_is_said(edges):
    with pytest.raises(BadEdges, match="Bin edges must be"):
        Bins(edges)


@pytest.mark.parametrize("numbers", [[5, 3, 9], [-3, 2**40, 7], [0], []])
def test_rows_are_found_by_detector_number(numbers):
    rows = Rows(np.array(numbers, dtype="i8"))
    asked = np.array([*numbers, 4, -1, 2**33], dtype="i8")
    assert rows.of(asked).tolist() == [*range(len(numbers)), *[-1] * 3]


def test_unsigned_numbers_do_not_wrap():
    assert Rows(np.array([0, 2**32 - 1], "u4")).of(np.array([2**32 - 1, 1], "u4")).tolist() == [1, -1]


def test_a_large_histogram_and_a_small_one_count_the_same():
    rng = np.random.default_rng(5)
    times, numbers = rng.uniform(0, 100, 5000), rng.integers(0, 2000, 5000)
    small, large = Counter(np.arange(0, 101, 50.0)), Counter(np.arange(0, 101, 50.0), Rows(np.arange(2000)))
    small.add(times)
    large.add(times, numbers)
    assert large.result().values.shape == (2000, 2)
    assert large.result().values.sum(axis=0).tolist() == small.result().values.tolist()


def test_blocks_cover_ranges_without_gaps():
    assert list(blocks([(0, 5), (7, 8)], 2)) == [(0, 2), (2, 4), (4, 5), (7, 8)]


@pytest.mark.parametrize("block", [1, 7, 999, 1000, 4096])
def test_blocks_of_any_size_count_the_same(make, block):
    path = make("sns_event")
    with h5py.File(path) as raw:
        numbers, times = (raw[f"entry/bank1_events/{name}"][()] for name in ("event_id", "event_time_offset"))
    edges = np.linspace(0, 20_000, 11)
    expected = np.histogram2d(numbers, times, [np.arange(9.5, 16), edges])[0]
    with open_file(path) as file:
        counted = count_events(file.main.sources, edges, rows=np.arange(10, 16), block=block)
        assert counted.values.tolist() == expected.tolist()
        assert (counted.events, counted.outside, counted.unknown) == (1000, 0, 0)


def test_what_is_left_out_is_counted(make):
    with open_file(make("sns_event")) as file:
        everything = file.main.count(np.array([0.0, 20_000]), detectors=np.array([10, 11]))
        assert everything.unknown == 1000 - everything.values.sum() > 0
        half = file.main.count(np.array([0.0, 10_000]))
        assert half.outside == 1000 - half.values.sum() > 0


def test_pulses_can_be_chosen_and_only_their_events_are_read(make, monkeypatch):
    path = make("sns_event")
    with h5py.File(path) as raw:
        first = raw["entry/bank1_events/event_index"][()].astype(int)
        times = raw["entry/bank1_events/event_time_offset"][()]
    bounds = [*first, 1000]
    used = [*range(bounds[3], bounds[5]), *range(bounds[10], bounds[11])]
    edges = np.linspace(0, 20_000, 5)
    seen = []

    def chosen(pulses):
        return ((pulses > 0.25) & (pulses < 0.45)) | np.isclose(pulses, 1.0)

    with open_file(path) as file:
        bank = file.members()["bank1"]
        counted = bank.count(edges, pulses=chosen, progress=lambda done, total: seen.append((done, total)))
    assert counted.events == len(used) == seen[-1][0] == seen[-1][1]
    assert counted.values.tolist() == np.histogram(times[used], edges)[0].tolist()


def test_pulses_cannot_be_chosen_where_the_file_has_none(make):
    path = make("standard")
    with h5py.File(path, "a") as raw:
        del raw["entry/instrument/detector/events/event_index"]
    with open_file(path) as file, pytest.raises(FrameworkError, match="event_index"):
        file.main.count(np.array([0.0, 1]), pulses=lambda times: times > 0)


def test_the_last_pulses_may_have_no_event(make):
    """SNS writes −1 for them, in unsigned numbers the largest; the last event is of the last pulse that has one."""
    path = make("sns_event")
    with h5py.File(path, "a") as raw:
        index = np.full(20, 2**64 - 1, "u8")
        index[:4] = [0, 300, 300, 990]
        raw["entry/bank1_events/event_index"][()] = index
    with open_file(path) as file:
        bank = file.members()["bank1"]
        edges = np.array([0.0, 20_000])
        assert bank.count(edges, pulses=lambda times: np.isclose(times, 0.3)).events == 10
        assert bank.count(edges, pulses=lambda times: times > 0.35).events == 0
        assert bank.count(edges, pulses=lambda times: times >= 0).events == 1000


@pytest.mark.parametrize(
    "index",
    [
        np.arange(0, 1000, 50)[::-1].astype("u8"),
        np.arange(0, 1000, 50) - 500,
        np.arange(0, 2000, 100),
        np.full(20, 2**64 - 1, "u8"),
        np.full(20, np.nan),
    ],
    ids=["falls", "negative", "beyond", "no pulse", "no numbers"],
)
def test_pulses_are_not_guessed_from_an_index_that_cannot_be(make, index):
    path = make("sns_event")
    with h5py.File(path, "a") as raw:
        del raw["entry/bank1_events/event_index"]
        raw["entry/bank1_events/event_index"] = index
    with open_file(path) as file:
        bank = file.members()["bank1"]
        assert bank.count(np.array([0.0, 20_000])).events == 1000
        with pytest.raises(Unreadable, match="bank1 cannot be chosen by pulse: event_index must grow"):
            bank.count(np.array([0.0, 20_000]), pulses=lambda times: times > 0)


def test_events_of_detectors_that_the_file_does_not_list_are_said(make):
    path = make("standard")
    with h5py.File(path, "a") as raw:
        numbers = raw["entry/instrument/detector/events/event_id"]
        strange = int(np.count_nonzero(numbers[()] == 2))
        numbers[()] = np.where(numbers[()] == 2, 2_000_000_000, numbers[()])
    for read in (lambda file: file.image(), lambda file: file.spectra()[0]):
        with open_file(path) as file:
            assert not file.notes
            read(file)
            assert file.notes == (
                f"{strange} of 1,000 events of events are of detectors that the file does not list, and are in no "
                f"spectrum.",
            )


def test_a_file_can_be_binned_like_its_first_part(make):
    with open_file(make("standard")) as file:
        assert (file.main.summary().shape, file.main.summary().dims) == ((4,), ("spectrum",))
        binned = file.binned(np.array([0.0, 10_000, 20_000, 30_000]))
        assert (binned.summary().shape, binned.summary().dims) == ((4, 3), ("spectrum", "bin"))
        assert binned.image().values.shape == (4, 3)
        assert binned.image().values.sum() == 1000
    with open_file(make("nxspe")) as file, pytest.raises(NotThere, match="no events"):
        file.binned(np.array([0.0, 1]))


def test_looking_for_the_range_of_times_tells_its_progress_and_can_be_stopped(make):
    with open_file(make("standard")) as file:
        told = []
        file.main.count(progress=lambda *step: told.append(step))
        assert told == [(1000, 1000), (1000, 1000)]
    with (
        open_file(make("standard")) as file,
        pytest.raises(Stopped, match="range of times was stopped after 0 of 1,000"),
    ):
        file.main.count(stop=lambda: True)


def test_progress_is_told_and_counting_can_be_stopped(make):
    with open_file(make("standard")) as file:
        told = []
        count_events(file.main.sources, np.array([0.0, 1]), block=300, progress=lambda *step: told.append(step))
        assert told == [(300, 1000), (600, 1000), (900, 1000), (1000, 1000)]
        answers = iter([False, False, True])
        with pytest.raises(Stopped, match="600 of 1,000"):
            count_events(file.main.sources, np.array([0.0, 1]), block=300, stop=lambda: next(answers))


def test_times_in_other_units_are_converted(make):
    path = make("standard")
    with h5py.File(path, "a") as raw:
        times = raw["entry/instrument/detector/events/event_time_offset"]
        expected = np.histogram(times[()].astype("f8"), [0, 5000, 10_000])[0]
        times[()] = times[()] * 1000
        times.attrs["units"] = "ns"
    with open_file(path) as file:
        assert file.main.count(np.array([0.0, 5000, 10_000])).values == pytest.approx(expected, abs=1)


def test_without_a_suggestion_all_events_are_in_five_hundred_bins(make):
    with open_file(make("standard")) as file:
        total = file.main.total()
        assert total.axis.size == 500
        assert total.values.sum() == 1000
        assert sum(spectrum.values.sum() for spectrum in file.spectra()) == 1000


def test_a_histogram_that_does_not_fit_is_refused_before_anything_is_read(make):
    with open_file(make("standard")) as file, pytest.raises(TooLarge, match="Ask for fewer bins"):
        file.main.count(np.arange(100_001.0), detectors=np.arange(100_000))


WRITE = """
import sys, h5py, numpy as np
path, count, filled = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with h5py.File(path, "w") as file:
    entry = file.create_group("entry"); entry.attrs["NX_class"] = "NXentry"
    instrument = entry.create_group("instrument"); instrument.attrs["NX_class"] = "NXinstrument"
    detector = instrument.create_group("detector"); detector.attrs["NX_class"] = "NXdetector"
    detector["detector_number"] = np.arange(1000, dtype="i4")
    events = detector.create_group("events"); events.attrs["NX_class"] = "NXevent_data"
    # What is not written takes no room on the disk and is read as the fill value.
    options = {"shape": (count,), "chunks": (2**20,)}
    numbers = events.create_dataset("event_id", dtype="i4", fillvalue=7, **options)
    times = events.create_dataset("event_time_offset", dtype="f4", fillvalue=150.0, **options)
    times.attrs["units"] = "us"
    rng = np.random.default_rng(0)
    for start in range(0, filled, 2**20):
        stop = min(start + 2**20, filled)
        times[start:stop] = rng.uniform(0, 1000, stop - start)
        numbers[start:stop] = rng.integers(0, 1000, stop - start)
"""

READ = """
import json, resource, sys, numpy as np
from dataclasses import replace
from mantidlab.frameworks.nexus import open_file
from mantidlab.frameworks.nexus.events import count_events
path, most = sys.argv[1], int(sys.argv[2])
edges = np.linspace(0, 1000, 11)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
used = int(next(line for line in open("/proc/self/status") if line.startswith("VmSize")).split()[1]) * 1024
resource.setrlimit(resource.RLIMIT_AS, (used + 400 * 2**20,) * 2)
with open_file(path) as file:
    events = file.contents().entries[0].events
    first = [replace(source, count=min(source.count, most)) for source in file.main.sources]
    values = count_events(first, edges).values.tolist()
    seventh = file.main.binned(edges).spectra()[7].values.tolist() if events <= most else None
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(json.dumps([events, values, seventh, peak / 1024]))
"""


def run(code, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_ten_gigabytes_are_counted_in_little_memory(tmp_path):
    """1.25 × 10⁹ events of 8 bytes, of which the first 4 million are random and the others all alike."""
    path = tmp_path / "huge.nxs"
    count, filled = 1_250_000_000, 4 * 2**20
    run(WRITE, path, count, filled)
    assert path.stat().st_size < 50e6
    # All are there; 200 million of them are counted: the memory does not depend on how many, and the time does.
    counted = 200_000_000
    events, values, _, peak = json.loads(run(READ, path, counted))
    assert events == count
    random = values.copy()
    random[1] -= counted - filled
    assert sum(random) == filled
    assert random == pytest.approx([filled / 10] * 10, rel=0.01)
    assert peak < 120


def test_a_spectrum_of_many_events_is_found_in_little_memory(tmp_path):
    path = tmp_path / "large.nxs"
    run(WRITE, path, 8 * 2**20, 8 * 2**20)
    events, values, seventh, peak = json.loads(run(READ, path, 8 * 2**20))
    with h5py.File(path) as raw:
        inside = raw["entry/instrument/detector/events"]
        times = inside["event_time_offset"][()][inside["event_id"][()] == 7]
        assert seventh == np.histogram(times.astype("f8"), np.linspace(0, 1000, 11))[0].tolist()
        assert sum(values) == events - int((inside["event_time_offset"][()] >= 1000).sum())
    assert peak < 160
