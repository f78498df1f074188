"""Makes nbconvert record where it executed a notebook; see ``mantidlab/server/nbconvert_record.py``."""

from contextlib import suppress

with suppress(ImportError):  # whoever runs another environment's nbconvert may have no such module there
    from mantidlab.server.nbconvert_record import ExecutionRecord

    c.Exporter.preprocessors = [ExecutionRecord]  # type: ignore[name-defined]  # noqa: F821
