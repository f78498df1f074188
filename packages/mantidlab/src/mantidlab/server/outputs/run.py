"""One run of a notebook's cell: what the kernel has said about it so far, as a notebook's outputs."""

from collections import deque
from collections.abc import Mapping
from typing import Any

MOST_KEPT = 64_000_000
"""Characters and bytes of one run; what a page can show and a notebook file can hold ends before."""
REMEMBERED = 1000
"""Messages, for a page that must not show one twice: more than arrive while it asks."""
NOT_KEPT = "\nMore was printed while no page was open; only the first {megabytes} MB of it were kept.\n"


class Run:
    """Takes the messages of one run, and says what a notebook shows after them.

    It follows `the protocol <https://jupyter-client.readthedocs.io/en/stable/messaging.html>`_ as a page does: text of
    one stream is joined, outputs can be cleared, a display can be changed later, and an *Output* widget takes away
    what comes while it captures.

    Attributes
    ----------
    request, session, cell, code
        The message that asked for it, the page that sent it, and what it runs.
    count
        The execution count; None until the kernel has begun with it.
    ended
        The kernel has nothing more to say.
    revision
        Grows with every change.
    """

    def __init__(self, request: str, *, session: str, cell: str, code: str) -> None:
        self.request = request
        self.session = session
        self.cell = cell
        self.code = code
        self.count: int | None = None
        self.ended = False
        self.revision = 0
        self.seen: deque[str] = deque(maxlen=REMEMBERED)
        self._outputs: list[dict[str, Any]] = []
        self._displayed: dict[str, list[dict[str, Any]]] = {}
        self._captured_by: set[str] = set()
        self._clear_with_next = False
        self._size = 0

    @property
    def begun(self) -> bool:
        """Whether the kernel has taken it up: a cell after one that failed never is."""
        return self.count is not None

    def outputs(self) -> list[dict[str, Any]]:
        """Return the outputs as a notebook has them."""
        return [_joined(output) if output["output_type"] == "stream" else output for output in self._outputs]

    def take(self, message: str, kind: str, content: Mapping[str, Any]) -> None:
        """Take a message that answers the request.

        Parameters
        ----------
        message
            Its id.
        kind
            Its type, such as ``stream``.
        content
            As the protocol has it for this type.
        """
        self.seen.append(message)
        self.revision += 1
        if kind == "execute_input":
            self.count = content["execution_count"]
        elif kind == "status":
            self.ended = self.ended or content["execution_state"] == "idle"
        elif kind in {"comm_open", "comm_msg"}:
            self._notice_capture(content)
        elif not self._captured_by:
            self._take_output(kind, content)

    def end(self) -> None:
        """Take note that nothing more will come: the kernel is gone."""
        self.revision += not self.ended
        self.ended = True

    def change_display(self, content: Mapping[str, Any]) -> None:
        """Change what was displayed under an id, by this run or another."""
        for output in self._displayed.get(content.get("transient", {}).get("display_id", ""), []):
            output.update(data=content["data"], metadata=content["metadata"])
            self.revision += 1

    def _take_output(self, kind: str, content: Mapping[str, Any]) -> None:
        if kind == "clear_output":
            self._clear_with_next = bool(content.get("wait"))
            if not self._clear_with_next:
                self._clear()
            return
        if kind not in {"stream", "display_data", "execute_result", "error"}:
            return
        if self._clear_with_next:
            self._clear()
        if self._is_full(_size_of(content)):
            return
        if kind == "stream":
            self._print(content["name"], content["text"])
            return
        output = {"output_type": kind, **{name: value for name, value in content.items() if name != "transient"}}
        self._outputs.append(output)
        display = content.get("transient", {}).get("display_id")
        if display:
            self._displayed.setdefault(display, []).append(output)

    def _print(self, name: str, text: str) -> None:
        last = self._outputs[-1] if self._outputs else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"].append(text)  # joined when asked for: a cell may print a hundred thousand times
        else:
            self._outputs.append({"output_type": "stream", "name": name, "text": [text]})

    def _clear(self) -> None:
        self._outputs, self._displayed = [], {}
        self._clear_with_next = False
        self._size = 0

    def _is_full(self, size: int) -> bool:
        was_full = self._size > MOST_KEPT
        self._size += size
        if self._size > MOST_KEPT and not was_full:
            self._print("stderr", NOT_KEPT.format(megabytes=MOST_KEPT // 1_000_000))
        return self._size > MOST_KEPT

    def _notice_capture(self, content: Mapping[str, Any]) -> None:
        state = content.get("data", {}).get("state", {})
        if "msg_id" not in state:
            return
        if state["msg_id"] == self.request:
            self._captured_by.add(content["comm_id"])
        else:
            self._captured_by.discard(content["comm_id"])


def _joined(stream: Mapping[str, Any]) -> dict[str, Any]:
    return {**stream, "text": as_on_a_terminal("".join(stream["text"]))}


def as_on_a_terminal(text: str) -> str:
    """Return what is left of *text* where carriage returns made later text stand over earlier: a progress bar."""
    if "\r" not in text:
        return text
    lines = []
    for line in text.replace("\r\n", "\n").split("\n"):
        shown = ""
        for part in line.split("\r"):
            shown = part + shown[len(part) :]
        lines.append(shown)
    return "\n".join(lines)


def _size_of(content: Mapping[str, Any]) -> int:
    texts = [content.get("text", ""), *content.get("data", {}).values(), *content.get("traceback", [])]
    return sum(len(text) if isinstance(text, str) else 100 for text in texts)
