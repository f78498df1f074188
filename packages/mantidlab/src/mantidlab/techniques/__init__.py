"""Five techniques as typed functions: small angles, reflectivity, powder, quasi-elastic widths, detectors to mask.

Each is declared as an interface in a module of its own; the physics beside it are plain functions of arrays. They read
runs through `runs`, which knows where the detectors are, and give curves of the data model. This room is code as an
instrument scientist writes it: it may import scipp and its ``ess`` packages, lazily, and reaches Mantid through
`mantidlab.frameworks.mantid.run_algorithm` alone.
"""
