"""How kernels are started: ended first when memory is used up, whoever wrote their specification."""

from typing import Any

from jupyter_server.services.kernels.kernelmanager import ServerKernelManager

from mantidlab.server.sacrifice import first_to_end


class SessionKernel(ServerKernelManager):
    """Jupyter's manager of one kernel, which starts it so that it goes before the server."""

    def format_kernel_cmd(self, extra_arguments: Any = None) -> list[str]:
        """Return the command of the kernel, as its specification says, within one that raises its badness."""
        return first_to_end(super().format_kernel_cmd(extra_arguments))
