"""Outputs that arrive while no page is there: kept, written into the notebook, handed to the page that opens it next.

A kernel sends what a cell prints to whoever listens, and a page that is closed does not. So the server listens too,
from the moment when a page asks a kernel to run a cell: :mod:`run` is what one run has brought so far, :mod:`keeper`
knows which runs are without a page and when their outputs go to the disk, :mod:`notebooks` puts them there,
:mod:`kernels` connects all this with Jupyter Server, and :mod:`keeping` starts it. In the page, ``kept-outputs.js``
takes up what the server hands over.

Why not a ready-made extension: ``docs/decisions/closed-tab-outputs.md``.
"""
