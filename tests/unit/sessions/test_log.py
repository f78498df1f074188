"""What a session's last words are."""

from mantidhub.sessions.log import LONGEST_SENTENCE, last_sentence


def test_the_last_line_that_says_something_is_taken(tmp_path):
    log = tmp_path / "log"
    log.write_text("one\ntwo\n\n  \n")
    assert last_sentence(log) == "two"


def test_words_of_an_earlier_session_are_not_this_ones(tmp_path):
    log = tmp_path / "log"
    log.write_text("old\n")
    assert last_sentence(log, start=4) == ""


def test_a_long_line_or_a_missing_log_does_no_harm(tmp_path):
    log = tmp_path / "log"
    log.write_bytes(b"\xff" * 100_000)
    assert len(last_sentence(log)) == LONGEST_SENTENCE
    assert last_sentence(tmp_path / "none") == ""
