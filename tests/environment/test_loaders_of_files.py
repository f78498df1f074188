"""Which loader is guessed for real files, by a process of this environment."""

import os
import sys
from pathlib import Path

import pytest

from mantidlab.forms.loaders import Guess, guessed

SHARED = Path(os.environ.get("MANTIDHUB_SHARED_DATA") or Path(__file__).parents[3] / "shared" / "data")
pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason=f"no real runs in {SHARED}; name their folder with MANTIDHUB_SHARED_DATA"
)


@pytest.mark.parametrize(
    ("name", "loader"),
    [
        ("SANS2D00022048.nxs", "LoadISISNexus"),
        ("EQSANS_1466_event.nxs", "LoadEventNexus"),
        ("irs26176_graphite002_red.nxs", "LoadNexusProcessed"),
        ("GPS5397.NXS", "LoadMuonNexus"),
        ("ILLIN4_074252.nxs", "LoadILLTOF"),
        ("001425.nxs", "LoadILLSANS"),
    ],
)
def test_the_loader_of_a_real_file(name, loader):
    found = guessed(SHARED / name, Path(sys.prefix))
    assert isinstance(found, Guess)
    assert found.loader == loader
