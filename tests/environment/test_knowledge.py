"""What is drawn out of the real scipp environment, compared with what Python itself sees there."""

import importlib
import inspect
import json
import os
import pkgutil
import subprocess
import sys
import types
import typing
from pathlib import Path

import pytest

from mantidlab.docs.reading import read_catalogue
from mantidlab.docs.search import SearchIndex

NAMES = ["scipp", "scippneutron", "ess"]


def extract(folder, *names, **variables):
    command = [sys.executable, "-B", "-m", "mantidlab.docs.extract", "--out", str(folder), *names]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=200, env={**os.environ, **variables}
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("knowledge")
    done = extract(folder, *NAMES, PYTHONHASHSEED="1")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def catalogue(folder):
    return read_catalogue(folder / "catalogue.json")


@pytest.fixture(scope="module")
def names(catalogue):
    return {name for thing in catalogue.objects for name in (thing.name, *thing.aliases)}


def is_described(thing):
    return callable(thing) and not isinstance(thing, (types.ModuleType, typing.TypeVar, types.UnionType))


@pytest.mark.parametrize("package", ["scipp", "scippneutron", "scipp.spatial", "scipp.io", "scipp.scipy.signal"])
def test_every_callable_that_dir_shows_is_there(package, names):
    module = __import__(package, fromlist=["x"])
    shown = [name for name in dir(module) if not name.startswith("_") and is_described(getattr(module, name))]
    listed = getattr(module, "__all__", shown)
    missing = [name for name in shown if f"{package}.{name}" not in names and name in listed]
    assert missing == []
    assert len(shown) > 1


def modules_below(name):
    try:
        module = importlib.import_module(name)
    except ImportError:
        return
    yield module
    for info in pkgutil.iter_modules(module.__spec__.submodule_search_locations or ()):
        if not info.name.startswith("_") and info.name != "conftest":
            yield from modules_below(f"{name}.{info.name}")


def test_every_function_and_class_of_every_public_module_is_there(names):
    looked_at, missing = 0, []
    for module in (module for root in NAMES for module in modules_below(root)):
        for name, thing in vars(module).items():
            own = getattr(thing, "__module__", "") == module.__name__ and not name.startswith("_")
            if own and (inspect.isroutine(thing) or isinstance(thing, (type, typing.NewType))):
                looked_at += 1
                public = name in getattr(module, "__all__", [name])
                if public and f"{module.__name__}.{name}" not in names:
                    missing.append(f"{module.__name__}.{name}")
    assert missing == []
    assert looked_at > 1500


def test_every_function_and_method_has_a_signature(catalogue):
    described = [thing for one in catalogue.objects for thing in (one, *one.members)]
    assert [one.name for one in described if one.kind in ("function", "method") and not one.signature] == []


def test_a_hundred_and_sixty_functions_and_classes_of_scipp_itself(names):
    # 138 functions and 23 classes in scipp 26.8, by dir()
    assert len([name for name in names if name.count(".") == 1 and name.startswith("scipp.")]) >= 160


def test_signatures_are_those_that_python_sees(catalogue):
    import scipp

    compared = 0
    for thing in catalogue.objects:
        if thing.name.count(".") != 1 or not thing.name.startswith("scipp.") or thing.kind != "function":
            continue
        function = getattr(scipp, thing.name.removeprefix("scipp."))
        if inspect.isfunction(function) and not typing.get_overloads(function):
            assert [one.name for one in thing.arguments] == list(inspect.signature(function).parameters), thing.name
            compared += 1
    assert compared > 80


def test_compiled_classes_have_signatures_and_members(catalogue):
    objects = {thing.name: thing for thing in catalogue.objects}
    array = objects["scipp.DataArray"]
    assert [one.name for one in array.arguments] == ["data", "coords", "masks", "name"]
    members = {member.name: member for member in array.members}
    assert members["scipp.DataArray.coords"].kind == "property"
    assert members["scipp.DataArray.astype"].signature.startswith("(type: object, *, copy: bool = True)")
    assert members["scipp.DataArray.drop_coords"].signature.count("\n") == 1  # two overloads
    unit = next(one for one in objects["scipp.Variable"].arguments if one.name == "unit")
    assert "Physical unit" in unit.documentation


def test_domain_types_and_providers_of_ess(catalogue):
    objects = {thing.name: thing for thing in catalogue.objects}
    bins = objects["ess.sans.types.WavelengthBins"]
    assert (bins.kind, bins.package, bins.summary) == ("type", "esssans", "Wavelength binning")
    assert objects["ess.reduce.uncertainty.UncertaintyBroadcastMode"].sections[-1].title == "Values"
    held = {thing.package for thing in catalogue.objects}
    assert {"esssans", "essreduce", "essreflectometry", "essdiffraction", "essimaging", "scipp"} <= held
    assert set(catalogue.packages) >= held


def test_what_is_not_readable_needs_what_nobody_installed(catalogue):
    assert len(catalogue.failures) <= 6
    for failure in catalogue.failures:
        assert "No module named" in failure.reason, failure


def test_nothing_of_this_machine_and_the_same_in_each_run(folder, tmp_path):
    text = (folder / "catalogue.json").read_text(encoding="utf-8")
    for trace in (" at 0x", sys.prefix, str(Path.home()) + "/", str(folder)):
        assert trace not in text
    assert extract(tmp_path, *NAMES, PYTHONHASHSEED="2").returncode == 0
    for name in ("catalogue.json", "search.sqlite"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()
    assert json.loads(text)["format"] == 1


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("rebin", "scipp.rebin"),
        ("group by", "scipp.groupby"),
        ("transfrom coords", "scipp.transform_coords"),
        ("DataAray", "scipp.DataArray"),
        ("concta", "scipp.concat"),
        ("tof", "scippneutron.tof"),
        ("wavelength bins", "ess.sans.types.WavelengthBins"),
    ],
)
def test_search(folder, text, first):
    assert first in [hit.name for hit in SearchIndex(folder / "search.sqlite").search(text)[:3]]


def test_units_are_converted_first_of_all_by_what_scipp_itself_has(folder):
    for text in ("conver units", "convert units", "conver unit"):
        assert SearchIndex(folder / "search.sqlite").search(text)[0].name == "scipp.to_unit"
