"""Powder diffraction: intensity over d-spacing."""
