"""Exactly the calls that are made on an algorithm of Mantid's that is asked and never run, from 3.13 to 6.16.

As in `mantid_calls`, tests hold the code to this file. They are for the thread that runs the person's algorithms,
between two of them: a workspace is looked up for each name.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol


class PropertyUnderTest(Protocol):
    """A property: `isValid` is Mantid's objection to what it holds, empty where there is none."""

    isValid: str


class AlgorithmUnderTest(Protocol):
    """An algorithm, fresh from ``AlgorithmManager.createUnmanaged``.

    `setProperty` raises ValueError for what a property does not take, TypeError for what Python cannot hand over,
    OverflowError for a number that C++ has no room for, and RuntimeError for a name that it does not know.
    `validateInputs` looks at the workspaces, and some of Mantid's crash without them: it is called when nothing else is
    wrong.
    """

    def initialize(self) -> None: ...
    def setProperty(self, name: str, value: Any) -> None: ...
    def keys(self) -> Iterable[str]: ...
    def getProperty(self, name: str) -> PropertyUnderTest: ...
    def getPropertyValue(self, name: str) -> str: ...
    def validateInputs(self) -> Mapping[str, str]: ...


class AlgorithmFactory(Protocol):
    """The registered algorithms: versions by name."""

    def getRegisteredAlgorithms(self, include_hidden: bool) -> Mapping[str, Iterable[int]]: ...


class AlgorithmManager(Protocol):
    """Makes algorithms."""

    def createUnmanaged(self, name: str, version: int) -> AlgorithmUnderTest: ...


class ChosenLoader(Protocol):
    """An algorithm that was not initialised."""

    def name(self) -> str: ...
    def version(self) -> int: ...


class FileLoaderRegistry(Protocol):
    """Knows the loaders. `chooseLoader` opens the file, and raises RuntimeError where no loader takes it."""

    def chooseLoader(self, file_path: str) -> ChosenLoader: ...
