"""A run as a reduction needs it: counts, where each detector is, monitors, charge, settings of the beam line."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import Geometry, Log, Mask, NotThere, Numbers
from mantidlab.frameworks.nexus import open_file
from mantidlab.frameworks.nexus.eventpart import EventPart
from mantidlab.frameworks.nexus.part import Part
from mantidlab.frameworks.nexus.quantities import METRES, unit_text
from mantidlab.frameworks.nexus.transformations import place_of
from mantidlab.frameworks.nexus.tree import Group
from mantidlab.techniques.errors import WrongRun
from mantidlab.techniques.layouts import LAYOUTS, Layout

THICKNESS = 1e-3
"""Of detectors in pictures, m, where nobody says."""

CHARGE_IN_UAH = {"µAh": 1.0, "": 1.0, "pC": 1e-6 / 3600}
"""How many µA h one of another unit is."""


@dataclass(frozen=True, eq=False)
class Places:
    """Where the spectra of a run were counted. Lengths in metres, in a frame with the sample at the origin.

    Attributes
    ----------
    numbers
        Of the detectors, of the first one where a spectrum has several, shape (n,).
    positions
        Shape (n, 3), z along the beam and y up; NaN for what is not in place.
    l1
        From source to sample; NaN where the file does not say.
    l2, two_theta
        From sample to detector, and scattering angle in radians, shape (n,); means where a spectrum has several.
    sizes
        Width and height, shape (n, 2); None where unknown.
    usable
        False for monitors, masked detectors and what has no place, shape (n,).
    """

    numbers: NDArray[np.integer[Any]]
    positions: Numbers
    l1: float
    l2: Numbers
    two_theta: Numbers
    sizes: Numbers | None
    usable: Mask

    def shifted(self, x: float, y: float) -> "Places":
        """Return them as seen from a beam that passes (x, y), m, instead of (0, 0)."""
        positions = self.positions - np.array([x, y, 0.0])
        return placed(self.numbers, positions, self.l1, self.sizes, self.usable)

    def moved(self, distance: float | None, source: float | None) -> "Places":
        """Return them with the detector as a whole moved along the beam, and the source.

        Parameters
        ----------
        distance
            From the sample to the middle of the detector along the beam, m; None leaves it where it is.
        source
            From source to sample, m; None leaves it.
        """
        l1 = self.l1 if source is None else source
        if distance is None:
            return replace(self, l1=l1)
        positions = self.positions.copy()
        positions[:, 2] += distance - float(np.median(positions[self.usable, 2]))
        return placed(self.numbers, positions, l1, self.sizes, self.usable)


def placed(
    numbers: NDArray[np.integer[Any]], positions: Numbers, l1: float, sizes: Numbers | None, usable: Mask
) -> Places:
    """Return places with their distances and angles."""
    l2 = np.linalg.norm(positions, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        two_theta = np.arccos(np.clip(positions[:, 2] / l2, -1.0, 1.0))
    return Places(numbers, positions, l1, l2, two_theta, sizes, usable & np.isfinite(two_theta))


@dataclass(frozen=True, eq=False)
class Monitor:
    """What a monitor counted.

    Attributes
    ----------
    name
        As the file calls it.
    distance
        From the source, m.
    part
        Its counts over the time of flight.
    """

    name: str
    distance: float
    part: Part


class OpenRun:
    """One run, open: counts are read when they are asked for. Use it in a ``with`` statement.

    Raises
    ------
    Unreadable
        It is no NeXus file, or damaged.
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        self.path = Path(path)
        self.file = open_file(path)
        reading = next(iter(self.file.readings.values()))
        self.instrument: str = reading.header.instrument.upper()
        self.title: str = reading.header.title
        self.number: str = reading.header.run
        self._monitors = reading.monitors
        self.entry: Group = self.file.entry()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.file.close()

    @property
    def named(self) -> str:
        """The file's name, as messages use it."""
        return self.path.name

    @property
    def logs(self) -> Mapping[str, Log]:
        """The sample logs."""
        return self.file.logs()

    def part(self, name: str | None = None) -> Part:
        """Return one data object of the file; None takes the one that is most useful."""
        if name is None:
            return self.file.main
        found = self.file.members().get(name)
        if not isinstance(found, Part):
            raise WrongRun(f"{self.named} has no {name!r}; it has {', '.join(list(self.file.members())[:8])}.")
        return found

    def places(self, part: Part | None = None) -> Places:
        """Return where the spectra of a part were counted.

        Raises
        ------
        WrongRun
            Neither the file nor `layouts` says.
        """
        part = part or self.file.main
        if self.is_laid_out:
            return self._from_layout(part, LAYOUTS[self.instrument])
        try:
            return _from_geometry(part, part.geometry(), self._logged_source())
        except NotThere as error:
            raise WrongRun(f"{self.named} cannot be reduced: {error}") from error

    @property
    def is_laid_out(self) -> bool:
        """Whether `layouts` says where the detectors are, since the file does not."""
        return self.instrument in LAYOUTS and self.entry.group("isis_vms_compat") is not None

    def geometry(self) -> Geometry | None:
        """Return where the spectra of the main part were counted, for pictures; None where the file itself says."""
        if not self.is_laid_out:
            return None
        places = self.places()
        nowhere = np.zeros(len(places.numbers), dtype=bool)
        sizes = places.sizes
        return Geometry(
            instrument=self.instrument,
            ids=places.numbers,
            positions=places.positions,
            monitor=nowhere,
            masked=nowhere,
            source=np.array([0.0, 0.0, -places.l1]),
            sample=np.zeros(3),
            beam=np.array([0.0, 0.0, 1.0]),
            up=np.array([0.0, 1.0, 0.0]),
            sizes=None if sizes is None else np.column_stack([sizes, np.full(len(sizes), THICKNESS)]),
        )

    def charge(self) -> float:
        """Return the protons on the target in µA h.

        Raises
        ------
        WrongRun
            The file does not say.
        """
        field = self.entry.field("proton_charge")
        if field is not None and field.numeric:
            return float(np.asarray(field.read()).reshape(-1)[0]) * CHARGE_IN_UAH.get(unit_text(field.unit), 1.0)
        logged = self.log("gd_prtn_chrg")
        if logged is None:
            raise WrongRun(f"{self.named} does not say how many protons it had; normalise by a monitor instead.")
        return logged

    def log(self, *names: str) -> float | None:
        """Return the last value of the first of these logs that is there, in any case; None where none is."""
        known = {name.lower(): name for name in self.logs}
        for name in names:
            if name.lower() in known:
                value = self.logs[known[name.lower()]].value
                if isinstance(value, int | float) and not isinstance(value, bool):
                    return float(value)
        return None

    def setting(self, nexus_class: str, field: str, default: float | None = None) -> float:
        """Return a number that a component of the beam line has; lengths in metres.

        Raises
        ------
        WrongRun
            There is no such component and no default.
        """
        values = self.settings(nexus_class, field)
        if values:
            return values[0]
        if default is None:
            raise WrongRun(f"{self.named} has no {field} of an {nexus_class}; give it among the settings.")
        return default

    def settings(self, nexus_class: str, field: str) -> list[float]:
        """Return it for every component of a class, in the order of their names."""
        instrument = self.entry.group("instrument")
        found = []
        for component in instrument.groups(nexus_class) if instrument is not None else []:
            value = component.field(field)
            if value is not None and value.numeric:
                scale = METRES.get(unit_text(value.unit), 1.0)
                found.append(float(np.asarray(value.read()).reshape(-1)[0]) * scale)
        return found

    def monitor(self, name: str = "") -> Monitor:
        """Return a monitor by its name or number; without one, the incident one.

        Raises
        ------
        WrongRun
            There is no such monitor, or nobody knows where it stands.
        """
        layout = LAYOUTS.get(self.instrument)
        wanted = name or (str(layout.incident) if layout is not None else "")
        for part in self._monitors:  # of several periods, the first one's
            plain = part.name.partition(" period")[0]
            if wanted in ("", part.name, plain, plain.removeprefix("monitor_")):
                return Monitor(part.name, self._monitor_distance(plain, layout), part)
        there = ", ".join(part.name for part in self._monitors) or "none"
        raise WrongRun(f"{self.named} has no monitor {wanted!r}; it has {there}. Name one of them, or use the charge.")

    def _monitor_distance(self, name: str, layout: Layout | None) -> float:
        digits = "".join(character for character in name if character.isdigit())
        if layout is not None and digits and int(digits) in layout.monitors:
            return layout.monitors[int(digits)]
        group = self.entry.group(f"instrument/{name}") or self.entry.group(name)
        source = self._logged_source()
        if group is None or source is None:
            raise WrongRun(f"{self.named} does not say where {name} stands.")
        return float(np.linalg.norm(place_of(group)[:3, 3] - source))

    def _logged_source(self) -> Numbers | None:
        try:
            source = self.file.geometry().source
        except NotThere:
            return None
        return source

    def _from_layout(self, part: Part, layout: Layout) -> Places:
        numbers = self._isis_numbers(part)
        positions, known = layout.places(numbers, self.logs)
        positions = np.where(known[:, np.newaxis], positions, np.nan)
        sizes = np.tile(np.array(layout.pixel), (len(numbers), 1))
        return placed(numbers, positions, layout.source_to_sample, sizes, known)

    def _isis_numbers(self, part: Part) -> NDArray[np.integer[Any]]:
        """Return the detector of each spectrum, by ISIS's tables of spectra and detectors."""
        group = self.entry.group(part.name.split()[0])
        field = group.numbers("spectrum_index") if group is not None else None
        spectra_field, detectors_field = (self.entry.numbers(f"isis_vms_compat/{name}") for name in ("SPEC", "UDET"))
        if field is None or spectra_field is None or detectors_field is None:
            raise WrongRun(f"{self.named} lacks ISIS's tables of spectra and detectors.")
        spectra = np.asarray(part.numbers if isinstance(part, EventPart) else field.read()).reshape(-1)
        table = np.zeros(int(max(spectra.max(), spectra_field.read().max())) + 1, dtype=np.int64)
        table[spectra_field.read()] = detectors_field.read()
        return table[spectra]


