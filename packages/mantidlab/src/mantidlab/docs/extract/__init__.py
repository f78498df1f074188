"""Draws out of the frameworks of an environment what they can do, while the environment is built."""
