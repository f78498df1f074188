"""One letter wrong in a name, the four ways in which fingers do it."""

import random
import string


def swapped(name: str, chance: random.Random) -> str:
    """Return the name with two neighbours in the wrong order."""
    place = chance.randrange(len(name) - 1)
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


def dropped(name: str, chance: random.Random) -> str:
    """Return the name without one of its letters."""
    place = chance.randrange(len(name))
    return name[:place] + name[place + 1 :]


def doubled(name: str, chance: random.Random) -> str:
    """Return the name with one letter twice."""
    place = chance.randrange(len(name))
    return name[:place] + name[place] + name[place:]


def replaced(name: str, chance: random.Random) -> str:
    """Return the name with another letter in one place."""
    place = chance.randrange(len(name))
    return name[:place] + chance.choice(string.ascii_lowercase) + name[place + 1 :]


MISTAKES = (swapped, dropped, doubled, replaced)
