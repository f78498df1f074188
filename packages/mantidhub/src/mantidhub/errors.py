"""Every error of the server side, in two families.

::

    MantidHubError
    ├── PersonsError            theirs to mend: one sentence, no alarm
    │   ├── SettingsError           the configuration file or a command's option
    │   ├── AccountError            a name, password or link
    │   ├── SessionRefused          a session that the settings do not allow
    │   ├── SessionFailed           a session that could not start; says why
    │   └── EnvironmentFailed       an environment that could not be built or is broken
    └── PlatformError           ours: which process, which step; raises an alarm
        ├── ControllerUnreachable   nobody answers on the controller's socket
        └── EngineError             bubblewrap, cgroups or Docker did what they should not

A message says what was tried, what was found and what to do. Foreign errors become one of these in the module that
talks to the foreign thing; only the outermost layer (the command line, a page, the log) turns one into text.
"""


class MantidHubError(Exception):
    """Whatever MantidHub itself raises."""


class PersonsError(MantidHubError):
    """A person can mend it; the message tells how."""


class SettingsError(PersonsError):
    """The configuration file or a command's option is wrong."""


class AccountError(PersonsError):
    """A name, a password or a link is wrong."""


class SessionRefused(PersonsError):
    """The session that was asked for is not allowed by the administrator's settings."""


class SessionFailed(PersonsError):
    """The session could not start, or ended; the message is shown to its user."""


class EnvironmentFailed(PersonsError):
    """The environment could not be built, or is broken."""


class PlatformError(MantidHubError):
    """MantidHub or its host does not work as it should."""


class ControllerUnreachable(PlatformError):
    """Nobody answers on the controller's socket."""


class EngineError(PlatformError):
    """What runs the sessions did not do what it was told."""
