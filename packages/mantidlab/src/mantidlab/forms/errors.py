"""What can go wrong with a form; every message is a sentence for the person."""


class FormError(Exception):
    """What can go wrong with a form: what was tried, what was found, what to do."""


class NoSuchForm(FormError):
    """What is asked for is not in this environment, or is nothing that can be called."""


class NoCallHere(FormError):
    """Where the cell was looked at there is no call of anything that has a form.

    Attributes
    ----------
    called
        What is called there, as it is written: a kernel may know it.
    """

    def __init__(self, message: str, called: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.called = called


class CannotBeWritten(FormError):
    """The values do not go into the call: one is no Python, or the way the cell is written does not allow it."""
