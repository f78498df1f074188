"""How the methods of a plot answer what the browser asks of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

Buffer: TypeAlias = Any
"""What can be sent as it lies in memory: bytes, a memoryview, a contiguous array."""

KIND = "__mantidlab_answers__"


@dataclass(frozen=True)
class Answer:
    """What a request is answered with.

    Attributes
    ----------
    content
        What JSON can hold.
    buffers
        Arrays and bytes, sent beside it as they are.
    """

    content: Mapping[str, Any] = field(default_factory=dict)
    buffers: Sequence[Buffer] = ()


Method = TypeVar("Method", bound=Callable[..., Answer])


def answers(kind: str) -> Callable[[Method], Method]:
    """Let a method of a plot answer the requests of a kind: it gets their parameters and returns an `Answer`.

    It runs in the plot's thread, while the person's cells run in another.
    """

    def mark(method: Method) -> Method:
        setattr(method, KIND, kind)
        return method

    return mark
