"""What stops an extraction: a framework that says nothing. Anything less is an entry of the catalogue's failures."""


class ExtractionFailed(Exception):
    """A framework could not be asked; the text says which, what was found, and what to do."""
