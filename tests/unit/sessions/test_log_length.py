"""Logs of sessions stay short, and their last lines stay whole."""

from pathlib import Path

from mantidhub.sessions.log_length import KEPT, LARGEST_LOG, cut


def test_a_short_log_is_left_alone(tmp_path: Path):
    log = tmp_path / "alice.log"
    log.write_text("one line\n")
    cut(log)
    assert log.read_text() == "one line\n"


def test_of_a_long_log_the_last_lines_stay_and_writing_goes_on_behind_them(tmp_path: Path):
    log = tmp_path / "alice.log"
    with log.open("ab") as writer:
        line = b"x" * 99 + b"\n"
        writer.write(line * (LARGEST_LOG // len(line) + 2))
        writer.write(b"the last words\n")
        writer.flush()
        cut(log)
        writer.write(b"and more\n")
    lines = log.read_text().splitlines()
    assert log.stat().st_size < KEPT + 200
    assert lines[0].startswith("(earlier lines were removed")
    assert set(lines[1:-2]) == {"x" * 99}, "no line is cut in two"
    assert lines[-2:] == ["the last words", "and more"]
