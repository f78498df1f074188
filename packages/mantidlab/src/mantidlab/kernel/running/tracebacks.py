"""Tracebacks of what a person stopped: they end where the person's code or a library was, and not in our handlers."""

import sys
from types import TracebackType
from typing import Any

OURS = "mantidlab.kernel.running.signals"


def leave_out_our_frames(shell: Any) -> None:
    """Have IPython's shell show interrupts without the handler that raised them."""
    shown = shell.showtraceback

    def showtraceback(*arguments: Any, **options: Any) -> None:
        problem = sys.exc_info()[1]
        if isinstance(problem, KeyboardInterrupt):
            _leave_out(problem)
        shown(*arguments, **options)

    shell.showtraceback = showtraceback


def _leave_out(problem: BaseException) -> None:
    waiting: list[BaseException | None] = [problem]
    seen: set[int] = set()
    while waiting:
        found = waiting.pop()
        if found is None or id(found) in seen:
            continue
        seen.add(id(found))
        _cut(found.__traceback__)
        waiting += [found.__context__, found.__cause__]


def _cut(trace: TracebackType | None) -> None:
    while trace is not None and trace.tb_next is not None:
        if trace.tb_next.tb_frame.f_globals.get("__name__") == OURS:
            trace.tb_next = trace.tb_next.tb_next
        else:
            trace = trace.tb_next
