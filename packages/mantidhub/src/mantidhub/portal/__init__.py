"""What people see of MantidHub: page templates over JupyterHub's own, one style sheet, a logo."""

from pathlib import Path
from typing import Any

from jupyterhub.handlers.static import CacheControlStaticFilesHandler

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"
LOGO = STATIC / "logo.svg"


def handlers() -> list[tuple[Any, ...]]:
    """Return what serves the static files below `/hub/portal/`, for an authenticator's `get_handlers`."""
    return [(r"/portal/(.*)", CacheControlStaticFilesHandler, {"path": str(STATIC)})]
