"""Docstrings become sections, whichever of the two forms they have."""

from mantidlab.docs.catalogue import Section
from mantidlab.docs.extract.python_docstring import Docstring, parse_docstring

NUMPYDOC = """Rebin a histogram.

    The coordinate must hold *bin edges*.

    .. deprecated:: 26.1
       Use ``bin``.

    Parameters
    ----------
    x:
        What to rebin.
    edges : Variable | None, optional
        The new edges.

        They must increase.
    *args, **kwargs
        More of them.

    Returns
    -------
    :
        Rebinned data.

    Raises
    ------
    DimensionError
        The dimension is not there.

    See Also
    --------
    scipp.bin:
        For events.

    Attention
    ---------
    Counts alone.

    Examples
    --------
    Once:

      >>> rebin(x)
      1
    """


def test_numpydoc():
    said = parse_docstring(NUMPYDOC)
    assert said.summary == "Rebin a histogram."
    assert said.description == "The coordinate must hold *bin edges*."
    assert said.deprecated == "26.1 Use ``bin``."
    arguments = dict(said.arguments)
    assert arguments["x"].documentation == "What to rebin."
    assert arguments["edges"].type.startswith("Variable | None")
    assert arguments["edges"].documentation == "The new edges.\n\nThey must increase."
    assert said.returns is not None
    assert said.returns.documentation == "Rebinned data."
    sections = {section.title: section.text for section in said.sections}
    assert list(sections) == ["Raises", "See Also", "Attention", "Examples"]
    assert sections["Raises"] == "DimensionError\n    The dimension is not there."
    assert sections["See Also"] == "scipp.bin:\n    For events."
    assert sections["Attention"] == "Counts alone."
    assert ">>> rebin(x)\n  1" in sections["Examples"]


def test_sphinx_fields():
    said = parse_docstring(
        "Converts.\n\n:param type: Target.\n:param copy: If so.\n:returns: A new one.\n:raises: Never."
    )
    assert [(name, argument.documentation) for name, argument in said.arguments] == [
        ("type", "Target."),
        ("copy", "If so."),
    ]
    assert said.returns is not None
    assert said.returns.documentation == "A new one."


def test_field_of_scipps_methods_that_no_parser_knows():
    said = parse_docstring("Sum of elements.\n\n:seealso: Details in :py:meth:`scipp.sum`")
    assert said.summary == "Sum of elements."
    assert said.description == ""
    assert said.sections == (Section("See Also", "Details in :py:meth:`scipp.sum`"),)


def test_nothing_is_refused():
    assert parse_docstring(None) == parse_docstring(" \n ") == Docstring()
    assert parse_docstring("Parameters\n----------").summary == ""
    assert parse_docstring("a\n---\nb\x00 ----\n\n:param").sections == (Section("a", "b\x00 ----\n\n:param"),)
