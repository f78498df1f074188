"""Half-typed Python as tokens with their places, and the calls among them.

parso's tokenizer refuses nothing: unfinished strings, brackets that nobody closed, lines for IPython. A tree of such a
text says less than its tokens do, and takes ten times as long.
"""

import keyword
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from parso.python.tokenize import tokenize
from parso.utils import parse_version_string, split_lines

_VERSION = parse_version_string("3.12")
_OPEN, _CLOSE = "([{", ")]}"
_QUOTES = ("'", '"')
KEYWORDS = frozenset(keyword.kwlist)
_BEGIN_STATEMENTS = KEYWORDS - {"and", "as", "in", "is", "not", "or", "if", "else", "for", "lambda", "await", "async"}


@dataclass(frozen=True)
class Token:
    """A word of the text.

    Attributes
    ----------
    kind
        parso's word: ``NAME``, ``OP``, ``STRING``, ``NEWLINE`` …
    start, end
        Where it stands, in characters of the text.
    first
        The column, if it is the first of its line; None otherwise.
    """

    kind: str
    text: str
    start: int
    end: int
    first: int | None

    @property
    def is_name(self) -> bool:
        """Whether it is a name and no keyword."""
        return self.kind == "NAME" and self.text not in KEYWORDS


@dataclass
class Argument:
    """What stands between two commas of a call.

    Attributes
    ----------
    keyword
        The name before ``=``.
    alone
        The name that is all there is: a variable, or a keyword that is half typed.
    """

    start: int
    end: int
    keyword: Token | None = None
    alone: Token | None = None
    starred: bool = False


@dataclass
class CallSite:
    """A call: the dotted name before the bracket, and the arguments.

    Attributes
    ----------
    name
        Its tokens without dots; of ``f().g(x)`` it is ``g``, and `whole` is False.
    opens, end
        Where the bracket opens, and where the call ends: behind the closing bracket, or where it can have got to.
    closed
        Whether there is a closing bracket.
    """

    name: tuple[Token, ...]
    whole: bool
    opens: int
    end: int
    closed: bool
    arguments: list[Argument] = field(default_factory=list)

    def holds(self, offset: int) -> bool:
        """Whether a caret stands between the brackets."""
        return self.opens < offset <= self.end - self.closed

    @property
    def parts(self) -> tuple[str, ...]:
        """The name's parts."""
        return tuple(token.text for token in self.name)


def tokens_of(source: str) -> list[Token]:
    """Return the tokens of a text, without what is in comments."""
    lines = split_lines(source, keepends=True)
    starts = [0, *accumulate(len(line) for line in lines)]
    found: list[Token] = []
    line_before = 0
    skipped = 0  # the line of an unfinished string, whose rest is its text
    for token in tokenize(source, version_info=_VERSION):
        line, column = token.start_pos
        if line == skipped:
            continue
        start = starts[line - 1] + column
        text = token.string
        kind = token.type.name
        if kind == "ERRORTOKEN" and text in _QUOTES:
            skipped, text = line, lines[line - 1][column:].rstrip("\r\n")
        if kind not in ("INDENT", "DEDENT", "ERROR_DEDENT"):
            found.append(Token(kind, text, start, start + len(text), column if line != line_before else None))
            line_before = line + text.count("\n")
    return found


def calls_of(tokens: Sequence[Token]) -> list[CallSite]:
    """Return all calls, those within others after them."""
    closing = _closing(tokens)
    calls = []
    for place, token in enumerate(tokens):
        if token.text == "(" and token.kind == "OP":
            name, whole = _name_before(tokens, place)
            if name:
                last = closing[place]
                closed = last < len(tokens) and tokens[last].text == ")"
                end = tokens[last].end if closed else _reach(tokens, last)
                arguments = list(_arguments(tokens, place + 1, last))
                calls.append(CallSite(name, whole, token.start, end, closed, arguments))
    return calls


def _closing(tokens: Sequence[Token]) -> dict[int, int]:
    """Return for each opening bracket the place where it ends."""
    closing: dict[int, int] = {}
    open_: list[int] = []
    for place, token in enumerate(tokens):
        if token.kind != "OP":
            continue
        if token.text in _OPEN:
            open_.append(place)
        elif token.text in _CLOSE and open_ and _OPEN[_CLOSE.index(token.text)] == tokens[open_[-1]].text:
            closing[open_.pop()] = place
    for place in open_:
        closing[place] = _given_up(tokens, place)
    return closing


def _given_up(tokens: Sequence[Token], place: int) -> int:
    """Return where a bracket that nobody closed must have ended: at the next line that begins like a statement."""
    column = next((token.first for token in reversed(tokens[: place + 1]) if token.first is not None), 0)
    for later in range(place + 1, len(tokens)):
        token = tokens[later]
        if token.first is None or token.kind == "ENDMARKER":
            continue
        if token.first <= column and token.text not in _CLOSE:
            return later
        if token.kind == "NAME" and token.text in _BEGIN_STATEMENTS:
            return later
    return len(tokens)


def _reach(tokens: Sequence[Token], place: int) -> int:
    return tokens[place].start if place < len(tokens) else tokens[-1].end if tokens else 0


def _name_before(tokens: Sequence[Token], place: int) -> tuple[tuple[Token, ...], bool]:
    """Return the dotted name that ends before a bracket, and whether that is all of what is called."""
    names: list[Token] = []
    here = place - 1
    while here >= 0 and tokens[here].is_name:
        names.insert(0, tokens[here])
        if here < 1 or tokens[here - 1].text != ".":
            here -= 1
            break
        here -= 2
    else:
        return tuple(names), False  # something else stands before the dot
    defined = here >= 0 and tokens[here].text in ("def", "class")
    return ((), False) if defined else (tuple(names), True)


def _arguments(tokens: Sequence[Token], first: int, last: int) -> Iterator[Argument]:
    """Return the arguments between two places."""
    depth = 0
    commas = [first - 1]
    for place in range(first, min(last, len(tokens))):
        token = tokens[place]
        if token.kind == "OP":
            depth += (token.text in _OPEN) - (token.text in _CLOSE)
            if token.text == "," and depth == 0:
                commas.append(place)
    for before, after in pairwise([*commas, last]):
        inside = [token for token in tokens[before + 1 : after] if token.kind not in ("NEWLINE", "ENDMARKER")]
        start = tokens[before].end
        end = tokens[after].start if after < len(tokens) else tokens[-1].end
        named = len(inside) > 1 and inside[0].is_name and inside[1].text == "="
        starred = bool(inside) and inside[0].text in ("*", "**")
        if inside or after == last:
            alone = inside[0] if len(inside) == 1 and inside[0].is_name else None
            yield Argument(start, end, inside[0] if named else None, alone, starred)
