"""Where a figure came from, in its file: written from a real kernel, read back from all three kinds of file."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("agg")

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
import scipp as sc
from nbclient import NotebookClient

from mantidlab.frameworks.model import Parameter, Step
from mantidlab.plots import provenance_of, save_figure
from mantidlab.plots.publication.errors import NoProvenance, NoSuchPaper
from mantidlab.plots.publication.provenance import Provenance

AWKWARD = 'µ <&> \\ (brackets) \\) "quotes" ]]> 中 \x01 \n\t end'


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    yield
    plt.close("all")


@pytest.fixture
def figure():
    made, ax = plt.subplots()
    ax.plot([1, 2])
    return made


@pytest.mark.parametrize("ending", ["svg", "pdf", "png"])
def test_files_and_their_checksums_are_read_back_from_every_kind_of_file(figure, ending, monkeypatch):
    Path("run.nxs").write_bytes(b"neutrons")
    Path("µ (mask) 中.txt").write_bytes(b"")
    monkeypatch.setenv("MANTIDHUB_ENVIRONMENT", "scipp")
    monkeypatch.setenv("MANTIDHUB_ENVIRONMENT_TITLE", "scipp 26.8.0")
    monkeypatch.setenv("MANTIDHUB_ENVIRONMENT_LOCK", "0123")
    save_figure(figure, f"figure.{ending}", data=["run.nxs"], files=["µ (mask) 中.txt"])
    Path(f"figure.{ending}").rename("another.name")
    found = provenance_of("another.name")
    assert {Path(file.name).name: (file.sha256, file.size) for file in found.files} == {
        "run.nxs": (hashlib.sha256(b"neutrons").hexdigest(), 8),
        "µ (mask) 中.txt": (hashlib.sha256(b"").hexdigest(), 0),
    }
    assert found.environment == {"environment": "scipp", "title": "scipp 26.8.0", "lock": "0123"}
    assert found.versions["numpy"] == np.__version__
    assert found.versions["matplotlib"] == mpl.__version__
    assert found.versions["python"] == sys.version.split()[0]


@pytest.mark.parametrize("ending", ["svg", "pdf", "png"])
def test_any_code_comes_back_as_it_was(figure, ending):
    from mantidlab.plots.publication.saving import metadata_for

    written = Provenance((), {"title": AWKWARD}, {}, (AWKWARD, "second"), AWKWARD * 100, "2026-11-30T04:00:00+00:00")
    path = Path(f"figure.{ending}")
    figure.savefig(path, metadata=metadata_for(path, written))
    assert provenance_of(path) == written


def test_a_person_who_looks_at_the_files_properties_reads_a_sentence(figure):
    Path("run.nxs").write_bytes(b"neutrons")
    save_figure(figure, "figure.png", files=["run.nxs"])
    from PIL import Image

    with Image.open("figure.png") as picture:
        sentence = picture.info["Description"]
    assert "run.nxs (SHA-256 " + hashlib.sha256(b"neutrons").hexdigest()[:12] in sentence


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plain.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("damaged.svg", b"<svg"),
        ("plain.pdf", b"%PDF-1.4\n<< /Title (a) >>"),
        ("cut.png", b"\x89PNG\r\n\x1a\n\x00\x00"),
        ("entities.svg", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        ("other.pdf", b"%PDF-1.4\n<< /Keywords (neutrons, muons) >>"),
        ("missing.png", None),
    ],
)
def test_a_file_without_it_is_told_of_in_a_sentence(name, content):
    if content is not None:
        Path(name).write_bytes(content)
    with pytest.raises(NoProvenance) as told:
        provenance_of(name)
    assert str(told.value).endswith(".")


def test_a_figure_of_plain_matplotlib_has_none(figure):
    for ending in ("svg", "pdf", "png"):
        figure.savefig(f"plain.{ending}")
        with pytest.raises(NoProvenance, match="does not say where"):
            provenance_of(f"plain.{ending}")


def test_kinds_of_file_that_keep_nothing_are_refused(figure):
    with pytest.raises(NoSuchPaper, match=r"\.svg, \.pdf or \.png"):
        save_figure(figure, "figure.jpg")
    assert not Path("figure.jpg").exists()


class Reduced:
    """Data with a history, as Mantid's workspaces have one."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def history(self):
        filename = Parameter("Filename", str(self.file), is_default=False)
        return (Step("Load", 1, None, None, (filename, Parameter("Cache", "0", is_default=True))),)

    def summary(self):
        raise NotImplementedError

    spectra = image = geometry = spectrum_detectors = table = logs = members = summary


