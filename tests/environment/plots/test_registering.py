"""scipp's own `.plot()` draws with ours for those who want it, and with plopp before, after and beside."""

import json
import subprocess
import sys

import matplotlib as mpl

mpl.use("agg")

import pytest
import scipp as sc

from mantidlab.plots import register, unregister
from mantidlab.plots.widget import PlotWidget


@pytest.fixture(autouse=True)
def as_it_was():
    yield
    unregister()


@pytest.fixture
def spectrum() -> sc.DataArray:
    return sc.DataArray(
        sc.array(dims=["tof"], values=[4.0, 9.0, 1.0], variances=[4.0, 9.0, 1.0], unit="counts"),
        coords={"tof": sc.linspace("tof", 0.0, 30.0, 4, unit="us")},
    )


def is_ours(shown: object) -> bool:
    return isinstance(shown, PlotWidget)


def test_scipps_plot_is_plopps_unless_one_asks(spectrum: sc.DataArray):
    assert not is_ours(spectrum.plot())
    register()
    assert is_ours(spectrum.plot())
    unregister()
    assert not is_ours(spectrum.plot())


def test_each_kind_of_object_and_the_function_draw_with_ours(spectrum: sc.DataArray):
    register()
    dataset = sc.Dataset({"a": spectrum, "b": spectrum * 2.0})
    group = sc.DataGroup({"a": spectrum, "b": spectrum * 2.0})
    for shown in (spectrum.data.plot(), spectrum.plot(), dataset.plot(), group.plot(), sc.plot(spectrum)):
        assert is_ours(shown)


def test_two_dimensions_are_a_picture(spectrum: sc.DataArray):
    from mantidlab.plots.slices import Slices

    register()
    image = sc.concat([spectrum, spectrum * 2.0, spectrum * 3.0], "spectrum")
    assert isinstance(image.plot(), Slices)
    assert isinstance(sc.plot(image), Slices)


def test_arguments_are_ours_or_else_plopps(spectrum: sc.DataArray):
    register()
    assert is_ours(spectrum.plot(y_scale="log"))
    figure = spectrum.plot(norm="log", grid=True)
    assert not is_ours(figure)
    assert figure.ax.get_yscale() == "log"


def test_the_plot_knows_the_persons_own_name_for_the_data(spectrum: sc.DataArray):
    register()
    sample = spectrum
    assert "sample" in sample.plot().describe().data.things


def test_what_ours_cannot_draw_goes_to_plopp_as_before(spectrum: sc.DataArray):
    register()
    with pytest.raises(Exception) as ours:  # whatever plopp says of a single number
        sc.scalar(1.0).plot()
    unregister()
    with pytest.raises(type(ours.value)):
        sc.scalar(1.0).plot()


def test_registering_twice_and_taking_back_twice_change_nothing_more(spectrum: sc.DataArray):
    theirs = sc.DataArray.plot
    register()
    once = sc.DataArray.plot
    register()
    assert sc.DataArray.plot is once
    unregister()
    unregister()
    assert sc.DataArray.plot is theirs


def test_plopp_matplotlib_and_ipympl_work_beside_it(spectrum: sc.DataArray):
    import matplotlib.pyplot as plt
    import plopp

    register()
    assert not is_ours(plopp.plot(spectrum))
    figure, ax = plt.subplots()
    ax.plot([1, 2])
    figure.canvas.draw()
    code = (
        "import json, sys; import matplotlib; matplotlib.use('module://ipympl.backend_nbagg');"
        "from mantidlab.plots import register; register();"
        "import matplotlib.pyplot as plt; fig = plt.figure();"
        "print(json.dumps(type(fig.canvas).__module__))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == "ipympl.backend_nbagg"
