"""The command line of interfaces: ``python -m mantidlab.interfaces`` with ``list``, ``run``, ``batch`` and others.

Exit codes: 0 done, 1 a run or a row failed, 2 the command line or values do not fit, 130 stopped.
"""

import signal
import sys
from types import FrameType

from mantidlab.interfaces.commands.parsing import main


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    sys.exit(main(sys.argv[1:]))
