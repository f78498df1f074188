"""What the start leaves out, with the figure that each entry is worth (milliseconds on a two-core machine, idle).

The figures and how they were taken are in ``docs/decisions/session-start.md``. An entry that no longer fits a newer
release costs time at most: see :mod:`mantidlab.server.deferral`, and :func:`mantidlab.server.run.main` for the
plain start that follows when importing with stand-ins fails.
"""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from mantidlab.server.deferral import Deferred


class NeverMet:
    """Stands for a class of the hub's own pages, of which a session never has an instance."""


class NeverRaised(Exception):
    """Stands for an error of the hub's database layer, which nothing in a session raises."""


MODULES = (
    # 470 ms: jupyterhub.log asks whether a handler is the hub's HealthCheckHandler, jupyterhub.utils catches
    # SQLAlchemyError, jupyterhub.scopes and metrics use the hub's tables in functions that only the hub calls.
    Deferred("jupyterhub.handlers"),
    Deferred("jupyterhub.handlers.pages", classes={"HealthCheckHandler": NeverMet}),
    Deferred("jupyterhub.orm"),
    Deferred("jupyterhub.roles"),
    Deferred("sqlalchemy"),
    Deferred("sqlalchemy.exc", classes={"SQLAlchemyError": NeverRaised}),
    # 60 ms, and 1000 ms more where rfc3987_syntax is installed: jsonschema's checks of string formats.
    Deferred("fqdn", functions=["FQDN"]),
    Deferred("isoduration", classes={"DurationParsingException": ValueError}),  # a base class of the real one
    Deferred("rfc3339_validator", functions=["validate_rfc3339"]),
    Deferred("rfc3986_validator", functions=["validate_rfc3986"]),
    Deferred("rfc3987_syntax", functions=["is_valid_syntax"]),
    Deferred("uri_template"),
    Deferred("webcolors"),
    # 75 ms: lists of extensions from the internet, and translations.
    Deferred("babel"),
    Deferred("jupyterlab.extensions.pypi", functions=["PyPIExtensionManager"]),
    Deferred("requests"),
    # 25 ms: without it aiohttp resolves names the way everything else does.
    Deferred("aiodns", as_if_not_installed=True),
)


@contextmanager
def certificates_on_demand() -> Iterator[None]:
    """Let TLS contexts made in this block read the system's certificates at their first connection.

    aiohttp makes two at import (60 ms, 5 MB); a session that talks to its hub through a socket never connects one.
    """
    name = "set_default_verify_paths"
    if name in vars(ssl.SSLContext):  # no longer inherited from C: leave it alone
        yield
        return
    setattr(ssl.SSLContext, name, _read_at_first_use)
    try:
        yield
    finally:
        delattr(ssl.SSLContext, name)


def _read_at_first_use(context: ssl.SSLContext) -> None:
    def first(wrap: str) -> Callable[..., Any]:
        def use(*arguments: Any, **named: Any) -> Any:
            for waiting in ("wrap_bio", "wrap_socket"):
                vars(context).pop(waiting, None)
            context.set_default_verify_paths()
            return getattr(context, wrap)(*arguments, **named)

        return use

    vars(context).update(wrap_bio=first("wrap_bio"), wrap_socket=first("wrap_socket"))
