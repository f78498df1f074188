"""All that a catalogue has is found by looking through it."""

from mantidlab.docs.branches import found, tree_of
from mantidlab.docs.catalogue import Catalogue, Page, PythonObject


def test_every_algorithm_that_mantid_lists_stands_below_each_of_its_categories(extracted: Catalogue) -> None:
    tree = tree_of(extracted)
    listed = [each for each in extracted.algorithms if each.latest and not each.hidden]
    algorithms = tree.branches["algorithms"]
    assert algorithms.count() == len(listed) > 700
    units = found(tree, ["algorithms", "Transforms", "Units"])
    assert units is not None
    assert units.leaves["ConvertUnits"] == "algorithm/ConvertUnits-v1"
    for algorithm in listed:
        for category in algorithm.categories:
            branch = found(tree, ["algorithms", *category.split("\\")])
            assert branch is not None
            assert algorithm.name in branch.leaves
    assert tree.branches["functions"].count() == len(extracted.functions)


def test_what_stands_below_a_branch_is_told_in_order_branches_first(extracted: Catalogue) -> None:
    listed = tree_of(extracted).branches["algorithms"].listed()
    titles = [each["title"] for each in listed if each["count"]]
    assert titles == sorted(titles, key=str.lower)
    assert all(each["count"] > 0 for each in listed[: len(titles)])
    assert [each["title"] for each in tree_of(extracted).listed()] == ["algorithms", "functions"]


def test_python_stands_below_its_modules_and_a_module_that_is_documented_is_a_page_itself() -> None:
    def thing(name: str, kind: str) -> PythonObject:
        return PythonObject(name, kind, "scipp", "scipp", "", "", "", (), None, ())

    page = Page("concepts/units.html", "Units", "concepts", "")
    things = (thing("scipp.rebin", "function"), thing("scipp.io", "module"), thing("scipp.io.load", "function"))
    tree = tree_of(Catalogue(packages={}, objects=things, pages=(page,)))
    scipp = found(tree, ["python", "scipp"])
    assert scipp is not None
    assert scipp.listed() == [
        {"title": "io", "of": "python/scipp.io", "count": 1},
        {"title": "rebin", "of": "python/scipp.rebin", "count": 0},
    ]
    assert found(tree, ["pages", "concepts"]) is not None
    assert found(tree, ["python", "numpy"]) is None
