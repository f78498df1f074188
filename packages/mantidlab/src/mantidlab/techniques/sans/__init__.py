"""Small-angle scattering: I(Q)."""
