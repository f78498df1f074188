"""Specular reflectivity."""
