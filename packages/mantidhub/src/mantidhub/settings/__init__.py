"""The one configuration file, as typed models, and the folders of a running MantidHub."""

from mantidhub.settings.load import load_settings
from mantidhub.settings.model import Settings
from mantidhub.settings.state import StateFolder

__all__ = ["Settings", "StateFolder", "load_settings"]
