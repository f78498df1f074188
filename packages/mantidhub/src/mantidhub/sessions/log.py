"""What a session printed, as far as it tells a person why it ended."""

from pathlib import Path

READ_AT_MOST = 64 * 1024
LONGEST_SENTENCE = 500


def last_sentence(log: Path, start: int = 0) -> str:
    """Return the last line that the session printed since `start` bytes, shortened; empty if there is none."""
    try:
        with log.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(start, file.tell() - READ_AT_MOST))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:LONGEST_SENTENCE] if lines else ""
