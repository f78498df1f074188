"""Progress shows on a terminal, and nowhere else where nobody asked for it."""

import os
import pty
import subprocess
import sys
from collections.abc import Generator

from mantidlab.interfaces import interface

PROGRAM = """
import time
from mantidlab.interfaces import Progress, interface

@interface(title="Reduce")
def reduced(number: int):
    for each in range(4):
        yield Progress(each / 4, f"bank {each}")
        time.sleep(0.15)
    yield Progress(1, "done")
    return number

print(reduced(3).value)
"""


def test_on_a_terminal_one_line_shows_how_far_it_is_and_goes() -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen([sys.executable, "-c", PROGRAM], stderr=theirs, stdout=subprocess.PIPE, text=True)
    os.close(theirs)
    said = b""
    while True:
        try:
            part = os.read(ours, 1000)
        except OSError:  # the other end is closed
            break
        said += part
    printed, _ = process.communicate(timeout=20)
    assert printed == "3\n"
    lines = said.decode().split("\r")
    assert any(line.startswith("Reduce  25% bank 1") for line in lines), lines
    assert any(line.startswith("Reduce 100% done") for line in lines), lines
    assert lines[-2].strip() == ""
    assert lines[-1] == ""


def test_in_a_file_nothing_of_it_is_written() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("3\n", "")


def test_who_yields_something_else_is_told() -> None:
    @interface(title="Counts")
    def counted() -> Generator[int, None, str]:
        yield 1
        yield 2
        return "whole"

    result = counted()
    assert result.value == "whole"
    assert result.provenance.remarks == ("Nobody saw what was yielded (int): yield Progress(fraction, text) instead.",)
