"""Gives each interface an address of its own: ``GET mantidlab/interfaces/NAME``, a page that can be linked to.

The page is JupyterLab, told of the interface by its address; the extension puts that before all else. So the notebook
behind it, its kernel and its plots are JupyterLab's own. Its layout is kept apart, in a workspace of its own.
"""

from typing import Any
from urllib.parse import quote

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado.web import authenticated

WORKSPACE = "interface-"
"""What names of workspaces begin with that show an interface."""

TAKEN = ("form", "notebook")
"""What `mantidlab.server.interfaces` answers below the same address."""


class _PageHandler(JupyterHandler):
    @authenticated
    async def get(self, name: str) -> None:
        lab = url_path_join(self.base_url, "lab", "workspaces", quote(f"{WORKSPACE}{name}", safe=""))
        # A second window gets a workspace of another name from JupyterLab, and keeps the query.
        self.redirect(f"{lab}?interface={quote(name, safe='')}")


def offer_interface_pages(server: Any) -> None:
    """Let people open pages of interfaces."""
    address = url_path_join(server.base_url, "mantidlab", "interfaces", rf"(?!(?:{'|'.join(TAKEN)})$)(\w+)")
    server.web_app.add_handlers(".*$", [(address, _PageHandler)])
