"""A specification is read once, completely, and every mistake in it is explained."""

import re
from pathlib import Path

import pytest

from mantidhub.environments import Specification, shipped_specifications
from mantidhub.environments.identity import locked_text
from mantidhub.errors import EnvironmentFailed


def edit(folder: Path, old: str, new: str) -> Path:
    path = folder / "small.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return path


def test_it_holds_what_the_file_says(folder: Path) -> None:
    specification = Specification.load(folder / "small.toml")
    assert specification.name == "small"
    assert specification.python == ("3.11", "3.12", "3.13")
    assert specification.variables == {"OMP_NUM_THREADS": "1"}
    assert specification.checks.imports == ("json",)
    assert specification.beside(specification.lock) == folder / "small.txt"


def test_the_lock_is_read_without_comments(folder: Path) -> None:
    assert locked_text(Specification.load(folder / "small.toml").lock_file()) == ["six==1.17.0 \\", "--hash=sha256:00"]


def test_it_cannot_be_changed(folder: Path) -> None:
    specification = Specification.load(folder / "small.toml")
    with pytest.raises(ValueError, match="frozen"):
        specification.name = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("old", "new", "found", "allowed"),
    [
        ('name = "small"', 'name = "Two words"', "name = 'Two words'", "lower-case letters"),
        ('name = "small"', 'name = "../small"', "name = '../small'", "lower-case letters"),
        ('["3.11", "3.12", "3.13"]', '">=3.11"', "python = '>=3.11'", "a list of minor versions"),
        ('["3.11", "3.12", "3.13"]', '["3.11.2"]', "python.0 = '3.11.2'", "a list of minor versions"),
        ('["3.11", "3.12", "3.13"]', "[]", "python = []", "a list of minor versions"),
        ('title = "Small"', 'titel = "Small"', "titel is not known", "title"),
        ('title = "Small"\n', "", "title is missing", ""),
        ('imports = ["json"]', 'imports = ["os; exit"]', "checks.imports.0 = 'os; exit'", "module names"),
        ('"etc/settings.json"', '"/etc/passwd"', "does not lie inside", '"path in the environment"'),
        ('"etc/settings.json"', '"../passwd"', "does not lie inside", '"path in the environment"'),
        ('OMP_NUM_THREADS = "1"', "OMP_NUM_THREADS = 1", "OMP_NUM_THREADS = 1", 'NAME = "value"'),
        ('imports = ["json"]', 'modules = "conformance"', "checks.modules = 'conformance'", "module names"),
        ('imports = ["json"]', "import = []", "checks.import is not known", "imports, modules"),
        ('requirements = "small.in"\n', "", "neither of `requirements`", "the table [conda]"),
        ('lock = "small.txt"\n', "", "lock is missing", ""),
        ('python = ["3.11", "3.12", "3.13"]\n', "", "python is missing", "a list of minor versions"),
        ("[checks]", "[conda]\n[checks]", "both of `requirements`", "one is needed"),
        ("[files]", "free_space_gb = -1\n[files]", "free_space_gb = -1", "a positive number"),
        ("[files]", "free_space_gb = inf\n[files]", "free_space_gb = inf", "a positive number"),
        ('"etc/settings.json"', '"environment.json"', "written by the build itself", '"path in the environment"'),
        ('"etc/settings.json"', '".scratch/x"', "written by the build itself", '"path in the environment"'),
        ('name = "small"', 'name = "small"\npath = "/etc"', "path in the file is not known", "title"),
        ('lock = "small.txt"', 'lock = "small.in"', "lock = 'small.in' is a file with another purpose", ""),
        ('lock = "small.txt"', 'lock = "../environments/small.toml"', "it would be overwritten", ""),
        ('"settings.json"', "3", "files.etc/settings.json = 3: it is no path in quotes", "path beside this file"),
        ("[checks]", '[session_files]\n"/" = "settings.json"\n[checks]', "no absolute path of a file", "template"),
    ],
)
def test_a_mistake_is_named_with_the_file_and_what_is_allowed(
    folder: Path, old: str, new: str, found: str, allowed: str
) -> None:
    path = edit(folder, old, new)
    with pytest.raises(EnvironmentFailed) as failure:
        Specification.load(path)
    assert str(path) in str(failure.value)
    assert found in str(failure.value)
    assert allowed in str(failure.value)


