"""Extracts Mantid's facilities with their instruments, and its units."""

from functools import partial

from mantidlab.docs.catalogue import Facility, Instrument, Unit
from mantidlab.docs.extract.asking import Asking
from mantidlab.docs.extract.mantid_api import FacilityInfo, InstrumentInfo, Kernel
from mantidlab.docs.extract.mantid_properties import texts

# Some instruments changed prefix and padding at a certain run; what holds now is that of the highest number there is.
LATEST_RUN = 99_999_999


def facilities(asking: Asking, kernel: Kernel) -> tuple[Facility, ...]:
    """Return the facilities in the order of Mantid's ``Facilities.xml``."""
    found = asking.ask("list", "the facilities", lambda: list(kernel.config.getFacilities()), [])
    described = [
        asking.ask("description", f"facility {place}", partial(_facility, asking, one), None)
        for place, one in enumerate(found, start=1)
    ]
    return tuple(facility for facility in described if facility is not None)


def _facility(asking: Asking, one: FacilityInfo) -> Facility:
    name = one.name()
    instruments = asking.ask("instruments", name, lambda: list(one.instruments()), [])
    described = [
        asking.ask("description", f"instrument {place} of {name}", partial(_instrument, it), None)
        for place, it in enumerate(instruments, start=1)
    ]
    return Facility(
        name=name,
        extensions=asking.ask("extensions", name, lambda: texts(one.extensions()), ()),
        preferred_extension=asking.ask("preferredExtension", name, one.preferredExtension, ""),
        zero_padding=asking.ask("zeroPadding", name, lambda: int(one.zeroPadding()), 0),
        instruments=tuple(instrument for instrument in described if instrument is not None),
    )


def _instrument(one: InstrumentInfo) -> Instrument:
    return Instrument(
        name=one.name(),
        short_name=one.shortName(),
        techniques=texts(one.techniques()),
        file_prefix=one.filePrefix(LATEST_RUN),
        zero_padding=int(one.zeroPadding(LATEST_RUN)),
        delimiter=one.delimiter(),
    )


def units(asking: Asking, kernel: Kernel) -> tuple[Unit, ...]:
    """Return the units that Mantid can make, by name."""
    names = asking.ask("names", "the units", lambda: texts(kernel.UnitFactory.getKeys()), ())
    made = [
        asking.ask("description", f"unit {name}", partial(_unit, kernel, name), None)
        for name in sorted(set(names), key=lambda name: (name.casefold(), name))
    ]
    return tuple(unit for unit in made if unit is not None)


def _unit(kernel: Kernel, name: str) -> Unit:
    unit = kernel.UnitFactory.create(name)
    symbol = unit.symbol()
    return Unit(name, unit.caption(), symbol.ascii(), symbol.utf8(), symbol.latex())
