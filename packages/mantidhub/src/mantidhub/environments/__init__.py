"""Environments: locked, read-only prefixes that sessions run in.

A `Specification` says what an environment shall hold; `build` makes an `Environment` of it, a folder named by the hash
of all that shaped it, once and for good.
"""

from mantidhub.environments.building import build
from mantidhub.environments.environment import Environment
from mantidhub.environments.interpreters import choose_interpreter
from mantidhub.environments.locks import lock
from mantidhub.environments.progress import Progress, Step
from mantidhub.environments.sources import Sources
from mantidhub.environments.specification import Specification, shipped_specifications
from mantidhub.environments.store import find, list_built, remove
from mantidhub.environments.verification import Difference, find_fault, looks_whole, verify

__all__ = [
    "Difference",
    "Environment",
    "Progress",
    "Sources",
    "Specification",
    "Step",
    "build",
    "choose_interpreter",
    "find",
    "find_fault",
    "list_built",
    "lock",
    "looks_whole",
    "remove",
    "shipped_specifications",
    "verify",
]
