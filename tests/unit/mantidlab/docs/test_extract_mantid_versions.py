"""Later Mantids answer otherwise, and broken plug-ins not at all: the rest is kept, and what was refused is told."""

import inspect
import json
import os
from dataclasses import replace

import pytest
from support.recorded_mantid import Property, RecordedMantid, Rule, boost_class
from support.recordings import recording

from mantidlab.docs.extract.errors import ExtractionFailed
from mantidlab.docs.extract.mantid import extract_mantid
from mantidlab.docs.extract.mantid_properties import plain, without_home

NAMES = ("Rebin", "ConvertUnits", "FilterEventsByLogValuePreNexus", "BinMD", "AddSampleLogMultiple", "SaveAscii")


def some_of_mantid() -> RecordedMantid:
    """Return a Mantid with few algorithms, whose answers may be spoilt."""
    catalogue = dict(recording("catalogue.json"))
    catalogue["algorithms"] = [one for one in catalogue["algorithms"] if one["name"] in NAMES]
    functions = dict(recording("functions_facilities.json"))
    functions["functions"] = [one for one in functions["functions"] if one["name"] in ("Abragam", "BSpline")]
    return RecordedMantid(catalogue, functions)


def extract(mantid):
    return extract_mantid(mantid, lambda line: None)


def algorithm_of(catalogue, name):
    return next(one for one in catalogue.algorithms if one.name == name and one.latest)


def property_of(catalogue, name, prop):
    return next(one for one in algorithm_of(catalogue, name).properties if one.name == prop)


def raising(error):
    def call(*_args, **_kwargs):
        raise error

    return call


# ---- later versions


def test_several_rules_of_one_property_must_all_agree(monkeypatch):
    """From 6.15 a property can have several settings."""

    class Hides(Rule):
        def isVisible(self, alg):  # noqa: N802
            return False

    one = Property.settings.fget

    def several(self):
        rule = one(self)
        return None if rule is None else [rule, boost_class("VisibleWhenProperty", "mantid.kernel", Hides)(self.facts)]

    before = property_of(extract(some_of_mantid()), "BinMD", "BasisVector0")
    monkeypatch.setattr(Property, "settings", property(several))
    after = property_of(extract(some_of_mantid()), "BinMD", "BasisVector0")
    assert before.settings == ("VisibleWhenProperty",)
    assert after.settings == ("VisibleWhenProperty", "VisibleWhenProperty")
    assert [rule.visible for rule in before.dependencies] == [not before.visible]
    assert not after.visible
    assert [rule.visible for rule in after.dependencies] == []


def test_rules_that_are_had_from_a_method(monkeypatch):
    """The notes of Mantid 6.15 speak of a method ``getSettings``."""
    before = extract(some_of_mantid())
    one = Property.settings.fget
    monkeypatch.delattr(Property, "settings")
    monkeypatch.setattr(Property, "getSettings", lambda self: [one(self)] if one(self) else [], raising=False)
    after = extract(some_of_mantid())
    assert after.failures == ()
    assert after.algorithms == before.algorithms


def test_property_that_python_does_not_know_has_its_text_as_value(monkeypatch):
    """From 6.14 ``Property.value`` exists and is the text."""
    monkeypatch.setattr(Property, "value", property(lambda self: "text"), raising=False)
    mantid = some_of_mantid()
    facts = next(prop for prop in mantid.recorded["algorithms"][0]["properties"] if prop["name"])
    monkeypatch.setitem(facts, "pyclass", "mantid.kernel._kernel.Property")
    catalogue = extract(mantid)
    found = next(p for a in catalogue.algorithms for p in a.properties if p.python_class.endswith(".Property"))
    assert (found.default_value, found.default_type, found.default_error) == ("text", "str", "")


