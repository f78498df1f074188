"""What **Insert call** writes."""

import pytest
from support.small_catalogue import CATALOGUE

from mantidlab.docs.pages.calling import snake
from mantidlab.docs.pages.opening import Pages


def cell_of(of):
    call = Pages(CATALOGUE, None).open(of).call
    return None if call is None else call.cell


def test_algorithm_with_all_that_must_be_given():
    assert cell_of("algorithm/ConvertUnits-v1") == (
        "from mantid.simpleapi import ConvertUnits\n"
        "\n"
        "result = ConvertUnits(\n"
        "    InputWorkspace=...,  # MatrixWorkspace: What InputWorkspace is.\n"
        "    Target=...,  # one of DeltaE, dSpacing, TOF\n"
        ")"
    )


def test_version_that_is_not_the_latest():
    assert "    Version=1,\n" in cell_of("algorithm/LoadNexus-v1")
    assert "Version" not in cell_of("algorithm/LoadNexus-v2")


def test_name_that_python_cannot_say():
    assert cell_of("algorithm/ViewBOA-v1").endswith('ViewBOA(**{"CD-Distance": ...})')


def test_python():
    assert cell_of("python/scipp.linspace") == (
        "import scipp as sc\n"
        "\n"
        "result = sc.linspace(\n"
        "    dim=...,  # Dimension label.\n"
        "    start=...,  # First value; see scipp.arange.\n"
        "    stop=...,  # float\n"
        ")"
    )
    assert cell_of("python/scipp.rebin").endswith("sc.rebin(\n    ...,  # x: Data to rebin.\n)")
    assert cell_of("python/scippneutron.peaks.fit_peaks").startswith("from scippneutron.peaks import fit_peaks\n")
    assert cell_of("python/scipp.DataArray.hist") == "result = data_array.hist()"


def test_fit_function():
    assert 'Function="name=Gaussian,Height=0,PeakCentre=0,Sigma=0"' in cell_of("function/Gaussian")


def test_every_call_is_python():
    pages = Pages(CATALOGUE, None)
    for of in [*pages.references.algorithms, *(f"python/{name}" for name in pages.references.objects)]:
        compile(cell_of(of), of, "exec")


@pytest.mark.parametrize(
    ("name", "variable"),
    [("OutputWorkspace", "output_workspace"), ("CD-Distance", "cd_distance"), ("SANSData2D", "sans_data2_d")],
)
def test_names_of_variables(name, variable):
    assert snake(name) == variable
