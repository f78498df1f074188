"""Where a kernel's own troubles are written: into the log of the session's server, never into a person's cell."""

import logging
import os
import sys
from typing import Any


class ServerLog(logging.Handler):
    """Writes to what was standard error when the kernel started; ipykernel keeps a copy of it."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, if there is anywhere to write it."""
        stream: Any = sys.stderr
        copy = getattr(stream, "_original_stdstream_copy", None)
        if copy is None:
            return
        try:
            os.write(copy, (self.format(record) + "\n").encode(errors="replace"))
        except OSError:  # the server is gone
            return


def log_to_the_server() -> None:
    """Send what `mantidlab` logs to the server's log alone, whatever a person does with logging in cells."""
    log = logging.getLogger("mantidlab")
    handler = ServerLog()
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    log.addHandler(handler)
    log.propagate = False
