"""What docstrings say of arguments, in either style and without marks."""

import pytest

from mantidlab.forms.docstrings import documented_arguments, plain_text, summary_of


def numpy_style() -> None:
    """Make a :class:`~scipp.Variable`
    of ``x``.

    More of it.

    Parameters
    ----------
    dim, dims:
        The `name` of it.

        And more.
    values : array_like
        Some.
    *rest
        Others.

    Returns
    -------
    x
        Not an argument.

    Other Parameters
    ----------------
    odd : int
        Rarely used.
    """


def google_style() -> None:
    """Do it.

    Args:
        first (int): The first
            of two.
        second: The other.

    Returns:
        third: no argument.
    """


def test_numpy_style() -> None:
    assert documented_arguments(numpy_style) == {
        "dim": "The name of it.\n\nAnd more.",
        "dims": "The name of it.\n\nAnd more.",
        "values": "Some.",
        "rest": "Others.",
        "odd": "Rarely used.",
    }
    assert summary_of(numpy_style) == "Make a Variable of x."


def test_google_style() -> None:
    assert documented_arguments(google_style) == {"first": "The first of two.", "second": "The other."}


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (":class:`Variable` of `num`", "Variable of num"),
        (":py:func:`~scipp.rebin`", "rebin"),
        (":func:`scipp.rebin`", "scipp.rebin"),
        ("see `the page <https://example.org>`_ and :ref:`this <that>`", "see the page and this"),
        ("a ratio 1:2 of `", "a ratio 1:2 of `"),
        ("``[start, stop]``", "[start, stop]"),
        (":math:`x^2`", "x^2"),
    ],
)
def test_marks_go(text: str, plain: str) -> None:
    assert plain_text(text) == plain
