"""What panels ask of a kernel and are told by it, beside the cell that runs.

This package is an IPython extension (``--IPKernelApp.extra_extensions=mantidlab.kernel``), which the kernels of a
session load at their start; in other kernels `start` does the same. It imports nothing but Python's own library then;
what answers a room's requests is imported with the first of them.
"""

from mantidlab.kernel.between import between_cells
from mantidlab.kernel.errors import KernelError
from mantidlab.kernel.extension import load_ipython_extension, start
from mantidlab.kernel.pushes import push
from mantidlab.kernel.rooms import answers

__all__ = ["KernelError", "answers", "between_cells", "load_ipython_extension", "push", "start"]
