"""Quasi-elastic scattering: how fast things move, from the widths of lines."""
