"""One quantity from another: against scippneutron, against itself, and against what Mantid recorded."""

from itertools import product

import numpy as np
import pytest
import scipp as sc
import scippneutron as scn
from hypothesis import given
from hypothesis import strategies as st

from mantidlab.frameworks.model import Axis, Geometry
from mantidlab.plots.conversion.axes import convert, reachable
from mantidlab.plots.conversion.flight import UNKNOWN, Flight, Flights
from mantidlab.plots.conversion.quantities import Quantity, named, quantity_of
from mantidlab.plots.errors import NoConversion

ELASTIC = [Quantity.TIME, Quantity.WAVELENGTH, Quantity.SPACING, Quantity.TRANSFER, Quantity.ENERGY]
COORDS = {
    Quantity.TIME: "tof",
    Quantity.WAVELENGTH: "wavelength",
    Quantity.SPACING: "dspacing",
    Quantity.TRANSFER: "Q",
    Quantity.ENERGY: "energy",
    Quantity.ENERGY_TRANSFER: "energy_transfer",
}
UNITS = {"tof": "us", "wavelength": "angstrom", "dspacing": "angstrom", "Q": "1/angstrom", "energy": "meV"}
FLIGHT = Flight(before=10.0, after=2.5, two_theta=1.1)

flights = st.builds(
    Flight,
    before=st.floats(1, 200),
    after=st.floats(0.1, 20),
    two_theta=st.floats(0.001, np.pi),
)


def scippneutron(times, target, flight):
    position = sc.vector(flight.after * np.array([np.sin(flight.two_theta), 0.0, np.cos(flight.two_theta)]), unit="m")
    coords = {
        "tof": sc.array(dims=["tof"], values=times, unit="us"),
        "source_position": sc.vector([0.0, 0.0, -flight.before], unit="m"),
        "sample_position": sc.vector([0.0, 0.0, 0.0], unit="m"),
        "position": position,
    }
    graph = {**scn.conversion.graph.beamline.beamline(scatter=True)}
    if flight.incident_energy is not None:
        coords["incident_energy"] = sc.scalar(flight.incident_energy, unit="meV")
        graph |= scn.conversion.graph.tof.direct_inelastic("tof")
    elif flight.final_energy is not None:
        coords["final_energy"] = sc.scalar(flight.final_energy, unit="meV")
        graph |= scn.conversion.graph.tof.indirect_inelastic("tof")
    else:
        graph |= scn.conversion.graph.tof.elastic("tof")
    data = sc.DataArray(sc.zeros(dims=["tof"], shape=[len(times)]), coords=coords)
    found = data.transform_coords(COORDS[target], graph=graph).coords[COORDS[target]]
    unit = UNITS.get(COORDS[target], "meV")
    return found.to(unit=unit).values


@pytest.mark.parametrize("target", [quantity for quantity in ELASTIC if quantity != Quantity.TIME])
def test_elastic_as_scippneutron(target):
    times = np.linspace(500, 60_000, 100)
    ours = convert(times, Quantity.TIME, target, FLIGHT)
    np.testing.assert_allclose(ours, scippneutron(times, target, FLIGHT), rtol=1e-12)


@pytest.mark.parametrize(
    "flight",
    [
        Flight(before=11.8, after=4.0, two_theta=0.5, incident_energy=25.0),
        Flight(before=36.5, after=0.85, two_theta=1.5, final_energy=1.845),
    ],
    ids=["direct", "indirect"],
)
def test_energy_transfer_as_scippneutron(flight):
    before = 1 if flight.final_energy is None else 0
    times = np.linspace(6_000, 12_000, 50) if before else np.linspace(60_000, 70_000, 50)
    ours = convert(times, Quantity.TIME, Quantity.ENERGY_TRANSFER, flight)
    theirs = scippneutron(times, Quantity.ENERGY_TRANSFER, flight)
    known = np.isfinite(theirs)
    assert known.sum() > 40
    np.testing.assert_allclose(ours[known], theirs[known], rtol=1e-10, atol=1e-10)
    assert np.isnan(ours[~known]).all()


@given(
    flight=flights,
    value=st.floats(1e-2, 1e6),
    pair=st.sampled_from(list(product(ELASTIC, ELASTIC))),
)
def test_there_and_back(flight, value, pair):
    source, target = pair
    there = convert(np.array([value]), source, target, flight)
    back = convert(there, target, source, flight)
    np.testing.assert_allclose(back, [value], rtol=1e-9)


