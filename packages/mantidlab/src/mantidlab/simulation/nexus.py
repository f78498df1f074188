"""How a run is written: NeXus, in events.

The layout follows the base classes of the NeXus standard (manual.nexusformat.org): NXentry holds NXinstrument with
NXsource, NXdetector (which holds NXevent_data) and NXmonitor, and NXsample. Positions are pixel offsets and a chain of
transformations that ends at the sample; z is along the beam, y is up (McStas convention, which NeXus took over).
"""

import io
from datetime import timedelta

import h5py
import numpy as np

from mantidlab.simulation.drawing import Floats
from mantidlab.simulation.measurement import Component, Detector, Events, Monitor, Run, Sample, Value

ENTRY = "entry"
CHARGE_SPREAD = 0.02
"""Relative spread of the charge from pulse to pulse."""
COMPRESSION = {"compression": "gzip", "compression_opts": 1, "shuffle": True}


def to_nexus(run: Run, rng: np.random.Generator) -> bytes:
    """The file that holds a run, as bytes: the same bytes for the same run and the same state of `rng`."""
    memory = io.BytesIO()
    with h5py.File(memory, "w") as file:
        file.attrs["default"] = ENTRY
        entry = _group(file, ENTRY, "NXentry")
        pulse_times, pulse_charges = _pulses(run, rng)
        _write_header(entry, run, float(pulse_charges.sum()))
        _write_sample(_group(entry, "sample", "NXsample"), run.sample)
        instrument = _group(entry, "instrument", "NXinstrument")
        _field(instrument, "name", run.header.instrument)
        _write_source(_group(instrument, "source", "NXsource"), run)
        _write_monitor(_group(instrument, "monitor_incident", "NXmonitor"), run.monitor)
        detector = _group(instrument, "detector", "NXdetector")
        _write_detector(detector, run.detector)
        events = _group(detector, "events", "NXevent_data")
        _write_events(events, run, pulse_times, pulse_charges, rng)
        for component in run.components:
            _write_component(instrument, component)
        _write_charge_log(entry, run, pulse_times, pulse_charges)
    return memory.getvalue()


def _pulses(run: Run, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Time (s) after the start and charge (µA h) of each pulse."""
    count = run.source.pulses(run.header.charge)
    charges = run.header.charge / count * rng.normal(1.0, CHARGE_SPREAD, count)
    charges *= run.header.charge / charges.sum()
    return np.arange(count) / run.source.frequency, charges


def _write_header(entry: h5py.Group, run: Run, charge: float) -> None:
    header = run.header
    duration = run.source.duration(header.charge)
    _field(entry, "title", header.title)
    _field(entry, "run_number", header.number)
    _field(entry, "run_cycle", header.cycle)
    _field(entry, "start_time", header.start.isoformat())
    _field(entry, "end_time", (header.start + duration).isoformat())
    _field(entry, "duration", duration / timedelta(seconds=1), "s")
    _field(entry, "proton_charge", charge, "uA*h")
    _field(entry, "total_counts", len(run.events.numbers), "counts")
    _field(entry, "program_name", "mantidlab.simulation")
    _field(entry, "notes", "Simulated data: drawn from formulas, not measured.")


def _write_sample(group: h5py.Group, sample: Sample) -> None:
    _field(group, "name", sample.name)
    _field(group, "description", sample.description)
    _field(group, "depends_on", ".")
    _fields(group, sample.properties)


def _write_source(group: h5py.Group, run: Run) -> None:
    _field(group, "name", "simulated source")
    _field(group, "type", "Spallation Neutron Source")
    _field(group, "probe", "neutron")
    _field(group, "frequency", run.source.frequency, "Hz")
    _place(group, run.source_position)


def _write_monitor(group: h5py.Group, monitor: Monitor) -> None:
    group.attrs["signal"] = "data"
    group.attrs["axes"] = ["time_of_flight"]
    _field(group, "data", monitor.counts.astype(np.int32), "counts")
    _field(group, "time_of_flight", monitor.time_edges, "us")
    _place(group, monitor.position)


def _write_detector(group: h5py.Group, detector: Detector) -> None:
    numbers = detector.numbers.ravel()
    distance = float(detector.z.mean())
    group.attrs["axes"] = ["detector_number"]
    _field(group, "description", detector.description)
    _field(group, "detector_number", numbers)
    offsets = {"x_pixel_offset": detector.x, "y_pixel_offset": detector.y, "z_pixel_offset": detector.z - distance}
    for name, values in offsets.items():
        _field(group, name, values.ravel(), "m")
        group.attrs[f"{name}_indices"] = 0
    width, height = detector.pixel_size
    _field(group, "x_pixel_size", width, "m")
    _field(group, "y_pixel_size", height, "m")
    _place(group, distance)


def _write_events(
    group: h5py.Group, run: Run, pulse_times: Floats, pulse_charges: Floats, rng: np.random.Generator
) -> None:
    """Spread the events over the pulses in proportion to their charge, in no order within a pulse."""
    events: Events = run.events
    count = len(events.numbers)
    order = rng.permutation(count)
    per_pulse = rng.multinomial(count, pulse_charges / pulse_charges.sum())
    index = np.concatenate(([0], np.cumsum(per_pulse)[:-1]))
    _field(group, "event_id", events.numbers[order].astype(np.int32))
    _field(group, "event_time_offset", events.time_of_flight[order].astype(np.float32), "us")
    _field(group, "event_time_zero", pulse_times, "s").attrs["offset"] = run.header.start.isoformat()
    _field(group, "event_index", index.astype(np.int64))


def _write_component(instrument: h5py.Group, component: Component) -> None:
    _fields(_group(instrument, component.name, component.nexus_class), component.properties)


def _write_charge_log(entry: h5py.Group, run: Run, times: Floats, charges: Floats) -> None:
    logs = _group(entry, "logs", "NXcollection")
    log = _group(logs, "proton_charge", "NXlog")
    _field(log, "value", charges.astype(np.float32), "uA*h")
    _field(log, "time", times, "s").attrs["start"] = run.header.start.isoformat()


def _place(group: h5py.Group, z: float) -> None:
    """Put a component at z metres from the sample."""
    transformations = _group(group, "transformations", "NXtransformations")
    translation = _field(transformations, "translation", z, "m")
    translation.attrs["transformation_type"] = "translation"
    translation.attrs["vector"] = [0.0, 0.0, 1.0]
    translation.attrs["depends_on"] = "."
    _field(group, "depends_on", translation.name)


def _group(parent: h5py.Group, name: str, nexus_class: str) -> h5py.Group:
    group = parent.create_group(name)
    group.attrs["NX_class"] = nexus_class
    return group


def _fields(group: h5py.Group, values: dict[str, Value]) -> None:
    for name, value in values.items():
        _field(group, name, value.number, value.unit)


def _field(group: h5py.Group, name: str, value: object, unit: str | None = None) -> h5py.Dataset:
    options = COMPRESSION if isinstance(value, np.ndarray) and value.size > 100 else {}
    dataset = group.create_dataset(name, data=value, **options)
    if unit is not None:
        dataset.attrs["units"] = unit
    return dataset
