"""What stands at the caret of a cell: which function is called, which of its properties, and which names are wrong."""

from mantidlab.docs.looking.caret import Look, look
from mantidlab.docs.looking.problems import Problem

__all__ = ["Look", "Problem", "look"]
