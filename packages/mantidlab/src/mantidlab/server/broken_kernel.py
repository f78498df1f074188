"""A kernel that runs nothing: it answers each cell with the sentence that says why its environment cannot be used.

``python -m mantidlab.server.broken_kernel SENTENCE -f CONNECTION_FILE``, started in place of a kernel that would never
answer, so that its user reads the reason in the notebook rather than waiting for a connection.
"""

import sys
from typing import Any

from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel


class BrokenKernel(Kernel):
    """Answers with a sentence, set as `sentence` before the start."""

    implementation = "mantidhub"
    implementation_version = "1"
    language_info = {"name": "python", "mimetype": "text/x-python", "file_extension": ".py"}  # noqa: RUF012
    sentence = ""

    @property
    def banner(self) -> str:
        """What a console shows first."""
        return self.sentence

    async def do_execute(self, code: str, silent: bool, *arguments: Any, **named: Any) -> dict[str, Any]:
        """Answer every cell with the sentence, as an error."""
        error = {"ename": "KernelCannotStart", "evalue": self.sentence, "traceback": [self.sentence]}
        if not silent:
            self.send_response(self.iopub_socket, "error", error)
        return {"status": "error", "execution_count": self.execution_count, **error}


def main() -> None:
    """Read the sentence and run the kernel until it is told to stop."""
    BrokenKernel.sentence = sys.argv.pop(1)
    IPKernelApp.launch_instance(kernel_class=BrokenKernel)


if __name__ == "__main__":
    main()
