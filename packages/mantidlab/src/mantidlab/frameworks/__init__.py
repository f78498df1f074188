"""One small data model for what Mantid, scipp and NeXus files hold, and an adapter for each.

``model`` is plain NumPy; ``mantid``, ``scipp`` and ``nexus`` fill it. Mantid and scipp are imported by their own
adapter alone, lazily, and never both in one process.
"""
