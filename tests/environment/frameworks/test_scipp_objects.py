"""scipp's arrays, datasets, events and groups, as plots and panels see them."""

import numpy as np
import pytest
import scipp as sc

from mantidlab.frameworks.model import EventObject, Kind, NotThere
from mantidlab.frameworks.scipp import as_data_object

PIXELS, BINS = 6, 4


def spectra_array() -> sc.DataArray:
    counts = np.arange(float(PIXELS * BINS)).reshape(PIXELS, BINS)
    return sc.DataArray(
        sc.array(dims=["spectrum", "tof"], values=counts, variances=counts, unit="counts"),
        coords={
            "tof": sc.linspace("tof", 0.0, 40.0, BINS + 1, unit="us"),
            "spectrum": sc.arange("spectrum", 1, PIXELS + 1, unit=None),
            "detector_number": sc.arange("spectrum", 11, PIXELS + 11, unit=None),
            "position": sc.vectors(dims=["spectrum"], values=np.arange(18.0).reshape(6, 3), unit="mm"),
            "sample_position": sc.vector([0.0, 0.0, 1.0], unit="m"),
            "source_position": sc.vector([0.0, 0.0, -9.0], unit="m"),
            "gravity": sc.vector([-9.8, 0.0, 0.0], unit="m/s^2"),
            "temperature": sc.scalar(4.2, unit="K"),
            "title": sc.scalar("vanadium"),
        },
        masks={
            "broken": sc.array(dims=["spectrum"], values=[False, True, False, False, False, False]),
            "prompt": sc.array(dims=["tof"], values=[True, False, False, False]),
        },
        name="run 7",
    )


def events_array(rows: int = 200) -> sc.DataArray:
    table = sc.data.table_xyz(rows, coord_max=10)
    table.coords["tof"] = table.coords.pop("x") * 1.0
    table.coords["tof"].unit = "us"
    table.variances = table.values
    return table.bin(y=4, z=5)


def test_a_summary_reads_no_values():
    summary = as_data_object(spectra_array()).summary()
    assert summary.name == "run 7" and summary.title == "vanadium"
    assert summary.kind is Kind.SPECTRA and summary.framework == "scipp"
    assert summary.shape == (6, 4) and summary.dims == ("spectrum", "tof") and summary.unit == "counts"
    assert summary.memory is not None and summary.memory >= PIXELS * BINS * 16


def test_values_and_positions_are_scipps_own_memory():
    array = spectra_array()
    thing = as_data_object(array)
    spectrum, image = thing.spectra()[2], thing.image()
    assert np.shares_memory(spectrum.values, array.values)
    assert np.shares_memory(spectrum.axis.values, array.coords["tof"].values)
    assert np.shares_memory(image.values, array.values)
    metres = array.copy()
    metres.coords["position"] = metres.coords["position"].to(unit="m")
    assert np.shares_memory(as_data_object(metres).geometry().positions, metres.coords["position"].values)
    with pytest.raises(ValueError, match="read-only"):
        spectrum.values[0] = 1
    array.values[2, 0] = 77.0
    assert spectrum.values[0] == 77.0


def test_a_spectrum_has_bins_units_errors_and_both_masks():
    spectra = as_data_object(spectra_array()).spectra()
    assert len(spectra) == PIXELS
    spectrum = spectra[2]
    assert spectrum.values.tolist() == [8.0, 9.0, 10.0, 11.0]
    assert spectrum.errors is not None and np.allclose(spectrum.errors**2, spectrum.values)
    assert spectrum.axis.edges and spectrum.axis.unit == "µs" and spectrum.axis.size == BINS and not spectrum.axis.log
    assert spectrum.mask is not None and spectrum.mask.tolist() == [True, False, False, False]
    assert spectra[1].mask is not None and spectra[1].mask.all()
    assert spectrum.name == "spectrum 2" and spectrum.unit == "counts"


def test_the_image_has_the_same_masks():
    image = as_data_object(spectra_array()).image()
    assert [axis.name for axis in image.axes] == ["spectrum", "tof"]
    assert image.mask is not None
    assert image.mask[1].all() and image.mask[:, 0].all() and not image.mask[2:, 1:].any()


