"""Interfaces are found in the packages, the facility's folders, the person's; a broken file hides nothing else."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mantidlab.interfaces import NoSuchInterface, discovery, find
from mantidlab.interfaces.discovery import Source, discover, load, sources

GOOD = """
from mantidlab.interfaces import interface
import beside

@interface(title="{title}", technique="SANS")
def {name}(number: int = 1) -> float:
    return number * beside.FACTOR
"""


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, Path]]:
    home, facility = tmp_path / "home" / "interfaces", tmp_path / "facility"
    home.mkdir(parents=True)
    facility.mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(
        discovery, "SHIPPED", "nothing_that_ships"
    )  # it needs packages that are not in every environment
    monkeypatch.setenv("MANTIDLAB_INTERFACES", f"{facility}{os.pathsep}{tmp_path / 'nowhere'}")
    path, modules = list(sys.path), set(sys.modules)
    yield home, facility
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        if name.startswith("interface_file_") or name == "beside":
            del sys.modules[name]


def write(folder: Path, name: str, title: str = "Title") -> Path:
    (folder / "_not_one.py").write_text("1/0")
    (folder / "beside.py").write_text("FACTOR = 2.0")
    file = folder / f"{name}.py"
    file.write_text(GOOD.format(title=title, name=name))
    return file


def test_files_of_the_facility_and_of_the_person_are_found(folders: tuple[Path, Path]) -> None:
    home, facility = folders
    ours, mine = write(facility, "ours"), write(home, "mine")
    found = discover()
    assert found.interfaces["ours"][1] == Source("facility", str(ours))
    assert found.interfaces["mine"][1] == Source("person", str(mine))
    assert found.broken == ()
    assert find("mine")(3).value == 6.0


def test_nothing_else_in_a_file_is_asked_for_its_class(folders: tuple[Path, Path]) -> None:
    # A function of mantid.simpleapi makes its algorithm when it is, and a file that imports all of them has a thousand.
    file = write(folders[0], "mine")
    touchy = "class Touchy:\n    @property\n    def __class__(self): raise RuntimeError\nalgorithm = Touchy()\n"
    file.write_text(f"{file.read_text()}\n{touchy}")
    assert [one.name for one in load(Source("person", str(file))).interfaces] == ["mine"]


def test_a_file_that_was_changed_is_found_as_it_is_now(folders: tuple[Path, Path]) -> None:
    file = write(folders[0], "mine")
    assert find("mine")(3).value == 6.0
    file.write_text(file.read_text().replace("number * beside.FACTOR", "number * beside.FACTOR + 100.0"))
    assert find("mine")(3).value == 106.0
    file.unlink()
    with pytest.raises(NoSuchInterface):
        find("mine")


def test_the_facility_publishes_in_a_folder_of_its_examples(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    published = tmp_path / "examples" / "interfaces"
    published.mkdir(parents=True)
    monkeypatch.setenv("MANTIDHUB_EXAMPLES", str(tmp_path / "examples"))
    file = write(published, "theirs")
    assert discover().interfaces["theirs"][1] == Source("facility", str(file))


def test_a_persons_own_takes_the_place_of_the_facilitys(folders: tuple[Path, Path]) -> None:
    home, facility = folders
    write(facility, "sans", "the facility's")
    write(home, "sans", "mine")
    assert discover().interfaces["sans"][0].heading.title == "mine"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("import a_package_that_is_not_there", "line 1. ModuleNotFoundError: No module named"),
        ("x = 1\nx = = 2", "line 2. SyntaxError"),
        ("import sys\nsys.exit('enough')", "line 2. SystemExit: enough"),
        ("raise ValueError", "line 1. ValueError"),
        (
            "from mantidlab.interfaces import interface\n@interface\ndef f(x: int): ...",
            'line 2. An interface has a title: write @interface(title="…") above the function.',
        ),
    ],
)
def test_a_broken_file_gets_a_sentence_and_hides_nothing(folders: tuple[Path, Path], text: str, sentence: str) -> None:
    home, _ = folders
    write(home, "good")
    bad = home / "bad.py"
    bad.write_text(text)
    found = discover()
    assert "good" in found.interfaces
    (broken,) = found.broken
    assert broken.source == Source("person", str(bad))
    assert broken.message.startswith(f"{bad} could not be read, ")
    assert sentence in broken.message
    with pytest.raises(NoSuchInterface, match=r"There is no interface lost; there are .*good") as missing:
        find("lost")
    assert sentence in str(missing.value)


IMPATIENT = """
from mantidlab.interfaces import discovery
discovery.SECONDS_FOR_ONE_FILE = 0.2
print(discovery.discover())
"""


def test_a_file_that_does_not_end_is_given_up(folders: tuple[Path, Path]) -> None:
    home, _ = folders
    write(home, "good")
    (home / "loop.py").write_text("while True:\n    pass\n")
    # In a process of its own: the alarm of this one belongs to the limits of tests.
    done = subprocess.run([sys.executable, "-c", IMPATIENT], capture_output=True, text=True, timeout=60, check=True)
    assert "good" in done.stdout
    assert "loop.py could not be read, line" in done.stdout
    assert "Importing it took more than 0.2 s. Compute in functions" in done.stdout


def test_a_function_that_cannot_be_an_interface_hides_no_other_of_its_file(folders: tuple[Path, Path]) -> None:
    home, _ = folders
    file = write(home, "good")
    file.write_text(f"{file.read_text()}\n@interface(title='T')\ndef f(x): ...\n")
    line = file.read_text().splitlines().index("@interface(title='T')") + 1
    found = discover()
    assert "good" in found.interfaces
    assert "f" not in found.interfaces
    (broken,) = found.broken
    assert broken.message.startswith(
        f"{file}, line {line}: f cannot be an interface: its parameter x has no annotation"
    )


def test_two_files_that_declare_the_same_name_are_told_of(folders: tuple[Path, Path]) -> None:
    home, facility = folders
    (home / "one.py").write_text(write(home, "twin").read_text())
    assert [each.message for each in discover().broken] == [
        f"{home / 'one.py'} and {home / 'twin.py'} both declare twin: the one of {home / 'twin.py'} counts. "
        f"Give one of them another name."
    ]
    (home / "one.py").unlink()
    write(facility, "twin")
    assert discover().broken == ()


def test_a_file_that_changed_is_read_again_and_one_that_has_not_is_not(folders: tuple[Path, Path]) -> None:
    home, _ = folders
    file = write(home, "mine", "before")
    (first,) = load(Source("person", str(file))).interfaces
    assert load(Source("person", str(file))).interfaces == (first,)
    file.write_text(file.read_text().replace("before", "afterwards"))
    (second,) = load(Source("person", str(file))).interfaces
    assert second.heading.title == "afterwards"


def test_what_a_file_imports_from_others_is_not_its_own(folders: tuple[Path, Path]) -> None:
    home, _ = folders
    file = write(home, "mine")
    (home / "second.py").write_text("from mine import mine")
    assert load(Source("person", str(home / "second.py"))).interfaces == ()
    sys.modules.pop("mine", None)
    assert len(load(Source("person", str(file))).interfaces) == 1


def test_nothing_is_imported_to_list_the_sources(folders: tuple[Path, Path]) -> None:
    home, _ = folders
    (home / "bad.py").write_text("raise SystemExit")
    assert Source("person", str(home / "bad.py")) in sources()


def test_it_is_a_function_of_mantidlab_too(folders: tuple[Path, Path]) -> None:
    home, _ = folders
    write(home, "mine", "My own")
    (home / "bad.py").write_text("1/0")
    import mantidlab

    shown = repr(mantidlab.interfaces())
    assert "mine" in shown
    assert "My own (SANS)" in shown
    assert "ZeroDivisionError" in shown
    assert mantidlab.interface is mantidlab.interfaces.interface


def test_the_servers_part_waits_for_nothing_heavy() -> None:
    program = (
        "import sys; import mantidlab.interfaces.places, mantidlab.interfaces; "
        "print(sorted({'pydantic', 'numpy', 'scipp'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
