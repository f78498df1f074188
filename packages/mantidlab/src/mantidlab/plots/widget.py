"""What all plots have in common on their Python side: the widget, its traits, and its channel to the browser."""

import logging
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from types import FunctionType
from typing import Any, ClassVar

import anywidget
import numpy as np
import traitlets

from mantidlab.frameworks.model import FrameworkError
from mantidlab.kernel.requests import Request, Requests, cancelled
from mantidlab.plots import control
from mantidlab.plots.bundles import bundles, loader
from mantidlab.plots.errors import PlotError
from mantidlab.plots.requests import KIND, Answer, Buffer, answers

__all__ = ["Answer", "PlotWidget", "answers", "cancelled", "unseen"]

log = logging.getLogger("mantidlab.plots")

_unseen = ContextVar("_unseen", default=False)


@contextmanager
def unseen() -> Iterator[None]:
    """Let the plots that are made meanwhile stay out of the page, for who wants to know what they would show."""
    token = _unseen.set(True)
    try:
        yield
    finally:
        _unseen.reset(token)


def as_it_is(data: Buffer) -> Buffer:
    """Return an array, or bytes, as what can be sent without being copied; strided arrays are copied first."""
    return memoryview(np.ascontiguousarray(data)) if isinstance(data, np.ndarray) else data


def _with_arrays_as_they_are(value: Any, _: Any = None) -> Any:
    """Prepare what a trait holds for a message: JSON, with the arrays beside it."""
    if isinstance(value, Mapping):
        return {key: _with_arrays_as_they_are(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_with_arrays_as_they_are(part) for part in value]
    return as_it_is(value)


class PlotWidget(anywidget.AnyWidget):
    """A plot in a notebook.

    A subclass names the bundle that draws it, ``class Lines(PlotWidget, bundle="lines")``, sets `spec`, `view` and
    `first` when it is made, and answers the browser's requests by methods that `answers` marks. These run in a thread
    of the plot, one at a time, while cells run.

    Attributes
    ----------
    spec
        What there is to see; changes when curves come or go.
    view
        The state of the view, whatever is needed to draw the picture again. Python and the browser both set it.
    first
        The data of the first picture, arrays among them: they travel with the widget itself, so that drawing it needs
        no question.
    """

    spec = traitlets.Dict().tag(sync=True)
    view = traitlets.Dict().tag(sync=True)
    first = traitlets.Dict().tag(sync=True, to_json=_with_arrays_as_they_are)

    _esm = traitlets.Unicode().tag(sync=True)
    bundle = traitlets.Unicode().tag(sync=True)
    bundle_hash = traitlets.Unicode().tag(sync=True)
    route = traitlets.Unicode(help="by which requests on the control channel name this plot").tag(sync=True)
    control = traitlets.Unicode(help="the type of messages on the control channel, or empty").tag(sync=True)

    _drawn_by: ClassVar[str] = ""
    _methods: ClassVar[Mapping[str, str]] = {}

    def __init_subclass__(cls, *, bundle: str = "", **named: Any) -> None:
        super().__init_subclass__(**named)
        if bundle:
            cls._drawn_by = bundle
        parts = [
            part for base in reversed(cls.__mro__) for part in vars(base).items() if isinstance(part[1], FunctionType)
        ]
        cls._methods = {getattr(part, KIND): name for name, part in parts if hasattr(part, KIND)}

    def __init__(self, **named: Any) -> None:
        self._requests = Requests(self._answer, lambda request: self._tell(request, superseded=True))
        self._program = bundles()[self._drawn_by]
        route = uuid.uuid4().hex
        super().__init__(
            _esm=loader(),
            bundle=self._program.name,
            bundle_hash=self._program.hash,
            route=route,
            control=control.register(route, self),
            **named,
        )
        self.on_msg(self._receive_from_widget)

    def receive(self, message: Mapping[str, Any]) -> None:
        """Take a request of the browser; it is answered in the plot's thread. May be called from any thread."""
        request = Request.from_message(message)
        if request.kind == "hello":
            self._tell(request)
        else:
            self._requests.put(request)

    def push(self, kind: str, content: Mapping[str, Any], buffers: Sequence[Buffer] = ()) -> None:
        """Send the browser what it did not ask for. May be called from any thread."""
        self.send({"push": kind, "content": dict(content)}, [as_it_is(buffer) for buffer in buffers])

    def changed_view(self, callback: Callable[[Mapping[str, Any]], None]) -> None:
        """Call a function with the new view whenever it has changed, on either side; in the kernel's main thread."""
        self.observe(lambda change: callback(change["new"]), "view")

    def open(self) -> None:
        """Tell the page of the plot, unless it is to stay `unseen`."""
        if not _unseen.get():
            super().open()

    def close(self) -> None:
        """Take the plot off the page, forget what it was asked, and end its thread."""
        control.forget(self.route)
        if hasattr(self, "_requests"):  # one that was refused while it was made has none
            self._requests.close()
        super().close()

    @answers("bundle")
    def _send_program(self, parameters: Mapping[str, Any]) -> Answer:
        """Answer with the program that draws, for pages whose server does not have it."""
        return Answer(buffers=[self._program.file.read_bytes()])

    def _receive_from_widget(self, _: Any, content: Any, buffers: Any) -> None:
        if isinstance(content, Mapping) and "request" in content:
            self.receive(content["request"])

    def _answer(self, request: Request) -> None:
        try:
            method = self._methods.get(request.kind)
            if method is None:
                raise LookupError(f"nothing answers a request for {request.kind!r}")
            answer: Answer = getattr(self, method)(request.parameters)
            self._tell(request, answer.buffers, content=dict(answer.content))
        except Exception as problem:  # noqa: BLE001  (whatever it is, somebody waits for an answer)
            self._tell(request, error=sentence_of(problem))

    def _tell(self, request: Request, buffers: Sequence[Buffer] = (), **said: Any) -> None:
        self.send({"id": request.id, **said}, [as_it_is(buffer) for buffer in buffers])


def sentence_of(problem: Exception) -> str:
    """Return what a person is told of a problem: its own sentence if it is one of ours, else a general one."""
    if isinstance(problem, PlotError | FrameworkError):
        return str(problem)
    log.error("A plot could not answer", exc_info=problem)
    return (
        f"The plot met a problem that it does not know ({type(problem).__name__}: {problem}). Draw it again; if that "
        "does not help, tell your administrator."
    )
