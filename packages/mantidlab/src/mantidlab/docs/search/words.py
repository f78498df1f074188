"""How names, texts and what a person types become words: the same for the index and for a query.

``ConvertUnits``, ``convert_units`` and ``convert-units`` are the words *convert units*, and *convertunits* as one.
"""

import re
import unicodedata

_SYMBOLS = {
    "Å": "angstrom", "µ": "mu", "°": "deg",
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma",
    "ς": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
_BY_SYMBOL = str.maketrans(
    {**_SYMBOLS, **{key.upper(): word for key, word in _SYMBOLS.items() if len(key.upper()) == 1}}
)
_PIECES = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_a-zA-Z]+")

_PAIRS = (
    ("lambda", "wavelength"),
    ("centre", "center"),
    ("colour", "color"),
    ("metre", "meter"),
    ("histogram", "hist"),
)
SAME = {one: other for pair in _PAIRS for one, other in (pair, pair[::-1])}
"""Words that people of this field use for one another: letters and names of one quantity, two spellings."""

STOP_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "by",
        "can",
        "do",
        "for",
        "from",
        "get",
        "how",
        "i",
        "in",
        "into",
        "is",
        "it",
        "my",
        "of",
        "on",
        "or",
        "the",
        "to",
        "what",
        "with",
    ]
)
"""Words that say nothing about what is looked for; they are dropped while others remain."""

LONGEST = 200
"""Characters of a query that are read; nobody types more than that to find something."""


def plain(text: str) -> str:
    """Return a text with symbols spelt out (Å is ``angstrom``, λ ``lambda``), without accents and capitals."""
    return _without_accents(_spelt_out(text)).casefold()


def words_of(text: str) -> list[str]:
    """Return the words of a name or a text, split also within ``CamelCase`` and at digits."""
    return [piece.casefold() for piece in _PIECES.findall(_without_accents(_spelt_out(text)))]


def compact(text: str) -> str:
    """Return a name as one word: letters and digits alone."""
    return "".join(character for character in plain(text) if character.isalnum())


def trigrams(word: str) -> list[str]:
    """Return all runs of three letters, each once."""
    return list(dict.fromkeys(word[place : place + 3] for place in range(len(word) - 2)))


def one_less(word: str) -> set[str]:
    """Return a word and what remains of it without any one of its letters.

    Two words that differ by one letter too many, too few, another, or by two letters in the wrong order, share one.
    (The idea of SymSpell, W. Garbe 2012: deletions alone, on both sides.)
    """
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def distances(typed: str, word: str) -> tuple[int, int]:
    """Return how many mistakes turn *word*, and its best beginning, into what was typed.

    A mistake is one letter too many, too few, another, or two neighbours swapped. Bit-parallel, a few operations for
    each letter of *word* (H. Hyyrö, Nordic Journal of Computing 10 (2003) 29).
    """
    if not typed:
        return len(word), 0
    places: dict[str, int] = {}
    for place, letter in enumerate(typed):
        places[letter] = places.get(letter, 0) | 1 << place
    every, last = (1 << len(typed)) - 1, 1 << (len(typed) - 1)
    rising, falling, diagonal, before = every, 0, 0, 0
    distance = best = len(typed)
    for letter in word:
        here = places.get(letter, 0)
        swapped = ((~diagonal & here) << 1) & before
        diagonal = ((((here & rising) + rising) ^ rising) | here | falling | swapped) & every
        up, down = falling | (~(diagonal | rising) & every), diagonal & rising
        distance += bool(up & last) - bool(down & last)
        best = min(best, distance)
        up, down = (up << 1 | 1) & every, (down << 1) & every
        rising, falling, before = down | (~(diagonal | up) & every), up & diagonal, here
    return distance, best


def _spelt_out(text: str) -> str:
    # NFKC first: U+212B is Å, U+00B5 is μ, ² is 2
    return unicodedata.normalize("NFKC", text).translate(_BY_SYMBOL)


def _without_accents(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
