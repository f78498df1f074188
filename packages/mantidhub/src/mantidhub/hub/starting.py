"""Starting a server on behalf of a page: the answer is a failure within the first second, or the page to wait on."""

import asyncio
from dataclasses import dataclass
from typing import Any

from jupyterhub.handlers import BaseHandler
from jupyterhub.user import User
from jupyterhub.utils import url_escape_path, url_path_join
from tornado.httputil import url_concat
from tornado.web import HTTPError

QUICK_FAILURE = 1.0
"""Seconds in which most failures have happened, and most sessions run."""


@dataclass(frozen=True)
class Failure:
    """Why a server did not start, in words for its owner, and the status of the page that says it."""

    message: str
    status: int


async def start(handler: BaseHandler, user: User, server_name: str, options: dict[str, Any] | None) -> Failure | None:
    """Start a server; return why it failed, None if it goes on or runs.

    Parameters
    ----------
    options
        What was chosen; None for what is remembered.
    """
    spawner = user.get_or_create_spawner(server_name, server_name, replace_failed=True)
    if spawner._spawn_future and spawner._spawn_future.done():
        spawner._spawn_future = None  # asked for again, so the earlier failure is not shown any more
    starting = asyncio.ensure_future(handler.spawn_single_user(user, server_name, server_name, options=options))
    await asyncio.wait([starting], timeout=QUICK_FAILURE)
    if not starting.done():
        return None
    error = starting.exception()
    return None if error is None else _in_words(handler, error)


def waiting_page(handler: BaseHandler, user: User, server_name: str, *, following: str = "") -> str:
    """Return the address of the page that shows how the start goes, and leads to what follows, else to the server."""
    page = url_path_join(handler.hub.base_url, "spawn-pending", user.escaped_name, url_escape_path(server_name))
    return str(url_concat(page, {"next": following}) if following else page)


def _in_words(handler: BaseHandler, error: BaseException) -> Failure:
    status = error.status_code if isinstance(error, HTTPError) else 500
    if message := getattr(error, "jupyterhub_message", None):
        return Failure(str(message), status)
    if isinstance(error, HTTPError):
        return Failure(str(error.log_message or error.reason), status)
    handler.log.error("a server could not be started", exc_info=error)
    return Failure("MantidHub itself had a problem; please tell the administrator, who finds more in its log.", status)
