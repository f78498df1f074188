"""One file per session, by which a restarted controller finds it again."""

from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from mantidhub.files import write_whole


@dataclass(frozen=True)
class SessionRecord:
    """What must survive the controller: whose session it is and what was chosen. The engine finds the rest.

    ``environment`` is an id; ``size`` is empty in records that were written before there were sizes. ``answered`` is
    False until the session's server has answered: before that, nobody has been told that it runs. ``boot`` names the
    run of the machine that it was started in; it is empty in older records.
    """

    key: str
    user: str
    server: str
    environment: str
    size: str = ""
    answered: bool = True
    boot: str = ""


_RECORD = TypeAdapter(SessionRecord)


class RecordFolder:
    """The records of all sessions, one JSON file each, written aside and renamed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def write(self, record: SessionRecord) -> None:
        """Write a record; whoever reads sees the old or the new one, whole."""
        write_whole(self._folder / f"{record.key}.json", _RECORD.dump_json(record).decode(), durable=True)

    def remove(self, key: str) -> None:
        """Forget a session."""
        (self._folder / f"{key}.json").unlink(missing_ok=True)

    def read_all(self) -> list[SessionRecord]:
        """Return every record; one that cannot be read is put aside as ``.broken`` and left out."""
        records = []
        for file in sorted(self._folder.glob("*.json")):
            try:
                records.append(_RECORD.validate_json(file.read_bytes()))
            except ValidationError:
                file.rename(file.with_suffix(".broken"))
        return records
