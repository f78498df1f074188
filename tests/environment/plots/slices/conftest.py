"""Hypothesis on a machine that does other things too."""

from hypothesis import settings

settings.register_profile("environment", deadline=None, database=None)
settings.load_profile("environment")
