"""The adapter says of the recorded workspaces what the conformance command expects of a real Mantid."""

import inspect
from typing import Any

import numpy as np
import pytest
from support import recorded_parts, recorded_running
from support.recorded_workspaces import KEYS

from mantidlab.conformance.expectations import FIRST, Subject, expectations
from mantidlab.conformance.report import as_table, compared, failures
from mantidlab.conformance.subjects import told
from mantidlab.frameworks import mantid_calls as calls
from mantidlab.frameworks.mantid_algorithms import AlgorithmNotes, AlgorithmWatcher
from mantidlab.frameworks.mantid_geometry import _each
from mantidlab.frameworks.mantid_objects import data_object
from mantidlab.frameworks.mantid_records import log_of
from mantidlab.frameworks.model import DataObject, EventObject, Gone, NotThere


def subjects(recorded, *, later: bool = False):
    service = recorded.DataService(later=later, judging=True)
    made: dict[str, Subject] = {}

    def subject(about: str) -> Subject:
        if about not in made:
            if about == "group":
                service._put("hist")
                service._put("powder")
            raw = service._put(KEYS[about], about)
            made[about] = Subject(
                raw,
                data_object(raw, recorded.keep),
                recorded.keep,
                lambda: service._delete(about),
                lambda act: told(service._observer_base(), about, act),
            )
        return made[about]

    return subject


@pytest.mark.parametrize("later", [False, True], ids=["3.13", "with later calls"])
def test_every_expectation_holds(recorded, later):
    rows = compared(expectations(), subjects(recorded, later=later), FIRST)
    assert failures(rows) == 0, as_table(rows, "recorded")
    assert {row.about for row in rows} == set(KEYS)


def test_another_answer_fails(recorded):
    def verdicts(version: tuple[int, int]) -> dict[tuple[str, str], str]:
        subject = subjects(recorded)
        subject("table").raw._facts["data"]["i"][0] = 2
        subject("events").raw._facts["events"]["total"] += 8
        subject("MARI").raw._own["det_positions"][800] += 0.001
        subject("points").raw._facts["isHistogramData"] = True
        rows = compared(expectations(), subject, version)
        return {(row.about, row.what): row.verdict for row in rows if row.verdict != "ok"}

    wrong = {
        ("table", "integers"),
        ("MARI", "scattering angles are Mantid's"),
        ("points", "are not edges"),
        ("points", "an edge more than values, if and only if they are bins"),
        # As many edges as values make no histogram, and so nothing that could be compared.
        ("points", "first point"),
        ("points", "its positions are Mantid's"),
        ("points", "values of the last spectrum are Mantid's"),
        ("points", "errors of the last spectrum are Mantid's"),
        ("points", "the image holds what the spectra hold"),
    }
    number = ("events", "number of 3.13")
    assert verdicts(FIRST) == dict.fromkeys([*wrong, number], "FAILED")
    assert verdicts((6, 16)) == {**dict.fromkeys(wrong, "FAILED"), number: "recorded"}


def protocols() -> dict[str, Any]:
    found = inspect.getmembers(calls, inspect.isclass)
    return {name: kind for name, kind in found if kind.__module__ == calls.__name__}


def stand_in_for(recorded, name: str) -> Any:
    return getattr(recorded, name, None) or getattr(recorded_parts, name, None) or getattr(recorded_running, name)


def members(kind: Any) -> set[str]:
    found = {name for name in vars(kind) if not name.startswith("_") or name == "__getitem__"}
    return found | set(vars(kind).get("__annotations__", {}))


def test_the_stand_in_has_exactly_the_calls_of_the_protocol(recorded):
    for name, protocol in protocols().items():
        stand_in = stand_in_for(recorded, name)
        wanted = {member for base in protocol.__mro__ if base.__module__ == calls.__name__ for member in members(base)}
        has = {member for base in stand_in.__mro__ if "recorded_" in base.__module__ for member in members(base)}
        if name in ("LogProperty", "TimeSeries", "Dimension"):  # attributes of the instance
            has |= wanted & {"value", "units", "times", "name"}
        if name in ("Experiment", "MDExperiment"):  # parts of handles, which the stand-in builds on whole ones
            assert has >= wanted, name
        else:
            assert has == wanted, name


