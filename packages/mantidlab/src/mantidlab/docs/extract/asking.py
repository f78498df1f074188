"""Asks a framework questions that it may fail to answer, and keeps the refusals."""

import re
from collections.abc import Callable
from typing import TypeVar

from mantidlab.docs.catalogue import Failure

T = TypeVar("T")
U = TypeVar("U")

_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]+")


def reason_of(error: Exception) -> str:
    """Return the error as text that is the same each time: without addresses of memory."""
    return _ADDRESS.sub("at …", f"{type(error).__name__}: {error}")


class Asking:
    """Answers, or the value given instead of them; the same refusal of many things is kept as one."""

    def __init__(self) -> None:
        self._refused: dict[tuple[str, str], list[str]] = {}

    def ask(self, what: str, of: str, call: Callable[[], T], otherwise: U) -> T | U:
        """Return what `call` returns, or `otherwise` when it raises.

        Parameters
        ----------
        what, of
            The question (``summary``) and whom it is asked (``Rebin-v1``), for `failures`.
        """
        try:
            return call()
        except Exception as error:  # noqa: BLE001 - one broken plug-in must not cost the knowledge of a thousand
            self._refused.setdefault((what, reason_of(error)), []).append(of)
            return otherwise

    def failures(self) -> tuple[Failure, ...]:
        """Return the refusals, sorted, each with the first that refused and the number of the others."""
        told = []
        for (what, reason), all_of in self._refused.items():
            first, others = min(all_of), len(all_of) - 1
            told.append(Failure(f"{what} of {first}" + (f" and {others} others" if others else ""), reason))
        return tuple(sorted(told, key=lambda failure: (failure.what, failure.reason)))
