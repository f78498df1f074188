"""A small catalogue with something of each kind, and pages of the offline documentation in Sphinx's form."""

from dataclasses import replace
from pathlib import Path

from mantidlab.docs.catalogue import (
    Algorithm,
    Argument,
    Catalogue,
    FitAttribute,
    FitFunction,
    FitParameter,
    Page,
    Property,
    PythonObject,
    Section,
)


def prop(name: str, type_: str = "number", direction: str = "Input", **changes: object) -> Property:
    """Return a property that may be left out."""
    return replace(
        Property(name, type_, "Property", direction, f"What {name} is.", "", None, "NoneType", False, False, False),
        **changes,  # type: ignore[arg-type]
    )


IN = prop("InputWorkspace", "MatrixWorkspace", mandatory=True, validator="Enter a name", is_workspace=True)
OUT = prop("OutputWorkspace", "MatrixWorkspace", "Output", name_required=True, is_workspace=True)


def algorithm(name: str, *properties: Property, **changes: object) -> Algorithm:
    """Return an algorithm of version 1."""
    arguments = ", ".join(one.name for one in properties if one.direction != "Output")
    made = Algorithm(
        name=name,
        version=1,
        latest=True,
        summary=f"Does {name}.",
        category="Transforms\\Units",
        categories=("Transforms\\Units",),
        aliases=(),
        see_also=(),
        help_url="",
        hidden=False,
        implementation="c++",
        python_type="Algorithm",
        signature=f"({arguments})",
        method="",
        method_on=(),
        method_input="",
        properties=properties,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def thing(name: str, *arguments: Argument, **changes: object) -> PythonObject:
    """Return a function of scipp."""
    made = PythonObject(
        name, "function", "scipp", name.rpartition(".")[0], "(...)", f"What {name} does.", "", arguments, None, ()
    )
    return replace(made, **changes)  # type: ignore[arg-type]


EXAMPLES = """Make one:

  >>> x = sc.linspace('x', 0.0, 1.0, num=3)
  >>> x.sizes
  {'x': 3}
  >>> len(x)
  3

And another, which needs the one before:

  >>> x + x  # doctest: +SKIP
"""

LINSPACE = thing(
    "scipp.linspace",
    Argument("dim", "any", "str", None, "Dimension label."),
    Argument("start", "any", "float", None, "First value; see :func:`scipp.arange`."),
    Argument("stop", "any", "float", None, ""),
    Argument("num", "keyword", "int", "50", "Number of values, at least :math:`2`."),
    signature="(dim: str, start: float, stop: float, *, num: int = 50) -> scipp.Variable",
    description="Like :py:func:`~scipp.arange`, with\n\n.. math::\n\n   x_i = a + i \\, \\frac{b}{\\AA}\n",
    sections=(
        Section("See Also", "scipp.arange:\n    By steps.\n:func:`scipp.geomspace`, nowhere.found"),
        Section("Examples", EXAMPLES),
        Section("Notes", "==== ====\n a    b\n==== ====\n 1    2\n==== ====\n"),
    ),
    aliases=("scipp.core.linspace",),
)
HIST = thing(
    "scipp.DataArray.hist",
    Argument("arg_dict", "positional", "dict", "None", ""),
    Argument("kwargs", "keyword list", "int", None, "Bins."),
    kind="method",
)
ARRAY = thing(
    "scipp.DataArray",
    Argument("data", "any", "Variable", None, "Values."),
    Argument("coords", "any", "dict", "{}", "Coordinates."),
    kind="class",
    members=(HIST,),
)
ARANGE = thing("scipp.arange", Argument("dim", "any", "str", None, ""))
REBIN = thing(
    "scipp.rebin",
    Argument("x", "positional", "DataArray", None, "Data to rebin."),
    Argument("kwargs", "keyword list", "int", None, "Bins."),
)
FIT_PEAKS = thing("scippneutron.peaks.fit_peaks", Argument("data", "any", "DataArray", None, "Spectrum."))

CONVERT_UNITS = algorithm(
    "ConvertUnits",
    IN,
    OUT,
    prop("Target", "string", mandatory=True, validator="Select", allowed_values=("DeltaE", "dSpacing", "TOF")),
    prop("EMode", "string", default="Elastic", allowed_values=("Elastic", "Direct")),
    prop("EFixed", default="8.9884656743115785e+307", unset=True, units="meV"),
    see_also=("Rebin", "Unknown"),
    method="convertUnits",
    method_input="InputWorkspace",
    page="algorithms/ConvertUnits-v1.html",
)
REBIN_ALGORITHM = algorithm(
    "Rebin",
    IN,
    OUT,
    prop("Params", "dbl list", mandatory=True, validator="Enter values"),
    prop("PreserveEvents", "boolean", default="1"),
    method="rebin",
    method_input="InputWorkspace",
)
FILENAME = prop("Filename", "list of str lists", mandatory=True, validator="File not found", file="Load")
CATALOGUE = Catalogue(
    packages={"mantid": "6.16.0", "scipp": "26.8.0"},
    algorithms=(
        CONVERT_UNITS,
        REBIN_ALGORITHM,
        algorithm("Load", FILENAME, OUT, signature="(*args, **kwargs)"),
        replace(algorithm("LoadNexus", FILENAME, OUT), latest=False),
        replace(algorithm("LoadNexus", FILENAME, prop("EntryNumber"), OUT), version=2),
        algorithm("Fit", prop("Function", "Function", "InOut", mandatory=True), IN, signature="(Function, **kwargs)"),
        algorithm("ViewBOA", prop("CD-Distance", mandatory=True, validator="Enter")),
        algorithm("Minus", IN, OUT, aliases=("Subtract",), categories=("Arithmetic", "Deprecated")),
    ),
    functions=(
        FitFunction(
            "Gaussian",
            ("Peak",),
            True,
            "name=Gaussian,Height=0,PeakCentre=0,Sigma=0",
            (FitParameter("Height", "Height of peak", 0.0), FitParameter("Sigma", "Width < 1", 1.5)),
            (FitAttribute("NumDeriv", "bool", False),),
        ),
    ),
    objects=(LINSPACE, ARRAY, ARANGE, REBIN, FIT_PEAKS),
    pages=(
        Page("algorithms/ConvertUnits-v1.html", "ConvertUnits v1", "algorithm", "ConvertUnits v1\nbare text"),
        Page("concepts/Workspace.html", "Workspace", "concept", "Workspace\nHolds <data>.\nAnd more."),
    ),
)

PAGE = r"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"/><title>ConvertUnits v1 &#8212; MantidProject</title>
<script>var DOCUMENTATION_OPTIONS = {};</script></head>
<body><div id="navbar"><ul><li><a href="../index.html">Home</a></li></ul></div>
<div class="container"><div class="body col-md-12 content" role="main">
<div class="math notranslate nohighlight">\[\renewcommand\AA{\unicode{x212B}}\]</div>
<section id="convertunits-v1"><span id="algm-convertunits"></span>
<h1>ConvertUnits v1<a class="headerlink" href="#convertunits-v1" title="Link to this heading">¶</a></h1>
<img alt="dialog" class="screenshot" src="../_images/ConvertUnits.png">
<nav class="contents" id="table-of-contents"><p class="topic-title">Table of Contents</p>
<ul><li><p>Usage</p></li></ul></nav>
<section id="summary"><h2>Summary<a class="headerlink" href="#summary">¶</a></h2><p>Does ConvertUnits.</p></section>
<section id="properties"><h2>Properties</h2><table><tr><td>Target</td></tr></table></section>
<section id="description"><h2>Description<a class="headerlink" href="#description">¶</a></h2>
<p>Like <a class="reference internal" href="Rebin-v1.html#algm-rebin"><span class="std">Rebin</span></a>, of the
<a class="reference internal" href="../concepts/Workspace.html">workspace</a>, not
<a class="reference internal" href="../concepts/Missing.html">missing</a>. See <a href="https://example.org/a?b=1&amp;c">paper</a>.
<span class="math notranslate nohighlight">\(\lambda = h/\AA\)</span> and
<img class="math" src="../_images/math/ab.png" alt="E = mc^2"/>.</p>
<div class="math notranslate nohighlight">\[d = \frac{n \lambda}{2 \sin\theta} &lt; 1\]</div>
<table class="docutils align-default"><thead><tr class="row-odd"><th class="head" colspan="2"><p>Unit</p></th></tr>
</thead>
<tbody><tr><td><p>TOF</p></td><td><p>µs</p></td></tr></tbody></table>
<figure class="align-center"><img alt="drawing" src="../_images/units drawing.png" style="width: 90%" onerror="x()"/>
<figcaption><p>Units</p></figcaption></figure>
<section id="restrictions"><h3>Restrictions</h3><p>Only if <em>common</em> bins.</p></section>
</section>
<section id="usage"><h2>Usage</h2>
<p><strong>Example - convert to TOF:</strong></p>
<div class="highlight-python notranslate"><div class="highlight"><pre><span></span><span class="n">ws</span> =
<span class="n">ConvertUnits</span><span class="p">(</span><span class="n">InputWorkspace</span>=ws)
<span class="k">if</span> ws:
    <span class="nb">print</span>(<span class="s1">'1 &lt; 2'</span>)
</pre></div></div>
<p>Output:</p>
<div class="highlight-none notranslate"><div class="highlight"><pre><span></span>1 &lt; 2
</pre></div></div>
<p>A second one</p>
<div class="highlight-default notranslate"><div class="highlight"><pre>from mantid.simpleapi import Rebin
Rebin(ws, '1')
</pre></div></div>
</section>
<section id="references"><h2>References</h2><p>None.</p></section>
<p>Categories: <a class="reference internal" href="categories/Units.html">Units</a></p>
</section></div></div><footer class="footer"><p>Back to top</p></footer></body></html>
"""
SOURCE = """
.. algorithm::

Usage
-----

**Example - convert to TOF:**

.. testcode:: ExTof

    ws =
    ConvertUnits(InputWorkspace=ws)
    if ws:
        print('1 < 2')

Output:

.. testoutput:: ExTof

    1 < 2

A second one

.. code-block:: python

    from mantid.simpleapi import Rebin
    Rebin(ws, '1')
"""


def write_documentation(folder: Path) -> None:
    """Write the pages as ``mantiddocs`` lays them out below its folder."""
    files = {
        "index.html": "<h1>Mantid</h1>",
        "algorithms/ConvertUnits-v1.html": PAGE,
        "_sources/algorithms/ConvertUnits-v1.rst.txt": SOURCE,
        "concepts/Workspace.html": "<main><h1>Workspace</h1><p>Holds <b>data</b>.</p></main>",
        "fitting/fitfunctions/Gaussian.html": (
            '<div role="main"><div class="section" id="g"><h1>Gaussian</h1><div class="section"><h2>Description</h2>'
            "<p>A peak.</p></div></div></div>"
        ),
    }
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    pictures = folder / "_images"
    pictures.mkdir(exist_ok=True)
    (pictures / "units drawing.png").write_bytes(b"\x89PNG drawing")
