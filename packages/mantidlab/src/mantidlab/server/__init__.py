"""The notebook server of a session: JupyterHub's single-user server, started without waste.

Run as ``python -I -m mantidlab.server``; see :mod:`mantidlab.server.__main__` for what it needs.
"""
