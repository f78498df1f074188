"""Detectors that must not be used: found by rules, by place, or named in a file."""