@given(energy=st.floats(0.1, 2000), transfer=st.floats(-3, 0.99), after=st.floats(0.5, 10), direct=st.booleans())
def test_energy_transfer_there_and_back(energy, transfer, after, direct):
    flight = Flight(
        10.0, after, 0.5, incident_energy=energy if direct else None, final_energy=None if direct else energy
    )
    wanted = np.array([transfer * energy if direct else -transfer * energy])
    time = convert(wanted, Quantity.ENERGY_TRANSFER, Quantity.TIME, flight)
    assert time[0] > 0
    np.testing.assert_allclose(
        convert(time, Quantity.TIME, Quantity.ENERGY_TRANSFER, flight), wanted, rtol=1e-6, atol=1e-6 * energy
    )


@given(st.lists(st.floats(1, 1e5), min_size=2, max_size=20, unique=True), flights)
def test_order_is_kept_or_turned_as_a_whole(times, flight):
    times = np.sort(times)
    times = times[np.concatenate([[True], np.diff(times) > 1e-6 * times[1:]])]
    for target in (Quantity.WAVELENGTH, Quantity.SPACING):
        assert (np.diff(convert(times, Quantity.TIME, target, flight)) > 0).all()
    for target in (Quantity.TRANSFER, Quantity.ENERGY):
        assert (np.diff(convert(times, Quantity.TIME, target, flight)) < 0).all()


def test_the_mean_of_several_detectors():
    geometry = Geometry(
        "",
        ids=np.arange(3),
        positions=np.array([[1.0, 0, 0], [0, 0, 3.0], [0, 0, -2.0]]),
        monitor=np.array([False, False, True]),
        masked=np.zeros(3, bool),
        source=np.array([0, 0, -10.0]),
        sample=np.zeros(3),
        beam=np.array([0, 0, 1.0]),
        up=np.array([0, 1.0, 0]),
    )
    many = Flights(geometry, None, None)
    both = many.of(np.array([0, 1]))
    assert (both.before, both.after) == (10.0, 2.0)
    assert both.two_theta == pytest.approx(np.pi / 4)
    monitor = many.of(np.array([2]))
    assert (monitor.whole, monitor.two_theta) == (8.0, None)
    assert many.of(np.array([], dtype=int)) == UNKNOWN
    rows = convert(np.array([1000.0, 2000.0]), Quantity.TIME, Quantity.WAVELENGTH, many.of_all())
    assert rows.shape == (3, 2)
    np.testing.assert_allclose(
        rows[1], convert(np.array([1000.0, 2000.0]), Quantity.TIME, Quantity.WAVELENGTH, many.of(np.array([1])))
    )


@pytest.mark.parametrize(
    ("flight", "target", "words"),
    [
        (UNKNOWN, Quantity.WAVELENGTH, "how far the neutrons flew"),
        (Flight(10, 2, None), Quantity.SPACING, "scattering angle"),
        (FLIGHT, Quantity.ENERGY_TRANSFER, "fixed energy"),
        (Flight(10, 2, 1.0, incident_energy=10.0), Quantity.WAVELENGTH, "changed their energy"),
    ],
)
def test_what_is_missing_is_said(flight, target, words):
    assert target not in reachable(Quantity.TIME, flight)
    with pytest.raises(NoConversion, match=words):
        convert(np.array([1.0]), Quantity.TIME, target, flight)


def test_what_can_be_reached():
    assert set(reachable(Quantity.TIME, FLIGHT)) == set(ELASTIC)
    assert set(reachable(Quantity.WAVELENGTH, Flight(two_theta=1.0))) == set(ELASTIC) - {Quantity.TIME}
    assert reachable(Quantity.ENERGY_TRANSFER, UNKNOWN) == (Quantity.ENERGY_TRANSFER,)


@pytest.mark.parametrize(
    ("name", "unit", "quantity", "factor"),
    [
        ("TOF", "µs", Quantity.TIME, 1.0),
        ("tof", "ns", Quantity.TIME, 1e-3),
        ("dSpacing", "Å", Quantity.SPACING, 1.0),
        ("MomentumTransfer", "1/Å", Quantity.TRANSFER, 1.0),
        ("Q", "1/nm", Quantity.TRANSFER, 0.1),
        ("DeltaE_inWavenumber", "1/cm", Quantity.ENERGY_TRANSFER, None),
    ],
)
def test_names_of_mantid_and_scipp(name, unit, quantity, factor):
    found = quantity_of(Axis(name, "", unit, np.zeros(1)))
    assert found is not None
    assert found[0] == quantity
    if factor is not None:
        assert found[1] == factor
    else:  # h c, from scipp's own constants
        energy = (sc.constants.h * sc.constants.c * sc.scalar(1.0, unit="1/cm")).to(unit="meV")
        assert found[1] == pytest.approx(energy.value, rel=1e-12)


def test_other_axes_are_none():
    assert quantity_of(Axis("temperature", "Temperature", "K", np.zeros(1))) is None
    assert quantity_of(Axis("TOF", "", "parsec", np.zeros(1))) is None
    assert named("d-spacing") == Quantity.SPACING
    assert named("tof") == Quantity.TIME
    assert named("parsec") is None
