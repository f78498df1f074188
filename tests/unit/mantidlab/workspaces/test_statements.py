"""Which lines of a notebook made a variable."""

from mantidlab.workspaces.statements import Statement, made_by, statements_of, unexplained


def told(*cells: str) -> list[Statement]:
    return [each for number, code in enumerate(cells, 1) for each in statements_of(code, number)]


def lines(name: str, *cells: str) -> list[str]:
    return [each.source for each in made_by([name], told(*cells))]


def test_only_what_a_variable_needs_is_taken():
    assert lines("c", "import a\nb = a.b()\nunrelated = 3", "c = b + 1", "d = c") == [
        "import a", "b = a.b()", "c = b + 1",
    ]  # fmt: skip


def test_a_cell_that_was_run_again_counts_once():
    assert lines("x", "n = 1", "x = n + 1", "n = 2", "x = n + 1", "x = n + 1") == ["n = 2", "x = n + 1"]


def test_what_was_changed_in_place_is_taken():
    assert lines("x", "x = make()", "x *= 2", 'x.coords["a"] = 1', "other = x + 1") == [
        "x = make()", "x *= 2", 'x.coords["a"] = 1',
    ]  # fmt: skip


def test_changes_by_another_name_of_the_same_data_are_taken():
    assert "y *= 2" in lines("x", "x = make()", "y = x", "y *= 2")
    assert "part *= 2" in lines("x", "x = make()", 'part = x["a"]', "part *= 2")


def test_calls_that_only_show_are_left_out_and_others_are_not():
    assert lines("x", "x = make()", "plot(x)", "x.plot()", "print(x)", "save(x, 'a.nxs')") == ["x = make()"]
    assert "mend(x)" in lines("x", "x = make()", "mend(x)")
    assert "x.sort()" in lines("x", "x = make()", "x.sort()")


def test_functions_bring_what_they_use_and_not_their_own_names():
    assert lines("r", "k = 2\nx = 5", "def f(a):\n    x = a * k\n    return x", "r = f(1)") == [
        "k = 2", "def f(a):\n    x = a * k\n    return x", "r = f(1)",
    ]  # fmt: skip


def test_a_loop_may_not_run_so_what_was_before_stays():
    assert lines("x", "x = 0", "for i in range(3):\n    x = x + i") == ["x = 0", "for i in range(3):\n    x = x + i"]
    assert lines("x", "x = 0", "if late:\n    x = 1") == ["x = 0", "if late:\n    x = 1"]


def test_comments_above_and_decorators_come_along():
    code = "a = 1\n# why\n# and how\n@cached\ndef f():\n    return 1\n"
    assert lines("f", code) == ["# why\n# and how\n@cached\ndef f():\n    return 1"]
    assert lines("b", "a = 1; b = 2") == ["b = 2"]


def test_magics_do_not_hide_what_they_run():
    assert lines("x", "%matplotlib inline\n%time x = make()") == ["x = make()"]
    assert lines("x", "%%time\nx = make()") == ["x = make()"]
    assert lines("x", "%%bash\nx=1") == []
    assert lines("x", "x = (") == []


def test_what_nobody_makes_is_told():
    found = made_by(["x"], told("x = len(given)"))
    assert unexplained(["x"], found) == {"given"}
    assert unexplained(["y"], []) == {"y"}
