"""The numbers that went into the simulated samples, and that the example notebooks are to find again.

They are kept here and in the documentation, not in the files: a notebook must not read its answer.
"""

SPHERE_RADIUS = 62.0
"""Å; radius of the silica spheres in SIMSANS run 1001. All spheres are equal."""

SPHERE_VOLUME_FRACTION = 0.010
"""Share of the sample's volume that the spheres fill."""

FILM_THICKNESS = 463.0
"""Å; thickness of the polystyrene film of SIMREF runs 2002 and 2004."""

LATTICE_PARAMETER = 5.431020511
"""Å; silicon at 22.5 °C in vacuum (CODATA 2018), the powder of SIMPOW run 3001."""
