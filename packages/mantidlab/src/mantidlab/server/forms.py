"""Answers of forms: what a form is made of, calls read from and written into cells, what is wrong with values.

All lie below ``mantidlab/forms/``; what can go wrong is answered as ``{"message": sentence}``. A form is named by what
it is of (``of``), or given whole (``form``), which is how functions of a kernel and interfaces come here: this process
knows nothing of them. Places in a source are counted as a browser does, in UTF-16.

Nothing of this is imported before the first request, and the work is done in a thread beside the server.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado.web import HTTPError, authenticated

from mantidlab.server.kernels import environment_called
from mantidlab.server.session_environments import session_environments

KINDS = ("form", "read", "write", "check", "files", "loader")


SLOW = ("files", "loader")
"""What looks for files and into them."""

SECONDS_FOR_FILES = 5.0
"""How long a file system may not answer; what is only large is answered in parts, long before."""

# Threads of their own: a network that has gone away holds whoever looks for files there, and nobody else.
_looking = ThreadPoolExecutor(max_workers=3, thread_name_prefix="looking for files")


class _FormsHandler(APIHandler):
    auth_resource = "contents"

    @authenticated
    @authorized
    async def get(self, kind: str) -> None:
        if kind != "form":
            raise HTTPError(405)
        await self._answer(kind, {key: self.get_query_argument(key) for key in self.request.query_arguments})

    @authenticated
    @authorized
    async def post(self, kind: str) -> None:
        asked = self.get_json_body()
        await self._answer(kind, asked if isinstance(asked, dict) else {})

    async def _answer(self, kind: str, asked: Mapping[str, Any]) -> None:
        from mantidlab.forms.serving import Refused, answer

        environment = environment_called(str(asked.get("environment") or ""), session_environments())
        work: Callable[[], Mapping[str, Any]] = lambda: answer(kind, asked, environment.prefix, self._folder(asked))  # noqa: E731
        try:
            content = await self._done(kind, work)
        except Refused as problem:
            self.set_status(problem.status)
            self.finish(json.dumps({"message": str(problem), **problem.more}))
            return
        except TimeoutError:
            self.set_status(503)
            self.finish({"message": "The folders of these files do not answer. All else goes on meanwhile."})
            return
        self.finish(json.dumps(content, ensure_ascii=False))

    async def _done(self, kind: str, work: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
        if kind not in SLOW:
            return await asyncio.to_thread(work)
        looking = asyncio.get_running_loop().run_in_executor(_looking, work)
        return await asyncio.wait_for(looking, SECONDS_FOR_FILES)

    def _folder(self, asked: Mapping[str, Any]) -> Path:
        """Return the folder of the notebook that is named, of which relative paths are told."""
        root = Path(str(self.settings.get("server_root_dir", "."))).expanduser()
        notebook = root / str(asked.get("path") or "").lstrip("/")
        return notebook.parent if asked.get("path") else root


def offer_forms(server: Any) -> None:
    """Let the pages of this server ask for forms."""
    address = url_path_join(server.base_url, "mantidlab", "forms", f"({'|'.join(KINDS)})")
    server.web_app.add_handlers(".*$", [(address, _FormsHandler)])