def test_detectors_are_where_the_coordinates_say():
    thing = as_data_object(spectra_array())
    geometry = thing.geometry()
    assert geometry.positions[1].tolist() == pytest.approx([0.003, 0.004, 0.005])
    assert geometry.ids.tolist() == [11, 12, 13, 14, 15, 16]
    assert geometry.beam.tolist() == [0.0, 0.0, 1.0] and geometry.up.tolist() == [1.0, 0.0, 0.0]
    assert geometry.source is not None and np.linalg.norm(geometry.source - geometry.sample) == 10.0
    assert geometry.masked.tolist() == [False, True, False, False, False, False]
    assert thing.spectrum_detectors()[3].tolist() == [3]


def test_detectors_on_a_grid_keep_their_order():
    positions = np.random.default_rng(1).normal(size=(3, 2, 3))
    array = sc.DataArray(
        sc.zeros(dims=["x", "y", "tof"], shape=[2, 3, 5]),
        coords={"position": sc.vectors(dims=["y", "x"], values=positions, unit="m")},
    )
    thing = as_data_object(array, "grid")
    geometry, detectors = thing.geometry(), thing.spectrum_detectors()
    assert len(detectors) == 6
    for index in range(6):
        x, y = divmod(index, 3)
        assert np.array_equal(geometry.positions[detectors[index][0]], positions[y, x])


def test_each_row_may_have_edges_of_its_own():
    edges = np.array([[0.0, 1.0, 2.0], [0.0, 10.0, 100.0]])
    array = sc.DataArray(
        sc.ones(dims=["spectrum", "dspacing"], shape=[2, 2]),
        coords={"dspacing": sc.array(dims=["spectrum", "dspacing"], values=edges, unit="angstrom")},
    )
    thing = as_data_object(array)
    assert [spectrum.axis.values.tolist() for spectrum in thing.spectra()] == edges.tolist()
    assert thing.spectra()[0].axis.edges and thing.spectra()[0].axis.unit == "Å"
    assert thing.image().axes[1].values.shape == (2, 3) and thing.image().axes[1].size == 2
    with pytest.raises(NotThere, match="transpose it so that 'dspacing' comes last"):
        as_data_object(array.transpose()).image()


def test_logarithmic_steps_are_seen():
    array = sc.DataArray(
        sc.ones(dims=["Q"], shape=[20]), coords={"Q": sc.geomspace("Q", 0.01, 1, 21, unit="1/angstrom")}
    )
    axis = as_data_object(array).spectra()[0].axis
    assert axis.log and axis.unit == "1/Å"


def test_events_are_counted_into_bins_of_ones_own():
    array = events_array()
    thing = as_data_object(array, "events")
    assert isinstance(thing, EventObject)
    summary = thing.summary()
    assert summary.kind is Kind.EVENTS and summary.events == 200 and summary.shape == (4, 5)
    chosen = np.array([0.0, 2.0, 5.0, 10.0])
    counted = thing.binned(chosen)
    assert counted.summary().shape == (4, 5, 3) and counted.summary().dims == ("y", "z", "tof")
    expected = array.hist(tof=sc.array(dims=["tof"], values=chosen, unit="us"))
    spectra = counted.spectra()
    assert len(spectra) == 20
    for index in (0, 7, 19):
        y, z = divmod(index, 5)
        assert np.allclose(spectra[index].values, expected.values[y, z])
        assert np.allclose(spectra[index].errors, np.sqrt(expected.variances[y, z]))
    assert np.allclose(counted.image().values, expected.values)
    assert spectra[0].axis.values.tolist() == chosen.tolist() and spectra[0].axis.unit == "µs"
    with pytest.raises(NotThere, match="each larger"):
        thing.binned(np.array([1.0]))


def test_without_a_choice_the_bins_cover_all_events():
    array = events_array()
    thing = as_data_object(array)
    assert thing.image().values.sum() == pytest.approx(array.sum().value)
    along = array.bins.concat().value.bin(tof=7)
    assert as_data_object(along).spectra()[0].axis.size == 7


def test_pixels_that_share_a_mask_are_masked_when_events_are_counted():
    array = events_array()
    array.masks["bad"] = sc.array(dims=["y"], values=[False, True, False, False])
    spectra = as_data_object(array).binned(np.array([0.0, 5.0, 10.0])).spectra()
    assert spectra[0].mask is None
    assert spectra[5].mask is not None and spectra[5].mask.all()


