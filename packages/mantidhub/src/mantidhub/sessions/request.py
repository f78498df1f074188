"""What hub and controller say to each other about sessions, on the controller's socket."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, SecretStr

from mantidhub.sessions.choice import Choice
from mantidhub.sessions.message import Message
from mantidhub.sessions.names import SERVER_NAME, USER_NAME
from mantidhub.sessions.spec import EndCause

UserName = Annotated[str, Field(pattern=rf"^{USER_NAME}$")]
ServerName = Annotated[str, Field(pattern=rf"^({SERVER_NAME})?$")]


class SessionRequest(Message):
    """The hub asks for a session. What it is given, the controller decides from its own settings.

    ``variables`` may only be ``JUPYTERHUB_…``: the rest of the session's process environment is the controller's.
    """

    user: UserName
    server: ServerName = ""
    choice: Choice = Choice()
    variables: dict[Annotated[str, Field(pattern=r"^JUPYTERHUB_[A-Z0-9_]+$")], SecretStr]

    def revealed(self) -> dict[str, str]:
        """Return the variables in clear, as the socket and the session need them."""
        return {name: value.get_secret_value() for name, value in self.variables.items()}


class Starting(Message):
    """One step of a start, in words for the person who waits."""

    kind: Literal["starting"] = "starting"
    percent: Annotated[int, Field(ge=0, le=100)]
    message: str


class Started(Message):
    """The session answers on its socket; the path is relative to the run folder."""

    kind: Literal["started"] = "started"
    socket: str
    seconds: float


class Failed(Message):
    """The session does not run; ``message`` is for its user, ``fault`` tells whose matter it is."""

    kind: Literal["failed"] = "failed"
    fault: Literal["refused", "failed", "platform"]
    message: str


class SessionState(Message):
    """One session as the controller knows it.

    ``environment`` is the id of what it runs in, ``size`` a size's name; ``cause`` and ``message`` say how it ended.
    """

    key: str
    user: UserName
    server: ServerName
    environment: str
    size: str
    phase: Literal["starting", "running", "ended"]
    started: datetime | None = None
    exit_code: int | None = None
    cause: EndCause | None = None
    message: str = ""


class SessionStates(Message):
    """Every session that the controller knows of."""

    sessions: tuple[SessionState, ...]
