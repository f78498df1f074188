"""What a person chose for a session: environment, size, further kernels."""

from typing import Annotated, Any, Self

from pydantic import Field, ValidationError

from mantidhub.errors import SessionRefused
from mantidhub.sessions.message import Message

EnvironmentReference = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,47}$")]
"""The name of an environment, which means the newest build of it, or the id of one build."""
SizeName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]

_ALLOWED = {
    "environment": "the name or the id of an environment",
    "size": "the name of a size",
    "kernels": "a list of names or ids of environments",
}


class Choice(Message):
    """What a session shall be; None leaves it to the administrator's settings.

    Attributes
    ----------
    environment
        What the session runs in.
    size
        How much memory and how many cores it may use.
    kernels
        Environments that notebooks in it can use too.
    """

    environment: EnvironmentReference | None = None
    size: SizeName | None = None
    kernels: tuple[EnvironmentReference, ...] = Field(default=(), max_length=100)

    @classmethod
    def from_options(cls, options: object) -> Self:
        """Read what somebody sent, such as the JSON of a program.

        Raises
        ------
        SessionRefused
            With one sentence for the first mistake.
        """
        try:
            return cls.model_validate(options)
        except ValidationError as error:
            raise SessionRefused(_explain(error)) from error

    @classmethod
    def find_in(cls, options: object) -> Self | None:
        """Return what was stored earlier; None if there is nothing, or nothing that can be read any more."""
        try:
            return cls.model_validate(options) if options else None
        except ValidationError:
            return None

    def to_options(self) -> dict[str, Any]:
        """Return what JupyterHub stores."""
        return self.model_dump(mode="json", exclude_none=True)


def _explain(error: ValidationError) -> str:
    mistake = error.errors(include_url=False)[0]
    if not mistake["loc"]:
        return 'The options of a session are a JSON object, such as {"environment": "scipp"}.'
    option, found = str(mistake["loc"][0]), repr(mistake["input"])
    found = found if len(found) <= 60 else f"{found[:60]}…"
    if option not in _ALLOWED:
        return f"A session has no option {option[:60]!r}; there are {', '.join(_ALLOWED)}."
    return f"The session cannot be started with {option} = {found}: it must be {_ALLOWED[option]}."
