"""What can go wrong with workspaces. The text is for the person who asked.

WorkspaceError
├── NoSuchWorkspace   nothing of that name is held
├── CannotSave        a file cannot be written, or not in that format
└── AlreadyThere      there is a file of that name, or a workspace
"""


class WorkspaceError(Exception):
    """The root of all of them: what was tried, what was found, what to do."""

    def _render_traceback_(self) -> list[str]:
        """Show the sentence alone in a notebook: where in our code it was said helps nobody."""
        return [f"{type(self).__name__}: {self}"]


class NoSuchWorkspace(WorkspaceError, LookupError):
    """Nothing of that name is held."""


class CannotSave(WorkspaceError):
    """A file cannot be written, or not in that format."""


class AlreadyThere(WorkspaceError):
    """There is a file of that name, or a workspace, and nobody said that it may go."""
