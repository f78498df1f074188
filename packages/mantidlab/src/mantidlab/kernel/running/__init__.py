"""What a kernel works on: progress with the time left, log lines, and how it is stopped."""

from mantidlab.kernel.keeping.report import kept
from mantidlab.kernel.running.progress import progress
from mantidlab.kernel.running.stopping import Stopped, stop
from mantidlab.kernel.running.tasks import log, now

__all__ = ["Stopped", "kept", "log", "now", "progress", "stop"]
