"""What the names of a cell mean: imports, their other names, and what the cell defines itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from mantidlab.docs.catalogue import Algorithm, PythonObject
from mantidlab.docs.looking.tokens import Token, calls_of, tokens_of
from mantidlab.docs.pages.calling import CUSTOMARY
from mantidlab.docs.pages.references import References, algorithm_key

SIMPLE = "mantid.simpleapi"
_MODULES = {short: module for module, short in CUSTOMARY.items()}
_PREFERRED = ("scipp.DataArray", "scipp.Variable", "scipp.Dataset", "scipp.DataGroup")


@dataclass(frozen=True)
class Meant:
    """What a name stands for.

    Attributes
    ----------
    method
        Whether it was called on something, which then is its first argument.
    sure
        Whether nothing else can be meant, so that a wrong argument is a mistake.
    """

    of: str
    called: Algorithm | PythonObject
    method: bool = False
    sure: bool = True


@dataclass
class Names:
    """The names that a text defines.

    Attributes
    ----------
    imported
        Full name by the name in the text.
    everything
        Modules of which all was imported (``from … import *``).
    defined
        Functions, classes and variables of the text.
    made_by
        Of variables, the dotted name whose call made them.
    """

    imported: dict[str, str] = field(default_factory=dict)
    everything: list[str] = field(default_factory=list)
    defined: set[str] = field(default_factory=set)
    made_by: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def after(self, earlier: "Names") -> "Names":
        """Return these names, and those of a text before that they do not replace."""
        here = {*self.imported, *self.defined}
        return Names(
            {**{name: full for name, full in earlier.imported.items() if name not in here}, **self.imported},
            [*earlier.everything, *self.everything],
            (earlier.defined - self.imported.keys()) | self.defined,
            {**{name: made for name, made in earlier.made_by.items() if name not in here}, **self.made_by},
        )

    def meaning(self, parts: Sequence[str], references: References) -> Meant | None:
        """Return what a dotted name stands for, None for what the catalogue does not have."""
        first, rest = parts[0], parts[1:]
        if first in self.imported:
            return _of_full_name(".".join([self.imported[first], *rest]), references)
        if first in self.defined:
            return self._method(first, rest[-1], references) if rest else None
        if not rest:
            return self._alone(first, references)
        if first in _MODULES:
            return _of_full_name(".".join([_MODULES[first], *rest]), references)
        return _of_full_name(".".join(parts), references) or self._method(first, rest[-1], references)

    def _alone(self, name: str, references: References) -> Meant | None:
        for module in self.everything:
            found = _of_full_name(f"{module}.{name}", references)
            if found:
                return found
        # An import may stand in a cell that was never shown; names of algorithms are like no others.
        algorithm = references.algorithm(name)
        return Meant(algorithm_key(algorithm), algorithm) if algorithm else None

    def _method(self, owner: str, name: str, references: References) -> Meant | None:
        """Return what a method of something is, whose kind is known only where a call of Mantid's made it."""
        algorithm = references.methods.get(name)
        if algorithm is not None:
            maker = self.made_by.get(owner)
            made = self.meaning(maker, references) if maker and maker[0] != owner else None
            sure = made is not None and isinstance(made.called, Algorithm)
            return Meant(algorithm_key(algorithm), algorithm, method=True, sure=sure)
        return of_method(name, references)


def of_method(name: str, references: References) -> Meant | None:
    """Return which method of some class of the catalogue is most likely meant."""
    found = references.members_named(name)
    if not found:
        return None

    def place(one: PythonObject) -> tuple[int, int]:
        owner = one.name.rpartition(".")[0]
        return (_PREFERRED.index(owner) if owner in _PREFERRED else len(_PREFERRED)), len(one.name)

    best = min(found, key=place)
    return Meant(f"python/{best.name}", best, method=True, sure=False)


def names_of(source: str) -> Names:
    """Return the names that a text defines, however it is broken."""
    return _names(source)


@lru_cache(maxsize=32)
def _names(source: str) -> Names:
    return names_in(tokens_of(source))


def names_in(tokens: Sequence[Token]) -> Names:
    """Return the names that tokens define."""
    names = Names()
    made = {call.name[0].start: call.parts for call in calls_of(tokens) if call.whole}
    for statement in _statements(tokens):
        first = statement[0].text
        if first in ("import", "from"):
            _read_import(statement, names)
        elif first in ("def", "class") and len(statement) > 1:
            names.defined.add(statement[1].text)
        elif first == "async" and len(statement) > 2 and statement[1].text == "def":
            names.defined.add(statement[2].text)
        else:
            _read_assignment(statement, names, made)
    return names


def _statements(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    statement: list[Token] = []
    depth = 0
    for token in tokens:
        if token.kind == "OP":
            depth = max(0, depth + (token.text in "([{") - (token.text in ")]}"))
        ends = token.kind in ("NEWLINE", "ENDMARKER") or (token.text in (";", ":") and depth == 0)
        begins = token.first == 0 and statement and token.text in ("import", "from", "def", "class")
        if (ends or begins) and statement:
            yield statement
            statement = []
            depth = 0
        if not ends:
            statement.append(token)


def _read_import(statement: Sequence[Token], names: Names) -> None:
    words = [token.text for token in statement if token.text not in ("(", ")")]
    module = ""
    if words[0] == "from":
        if "import" not in words:
            return
        place = words.index("import")
        module = "".join(words[1:place])
        words = words[place:]
    for part in _between_commas(words[1:]):
        if part == ["*"]:
            names.everything.append(module)
            continue
        alias = part[part.index("as") + 1] if "as" in part[:-1] else ""
        full = "".join(part[: part.index("as")] if "as" in part else part)
        if module:
            names.imported[alias or full] = f"{module}.{full}"
        elif alias:
            names.imported[alias] = full
        elif full:
            names.imported[full.partition(".")[0]] = full.partition(".")[0]


def _between_commas(words: Sequence[str]) -> Iterator[list[str]]:
    part: list[str] = []
    for word in [*words, ","]:
        if word != ",":
            part.append(word)
        elif part:
            yield part
            part = []


def _read_assignment(statement: Sequence[Token], names: Names, made: Mapping[int, tuple[str, ...]]) -> None:
    targets: list[str] = []
    for place, token in enumerate(statement):
        if token.text == "=" and targets:
            names.defined.update(targets)
            value = statement[place + 1] if place + 1 < len(statement) else None
            for target in targets:
                names.made_by.pop(target, None)
                if value is not None and value.start in made:
                    names.made_by[target] = made[value.start]
            return
        if token.is_name and (place == 0 or statement[place - 1].text in (",", "(")):
            targets.append(token.text)
        elif token.text not in (",", "(", ")") or (token.text == "(" and place and statement[place - 1].is_name):
            return


def _of_full_name(full: str, references: References) -> Meant | None:
    module, _, last = full.rpartition(".")
    if module == SIMPLE or module.startswith("mantid.simpleapi"):
        algorithm = references.algorithm(last)
        return Meant(algorithm_key(algorithm), algorithm) if algorithm else None
    found = references.object(full)
    return Meant(f"python/{found.name}", found) if found else None