def test_signature_of_a_callable_that_is_made_when_asked():
    """From 6.2 the functions of simpleapi are objects whose call carries a signature that begins with self."""

    class Wrapper:
        def __call__(self, *args, **kwargs): ...

    parameters = [inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)]
    parameters += [inspect.Parameter("InputWorkspace", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    Wrapper.__call__.__signature__ = inspect.Signature(parameters)
    mantid = some_of_mantid()
    mantid.simpleapi.Rebin = Wrapper()
    assert algorithm_of(extract(mantid), "Rebin").signature == "(InputWorkspace)"


@pytest.mark.parametrize("form", ["attribute", "code"])
def test_signature_that_simpleapi_writes_as_text(form):
    """To 3.13 as names of the code's variables, later as an attribute; Python takes neither for a signature."""

    def rebin(*args, **kwargs): ...

    texts = ("\bFunction, InputWorkspace", "**kwargs")
    if form == "attribute":
        rebin.__signature__ = texts
    else:
        rebin.__code__ = rebin.__code__.replace(co_varnames=texts)
    mantid = some_of_mantid()
    mantid.simpleapi.Rebin = rebin
    catalogue = extract(mantid)
    assert algorithm_of(catalogue, "Rebin").signature == "(Function, InputWorkspace, **kwargs)"
    assert catalogue.failures == ()


def test_signature_that_cannot_be_read_is_told():
    mantid = some_of_mantid()
    mantid.simpleapi.Rebin = 3
    catalogue = extract(mantid)
    assert algorithm_of(catalogue, "Rebin").signature == ""
    assert [f.what for f in catalogue.failures] == ["signature of Rebin-v1"]


def test_peaks_are_named_by_the_factory_and_aliases_have_an_end():
    mantid = some_of_mantid()
    mantid.api.FunctionFactory.getPeakFunctionNames = lambda: ["Abragam"]
    for kind in mantid._algorithm_classes.values():
        kind.aliasDeprecated = lambda self: "2022-06-09"
    catalogue = extract(mantid)
    assert {function.name: function.is_peak for function in catalogue.functions} == {"Abragam": True, "BSpline": False}
    assert {algorithm.alias_deprecated for algorithm in catalogue.algorithms} == {"2022-06-09"}
    assert {algorithm.alias_deprecated for algorithm in extract(some_of_mantid()).algorithms} == {""}


def test_algorithm_that_comes_as_its_own_python_object_is_python():
    mantid = some_of_mantid()
    mantid.api.PythonAlgorithm = object  # no class derives from it that could be found
    mantid._plugins.clear()
    for name, kind in mantid._algorithm_classes.items():
        kind.PyExec = lambda self: None
        assert name
    assert {one.implementation for one in extract(mantid).algorithms} == {"python"}


def test_method_that_is_gone_is_one_failure(monkeypatch):
    mantid = some_of_mantid()
    make = mantid.create

    def create(name, version):
        made = make(name, version)
        del made.helpURL
        return made

    mantid.api.AlgorithmManager.createUnmanaged = create
    catalogue = extract(mantid)
    others = len(catalogue.algorithms) - 1
    assert [failure.what for failure in catalogue.failures] == [
        f"helpURL of AddSampleLogMultiple-v1 and {others} others"
    ]
    assert algorithm_of(catalogue, "Rebin").summary.startswith("Rebins data")


# ---- what is broken


def mantid_without(broken, step):
    """Return a Mantid in which one algorithm cannot be made, or not be initialised."""
    mantid = some_of_mantid()
    make = mantid.create
    refuse = raising(RuntimeError("no library at 0x7f2a00ff"))

    def create(name, version):
        if name != broken:
            return make(name, version)
        if step == "constructor":
            refuse()
        made = make(name, version)
        made.initialize = refuse
        return made

    mantid.api.AlgorithmManager.createUnmanaged = create
    return mantid


def test_algorithm_that_cannot_be_made_keeps_its_name():
    whole = extract(some_of_mantid())
    catalogue = extract(mantid_without("Rebin", "constructor"))
    assert [(a.name, a.version) for a in catalogue.algorithms] == [(a.name, a.version) for a in whole.algorithms]
    broken = algorithm_of(catalogue, "Rebin")
    assert (broken.properties, broken.latest, broken.categories) == ((), True, ("Transforms\\Rebin",))
    assert broken.signature == algorithm_of(whole, "Rebin").signature
    assert [(f.what, f.reason) for f in catalogue.failures] == [
        ("an object of Rebin-v1", "RuntimeError: no library at …")
    ]
    others = [a for a in catalogue.algorithms if a.name != "Rebin"]
    assert others == [a for a in whole.algorithms if a.name != "Rebin"]


def test_algorithm_that_cannot_be_initialised_lacks_only_its_properties():
    whole = extract(some_of_mantid())
    catalogue = extract(mantid_without("Rebin", "initialize"))
    assert algorithm_of(catalogue, "Rebin") == replace(algorithm_of(whole, "Rebin"), properties=())
    assert [(f.what, f.reason) for f in catalogue.failures] == [
        ("initialize of Rebin-v1", "RuntimeError: no library at …")
    ]


@pytest.mark.parametrize("attribute", ["documentation", "allowedValues", "isValid", "direction"])
def test_property_that_fails_to_answer_keeps_the_rest(attribute):
    mantid = some_of_mantid()
    make = mantid.property_class

    def property_class(facts):
        kind = make(facts)
        if facts["name"] != "Params":
            return kind
        refusing = property(raising(ValueError("broken")), lambda self, value: None)
        return type(kind.__name__, (kind,), {"__module__": kind.__module__, attribute: refusing})

    mantid.property_class = property_class
    catalogue = extract(mantid)
    assert [(f.what, f.reason) for f in catalogue.failures] == [
        (f"{attribute} of Rebin-v1.Params", "ValueError: broken")
    ]
    params = property_of(catalogue, "Rebin", "Params")
    whole = property_of(extract(some_of_mantid()), "Rebin", "Params")
    assert (params.type, params.python_class, params.default_type) == (whole.type, whole.python_class, "ndarray")
    assert len(algorithm_of(catalogue, "Rebin").properties) == 6


def test_property_whose_value_cannot_be_had_says_why():
    mantid = some_of_mantid()
    make = mantid.property_class

    def property_class(facts):
        kind = make(facts)
        refusing = property(raising(OverflowError("too long at 0x1f")))
        return type(kind.__name__, (kind,), {"value": refusing}) if facts["name"] == "Params" else kind

    mantid.property_class = property_class
    params = property_of(extract(mantid), "Rebin", "Params")
    assert (params.default_value, params.default_type) == (None, "")
    assert params.default_error == "OverflowError: too long at …"


def test_property_that_cannot_be_reached_keeps_its_name():
    mantid = some_of_mantid()
    make = mantid.create

    def create(name, version):
        made = make(name, version)
        reach = made.getProperty
        made.getProperty = lambda prop: raising(RuntimeError("gone"))() if prop == "Params" else reach(prop)
        return made

    mantid.api.AlgorithmManager.createUnmanaged = create
    catalogue = extract(mantid)
    assert property_of(catalogue, "Rebin", "Params").type == ""
    assert [f.what for f in catalogue.failures] == ["property of Rebin-v1.Params"]


def test_rule_that_fails_leaves_the_property_shown(monkeypatch):
    monkeypatch.setattr(Rule, "isVisible", raising(RuntimeError("no such property")))
    catalogue = extract(some_of_mantid())
    assert property_of(catalogue, "BinMD", "BasisVector0").visible
    assert {f.reason for f in catalogue.failures} == {"RuntimeError: no such property"}
    assert all(f.what.startswith("isVisible of ") for f in catalogue.failures)


def test_rules_that_cannot_be_listed_are_told(monkeypatch):
    monkeypatch.setattr(Property, "settings", property(lambda self: object()))
    catalogue = extract(some_of_mantid())
    assert property_of(catalogue, "BinMD", "BasisVector0").settings == ()
    assert [f.reason for f in catalogue.failures] == ["TypeError: 'object' object is not iterable"]


def test_file_action_that_is_not_understood_is_a_failure():
    mantid = some_of_mantid()
    make = mantid.create

    def create(name, version):
        made = make(name, version)
        made.setPropertyValue = raising(ValueError("the moon is full"))
        return made

    mantid.api.AlgorithmManager.createUnmanaged = create
    catalogue = extract(mantid)
    file = property_of(catalogue, "SaveAscii", "Filename")
    assert (file.file, file.multiple_files) == ("", False)
    assert any(f.what.startswith("file action of ") and "the moon is full" in f.reason for f in catalogue.failures)


def test_functions_facilities_and_units_that_fail_are_told():
    mantid = some_of_mantid()
    make = mantid.api.FunctionFactory.createFunction
    mantid.api.FunctionFactory.createFunction = lambda name: (
        raising(RuntimeError("abstract"))() if name == "BSpline" else make(name)
    )
    mantid.kernel.config.getFacilities()[0].instruments()
    mantid.kernel.config._facilities[0].name = raising(RuntimeError("no name"))
    create = mantid.kernel.UnitFactory.create
    mantid.kernel.UnitFactory.create = lambda name: raising(KeyError(name))() if name == "TOF" else create(name)
    catalogue = extract(mantid)
    assert [function.name for function in catalogue.functions] == ["Abragam", "BSpline"]
    assert len(catalogue.facilities) == len(recording("functions_facilities.json")["facilities"]) - 1
    assert len(catalogue.units) == len(recording("catalogue.json")["units"]) - 1
    assert [(f.what, f.reason) for f in catalogue.failures] == [
        ("an object of fit function BSpline", "RuntimeError: abstract"),
        ("description of facility 1", "RuntimeError: no name"),
        ("description of unit TOF", "KeyError: 'TOF'"),
    ]


@pytest.mark.parametrize("value", [float("inf"), float("nan")])
def test_fit_parameter_that_json_cannot_hold_is_null(value):
    mantid = some_of_mantid()
    make = mantid.api.FunctionFactory.createFunction

    def create(name):
        made = make(name)
        made.getParameterValue = lambda i: value if name == "Abragam" and i == 0 else 1.5
        return made

    mantid.api.FunctionFactory.createFunction = create
    catalogue = extract(mantid)
    abragam = next(
        function for function in json.loads(catalogue.to_json())["functions"] if function["name"] == "Abragam"
    )
    assert [parameter["value"] for parameter in abragam["parameters"]] == [None, 1.5, 1.5, 1.5, 1.5]
    assert catalogue.failures == ()


def test_modules_that_simpleapi_imported_are_not_its_names():
    """``from mantid.simpleapi import *`` brings ``os`` along, which is not known better there than where it is from."""
    mantid = some_of_mantid()
    mantid.simpleapi.os, mantid.simpleapi.MODULE_NAME = os, "simpleapi"
    names = extract(mantid).simpleapi
    assert "os" not in names
    assert {"MODULE_NAME", "mtd", "config", "logger"} <= set(names)


def test_parts_of_mantid_that_are_missing_are_told():
    mantid = some_of_mantid()
    del mantid.kernel.UnitFactory, mantid.kernel.version_str, mantid.kernel.revision_full, mantid.api.FunctionFactory
    del mantid.simpleapi.Rebin
    mantid.kernel.config.clear()
    catalogue = extract(mantid)
    assert [a.name for a in catalogue.algorithms] == [a.name for a in extract(some_of_mantid()).algorithms]
    assert (catalogue.units, catalogue.functions, catalogue.revisions) == ((), (), {})
    assert {f.what.split(" of ")[0] for f in catalogue.failures} == {
        "algorithms.categories.hidden",
        "names",
        "signature",
        "trying out",
        "version_str",
    }


def test_mantid_without_algorithms_is_refused_in_a_sentence():
    mantid = some_of_mantid()
    mantid.api.AlgorithmFactory.getRegisteredAlgorithms = lambda include_hidden: {}
    with pytest.raises(ExtractionFailed, match="named none") as refusal:
        extract(mantid)
    assert "read its log" in str(refusal.value)
    mantid.api.AlgorithmFactory.getRegisteredAlgorithms = raising(RuntimeError("no libraries"))
    with pytest.raises(ExtractionFailed, match="no libraries"):
        extract(mantid)


# ---- values


class NumberOfNumpy:
    def tolist(self):
        return 5


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (float("inf"), None),
        (float("nan"), None),
        (True, True),
        (NumberOfNumpy(), 5),
        ([1, ["a", 2.5]], (1, ("a", 2.5))),
        ({"a": 1}, None),
        (object(), None),
        ("text", "text"),
    ],
)
def test_values_become_what_json_can_hold(value, wanted):
    assert plain(value) == wanted
    assert type(plain(value)) is type(wanted)


def test_home_folder_is_not_named(monkeypatch):
    monkeypatch.setenv("HOME", "/people/ada")
    assert without_home('Directory "/people/ada/.mantid" not found') == 'Directory "~/.mantid" not found'
    assert without_home("/people/ada") == "~"
    assert without_home("/people/adam/x") == "/people/adam/x"
    monkeypatch.setenv("HOME", "/")
    assert without_home("/data") == "/data"
