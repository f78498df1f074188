"""Interfaces: a technique as a typed function, declared once, with a form, batches and a command line.

>>> from mantidlab.interfaces import Progress, RunFile, interface, step
>>> @interface(title="Counts", instruments=["SIMSANS"])
... def counts(sample: RunFile, factor: float = 1.0) -> float:
...     '''Count neutrons.'''
...     return factor * step(count_all, sample)

For instrument scientists: ``docs/interfaces.md``.
"""

from mantidlab.interfaces.activity import report
from mantidlab.interfaces.caching import clear_cache
from mantidlab.interfaces.declaring import Interface, interface
from mantidlab.interfaces.errors import (
    BatchRefused,
    CannotKeep,
    CannotRepeat,
    DeclarationMistake,
    InterfaceError,
    NoSuchInterface,
    ValuesRefused,
)
from mantidlab.interfaces.fields import (
    Advanced,
    Directory,
    File,
    Folder,
    Group,
    InputFile,
    Ordered,
    OutputFile,
    Range,
    Run,
    RunFile,
    SaveFile,
    Unit,
)
from mantidlab.interfaces.progress import Progress
from mantidlab.interfaces.results import Result
from mantidlab.interfaces.steps import step

__all__ = [
    "Advanced",
    "BatchRefused",
    "CannotKeep",
    "CannotRepeat",
    "DeclarationMistake",
    "Directory",
    "File",
    "Folder",
    "Group",
    "InputFile",
    "Interface",
    "InterfaceError",
    "NoSuchInterface",
    "Ordered",
    "OutputFile",
    "Progress",
    "Range",
    "Result",
    "Run",
    "RunFile",
    "SaveFile",
    "Unit",
    "ValuesRefused",
    "clear_cache",
    "interface",
    "report",
    "step",
]
