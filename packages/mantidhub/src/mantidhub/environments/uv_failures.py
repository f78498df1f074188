"""What uv's and hatchling's failures mean, and what a person can do about each."""

import re
import signal
from dataclasses import dataclass
from pathlib import Path

from mantidhub.environments.workshop import Outcome


@dataclass(frozen=True)
class Failure:
    """A kind of failure: how it shows in the output, what it means, what to do."""

    sign: re.Pattern[str]
    meaning: str
    advice: str


def sign(pattern: str) -> re.Pattern[str]:
    """Compile a pattern that is looked for anywhere in the output."""
    return re.compile(pattern, re.IGNORECASE)


FAILURES = (
    Failure(
        sign(r"no space left on device|disk quota exceeded"),
        "the disk is full",
        "Free some space there (uv keeps downloads in the folder that `uv cache dir` prints; UV_CACHE_DIR moves it)",
    ),
    Failure(
        sign(r"must have a hash|no trusted hash"),
        "the lock has no hash for a package, or leaves out one that is needed",
        "Make the lock anew with `mantidhub environment lock`",
    ),
    Failure(
        sign(r"hash mismatch"),
        "a package is not the one that was locked: its hash differs",
        "Nothing of it was installed. A mirror may serve altered files: ask who runs it, or make the lock anew",
    ),
    Failure(
        sign(r"network was disabled"),
        "packages are not in uv's cache and the network is switched off (--offline or UV_OFFLINE)",
        "Connect once without it, or copy a filled cache here",
    ),
    Failure(
        sign(r"the npm registry cannot be reached"),
        "what draws plots in browsers is built from packages of the npm registry, which cannot be reached",
        "Connect to the network; behind a proxy set HTTPS_PROXY, with a mirror of npm set npm_config_registry",
    ),
    Failure(
        sign(r"status code: 40[137]|\b40[137] (unauthorized|forbidden|proxy)|authentication required"),
        "the package index refuses us",
        "Give uv the credentials of the index or proxy that it is configured for",
    ),
    Failure(
        sign(r"certificate|tls handshake|UnknownIssuer"),
        "the package index shows a certificate that is not trusted here",
        "Set SSL_CERT_FILE to the certificates of your site",
    ),
    Failure(
        sign(r"dns error|connection refused|connection reset|timed out|timeout|unreachable|error sending request"
             r"|failed to fetch|status code: 5\d\d"),
        "the packages could not be downloaded",
        "Look at the network connection; behind a proxy set HTTPS_PROXY, with a mirror set UV_DEFAULT_INDEX",
    ),
    Failure(
        sign(r"permission denied|read-only file system|operation not permitted"),
        "a folder cannot be written",
        "Give this user the right to write there (uv's cache: UV_CACHE_DIR moves it)",
    ),
    Failure(
        sign(r"no usable wheels|building source distributions is disabled|no wheels with a matching|no `?binary"),
        "there is no ready-made package for this machine and Python",
        "Take another Python version that the specification allows",
    ),
    Failure(
        sign(r"not found in the package registry|there is no version of"),
        "the package index does not have what the lock names",
        "A mirror may be incomplete or behind: update it, or name another with UV_DEFAULT_INDEX",
    ),
)  # fmt: skip

KILLED = Failure(sign(""), "the program was killed", "The machine may have run out of memory: free some")
UNKNOWN = Failure(sign(""), "the program failed", "Its last lines may tell why: mend that")


def explain_failure(outcome: Outcome, what: str, log: Path) -> str:
    """Say what was tried, what went wrong, what to do, and where all of it can be read."""
    failure = find_failure(outcome)
    return (
        f"While {what}: {failure.meaning}. {failure.advice}, then run the same command again: it goes on where it "
        f"stopped. The whole output is in {log}; it ends with\n{outcome.tail()}"
    )


def find_failure(outcome: Outcome) -> Failure:
    """Recognise a failure by what the program said after ``error:``, since names of packages come before."""
    first = next((number for number, line in enumerate(outcome.lines) if line.startswith("error:")), 0)
    text = "\n".join(outcome.lines[first:])
    if outcome.status == -signal.SIGKILL:
        return KILLED
    return next((known for known in FAILURES if known.sign.search(text)), UNKNOWN)
