"""The cells that made what a figure shows, found by their text."""

import pytest

from mantidlab.plots.publication.steps import steps_to

FIGURE = "fig.plot(sample)"


def test_cells_that_made_the_data_are_found_through_what_they_used_themselves():
    cells = ["path = 'run.nxs'", "raw = load(path)", "other = 1", "sample = raw + 1", "other = raw"]
    assert steps_to(FIGURE, cells) == [cells[0], cells[1], cells[3]]


@pytest.mark.parametrize(
    "cell",
    [
        "sample = 1",
        "sample, more = 1, 2",
        "sample += 1",
        "sample: int = 1",
        "sample.coords['x'] = 1",
        "sample.masks['hot'][2:4] = True",
        "del sample.masks['hot']",
        "sample.update(x=1)",
        "normalise(sample)",
        "from runs import sample",
        "import sample.parts",
        "import runs as sample",
        "def sample(): ...",
        "for sample in runs: pass",
        "with load() as sample: pass",
        "(sample := 1)",
        "%%time\nsample = 1",
        "%matplotlib inline\nsample = 1",
    ],
)
def test_whatever_may_change_a_needed_name_is_a_step(cell):
    assert steps_to(FIGURE, [cell]) == [cell]


@pytest.mark.parametrize("cell", ["print('sample')", "other = sample", "samples = 1", "not python at all", "", "!ls"])
def test_what_does_not_change_it_is_none(cell):
    assert steps_to(FIGURE, [cell]) == []


def test_a_name_that_is_bound_anew_keeps_what_made_it_before():
    cells = ["a = 1", "sample = a", "b = 2", "sample = sample * b"]
    assert steps_to(FIGURE, cells) == cells