def test_texts_times_and_vectors_make_a_table():
    rows = sc.DataArray(
        sc.array(dims=["row"], values=[1.5, 2.5, 3.5], unit="K"),
        coords={
            "what": sc.array(dims=["row"], values=["a", "b", "c"]),
            "when": sc.datetimes(dims=["row"], values=[0, 1, 2], unit="s"),
            "where": sc.vectors(dims=["row"], values=np.eye(3), unit="m"),
            "edges": sc.arange("row", 4.0),
        },
        name="value",
    )
    table = as_data_object(rows).table()
    named = {column.name: column for column in table.columns}
    assert table.rows == 3 and set(named) == {"what", "when", "where", "value"}
    assert named["what"].values.tolist() == ["a", "b", "c"]
    assert named["when"].values.dtype.kind == "M"
    assert named["where"].values.shape == (3, 3) and named["where"].unit == "m"
    text = as_data_object(sc.array(dims=["row"], values=["a", "b"]), "words")
    assert text.summary().kind is Kind.TABLE
    with pytest.raises(NotThere, match="no spectra"):
        text.spectra()


def test_a_time_axis_keeps_its_times():
    times = sc.datetimes(dims=["time"], values=[0, 60], unit="s")
    spectrum = as_data_object(sc.DataArray(sc.ones(dims=["time"], shape=[2]), coords={"time": times})).spectra()[0]
    assert spectrum.axis.values.dtype.kind == "M" and not spectrum.axis.log


def test_single_values():
    thing = as_data_object(sc.scalar(3.5, variance=0.25, unit="meV"), "gap")
    assert thing.summary().shape == () and thing.summary().unit == "meV"
    assert thing.table().columns[0].values.tolist() == [3.5]
    for read in (thing.spectra, thing.image, thing.geometry, thing.spectrum_detectors, thing.members):
        with pytest.raises(NotThere):
            read()
    assert thing.history() == ()


def test_a_dataset_is_columns_and_members():
    dataset = sc.Dataset(
        data={"a": sc.array(dims=["x"], values=[1.0, 2.0]), "b": sc.array(dims=["x"], values=[3, 4], unit="m")},
        coords={"x": sc.array(dims=["x"], values=[0.1, 0.2], unit="s")},
    )
    thing = as_data_object(dataset, "pair")
    assert thing.summary().members == ("a", "b") and thing.summary().kind is Kind.GROUP
    assert [(column.name, column.unit) for column in thing.table().columns] == [("x", "s"), ("a", ""), ("b", "m")]
    assert np.shares_memory(thing.spectra()[0].values, dataset["a"].values)
    assert thing.members()["b"].spectra()[0].values.tolist() == [3, 4]


def test_a_group_has_members_and_logs():
    series = sc.DataArray(
        sc.array(dims=["time"], values=[4.1, 4.2], unit="K"),
        coords={"time": sc.datetimes(dims=["time"], values=[0, 5], unit="s")},
    )
    group = sc.DataGroup(
        title="a run",
        detectors=spectra_array(),
        temperature=series,
        charge=sc.scalar(12.5, unit="uA*hour"),
        wrapped=sc.scalar(series),
        nested=sc.DataGroup(more=sc.scalar(1)),
    )
    thing = as_data_object(group, "file")
    assert thing.summary().title == "a run"
    assert list(thing.members()) == ["detectors", "temperature", "charge", "wrapped", "nested"]
    assert thing.members()["nested"].summary().members == ("more",)
    logs = thing.logs()
    assert logs["title"].value == "a run"
    assert logs["temperature"].value == 4.2 and logs["temperature"].unit == "K"
    assert logs["temperature"].times is not None and logs["temperature"].times.dtype == "datetime64[ns]"
    assert (logs["charge"].value, logs["charge"].unit) == (12.5, "µAh")
    assert logs["wrapped"].values is not None and logs["wrapped"].values.tolist() == [4.1, 4.2]
    assert as_data_object(spectra_array()).logs()["temperature"].value == 4.2


def test_what_is_not_scipps_is_refused_in_a_sentence():
    with pytest.raises(NotThere, match="'x' is a list"):
        as_data_object([1, 2], "x")


def test_a_coordinate_of_the_last_dimension_may_have_none_or_several_dimensions():
    data = sc.ones(dims=["y", "x"], shape=[2, 3])
    for x in (
        sc.array(dims=["y", "x"], values=np.arange(6.0).reshape(2, 3)),
        sc.array(dims=["y", "x"], values=np.arange(8.0).reshape(2, 4)),
        sc.array(dims=["y"], values=[1.0, 2.0]),
        sc.scalar(1.0),
    ):
        thing = as_data_object(sc.DataArray(data, coords={"x": x}))
        assert thing.summary().shape == (2, 3)
        assert thing.spectra()[1].axis.edges is (x.shape == (2, 4))
        assert thing.image().axes[1].size == 3