def exercise(thing: DataObject) -> None:
    thing.summary()
    for read in (thing.spectra, thing.image, thing.geometry, thing.spectrum_detectors, thing.table, thing.logs):
        try:
            found: Any = read()
        except NotThere:
            continue
        if hasattr(found, "keys"):
            assert all(found[name].name == name for name in found)
        elif hasattr(found, "__getitem__"):
            assert found[0] is not None
    thing.history()
    try:
        for member in thing.members().values():
            exercise(member)
    except NotThere:
        pass


def test_every_call_of_the_protocol_is_made(recorded):
    recorded_parts.CALLED.clear()
    for later in (False, True):
        service = recorded.DataService(later=later)
        for key in service._facts:
            if "CNCS" in key:
                continue  # 51,203 detectors: MARI, LOQ and GEM say the same
            exercise(data_object(service._put(key), recorded.keep))
    exercise(skewed_grid(recorded))
    exercise(data_object(made_of(recorded, "mesh"), recorded.keep))
    events = data_object(service._put("event"), recorded.keep)
    assert isinstance(events, EventObject)
    exercise(events.binned(np.linspace(0, 20000, 5)))
    resolution = service._put("hist")
    resolution._own["Dx"] = np.ones((200, 100))
    resolution._own["masked_bins"] = [3, 4]
    first = data_object(resolution, recorded.keep).spectra()[0]
    assert first.axis.errors is not None and first.mask is not None
    assert np.flatnonzero(first.mask).tolist() == [3, 4]
    made = {
        (base.__name__, call) for kind, call in recorded_parts.CALLED for base in stand_in_for(recorded, kind).__mro__
    }
    watch_an_algorithm()
    made |= recorded_parts.CALLED
    # An index is asked for by an operator, which goes around the stand-in's bookkeeping; the door calls the list.
    wanted = {
        (name, member)
        for name, kind in protocols().items()
        for member in members(kind)
        if member != "__getitem__" and name != "DataService"
    }
    assert wanted - made == set()


def watch_an_algorithm() -> None:
    mantid = recorded_running.Algorithms()
    watcher = AlgorithmWatcher(lambda name: AlgorithmNotes())
    watcher.watch(mantid.observer_base())
    mantid.run("Rebin", steps=2, each=0.0)
    watcher.let_go()
    mantid.manager.cancelAll()


def skewed_grid(recorded) -> DataObject:
    service = recorded.DataService()
    sixty = np.array([[1.0, 0.5, 0.0], [0.0, np.sqrt(0.75), 0.0], [0.0, 0.0, 2.0]])  # columns: a*, b*, c*
    dimensions = [{**found, "frame": "HKL"} for found in service._facts["md_histo"]["dims"]]
    logs = {"W_MATRIX": {"pyclass": "ArrayProperty", "value": list(np.eye(3).ravel()), "units": ""}}
    measured = {"B": sixty, "run_logs": logs, "instrument": {"name": "TOPAZ"}}
    return data_object(service._put("md_histo", "skew", dims=dimensions, measured=[measured]), recorded.keep)


def test_axes_of_a_crystal_stand_at_their_angle(recorded):
    thing = skewed_grid(recorded)
    directions = thing.image().directions
    assert directions is not None
    assert np.allclose(directions @ directions.T, [[1, 0.5, 0], [0.5, 1, 0], [0, 0, 1]])
    assert thing.summary().instrument == "TOPAZ"
    assert data_object(recorded.DataService()._put("md_histo"), recorded.keep).image().directions is None


def test_spectra_stay_what_they_were_when_the_workspace_goes(recorded):
    service = recorded.DataService()
    thing = data_object(service._put("hist"), recorded.keep)
    spectra = thing.spectra()
    first, image = spectra[0], thing.image()
    before = first.values.copy()
    service._delete("hist")
    assert np.array_equal(first.values, before) and first.axis.values[-1] == 20000.0
    assert image.values.max() < recorded.GARBAGE
    for act in (thing.summary, thing.spectra, thing.image, thing.geometry, thing.logs, thing.history):
        with pytest.raises(Gone, match="'hist' was deleted or replaced"):
            act()
    with pytest.raises(Gone):
        spectra[1]


def test_a_variable_whose_workspace_went_before_it_was_looked_at(recorded):
    service = recorded.DataService()
    raw = service._put("hist")
    service._delete("hist")
    with pytest.raises(Gone, match="The workspace of this variable was deleted"):
        data_object(raw, recorded.keep)


