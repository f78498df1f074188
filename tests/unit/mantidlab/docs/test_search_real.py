"""Search over all that a real Mantid 3.13 has: 941 algorithms, and what people make of their names."""

import random

import pytest
from support.misspelling import MISTAKES

from mantidlab.docs.search import Kind, SearchIndex, write_index


@pytest.fixture(scope="module")
def index(extracted, tmp_path_factory):
    file = tmp_path_factory.mktemp("real") / "search.sqlite"
    write_index(extracted, file)
    return SearchIndex(file)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("rebn", "Rebin"),
        ("integrte", "Integration"),
        ("conver units", "ConvertUnits"),
        ("sofqw", "SofQW"),
        ("lod nexus", "LoadNexus"),
        ("gausian", "Gaussian"),
        ("change of units", "ConvertUnits"),
    ],
)
def test_what_people_type(index, text, first):
    assert first in [hit.name for hit in index.search(text)[:5]]


@pytest.mark.parametrize("text", ["mask", "monitor", "absorption", "normalise"])
def test_algorithms_that_begin_so_come_before_properties_of_that_name(index, text):
    first = index.search(text)[0]
    assert (first.kind, first.name.casefold().startswith(text)) == (Kind.ALGORITHM, True), first


def test_every_algorithm_is_first_by_its_name(index, extracted):
    for algorithm in extracted.algorithms:
        if algorithm.latest:
            hit = index.search(algorithm.name)[0]
            assert hit.leads_to == f"algorithm/{algorithm.name}-v{algorithm.version}", algorithm.name


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.__name__)
def test_one_mistake_is_forgiven(index, extracted, mistake):
    chance = random.Random(6)  # noqa: S311
    names = sorted({algorithm.name for algorithm in extracted.algorithms})
    missed = []
    for name in names:
        typed = mistake(name, chance)
        if name not in [hit.name for hit in index.search(typed)[:3]]:
            missed.append((name, typed))
    assert len(missed) <= 0.015 * len(names), missed


@pytest.mark.parametrize(
    ("text", "first", "among"),
    [
        ("rebn workspce", "RebinToWorkspace", 1),
        ("rebn workspce", "Rebin", 5),
        ("convert unts", "ConvertUnits", 1),
        ("conver untis tof", "ConvertUnits", 3),
        ("lod nexus fil", "LoadNexus", 3),
        ("normlise to montor", "NormaliseToMonitor", 1),
        ("grup detectors", "GroupDetectors", 1),
        ("masked detctors", "MaskDetectors", 1),
        ("sum spectr", "SumSpectra", 1),
        ("move a detector", "MoveInstrumentComponent", 3),
        ("rotate sample goniometer", "SetGoniometer", 3),
    ],
)
def test_mistakes_in_several_words_are_forgiven(index, text, first, among):
    assert first in [hit.name for hit in index.search(text)[:among]]
