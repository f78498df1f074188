"""What people read about the end of their session."""

import pytest

from mantidhub.sessions.endings import why_ended
from mantidhub.sessions.request import SessionState
from mantidhub.sessions.spec import EndCause


def state(cause: EndCause | None, exit_code: int | None = None, message: str = "no such module") -> SessionState:
    return SessionState(
        key="alice",
        user="alice",
        server="",
        environment="scipp-0123456789ab",
        size="standard",
        phase="running" if cause is None else "ended",
        exit_code=exit_code,
        cause=cause,
        message=message,
    )


@pytest.mark.parametrize(
    "wanted", [state(None), state(EndCause.STOPPED, 137), state(EndCause.EXITED, 0)], ids=lambda state: str(state.cause)
)
def test_nothing_is_said_of_a_session_that_runs_or_ended_as_somebody_wanted(wanted: SessionState):
    assert why_ended(wanted) == ""


@pytest.mark.parametrize("cause", [cause for cause in EndCause if cause is not EndCause.STOPPED])
def test_every_other_end_has_its_sentence(cause: EndCause):
    sentence = why_ended(state(cause, 3))
    assert sentence
    assert sentence.endswith((".", "no such module"))


def test_a_server_that_ends_by_itself_has_the_last_word():
    assert "no such module" in why_ended(state(EndCause.EXITED, 3))