def conda_specification(folder: Path, table: str) -> Path:
    edit(folder, 'requirements = "small.in"\n', "")
    edit(folder, 'python = ["3.11", "3.12", "3.13"]\n', "")
    return edit(folder, "[checks]", f"[conda]\n{table}\n[checks]")


@pytest.mark.parametrize("channel", ["/", "file://", "https://mirror/rocks", ""])
def test_a_channel_has_a_name(folder: Path, channel: str) -> None:
    path = conda_specification(folder, f'channels = ["{channel}"]\npackages = ["python"]')
    with pytest.raises(EnvironmentFailed, match=re.escape(f"'{channel}' is no name")):
        Specification.load(path)


def test_a_password_in_an_address_is_not_shown(folder: Path) -> None:
    path = conda_specification(folder, 'channels = ["https://me:kV7hunter@mirror/t/s3cret/rocks"]\npackages = ["a"]')
    with pytest.raises(EnvironmentFailed, match=r"'https://\*\*\*@mirror/t/\*\*\*/rocks' is no name") as failure:
        Specification.load(path)
    assert "kV7hunter" not in str(failure.value)
    assert "s3cret" not in str(failure.value)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('title = "Small"', 'titel = "Small"', "line 2: titel is not known"),
        ('OMP_NUM_THREADS = "1"', "OMP_NUM_THREADS = 1", "line 13: variables.OMP_NUM_THREADS = 1: it is no text in"),
        ('OMP_NUM_THREADS = "1"', '"A B" = "1"', "line 13: variables.A B = 'A B': it is not written as it must be"),
        ('imports = ["json"]', 'imports = "json"', "line 16: checks.imports = 'json': it is no list"),
    ],
)
def test_a_mistake_is_named_with_its_line(folder: Path, old: str, new: str, line: str) -> None:
    with pytest.raises(EnvironmentFailed, match=f"(?m)^  {re.escape(line)}"):
        Specification.load(edit(folder, old, new))


def test_a_wrong_entry_of_a_list_is_one_mistake(folder: Path) -> None:
    path = conda_specification(folder, 'channels = ["a"]\npackages = ["b"]\nplatforms = ["osx-64"]')
    with pytest.raises(EnvironmentFailed, match=r"1 mistake\(s\):\n.*conda\.platforms\.0 = 'osx-64'"):
        Specification.load(path)


def test_several_mistakes_are_all_named(folder: Path) -> None:
    edit(folder, 'title = "Small"', 'titel = "Small"')
    with pytest.raises(EnvironmentFailed, match=r"(?s)2 mistake.*title is missing.*titel is not known"):
        Specification.load(folder / "small.toml")


def test_broken_toml_is_named_with_its_line(folder: Path) -> None:
    path = edit(folder, 'title = "Small"', "title = Small")
    with pytest.raises(EnvironmentFailed, match=r"small\.toml is not valid TOML: .*line 2"):
        Specification.load(path)


def test_a_missing_specification_names_those_that_are_there(folder: Path) -> None:
    with pytest.raises(EnvironmentFailed, match=r"other\.toml cannot be read .* there is small\.toml"):
        Specification.load(folder / "other.toml")


def test_a_missing_settings_file_is_named(folder: Path) -> None:
    (folder / "settings.json").unlink()
    with pytest.raises(
        EnvironmentFailed, match=r"small\.toml:10: files\.etc/settings\.json names .*settings\.json, not found"
    ):
        Specification.load(folder / "small.toml")


def test_a_local_package_needs_a_project_file(folder: Path) -> None:
    (folder / "package" / "pyproject.toml").unlink()
    with pytest.raises(EnvironmentFailed, match=r"local_packages names .*package, not found\. A folder with"):
        Specification.load(folder / "small.toml")


def test_a_missing_lock_says_how_to_make_it(folder: Path) -> None:
    (folder / "small.txt").unlink()
    with pytest.raises(EnvironmentFailed, match=r"small\.txt cannot be read .* `mantidhub environment lock`"):
        locked_text(Specification.load(folder / "small.toml").lock_file())


def test_missing_requirements_are_named(folder: Path) -> None:
    (folder / "small.in").unlink()
    with pytest.raises(EnvironmentFailed, match=r"requirements names .*small\.in, not found"):
        Specification.load(folder / "small.toml")


def test_scipp_ships() -> None:
    assert "scipp" in [specification.name for specification in shipped_specifications()]
