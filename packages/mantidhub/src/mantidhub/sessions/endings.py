"""Why a session ended, in a sentence for the person whose it was."""

from mantidhub.sessions.request import SessionState
from mantidhub.sessions.spec import EndCause


def why_ended(state: SessionState) -> str:
    """Return the sentence; empty while the session runs, and where it ended as somebody wanted."""
    match state.cause:
        case None | EndCause.STOPPED:
            return ""
        case EndCause.EXITED if state.exit_code == 0:
            return ""
        case EndCause.OUT_OF_MEMORY:
            return "It ended because it used up its memory. Load less at once, or start it with a larger size."
        case EndCause.KILLED:
            return "It ended because its server was killed. If you did not do that yourself, tell the administrator."
        case EndCause.EXITED:
            return f"It ended by itself. Its last words: {state.message}"
        case EndCause.ADMINISTRATOR | EndCause.HOST_RESTARTED | EndCause.IDLE | EndCause.VANISHED:
            return state.message