def test_moments_are_no_numbers_to_choose_bins_of():
    array = events_array()
    for name in list(array.bins.coords):
        del array.bins.coords[name]
    table = array.bins.constituents["data"]
    array.bins.coords["when"] = sc.bins(
        dim="row",
        data=sc.datetimes(dims=["row"], values=np.arange(table.size), unit="s"),
        begin=array.bins.constituents["begin"],
        end=array.bins.constituents["end"],
    )
    thing = as_data_object(array)
    assert thing.summary().events == array.bins.size().sum().value
    for read in (thing.spectra, thing.image):
        with pytest.raises(NotThere, match="that is a number"):
            read()
    binned = as_data_object(array.bins.concat().value.bin(when=3))
    assert binned.spectra()[0].axis.values.dtype.kind == "M"
    with pytest.raises(NotThere, match="'when', which are moments"):
        binned.binned([0.0, 1.0])


@pytest.mark.parametrize("times", [np.full(200, 3.0), np.full(200, np.nan), np.array([])], ids=["same", "nan", "none"])
def test_bins_that_nobody_chose_can_be_drawn(times):
    array = sc.DataArray(
        sc.ones(dims=["row"], shape=[len(times)], unit="counts"),
        coords={
            "tof": sc.array(dims=["row"], values=times, unit="us"),
            "id": sc.array(dims=["row"], values=np.arange(len(times)) % 2),
        },
    ).group(sc.array(dims=["id"], values=[0, 1]))
    spectrum = as_data_object(array).spectra()[0]
    assert np.isfinite(spectrum.axis.values).all() and (np.diff(spectrum.axis.values) > 0).all()
    assert spectrum.values.sum() == (100 if np.isfinite(times).any() else 0)


def test_bins_that_are_masked_stay_so_when_events_are_counted():
    array = events_array()
    array.masks["prompt"] = sc.array(dims=["z"], values=[True, False, False, False, False])
    for name in ("tof", "y"):
        del array.bins.coords[name]
    thing = as_data_object(array)
    assert thing.spectra()[0].mask.tolist() == [True, False, False, False, False]
    assert thing.image().mask[:, 0].all() and not thing.image().mask[:, 1:].any()
    other = thing.binned(np.array([0.0, 5.0, 10.0]))
    for read in (other.spectra, other.image):
        with pytest.raises(NotThere, match="other bins would show what they hide"):
            read()
    with pytest.raises(NotThere, match="must be numbers"):
        thing.binned("many")


def test_events_are_no_column_of_a_table():
    dataset = sc.Dataset({"events": events_array()["z", 0], "height": sc.arange("y", 4.0)})
    assert [column.name for column in as_data_object(dataset).table().columns] == ["height"]


def test_what_a_group_names_as_its_members_can_be_opened():
    group = sc.DataGroup(a=sc.arange("x", 3.0), text="words", plain=np.arange(3), nothing=None)
    thing = as_data_object(group)
    assert thing.summary().members == tuple(thing.members()) == ("a",)
    assert thing.summary().shape == (1,)


def test_what_a_single_value_wraps_is_read_itself():
    wrapped = sc.scalar(sc.DataArray(sc.arange("time", 3.0, unit="K")))
    assert as_data_object(wrapped, "temperature").spectra()[0].values.tolist() == [0, 1, 2]


def test_a_variance_below_zero_has_no_error_and_no_warning(recwarn):
    array = sc.DataArray(sc.array(dims=["x"], values=[1.0, 2.0], variances=[4.0, -1.0]))
    assert np.array_equal(as_data_object(array).spectra()[0].errors, [2.0, np.nan], equal_nan=True)
    assert not recwarn


def test_detectors_on_a_grid_are_a_bank_with_rows_and_columns():
    places = np.arange(2 * 3 * 4 * 3, dtype=float).reshape(2, 3, 4, 3)
    array = sc.DataArray(
        sc.ones(sizes={"bank": 2, "y": 3, "x": 4, "tof": 1}),
        coords={"position": sc.vectors(dims=["bank", "y", "x"], values=places, unit="m")},
    )
    banks = as_data_object(array).geometry().banks
    assert [(bank.name, bank.first, bank.last, bank.shape) for bank in banks] == [
        ("bank 0", 0, 12, (3, 4)),
        ("bank 1", 12, 24, (3, 4)),
    ]
    assert as_data_object(array["bank", 0]["y", 0]).geometry().banks == ()
    assert as_data_object(array["bank", 0]).geometry().banks[0].shape == (3, 4)
