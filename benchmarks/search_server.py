"""A session's server with the documentation's handlers and nothing else of ours, for `benchmarks/search.py`.

Run by the Python of an environment: ``python search_server.py PREFIX SOCKET`` answers from the catalogue of PREFIX.
"""

import json
import os
import sys


def main(prefix: str, socket: str) -> None:
    """Listen on a Unix socket until it is ended."""
    described = {"name": "bench", "title": "bench", "hash": "", "lock": "", "python": sys.executable}
    os.environ["MANTIDHUB_KERNELS"] = json.dumps([{**described, "prefix": prefix, "variables": {}}])

    from jupyter_server.serverapp import ServerApp

    from mantidlab.server.documentation import offer_documentation

    options = [
        f"--sock={socket}",
        "--IdentityProvider.token=",
        "--allow-root",
        "--no-browser",
        "--Application.log_level=ERROR",
    ]
    server = ServerApp.instance()
    server.initialize(argv=options, find_extensions=False)
    offer_documentation(server)
    server.start()


if __name__ == "__main__":
    main(*sys.argv[1:])
