"""That a session is used is told by a file beside its socket; a file that cannot be written harms nobody."""

from pathlib import Path
from types import SimpleNamespace

from mantidlab.server.activity import ACTIVE_NAME, Activity

NOTHING_RUNS = SimpleNamespace(
    kernel_manager=SimpleNamespace(list_kernel_ids=list), web_app=SimpleNamespace(settings={})
)


def test_a_person_who_is_there_is_noted(tmp_path: Path):
    Activity(NOTHING_RUNS, tmp_path).keep()
    assert (tmp_path / ACTIVE_NAME).exists()


def test_a_folder_that_is_gone_is_said_once_and_harms_nobody(tmp_path: Path, capsys):
    activity = Activity(NOTHING_RUNS, tmp_path / "gone")
    activity.keep()
    activity.keep()
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith("mantidlab.server: ")
    assert "cannot tell that the session is used" in said
