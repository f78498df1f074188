"""What was ended because memory was used up, and the sentences that tell the person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

WORTH_NAMING = 0.05
"""Share of the limit from which files in memory are named as a part of the cause."""
TO_BLAME = 0.25
"""Share of the limit from which deleting them is the first thing to do."""


class Cause(Enum):
    """Why something was ended: the session's own limit, the whole machine, or, where nothing counts, nobody knows."""

    LIMIT = "limit"
    MACHINE = "machine"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Loss:
    """A kernel, or a program that a kernel started, that was ended for want of memory.

    Attributes
    ----------
    is_kernel
        Whether it was the kernel itself.
    limit
        What the session may use, in bytes; where nothing counts, what each of its programs may use.
    program
        Name of the program; empty if nobody knows which it was.
    memory
        What the kernel, with what ended with it, or the program used, in bytes; None if nobody knows.
    used
        What the session used altogether.
    files
        What files in memory used of it: folder → bytes.
    """

    at: datetime
    cause: Cause
    is_kernel: bool
    limit: int
    program: str = ""
    memory: int | None = None
    used: int = 0
    files: Mapping[str, int] = field(default_factory=dict)

    def in_words(self) -> str:
        """Return what a notebook or a console says whose kernel it was, or whose kernel started it."""
        sentences = [f"{self._what}{self._why}"]
        if self.memory is not None:
            sentences.append(f"{'The kernel' if self.is_kernel else 'It'} used {size(self.memory)}.")
        sentences += [
            f"Files in {folder} use {size(self.files[folder])}, which counts as memory." for folder in self._full
        ]
        sentences.append(
            "Its variables are lost; notebooks and files are not."
            if self.is_kernel
            else "The kernel itself goes on, but what was ended did not finish its work."
        )
        return " ".join([*sentences, self._advice])

    @property
    def _what(self) -> str:
        if self.is_kernel:
            return "The kernel was ended"
        if self.program:
            return f"A program that this kernel started, {self.program}, was ended"
        return "A program of this session, perhaps one that this kernel started, was ended"

    @property
    def _why(self) -> str:
        if self.cause is Cause.LIMIT:
            return f" because the session reached its memory limit of {size(self.limit)}."
        if self.cause is Cause.MACHINE:
            return (
                " because the whole machine had no memory left. "
                f"Your session used {size(self.used)} of its limit of {size(self.limit)}."
            )
        return (
            " from outside, perhaps because the machine had no memory left. Nothing counts a session's memory here, "
            f"so this is not certain; each program may use {size(self.limit)}, if the machine has it."
        )

    @property
    def _full(self) -> list[str]:
        return [folder for folder, used in self.files.items() if used >= WORTH_NAMING * self.limit]

    @property
    def _advice(self) -> str:
        if self.cause is Cause.MACHINE:
            return "Try again later; if it happens often, tell your administrator."
        advice = "load less at once, shut down notebooks that you do not need, or start the server in a larger size."
        if sum(self.files.values()) >= TO_BLAME * self.limit:
            return f"What helps: delete files in {' and '.join(self._full)}, {advice}"
        return f"What helps: {advice}"


def size(amount: int) -> str:
    """Write bytes as people read them: ``512 MiB``, ``3.9 GiB``."""
    mebibytes = amount / 2**20
    if mebibytes < 1000:
        return f"{mebibytes:.0f} MiB"
    return f"{mebibytes / 1024:.1f}".removesuffix(".0") + " GiB"
