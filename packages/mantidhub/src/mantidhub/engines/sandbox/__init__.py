"""Sessions in bubblewrap: no daemon, nothing to install but a wheel."""

from mantidhub.engines.sandbox.engine import SandboxEngine

__all__ = ["SandboxEngine"]
