"""Reads a call out of a cell: where it stands, what is called, and each argument with its place in the text.

parso keeps every letter of the source and goes on behind what is half-typed, so that values can be put back in place
and the rest stays as it is.
"""

import ast
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from parso.grammar import load_grammar
from parso.utils import split_lines

# Lines that IPython takes, not Python. They become comments of the same length, so that all places stay.
_MAGIC = re.compile(r"^([ \t]*)(?:%(?=[A-Za-z%])|!(?!=)|\?)", re.MULTILINE)

_STATEMENTS = ("simple_stmt", "file_input", "suite", "error_node")


@dataclass(frozen=True)
class Argument:
    """One argument as it stands in the source.

    Attributes
    ----------
    name
        Its keyword; None where it has none.
    stars
        ``*`` or ``**`` before it, else empty.
    start, end
        Of the whole of it, as places in the source.
    value_start, value_end
        Of its value.
    inside
        The call that is its value, if it is one.
    among
        Its place among the arguments; several have the same one where ``**{…}`` gives them.
    """

    name: str | None
    stars: str
    start: int
    end: int
    value_start: int
    value_end: int
    inside: "CallText | None"
    among: int


@dataclass(frozen=True)
class CallText:
    """One call as it stands in the source.

    Attributes
    ----------
    callee
        What is called, as text: ``sc.rebin``, ``ws.rebin``.
    receiver_end
        Where the object ends that the last dot asks, ``ws`` of ``ws.rebin``; None where there is no dot.
    start, end
        Of the call, from the first letter of what is called to behind the bracket.
    opening, closing
        The places of the brackets.
    targets
        The names left of ``=``, if the call is all that stands right of it.
    targets_start, targets_end
        Of these names; None where there are none.
    whole
        Whether the call is a statement, or all of what is assigned: a target can be put before it.
    """

    callee: str
    receiver_end: int | None
    start: int
    end: int
    opening: int
    closing: int
    arguments: tuple[Argument, ...]
    targets: tuple[str, ...] = ()
    targets_start: int | None = None
    targets_end: int | None = None
    whole: bool = False

    @property
    def method(self) -> str:
        """What stands behind the last dot."""
        return self.callee.rpartition(".")[2]


