"""Certificates that nobody has signed."""

import subprocess
from pathlib import Path

from mantidhub.edge.caddyfile import Certificate


def make_certificate(folder: Path, *names: str) -> Certificate:
    """Make a certificate for names of hosts, such as ``hub.example`` and ``*.hub.example``."""
    chain, key = folder / "chain.pem", folder / "key.pem"
    alternatives = ",".join(f"DNS:{name}" for name in names)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", f"/CN={names[0]}", "-addext", f"subjectAltName={alternatives}", "-keyout", key, "-out", chain],
        check=True, capture_output=True,
    )  # fmt: skip
    key.chmod(0o644)  # the edge reads it as a user of its own
    return Certificate(chain=chain, key=key)
