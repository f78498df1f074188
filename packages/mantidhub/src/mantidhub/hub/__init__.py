"""JupyterHub's side: its configuration and the Spawner, a client of the controller."""

from pathlib import Path

CONFIGURATION = Path(__file__).parent / "jupyterhub_config.py"
"""The file that JupyterHub is started with."""
