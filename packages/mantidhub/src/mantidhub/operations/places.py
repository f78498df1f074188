"""What ships with MantidHub beside its code."""

from pathlib import Path

from mantidhub.errors import SettingsError

CHECKOUT = Path(__file__).resolve().parents[5]


def shipped_examples() -> Path:
    """Return the folder of the example notebooks.

    Raises
    ------
    SettingsError
        If MantidHub does not run from a checkout and the settings name no folder.
    """
    folder = CHECKOUT / "examples"
    if not folder.is_dir():
        raise SettingsError(f"There are no examples in {folder}; name their folder in the setting data.examples.")
    return folder
