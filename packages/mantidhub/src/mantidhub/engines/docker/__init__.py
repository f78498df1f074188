"""Sessions in containers of a Docker daemon that the facility runs already."""

from mantidhub.engines.docker.engine import DockerEngine

__all__ = ["DockerEngine"]
