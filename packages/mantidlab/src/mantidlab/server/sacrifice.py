"""Who goes first when the session has used up its memory: kernels and terminals, with all they start, not the server.

The kernel of the host ends the process of the group with the highest badness: its share of the limit in thousandths,
plus ``oom_score_adj``. What user code starts inherits the value. Everyone may raise their own;
see ``proc_pid_oom_score_adj(5)``.
"""

from collections.abc import Sequence

FIRST_TO_END = 900
"""More than a server has in thousandths of its session; below 1000, so that the larger of two kernels goes first."""

_RAISE_AND_BECOME = '{ echo "$0" > /proc/self/oom_score_adj; } 2> /dev/null; exec "$@"'


def first_to_end(command: Sequence[str]) -> list[str]:
    """Return a command that becomes *command*, which then is ended before the server when memory is used up.

    Where the value cannot be raised, *command* runs all the same.
    """
    return ["/bin/sh", "-c", _RAISE_AND_BECOME, str(FIRST_TO_END), *command]