def test_the_image_of_a_grid_keeps_its_workspace_and_lets_go_of_it(recorded):
    service = recorded.DataService()
    raw = service._put("md_histo")
    image = data_object(raw, recorded.keep).image()
    total = image.values.sum()
    service._delete("md_histo")
    assert image.values.sum() == total
    cut = image.values[:, :, 0]
    del image
    assert cut.sum() < recorded.GARBAGE and raw._kept == 1
    del cut
    assert raw._kept == 0


def test_events_are_read_out_of_the_buffer_that_the_next_spectrum_uses(recorded):
    service = recorded.DataService()
    spectra = data_object(service._put("event"), recorded.keep).spectra()
    values = [spectrum.values for spectrum in spectra]
    assert np.array_equal(np.array(values), service._arrays["event/Y"])


@pytest.mark.parametrize("later", [False, True], ids=["3.13", "with later calls"])
def test_spectra_of_several_lengths_are_read_and_make_no_image(recorded, later):
    raw = recorded.DataService(later=later)._put("hist", isCommonBins=False)
    lengths = (100, 60, 80)
    for what, more in (("X", 1), ("Y", 0), ("E", 0)):
        raw._own[what] = [raw._own[what][row][: length + more].copy() for row, length in enumerate(lengths)]
    thing = data_object(raw, recorded.keep)
    assert thing.summary().shape == (3, 100)
    assert tuple(spectrum.axis.size for spectrum in thing.spectra()) == lengths
    with pytest.raises(NotThere, match="differ in length"):
        thing.image()


def test_counting_events_anew_loses_none(recorded):
    service = recorded.DataService()
    thing = data_object(service._put("event"), recorded.keep)
    assert isinstance(thing, EventObject)
    one = thing.binned(np.array([0.0, 20000.0]))
    assert one.image().values.sum() == 42500
    assert one.summary().shape == (100, 1)
    assert one.summary().events == 42500
    with pytest.raises(NotThere, match="each larger than the one before"):
        thing.binned(np.array([3.0, 2.0]))


def test_spectra_beyond_the_end_are_refused_before_mantid_sees_them(recorded):
    thing = data_object(recorded.DataService()._put("hist"), recorded.keep)
    spectra = thing.spectra()
    assert len(spectra) == 200 and spectra[-1].name == "spectrum 200"
    assert [spectrum.name for spectrum in spectra[10:12]] == ["spectrum 11", "spectrum 12"]
    for index in (200, -201):
        with pytest.raises(IndexError):
            spectra[index]


def test_shapes_that_mantid_cannot_bound_have_no_size(recorded):
    service = recorded.DataService()
    geometry = data_object(service._put("inst_GEM"), recorded.keep).geometry()
    assert geometry.sizes is not None
    facts = recorded.facts_of("inst_GEM").instrument["shape_bounding_boxes"]
    known = service._arrays["inst_GEM/comp_shape_index"][: len(geometry.ids)]
    unbounded = np.array([facts[str(shape)][1][0] == 100.0 for shape in known])
    assert unbounded.sum() == 1690
    assert np.array_equal(np.isnan(geometry.sizes).all(axis=1), unbounded)
    assert np.nanmax(geometry.sizes) < 1.0


def made_of(recorded, what: str) -> Any:
    """Return MARI with detectors of another class of shapes."""
    raw = recorded.DataService()._put("inst_MARI")
    raw._facts = {**raw._facts, "instrument": {**raw._facts["instrument"], "made of": what}}
    return raw


def test_meshes_have_the_size_of_their_corners_and_other_shapes_none(recorded):
    surfaces, mesh, unknown = (
        data_object(made_of(recorded, what), recorded.keep).geometry() for what in ("surfaces", "mesh", "something")
    )
    assert surfaces.sizes is not None and mesh.sizes is not None and unknown.sizes is not None
    assert np.array_equal(mesh.sizes, surfaces.sizes)
    assert {shape.kind for shape in mesh.shapes} == {"other"}
    assert unknown.shapes == () and np.isnan(unknown.sizes).all()


