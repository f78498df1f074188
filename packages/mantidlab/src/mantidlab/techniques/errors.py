"""What can be wrong with what a technique is given; each message says what was tried, what was found, what to do.

FrameworkError
    TechniqueError
        WrongRun        a file that this technique cannot use
        WrongSetting    a number or a choice that does not fit the data
"""

from mantidlab.frameworks.model import FrameworkError


class TechniqueError(FrameworkError):
    """A reduction cannot go on."""


class WrongRun(TechniqueError):
    """The file lacks what the technique needs, or is of another technique."""


class WrongSetting(TechniqueError):
    """A setting does not fit the data, or contradicts another one."""
