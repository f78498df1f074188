"""What `mantidhub up` decided, handed to the three processes that it supervises."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from mantidhub.files import write_whole
from mantidhub.settings.model import EngineName, Settings
from mantidhub.settings.state import ServiceIdentities, StateFolder

VARIABLE = "MANTIDHUB_DEPLOYMENT"
"""Name of the process variable that holds the path of the file below."""


class Deployment(BaseModel):
    """The effective settings and places; holds no secrets.

    ``services`` is None when not started as root, ``config`` where no configuration file was named. ``engine`` is
    decided once, so that a controller that comes back looks for its sessions where they are, whatever answers then.
    """

    model_config = ConfigDict(frozen=True)

    settings: Settings
    state: StateFolder
    examples: Path
    address: str
    services: ServiceIdentities | None
    engine: EngineName
    config: Path | None = None

    def write(self) -> Path:
        """Write the file that the processes read, and return where it is."""
        file = self.state.run / "deployment.json"
        write_whole(file, self.model_dump_json(indent=1), mode=0o644)
        return file

    @classmethod
    def read(cls, file: Path) -> "Deployment":
        """Read what :meth:`write` wrote."""
        return cls.model_validate_json(file.read_text())
