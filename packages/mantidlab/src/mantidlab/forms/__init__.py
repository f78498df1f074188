"""Forms: every algorithm and every typed Python function as fields, and their values as the call that says the same.

``spec`` is what a form is made of, as data. ``algorithms``, ``catalogued`` and ``live`` make forms from what is known
of Mantid's algorithms, of the Python functions of an environment, and of functions in a kernel. ``calls`` reads a call
out of a cell, ``writing`` and ``rewriting`` put values into one, ``checking`` says what is wrong with values as one
types.

Nothing here is imported when a kernel or server starts.
"""
