"""Times of flight, wavelengths, d-spacings, momentum and energy transfers: one into the other, as the flight allows.

``flight`` says how far and at what angle the neutrons went, ``quantities`` names what an axis can show,
``neutron`` holds the formulas, ``axes`` turns the bins of a spectrum.
"""
