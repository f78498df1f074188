"""How names and typed texts become words, and how far two are apart."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mantidlab.docs.search.words import compact, distances, one_less, words_of


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ConvertUnits", "convert units"),
        ("convert_units", "convert units"),
        ("Convert-Units", "convert units"),
        ("SofQWNormalisedPolygon", "sof qw normalised polygon"),
        ("LoadISISNexus", "load isis nexus"),
        ("Rebin2D", "rebin 2 d"),
        ("scipp.DataArray.groupby", "scipp data array groupby"),
        ("Å", "angstrom"),
        ("\u212b", "angstrom"),
        ("λ range", "lambda range"),
        ("2Θ", "2 theta"),
        ("µs", "mus"),
        ("naïve", "naive"),
    ],
)
def test_words(name, words):
    assert " ".join(words_of(name)) == words
    assert compact(name) == words.replace(" ", "")


def steps_apart(a, b):
    """The definition, as a table: insertion, deletion, replacement, and two neighbours swapped once."""
    table = {(i, 0): i for i in range(len(a) + 1)} | {(0, j): j for j in range(len(b) + 1)}
    for i, j in product(range(1, len(a) + 1), range(1, len(b) + 1)):
        best = min(table[i - 1, j], table[i, j - 1]) + 1
        best = min(best, table[i - 1, j - 1] + (a[i - 1] != b[j - 1]))
        if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
            best = min(best, table[i - 2, j - 2] + 1)
        table[i, j] = best
    return table[len(a), len(b)], min(table[len(a), j] for j in range(len(b) + 1))


@given(st.text("abc", max_size=9), st.text("abc", max_size=9))
def test_distances_are_those_of_the_definition(typed, word):
    assert distances(typed, word) == steps_apart(typed, word)


@given(st.text("abcd", min_size=3, max_size=8), st.data())
def test_words_one_mistake_apart_share_a_rest(word, data):
    place = data.draw(st.integers(0, len(word) - 2))
    other = data.draw(
        st.sampled_from(
            [
                word[:place] + word[place + 1] + word[place] + word[place + 2 :],
                word[:place] + word[place + 1 :],
                word[:place] + "x" + word[place:],
                word[:place] + "x" + word[place + 1 :],
            ]
        )
    )
    assert one_less(word) & one_less(other)