@pytest.mark.parametrize("name", ["MARI", "LOQ", "GEM", "BASIS", "CNCS"])
def test_shapes_and_rotations_of_siblings_are_told_apart(recorded, name):
    service = recorded.DataService()
    raw = service._put(f"inst_{name}")
    geometry = data_object(raw, recorded.keep).geometry()
    arrays = {file: service._arrays[f"inst_{name}/{file}"] for file in recorded.DETECTOR_ARRAYS}
    count = len(arrays["det_ids"])
    known = arrays["comp_shape_index"][:count]
    assert geometry.shape_of is not None and geometry.rotations is not None
    assert len(geometry.shapes) == len(np.unique(known))
    pairs = set(zip(known.tolist(), geometry.shape_of.tolist(), strict=True))
    assert len(pairs) == len(np.unique(known))
    assert np.array_equal(geometry.rotations, arrays["comp_rotations_wijk"][:count])
    ours, theirs = geometry.two_theta()[~geometry.monitor], arrays["det_two_theta"][~geometry.monitor]
    assert np.allclose(ours, theirs, atol=1e-7)
    assert sum(bank.last - bank.first for bank in geometry.banks) <= count
    for bank in geometry.banks:
        if len(bank.shape) == 2:
            assert bank.shape[0] * bank.shape[1] == bank.last - bank.first


def test_both_ways_to_ask_for_all_detectors_agree(recorded):
    one, other = (
        data_object(recorded.DataService(later=later)._put("inst_GEM"), recorded.keep).geometry()
        for later in (False, True)
    )
    assert np.array_equal(one.positions, other.positions)
    assert one.rotations is not None and other.rotations is not None
    assert np.array_equal(one.rotations, other.rotations) and len(np.unique(one.rotations, axis=0)) > 10


def test_of_many_siblings_three_stand_for_all_only_if_they_agree():
    group = np.arange(1000, 1400)
    asked: list[int] = []

    def ask(index: int) -> int:
        asked.append(index)
        return int(index >= odd)

    odd = 2000
    assert _each(group, ask) == [0] * 400 and len(asked) == 3
    odd = 1399
    assert _each(group, ask) == [0] * 399 + [1]


def test_banks_are_what_people_call_so(recorded):
    service = recorded.DataService()

    def banks(name: str) -> dict[str, tuple[int, ...]]:
        geometry = data_object(service._put(f"inst_{name}"), recorded.keep).geometry()
        return {bank.name: bank.shape for bank in geometry.banks}

    assert banks("LOQ")["main-detector-bank"] == (128, 128)
    cncs = banks("CNCS")
    assert cncs["bank1"] == (8, 128) and len(cncs) == 51
    assert {"bank1", "bank6", "monitors"} <= set(banks("GEM"))


@pytest.mark.parametrize(
    ("value", "told"),
    [(object, "<class 'object'>"), (np.array([1.0, 2.5]), 2.5), (iter(["a", "b"]), "b"), (np.int32(7), 7), ("x", "x")],
)
def test_a_log_of_any_class_has_a_value(value, told):
    log = log_of("odd", recorded_parts.LogProperty({"value": value, "units": ""}))  # type: ignore[arg-type]
    assert log.value == told and log.times is None


@pytest.mark.parametrize("key", ["hist", "event", "table_all_types", "md_event", "peaks"])
def test_texts_that_are_not_utf_8_are_read_all_the_same(recorded, key):
    written = "rotated by 10°".encode("latin-1")
    logs = {"note": {"pyclass": "StringPropertyWithValue", "value": written, "units": ""}}
    thing = data_object(recorded.DataService()._put(key, title=written, run_logs=logs), recorded.keep)
    assert thing.summary().title == "rotated by 10°"
    if key in ("hist", "event"):
        assert thing.logs()["note"].value == "rotated by 10°"


def test_an_unknown_workspace_has_a_summary(recorded):
    facts = {"kind": "SplittersWorkspace", "title": "Cuts"}
    raw = recorded.Workspace("", "odd", facts, {})
    thing = data_object(raw, recorded.keep)
    assert thing.summary().type == "SplittersWorkspace" and thing.summary().title == "Cuts"
    with pytest.raises(NotThere, match="The SplittersWorkspace 'odd' has no spectra"):
        thing.spectra()


def test_nothing_is_read_before_it_is_asked_for(recorded):
    thing = data_object(recorded.DataService()._put("hist"), recorded.keep)
    recorded_parts.CALLED.clear()
    thing.summary()
    spectra = thing.spectra()
    thing.spectrum_detectors()
    thing.logs()
    read = {call for _, call in recorded_parts.CALLED}
    assert not read & {"readX", "readY", "readE", "extractY", "extractValues", "getSpectrum", "position", "getProperty"}
    first, second = spectra[0], spectra[1]
    assert first.axis is second.axis, "common bins are read once"
