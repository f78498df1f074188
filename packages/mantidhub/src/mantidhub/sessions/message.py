"""What all messages between hub and controller have in common: they never change, and hold nothing unknown."""

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """The base of everything that goes over the controller's socket."""

    model_config = ConfigDict(frozen=True, extra="forbid")
