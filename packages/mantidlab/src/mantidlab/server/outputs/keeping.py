"""Lets a server keep outputs, and answers the page that asks for them."""

from typing import Any

from mantidlab.server.outputs.keeper import LOOK_EVERY, Keeper
from mantidlab.server.outputs.notebooks import ServersNotebooks
from mantidlab.server.outputs.run import Run

TOLD_TO_THE_PAGE = ("request", "cell", "code", "count", "ended")


def keep_outputs(server: Any) -> None:
    """Keep outputs from now on, write what is due, and answer the page at ``mantidlab/outputs/KERNEL``."""
    from jupyter_server.base.handlers import APIHandler
    from jupyter_server.utils import url_path_join
    from tornado.ioloop import PeriodicCallback
    from tornado.web import authenticated

    kernels = server.kernel_manager
    if not hasattr(kernels, "keeper"):
        return  # kernels of the user's own choice, see mantidlab.server.outputs.kernels
    keeper = kernels.keeper = Keeper(ServersNotebooks(server))

    class OutputsHandler(APIHandler):
        """The runs of a kernel that no page follows; the page that asks does from now on."""

        auth_resource = "kernels"

        @authenticated
        def post(self, kernel_id: str) -> None:
            runs = keeper.hand_over(kernel_id, self.get_argument("session"))
            self.finish({"runs": [_told(run) for run in runs]})

    async def bring_up_to_date(path: str) -> None:
        try:
            await keeper.before_reading(path)
        except Exception:  # whatever it is, the notebook can be read as it is
            server.log.warning("%s is read without what cells printed meanwhile", path, exc_info=True)

    address = url_path_join(server.base_url, "mantidlab", "outputs", r"([\w-]+)")
    server.web_app.add_handlers(".*$", [(address, OutputsHandler)])
    contents = server.contents_manager
    contents.register_post_save_hook(lambda model, **_: keeper.saved(model["path"]))
    if hasattr(contents, "before_reading"):
        contents.before_reading = bring_up_to_date
        contents.before_comparing = keeper.before_comparing
    PeriodicCallback(keeper.look, LOOK_EVERY * 1000).start()


def _told(run: Run) -> dict[str, Any]:
    return {**{name: getattr(run, name) for name in TOLD_TO_THE_PAGE}, "outputs": run.outputs(), "seen": list(run.seen)}
