"""Make sure that the tests of network policies have squid, and can make a network of their own.

On Debian and its relatives, as root, it installs the distribution's packages; elsewhere it says what to do. A squid
that runs already is neither used nor touched.
"""

import sys

from debian import install_missing

PROGRAMS = {"squid": "squid", "ip": "iproute2"}
WHY = "The tests of network policies start squid, and make a network of their own."

if __name__ == "__main__":
    sys.exit(install_missing(PROGRAMS, why=WHY, target="test-network"))
