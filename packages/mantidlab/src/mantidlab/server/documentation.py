"""Gives pages the documentation of the session's environments: search, pages of things, what stands at a caret.

It answers while a kernel computes, after one has died, and without a network: in threads, beside the server.

============================  ======================================================================================
``GET docs/search``           ``q``, ``limit``, ``kinds`` (with commas), ``environment`` → ``hits``, ``ms``
``GET docs/thing``            ``of``, ``environment`` → `mantidlab.docs.pages.thing.Thing`
``GET docs/tree``             ``below`` (names, one a line; none: the trunk), ``environment`` → ``items``: ``title``,
                              ``of``, ``count`` of what is below
``GET docs/file/HASH/PATH``   a picture of the offline documentation of an environment
``POST docs/look``            ``source``, ``offset``, ``context``, ``environment`` → ``of``, ``property``,
                              ``problems``
============================  ======================================================================================

Offsets count characters as Python does. An environment is named by its hash, its name or its kernel's; a kernel that
people described themselves is answered from the session's own environment.
"""

import asyncio
import json
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from mimetypes import guess_type
from pathlib import Path
from typing import Any, TypeVar

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado.web import authenticated

from mantidlab.server.documentation_answers import Documentation, Refused
from mantidlab.server.interfaces import draw_up_list
from mantidlab.server.session_environments import SessionEnvironment, session_environments

T = TypeVar("T")

_MOST_HITS = 200
_LONGEST_BODY = 4_000_000
_HARMLESS = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_THREADS = 2  # one may read a catalogue while the other searches
_SECONDS_TO_LOAD = 4.0  # after its start the server has a page to give out; nobody has typed anything by then


class _Handler(APIHandler):
    auth_resource = "contents"

    def initialize(self, documentation: Documentation, beside: "_Beside") -> None:
        self.documentation = documentation
        self.beside = beside

    async def answer(self, make: Callable[[], Mapping[str, Any]]) -> None:
        """Answer with what is made in a thread, or with why it cannot be."""
        try:
            content = await self.beside.run(make)
        except Refused as refusal:
            self.refuse(refusal)
        else:
            self.finish(json.dumps(content))

    def refuse(self, refusal: Refused) -> None:
        self.set_status(refusal.status)
        self.finish(json.dumps({"message": str(refusal)}))


class _SearchHandler(_Handler):
    @authenticated
    @authorized
    async def get(self) -> None:
        text, name = self.get_query_argument("q", ""), self.get_query_argument("environment", "")
        kinds = [kind.strip() for kind in self.get_query_argument("kinds", "").split(",") if kind.strip()]
        limit = self.get_query_argument("limit", "20")
        self.beside.list_interfaces(self.documentation.environment(name))
        wanted = min(int(limit), _MOST_HITS) if limit.isdecimal() else 20
        await self.answer(lambda: self.documentation.search(text, wanted, kinds or None, name))


class _ThingHandler(_Handler):
    @authenticated
    @authorized
    async def get(self) -> None:
        of, name = self.get_query_argument("of", ""), self.get_query_argument("environment", "")
        files = url_path_join(self.base_url, "mantidlab", "docs", "file")
        await self.answer(lambda: self.documentation.thing(of, name, files))


class _TreeHandler(_Handler):
    @authenticated
    @authorized
    async def get(self) -> None:
        path = [part for part in self.get_query_argument("below", "", strip=False).split("\n") if part]
        name = self.get_query_argument("environment", "")
        await self.answer(lambda: self.documentation.branch(path, name))


class _LookHandler(_Handler):
    @authenticated
    @authorized
    async def post(self) -> None:
        try:
            source, offset, context, name = _read_look(self.request.body)
        except (ValueError, TypeError, LookupError, AttributeError):
            self.refuse(Refused(400, "What stands at the caret was asked for in a form that is not known here."))
            return
        await self.answer(lambda: self.documentation.look(source, offset, context, name))


def _read_look(body: bytes) -> tuple[str, int, str, str]:
    if len(body) > _LONGEST_BODY:
        raise ValueError(len(body))
    asked = json.loads(body)
    context = asked.get("context") or ""
    if isinstance(context, list):
        context = "\n".join(map(str, context))
    return str(asked["source"]), int(asked.get("offset") or 0), str(context), str(asked.get("environment") or "")


class _FileHandler(_Handler):
    @authenticated
    @authorized
    async def get(self, name: str, path: str) -> None:
        try:
            file = await self.beside.run(lambda: self.documentation.picture(name, path))
        except Refused as refusal:
            self.refuse(refusal)
            return
        self.set_header("Cache-Control", "private, max-age=86400")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.finish(file.read_bytes(), set_content_type=guess_type(file.name)[0] or "application/octet-stream")

    @property
    def content_security_policy(self) -> str:
        # a drawing in SVG can hold programs, and is opened by itself as easily as in a page
        return _HARMLESS


class _Beside:
    """Work beside the server: threads that are made when they are first needed, and lists of interfaces."""

    def __init__(self) -> None:
        self._listings: dict[Path, asyncio.Future[None]] = {}

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(_THREADS, thread_name_prefix="documentation")

    def list_interfaces(self, environment: SessionEnvironment) -> None:
        """Let the interfaces of an environment be listed, beside the first search in it, which they may miss."""
        if environment.prefix not in self._listings:
            listing = self._listings[environment.prefix] = asyncio.ensure_future(draw_up_list(environment))
            listing.add_done_callback(_let_pass)

    def begin(self, work: Callable[[], None]) -> None:
        """Do something for which nobody waits."""
        self._threads.submit(work)

    async def run(self, make: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, make)


def _let_pass(listing: "asyncio.Future[None]") -> None:
    # Search goes on without interfaces; their panel says what is wrong with them.
    if not listing.cancelled():
        listing.exception()


def offer_documentation(server: Any) -> None:
    """Let the pages of this server ask for the documentation of its environments."""
    home = Path(os.environ.get("HOME") or "~").expanduser()
    documentation, beside = Documentation(session_environments(), home), _Beside()
    given = {"documentation": documentation, "beside": beside}
    at = [server.base_url, "mantidlab", "docs"]
    server.web_app.add_handlers(
        ".*$",
        [
            (url_path_join(*at, "search"), _SearchHandler, given),
            (url_path_join(*at, "thing"), _ThingHandler, given),
            (url_path_join(*at, "tree"), _TreeHandler, given),
            (url_path_join(*at, "look"), _LookHandler, given),
            (url_path_join(*at, "file", "([^/]+)", "(.+)"), _FileHandler, given),
        ],
    )
    server.io_loop.call_later(_SECONDS_TO_LOAD, beside.begin, documentation.warm)
