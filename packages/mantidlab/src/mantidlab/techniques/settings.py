"""What the settings of all techniques have in common."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Positive = Annotated[float, Field(gt=0)]


class Settings(BaseModel):
    """What a person can choose: names that do not exist are refused, and nothing changes while a run is computed."""

    model_config = ConfigDict(extra="forbid", frozen=True)
