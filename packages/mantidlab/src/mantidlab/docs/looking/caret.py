"""Looks at a caret in a cell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mantidlab.docs.catalogue import Algorithm, PythonObject
from mantidlab.docs.looking.names import Meant, Names, names_in, names_of
from mantidlab.docs.looking.problems import Problem, problems_of
from mantidlab.docs.looking.tokens import Argument, CallSite, Token, calls_of, tokens_of
from mantidlab.docs.pages.references import References, algorithm_key

LONGEST = 200_000
"""Characters of a cell that are looked at; more than that nobody types."""

_FUNCTION = re.compile(r"\bname\s*=\s*(?P<name>\w+)")


@dataclass(frozen=True)
class Look:
    """What stands at a caret.

    Attributes
    ----------
    of
        What leads to the algorithm or function; None where there is none.
    property
        The property in whose value or name the caret stands.
    problems
        All wrong names of the cell.
    """

    of: str | None
    property: str | None
    problems: tuple[Problem, ...]


def look(source: str, offset: int, references: References, context: str = "") -> Look:
    """Return what stands at a caret, however half-typed the text is.

    Parameters
    ----------
    source
        The cell.
    offset
        The caret, in characters from its beginning.
    context
        Texts of cells before, whose imports and variables hold here.
    """
    tokens = tokens_of(source[:LONGEST])
    calls = calls_of(tokens)
    names = names_in(tokens).after(names_of(context[-LONGEST:]))
    meanings = [(call, _meaning(call, names, references)) for call in calls]
    known = [(call, meant) for call, meant in meanings if meant is not None]
    problems = tuple(problem for call, meant in known for problem in problems_of(call, meant))
    of, prop = _at(offset, tokens, known, names, references)
    return Look(of, prop, problems)


def _meaning(call: CallSite, names: Names, references: References) -> Meant | None:
    meant = names.meaning(call.parts, references) if call.whole else _of_last_name(call, names, references)
    if meant is None or not isinstance(meant.called, Algorithm):
        return meant
    version = next((one for one in call.arguments if one.keyword and one.keyword.text == "Version"), None)
    return meant if version is None else _of_version(meant, meant.called, references, version)


def _of_last_name(call: CallSite, names: Names, references: References) -> Meant | None:
    """Return what is meant by ``f().name(…)``: only a method can be."""
    return names.meaning(("", call.parts[-1]), references)


def _of_version(meant: Meant, algorithm: Algorithm, references: References, version: Argument) -> Meant:
    # which number stands there is not read: a wrong name is one that no version has
    others = [one for one in references.algorithms.values() if one.name == algorithm.name]
    return meant if len(others) < 2 else Meant(meant.of, algorithm, meant.method, sure=False)


def _at(
    offset: int,
    tokens: Sequence[Token],
    known: Sequence[tuple[CallSite, Meant]],
    names: Names,
    references: References,
) -> tuple[str | None, str | None]:
    """Return what the caret is at: a name, else the innermost call around it, else the last one of its line."""
    place = next((number for number, token in enumerate(tokens) if token.start <= offset <= token.end), None)
    around = sorted(
        ((call, meant) for call, meant in known if call.holds(offset)),
        key=lambda pair: -pair[0].opens,
    )
    argument = next((one for one in around[0][0].arguments if one.start <= offset <= one.end), None) if around else None
    is_keyword = argument is not None and argument.keyword is not None and argument.keyword.end >= offset
    if place is not None and not is_keyword:
        named = _at_token(tokens, place, offset, names, references)
        if named is not None:
            return named, None
    if around:
        call, meant = around[0]
        return meant.of, property_of(call, meant, argument)
    return _before_on_the_line(offset, tokens, known), None


def _at_token(tokens: Sequence[Token], place: int, offset: int, names: Names, references: References) -> str | None:
    for here in (place, place + 1):  # between two tokens the caret touches both
        if here >= len(tokens) or not tokens[here].start <= offset <= tokens[here].end:
            continue
        token = tokens[here]
        if token.is_name:
            meant = names.meaning(_dotted(tokens, here), references)
            if meant is not None:
                return meant.of
        elif token.kind in ("STRING", "FSTRING_STRING", "ERRORTOKEN"):
            found = _in_text(token, offset, references)
            if found:
                return found
    return None


def _dotted(tokens: Sequence[Token], place: int) -> list[str]:
    parts = [tokens[place].text]
    while place > 1 and tokens[place - 1].text == ".":
        place -= 2
        if not tokens[place].is_name:
            return ["", parts[-1]]
        parts.insert(0, tokens[place].text)
    return parts


def _in_text(token: Token, offset: int, references: References) -> str | None:
    """Return what a text names: an algorithm (``create("Rebin")``), or a fit function (``"name=Gaussian"``)."""
    content = token.text.strip("rbfuRBFU").strip("'\"")
    algorithm = references.algorithm(content)
    if algorithm is not None:
        return algorithm_key(algorithm)
    before = [match["name"] for match in _FUNCTION.finditer(token.text) if token.start + match.start() <= offset]
    return f"function/{before[-1]}" if before and before[-1] in references.functions else None


def property_of(call: CallSite, meant: Meant, argument: Argument | None) -> str | None:
    """Return which property an argument of a call is, by its name, what is typed of it, or its place."""
    if argument is None or argument.starred:
        return None
    if argument.keyword is not None:
        return _spelt(argument.keyword.text, meant.called)
    if argument.alone is not None:
        begun = [name for name in _names(meant.called) if name.startswith(argument.alone.text)]
        if len(begun) == 1:
            return begun[0]
    order = _positions(meant)
    place = call.arguments.index(argument)
    after_keywords = any(one.keyword is not None for one in call.arguments[:place])
    return order[place] if place < len(order) and not after_keywords else None


def _spelt(name: str, called: Algorithm | PythonObject) -> str | None:
    names = _names(called)
    if name in names or not isinstance(called, Algorithm):
        return name if name in names else None
    return next((one for one in names if one.casefold() == name.casefold()), None)


def _names(called: Algorithm | PythonObject) -> list[str]:
    return [one.name for one in (called.properties if isinstance(called, Algorithm) else called.arguments)]


def _positions(meant: Meant) -> list[str]:
    called = meant.called
    if isinstance(called, Algorithm):
        order = [prop.name for prop in called.arguments]
        return [name for name in order if name != called.method_input] if meant.method else order
    return [one.name for one in called.arguments if one.kind in ("positional", "any")]


def _before_on_the_line(offset: int, tokens: Sequence[Token], known: Sequence[tuple[CallSite, Meant]]) -> str | None:
    line = next((token.start for token in reversed(tokens) if token.first is not None and token.start <= offset), 0)
    ended = [(call, meant) for call, meant in known if call.end <= offset and call.name[0].start >= line]
    newline = any(token.kind == "NEWLINE" and line <= token.start and token.end <= offset for token in tokens)
    outermost = max(ended, key=lambda pair: pair[0].end, default=None)
    return None if outermost is None or newline else outermost[1].of