def _from_geometry(part: Part, geometry: Geometry, source: Numbers | None) -> Places:
    """Return the means over the detectors of each spectrum, in a frame with the sample at the origin."""
    try:
        detectors = part.spectrum_detectors()
    except NotThere:
        detectors = [np.array([index]) for index in range(len(geometry.ids))]
    single = all(len(some) == 1 for some in detectors)
    first = np.array([some[0] if len(some) else -1 for some in detectors])
    there = first >= 0
    l1 = float(np.linalg.norm(geometry.sample - source)) if source is not None else np.nan
    across = np.cross(geometry.up, geometry.beam)
    frame = np.stack([across, geometry.up, geometry.beam])
    positions = (geometry.positions - geometry.sample) @ frame.T
    sizes = geometry.sizes[:, :2][first] if geometry.sizes is not None else None
    usable = there & ~geometry.monitor[first] & ~geometry.masked[first]
    if single:
        return placed(geometry.ids[first], positions[first], l1, sizes, usable)
    mean = [positions[some].mean(axis=0) if len(some) else np.full(3, np.nan) for some in detectors]
    l2, angles = geometry.l2(), geometry.two_theta()
    return Places(
        geometry.ids[first],
        np.array(mean),
        l1,
        np.array([l2[some].mean() if len(some) else np.nan for some in detectors]),
        np.array([angles[some].mean() if len(some) else np.nan for some in detectors]),
        sizes,
        usable,
    )
