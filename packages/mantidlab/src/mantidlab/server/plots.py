"""Gives pages the programs that draw plots, under addresses that a browser never has to ask for twice.

``GET mantidlab/plots/HASH/NAME.js``: the hash is that of the content, so what lies there stays the same for ever. A
kernel of another environment may want a bundle of another hash; it is not found here, and the kernel itself has it.
"""

from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado.web import HTTPError, authenticated

from mantidlab.plots.bundles import bundles
from mantidlab.plots.errors import BundlesMissing

FOR_EVER = "private, max-age=31536000, immutable"


class _BundleHandler(JupyterHandler):
    auth_resource = "contents"

    @authenticated
    @authorized
    async def get(self, hash_: str, name: str) -> None:
        try:
            bundle = bundles().get(name)
        except BundlesMissing as problem:
            raise HTTPError(404, str(problem)) from problem
        if bundle is None or bundle.hash != hash_:
            raise HTTPError(404, f"This server has no program {name} with the hash {hash_} to draw plots.")
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.set_header("Cache-Control", FOR_EVER)
        self.finish(bundle.file.read_bytes())


def offer_bundles(server: Any) -> None:
    """Let the pages of this server have the bundles of its own environment, and nothing else."""
    address = url_path_join(server.base_url, "mantidlab", "plots", "([0-9a-f]+)", "([a-z]+)[.]js")
    server.web_app.add_handlers(".*$", [(address, _BundleHandler)])
