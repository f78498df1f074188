"""What a publication asks for, and what no printer takes."""

import pytest

from mantidlab.plots.publication import Paper
from mantidlab.plots.publication.errors import NoSuchPaper


def test_columns_have_names():
    assert Paper.named("single").width == 85.0
    assert Paper.named("double", font_size=9.0) == Paper(width=170.0, font_size=9.0)
    with pytest.raises(NoSuchPaper, match="single, one and a half, double, slide"):
        Paper.named("column")


def test_the_height_follows_the_picture_unless_one_is_given():
    assert Paper(width=100.0).height_for(0.5) == 50.0
    assert Paper(width=170.0).height_for(4.0) == 240.0, "no page is higher"
    assert Paper(width=100.0, height=30.0).height_for(0.5) == 30.0


@pytest.mark.parametrize(
    "wrong",
    [
        {"width": 8.5},
        {"width": float("nan")},
        {"height": 0.0},
        {"height": -5.0},
        {"font_size": 80.0},
        {"resolution": 0},
        {"formats": ("jpg",)},
        {"formats": ()},
    ],
)
def test_what_cannot_be_printed_is_refused_in_a_sentence(wrong):
    with pytest.raises(NoSuchPaper, match=r"\.$"):
        Paper(**wrong)
