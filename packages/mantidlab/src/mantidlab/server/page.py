"""What the session tells JupyterLab's page, beside what Jupyter and JupyterHub tell it."""

import os
import time
from collections.abc import Callable
from typing import Any

OURS = "mantidlab"


def tell_the_page(server: Any) -> None:
    """Add to the configuration that every page is sent.

    ``mantidhubSpawnUrl``
        The page on which this person starts servers, or empty.
    version of our extension
        A browser asks whether a file is newer than the one that it has, and an older environment has older files: it
        would go on with those of the newer one. A build gives files new names; ours are not built, so their addresses
        carry the hash of the environment that they came with.
    """
    settings = server.web_app.settings
    before: Callable[[Any, dict[str, Any]], dict[str, Any]] = settings.get("page_config_hook") or _as_it_is
    spawn_url = os.environ.get("MANTIDHUB_SPAWN_URL", "")
    version = os.environ.get("MANTIDHUB_ENVIRONMENT_HASH", "")[:12] or f"{time.time_ns():x}"

    def add(handler: Any, page: dict[str, Any]) -> dict[str, Any]:
        page = before(handler, page)
        page["mantidhubSpawnUrl"] = spawn_url
        for extension in page.get("federated_extensions", []):
            if extension["name"] == OURS:
                extension["load"] = f"{extension['load']}?v={version}"
        return page

    settings["page_config_hook"] = add


def _as_it_is(handler: Any, page: dict[str, Any]) -> dict[str, Any]:
    return page
