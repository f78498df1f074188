"""Is a run that was repeated the same as the one before: its numbers, its files, what computed it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mantidlab.interfaces.hashing import NoDigest, digest

if TYPE_CHECKING:
    from mantidlab.interfaces.results import Result


@dataclass(frozen=True)
class Comparison:
    """What differs between two runs.

    Attributes
    ----------
    same_numbers
        Whether the values are equal, to the last digit; None where their kind has no digest.
    differences
        A sentence for each thing that differs.
    """

    same_numbers: bool | None
    differences: tuple[str, ...]

    def __repr__(self) -> str:
        numbers = {
            True: "The numbers are the same.",
            False: "The numbers differ.",
            None: "The values cannot be compared.",
        }
        return "\n".join([numbers[self.same_numbers], *self.differences])


def fingerprint(value: Any) -> str:
    """Return the SHA-256 of a value, by which a later run is compared with it; empty if its kind has none."""
    try:
        return digest(value)
    except NoDigest:
        return ""


def compare(result: "Result[Any]", before: str, files: Mapping[str, str], versions: Mapping[str, str]) -> Comparison:
    """Compare a result with what is known of one from before.

    Parameters
    ----------
    result
        The new one.
    before
        The fingerprint of the old one's value.
    files
        SHA-256 of the old one's files, by name.
    versions
        Of the old one's packages.
    """
    differences = []
    now = {Path(each.path).name: each.sha256 for each in result.provenance.files}
    for name in dict.fromkeys((*files, *now)):
        if name not in now:
            differences.append(f"{name} was read then, and is not now.")
        elif name not in files:
            differences.append(f"{name} is read now, and was not then.")
        elif now[name] != files[name]:
            differences.append(
                f"{name} is another file now: its SHA-256 was {files[name][:12]}…, and is {now[name][:12]}…."
            )
    for package, version in versions.items():
        found = result.provenance.versions.get(package)
        if found is not None and found != version:
            differences.append(f"{package} was {version}, and is {found}.")
    new = fingerprint(result.value)
    return Comparison(new == before if new and before else None, tuple(differences))
