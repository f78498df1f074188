"""Simulated instruments: neutrons drawn one by one, written as a facility would write them.

============  ==========================================================================================
module        what it knows
============  ==========================================================================================
`neutron`     wavelength and time of flight
`source`      what leaves a moderator, and when
`drawing`     how random numbers are drawn from a tabulated density
`spheres`     how dilute spheres scatter at small angles
`films`       how a layered surface reflects
`crystals`    how a powder diffracts
`sans`        SIMSANS, a small-angle instrument, and its runs
`reflectometry`  SIMREF, a reflectometer, and its runs
`diffraction` SIMPOW, a powder diffractometer, and its runs
`truth`       the numbers that the example notebooks are to find again
`measurement` what a run consists of: events, monitor, sample, geometry
`nexus`       how a run is written as NeXus
`archive`     which runs there are, and how they are put into a folder
============  ==========================================================================================

``python -m mantidlab.simulation --archive DIR`` writes them all. Needs numpy and h5py, which the environments have.
"""
