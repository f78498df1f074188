"""Which instruments are where and what they measure.

From the instrument lists that the facilities publish (isis.stfc.ac.uk, neutrons.ornl.gov, ill.eu, psi.ch,
europeanspallationsource.se, mlz-garching.de). A name that is not here has no technique: it is not guessed.
"""

import re
from dataclasses import dataclass

DIFFRACTION = "powder diffraction"
CRYSTALS = "single-crystal diffraction"
SANS = "small-angle scattering"
REFLECTOMETRY = "reflectometry"
DIRECT = "inelastic scattering, direct geometry"
INDIRECT = "inelastic scattering, indirect geometry"
TRIPLE_AXIS = "triple-axis spectroscopy"
MUONS = "muon spectroscopy"
IMAGING = "imaging"
SPIN_ECHO = "spin echo"
TOTAL = "total scattering"


@dataclass(frozen=True)
class Instrument:
    """One instrument."""

    name: str
    facility: str
    technique: str


_LISTS = {
    "ISIS": {
        DIFFRACTION: "GEM HRPD POLARIS PEARL WISH INES ENGIN-X IMAT",
        CRYSTALS: "SXD",
        TOTAL: "SANDALS NIMROD",
        SANS: "SANS2D LOQ LARMOR ZOOM",
        REFLECTOMETRY: "INTER POLREF OFFSPEC SURF CRISP",
        DIRECT: "LET MAPS MARI MERLIN HET",
        INDIRECT: "IRIS OSIRIS TOSCA VESUVIO",
        MUONS: "EMU MUSR HIFI ARGUS CHRONUS",
    },
    "SNS": {
        DIFFRACTION: "POWGEN VULCAN SNAP",
        CRYSTALS: "TOPAZ MANDI CORELLI",
        TOTAL: "NOMAD",
        SANS: "EQSANS USANS",
        REFLECTOMETRY: "REF_L REF_M",
        DIRECT: "ARCS CNCS HYSPEC SEQUOIA",
        INDIRECT: "BASIS VISION",
        SPIN_ECHO: "NSE",
    },
    "HFIR": {SANS: "GPSANS BIOSANS", DIFFRACTION: "HB2A HB2C", CRYSTALS: "HB3A IMAGINE", TRIPLE_AXIS: "CTAX HB1 HB3"},
    "ILL": {
        DIFFRACTION: "D1B D2B D20 SALSA",
        CRYSTALS: "D9 D10 D19 CYCLOPS LADI",
        TOTAL: "D4",
        SANS: "D11 D22 D33 D16",
        REFLECTOMETRY: "D17 FIGARO SUPERADAM",
        DIRECT: "IN4 IN5 IN6 PANTHER SHARP",
        INDIRECT: "IN16B IN13",
        TRIPLE_AXIS: "IN1 IN3 IN8 IN12 IN20 IN22 THALES",
        SPIN_ECHO: "IN11 IN15 WASP",
    },
    "PSI": {
        DIFFRACTION: "HRPT DMC POLDI",
        CRYSTALS: "ZEBRA TRICS",
        SANS: "SANS-I SANS-II",
        REFLECTOMETRY: "AMOR",
        DIRECT: "FOCUS",
        TRIPLE_AXIS: "EIGER TASP CAMEA",
        MUONS: "GPS GPD DOLLY FLAME HAL-9500 LEM LTF",
        IMAGING: "NEUTRA ICON",
    },
    "ESS": {
        DIFFRACTION: "DREAM HEIMDAL BEER",
        CRYSTALS: "NMX MAGIC",
        SANS: "LOKI SKADI",
        REFLECTOMETRY: "ESTIA FREIA",
        DIRECT: "CSPEC T-REX",
        INDIRECT: "BIFROST VESPA MIRACLES",
        IMAGING: "ODIN",
    },
    "simulated": {SANS: "SIMSANS", REFLECTOMETRY: "SIMREF", DIFFRACTION: "SIMPOW"},
}

DEFINITIONS = {
    "NXSAS": SANS,
    "NXSASTOF": SANS,
    "NXREFTOF": REFLECTOMETRY,
    "NXREFSCAN": REFLECTOMETRY,
    "NXTOFNPD": DIFFRACTION,
    "NXMONOPD": DIFFRACTION,
    "NXTOFSINGLE": CRYSTALS,
    "NXDIRECTTOF": DIRECT,
    "NXINDIRECTTOF": INDIRECT,
    "NXSPE": "inelastic scattering",
    "NXTAS": TRIPLE_AXIS,
    "NXTOMO": IMAGING,
    "MUONTD": MUONS,
    "PULSEDTD": MUONS,
}
"""Application definitions of NeXus (manual.nexusformat.org) and of the muon community that name a technique."""

FACILITIES = {
    "ISIS": "ISIS",
    "SNS": "SNS",
    "SPALLATIONNEUTRONSOURCE": "SNS",
    "HFIR": "HFIR",
    "ILL": "ILL",
    "PSI": "PSI",
    "SINQ": "PSI",
    "ESS": "ESS",
}


def _plain(name: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", name.upper())


KNOWN = {
    _plain(name): Instrument(name, facility, technique)
    for facility, techniques in _LISTS.items()
    for technique, names in techniques.items()
    for name in names.split()
}


def find_instrument(*written: str) -> Instrument | None:
    """Return the instrument that one of several spellings names: ``EQ-SANS``, ``FOCUS at SINQ``."""
    for name in written:
        words = name.split()
        for candidate in (name, words[0] if words else ""):
            if _plain(candidate) in KNOWN:
                return KNOWN[_plain(candidate)]
    return None


def technique_of(definition: str, instrument: Instrument | None) -> str:
    """Return the technique: of the instrument, else of the file's definition, else nothing."""
    if instrument is not None:
        return instrument.technique
    return DEFINITIONS.get(_plain(definition), "")