class Cell:
    """The source of a cell, taken apart.

    Attributes
    ----------
    source
        As it was given.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        masked = _MAGIC.sub(lambda found: found[0][:-1] + "#", source)
        self._tree: Any = _grammar().parse(masked)
        self._starts = [0]
        for line in split_lines(masked, keepends=True)[:-1]:
            self._starts.append(self._starts[-1] + len(line))

    def calls_at(self, offset: int) -> Iterator[CallText]:
        """Return the calls around a place, the innermost first, then the others of its statement, the outermost first.

        Where the place is in no statement with a call and the cell has one statement with calls, it is that one.
        """
        seen = set()
        for call in (*self._around(offset), *self._of_statement(offset), *self._only()):
            if (call.start, call.end) not in seen:
                seen.add((call.start, call.end))
                yield call

    def call_in(self, start: int, end: int) -> CallText | None:
        """Return the call that stands exactly between two places."""
        return next((call for call in self._around(end) if (call.start, call.end) == (start, end)), None)

    def _around(self, offset: int) -> list[CallText]:
        # Between two leaves parso answers with either; the caret means the call that it touches.
        leaves = [self._leaf(place) for place in (offset - 1, offset, offset + 1)]
        found: dict[tuple[int, int], CallText] = {}
        for leaf in leaves:
            one = leaf
            while one is not None:
                if one.type == "atom_expr":
                    for place in _call_places(one):
                        call = self._call(one, place)
                        if call.start <= offset <= call.end:
                            found.setdefault((call.start, call.end), call)
                one = one.parent
        return sorted(found.values(), key=lambda call: call.end - call.start)

    def _of_statement(self, offset: int) -> list[CallText]:
        at_line_start = offset == 0 or self.source[offset - 1 : offset] == "\n"
        node = self._leaf(offset + 1 if at_line_start else offset)
        if node.type in ("newline", "endmarker"):  # a comment behind the statement belongs to it
            before = node.get_previous_leaf()
            on_its_line = before is not None and bisect_right(self._starts, offset) == before.end_pos[0]
            node = before if on_its_line else node
        while node is not None and node.parent is not None and node.parent.type not in _STATEMENTS:
            node = node.parent
        return [] if node is None or node.type in _STATEMENTS else self._below(node)

    def _only(self) -> list[CallText]:
        found = [calls for node in self._tree.children if (calls := self._below(node))]
        return found[0] if len(found) == 1 else []

    def _below(self, node: Any) -> list[CallText]:
        calls = []
        if node.type == "atom_expr":
            calls += [self._call(node, place) for place in reversed(_call_places(node))]
        for child in getattr(node, "children", ()):
            calls += self._below(child)
        return calls

    def _leaf(self, offset: int) -> Any:
        offset = max(0, min(offset, len(self.source)))
        line = bisect_right(self._starts, offset)
        return self._tree.get_leaf_for_position((line, offset - self._starts[line - 1]), include_prefixes=True)

    def _offset(self, position: tuple[int, int]) -> int:
        return self._starts[position[0] - 1] + position[1]

    def _span(self, node: Any) -> tuple[int, int]:
        return self._offset(node.start_pos), self._offset(node.end_pos)

    def _call(self, node: Any, place: int) -> CallText:
        first = 1 if node.children[0].type == "keyword" and node.children[0].value == "await" else 0
        brackets, before = node.children[place], node.children[place - 1]
        start = self._offset(node.children[first].start_pos)
        dotted = before.type == "trailer" and before.children[0].value == "." and place - 1 > first
        call = CallText(
            callee=self.source[start : self._offset(before.end_pos)],
            receiver_end=self._offset(node.children[place - 2].end_pos) if dotted else None,
            start=start,
            end=self._offset(brackets.end_pos),
            opening=self._offset(brackets.children[0].start_pos),
            closing=self._offset(brackets.children[-1].start_pos),
            arguments=tuple(self._arguments(brackets.children[1:-1])),
        )
        last = place == len(node.children) - 1 and not first
        return _with_targets(call, *self._targets(node)) if last else call

    def _targets(self, node: Any) -> tuple[bool, tuple[str, ...], tuple[int, int] | None]:
        """Return whether the call is all that is assigned, to which names, and where these stand."""
        parent = node.parent
        if parent is None or parent.type in _STATEMENTS:
            return True, (), None
        if parent.type != "expr_stmt" or parent.children[-1] is not node or parent.children[-2].type != "operator":
            return False, (), None
        if parent.children[-2].value != "=":
            return False, (), None
        names = parent.children[-3]
        start, end = self._span(names)
        return True, _names(self.source[start:end]), (start, end)

    def _arguments(self, between: list[Any]) -> Iterator[Argument]:
        nodes = between[0].children if between and between[0].type == "arglist" else between
        for among, node in enumerate(node for node in nodes if not (node.type == "operator" and node.value == ",")):
            yield from self._argument(node, among)

    def _argument(self, node: Any, among: int) -> Iterator[Argument]:
        start, end = self._span(node)
        name, stars, value = None, "", node
        if node.type == "argument":
            marks = [getattr(child, "value", "") for child in node.children]
            if marks[0] in ("*", "**"):
                stars, value = marks[0], node.children[1]
            elif marks[1] == "=":
                name, value = marks[0], node.children[2]
        if stars == "**" and (items := self._items(value)):
            for key, item in items:
                yield Argument(key, stars, start, end, *self._span(item), None, among)
            return
        yield Argument(name, stars, start, end, *self._span(value), self._inside(value), among)

    def _inside(self, value: Any) -> CallText | None:
        places = _call_places(value) if value.type == "atom_expr" else []
        return self._call(value, places[-1]) if places and places[-1] == len(value.children) - 1 else None

    def _items(self, value: Any) -> list[tuple[str, Any]]:
        """Return keys and values of a dictionary that is written out with texts as keys."""
        if value.type != "atom" or value.children[0].value != "{" or len(value.children) != 3:
            return []
        parts = getattr(value.children[1], "children", [])
        found = []
        for place in range(0, len(parts), 4):
            four = parts[place : place + 3]
            if len(four) < 3 or four[0].type != "string" or getattr(four[1], "value", "") != ":":
                return []
            found.append((str(ast.literal_eval(four[0].value)), four[2]))
        return found


def _call_places(node: Any) -> list[int]:
    """Return which children of an expression are the brackets of a call."""
    return [
        place
        for place, child in enumerate(node.children)
        if child.type == "trailer" and child.children[0].value == "(" and child.children[-1].type == "operator"
    ]


def _with_targets(call: CallText, whole: bool, names: tuple[str, ...], span: tuple[int, int] | None) -> CallText:
    start, end = span or (None, None)
    return CallText(**{**vars(call), "whole": whole, "targets": names, "targets_start": start, "targets_end": end})


def _names(text: str) -> tuple[str, ...]:
    """Return the parts of what stands left of ``=``."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        return (text,)
    parts = tree.elts if isinstance(tree, (ast.Tuple, ast.List)) else [tree]
    return tuple(ast.unparse(part) for part in parts)


@cache
def _grammar() -> Any:
    return load_grammar()
