"""``python -I -m mantidlab.server``: the process that the platform starts in a session.

It needs the variables that JupyterHub gives a single-user server, and
``MANTIDHUB_SOCKET``
    the Unix socket to listen on (made with mode 0666; its folder decides who may reach it);
``MANTIDHUB_EXAMPLES``
    the folder with the examples that ship, if any;
``HOME``
    the user's home, which becomes the root of the file browser.

When it ends with an exit code other than 0, the last line of its standard error is one sentence for the user, after
``mantidlab.server:``. The codes are those of ``sysexits.h`` and stand in :mod:`mantidlab.server.endings`.
"""

import gc
import os
import sys

# Nothing made during the start is garbage; looking for it takes a tenth of the time. See run.py for the other half.
gc.disable()

# A user's ~/json.py, or a package in ~/.local, must not become part of the server. `-I` sees to that; this is for
# whoever forgot it. Kernels find their modules by themselves.
if not sys.flags.isolated:
    here = os.path.realpath("")
    sys.path[:] = [entry for entry in sys.path if entry not in {"", here} and "/.local/lib/python" not in entry]

from mantidlab.server.run import main  # noqa: E402

sys.exit(main())
