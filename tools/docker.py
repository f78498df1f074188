"""Make sure that the tests of the Docker engine can start a Docker daemon of their own.

On Debian and its relatives, as root, it installs the distribution's packages; elsewhere it says what to do. A daemon
that runs already is neither used nor touched.
"""

import sys

from debian import install_missing

PROGRAMS = {"dockerd": "docker.io", "containerd": "containerd", "runc": "runc", "mmdebstrap": "mmdebstrap"}
WHY = "The tests of the Docker engine start a Docker daemon of their own."

if __name__ == "__main__":
    sys.exit(install_missing(PROGRAMS, why=WHY, target="test-docker"))