def test_the_datas_own_history_and_the_files_that_it_names_are_stored(figure, tmp_path):
    file = tmp_path / "LOQ00074044.nxs"
    file.write_bytes(b"loaded")
    save_figure(figure, "figure.pdf", data=[Reduced(file)])
    found = provenance_of("figure.pdf")
    assert found.steps == (f"Load(Filename={str(file)!r})  # version 1",)
    assert [each.sha256 for each in found.files] == [hashlib.sha256(b"loaded").hexdigest()]


def test_data_that_cannot_be_asked_are_no_reason_not_to_save(figure):
    save_figure(figure, "figure.pdf", data=[object(), sc.scalar(1.0), np.ones(3), "no such workspace"])
    assert provenance_of("figure.pdf").files == ()


def test_from_a_kernel_the_cells_that_made_the_data_and_the_figures_own_are_stored(tmp_path):
    Path("run.dat").write_text("1 2 3")
    cells = [
        "import numpy as np\nimport matplotlib.pyplot as plt\nfrom mantidlab.plots import save_figure",
        "%matplotlib agg\nunrelated = 'a token that is nobody\\'s business'",
        "counts = np.loadtxt('run.dat')",
        "counts[0] = 7",
        "other = counts + 1",
        "fig, ax = plt.subplots()\nax.plot(counts)\nsave_figure(fig, 'figure.pdf', data=[counts])",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": tmp_path}}).execute()
    found = provenance_of("figure.pdf")
    assert found.code == cells[-1]
    assert found.steps == (cells[0], cells[2], cells[3])
    assert [(Path(file.name).name, file.size) for file in found.files] == [("run.dat", 5)]


def test_runs_that_cells_find_and_files_that_variables_hold_are_known(tmp_path, monkeypatch):
    for number in (7, 8):
        run = tmp_path / "archive" / "LOQ" / f"LOQ{number:08d}.nxs"
        run.parent.mkdir(parents=True, exist_ok=True)
        run.write_bytes(b"run %d" % number)
    Path("other.nxs").write_bytes(b"other")
    monkeypatch.setenv("MANTIDHUB_DATA", str(tmp_path / "archive"))
    cells = [
        "%matplotlib agg\nfrom pathlib import Path\nfrom mantidlab.archive import find_run\n"
        "import matplotlib.pyplot as plt\nfrom mantidlab.plots import save_figure",
        "first = find_run('LOQ', 7).stat().st_size",
        "number = 8\nrun = find_run('LOQ', number)\nsecond = run.stat().st_size",
        "third = find_run('LOQ', 999999) if False else Path('other' + '.nxs')",
        "fig, ax = plt.subplots()\nax.plot([first, second])\nsave_figure(fig, 'figure.pdf')",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": tmp_path}}).execute()
    assert [Path(file.name).name for file in provenance_of("figure.pdf").files] == [
        "LOQ00000007.nxs",
        "LOQ00000008.nxs",
    ]


def test_a_file_that_changes_has_another_checksum(figure):
    Path("run.nxs").write_bytes(b"one")
    save_figure(figure, "one.pdf", files=["run.nxs"])
    Path("run.nxs").write_bytes(b"two!")
    save_figure(figure, "two.pdf", files=["run.nxs"])
    checksums = [provenance_of(name).files[0].sha256 for name in ("one.pdf", "two.pdf")]
    assert checksums == [hashlib.sha256(content).hexdigest() for content in (b"one", b"two!")]


def test_files_below_the_home_do_not_tell_where_that_is(figure, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    Path("mine").mkdir()
    Path("mine/run.nxs").write_bytes(b"")
    save_figure(figure, "figure.svg", files=["mine/run.nxs"])
    assert [file.name for file in provenance_of("figure.svg").files] == ["~/mine/run.nxs"]


def test_reading_needs_neither_scipp_nor_pyplot(figure):
    save_figure(figure, "figure.pdf")
    code = (
        "import sys, json; from mantidlab.plots import provenance_of; found = provenance_of('figure.pdf');"
        "print(json.dumps([name for name in ('scipp', 'matplotlib.pyplot') if name in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []
