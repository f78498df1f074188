"""Writes into a notebook that ``jupyter nbconvert --execute`` ran in which environment that was.

In JupyterLab the page does it, see ``labextension/static/execution-record.js``. This is a preprocessor that nbconvert
runs after the one that executes; ``jupyter/jupyter_nbconvert_config.py`` names it.
"""

from typing import Any

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from nbconvert.preprocessors import Preprocessor
from traitlets import Bool

KEY = "mantidhub"


class ExecutionRecord(Preprocessor):
    """Sets ``metadata.mantidhub`` of an executed notebook to the environment of the kernel that executed it."""

    enabled = Bool(True).tag(config=True)

    def preprocess(self, notebook: Any, resources: Any) -> tuple[Any, Any]:
        """Write the record, if the notebook was executed; take it away if no environment of the session did it."""
        execution = self.config.ExecutePreprocessor
        if execution.get("enabled", False):
            kernel = execution.get("kernel_name") or notebook.metadata.get("kernelspec", {}).get("name", "python3")
            known = _metadata_of(kernel)
            if known.get(KEY):
                notebook.metadata[KEY] = known[KEY]
            elif KEY not in known:
                notebook.metadata.pop(KEY, None)
        return notebook, resources


def _metadata_of(kernel: str) -> dict[str, Any]:
    try:
        return KernelSpecManager().get_kernel_spec(kernel).metadata  # type: ignore[no-any-return]
    except NoSuchKernel:
        return {}
