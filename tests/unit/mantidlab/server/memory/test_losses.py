"""The sentences that people read when memory has ended something."""

from dataclasses import replace
from datetime import UTC, datetime

from mantidlab.server.memory.losses import Cause, Loss, size

GIBIBYTE = 2**30
LOSS = Loss(
    at=datetime(2026, 5, 4, tzinfo=UTC),
    cause=Cause.LIMIT,
    is_kernel=True,
    limit=4 * GIBIBYTE,
    memory=int(3.4 * GIBIBYTE),
    files={"/tmp": 2**20, "/dev/shm": 0},
)
OF_PROGRAM = replace(LOSS, is_kernel=False, program="python", memory=300 * 2**20)
ADVICE = "load less at once, shut down notebooks that you do not need, or start the server in a larger size."


def test_a_notebook_reads_what_happened_how_much_was_used_and_what_to_do():
    assert LOSS.in_words() == (
        "The kernel was ended because the session reached its memory limit of 4 GiB. "
        "The kernel used 3.4 GiB. "
        f"Its variables are lost; notebooks and files are not. What helps: {ADVICE}"
    )


def test_files_in_memory_are_named_and_deleting_them_is_advised_where_they_are_much():
    some = replace(LOSS, files={"/tmp": 300 * 2**20, "/dev/shm": 0})
    assert "Files in /tmp use 300 MiB, which counts as memory." in some.in_words()
    assert "delete files" not in some.in_words()
    much = replace(LOSS, files={"/tmp": GIBIBYTE, "/dev/shm": GIBIBYTE})
    assert f"What helps: delete files in /tmp and /dev/shm, {ADVICE}" in much.in_words()


def test_where_the_machine_had_no_memory_the_person_is_not_blamed():
    sentence = replace(LOSS, cause=Cause.MACHINE, used=GIBIBYTE, memory=None).in_words()
    assert "because the whole machine had no memory left. Your session used 1 GiB of its limit of 4 GiB. " in sentence
    assert sentence.endswith("Try again later; if it happens often, tell your administrator.")


def test_where_nothing_counts_it_says_what_is_known_and_that_it_is_not_certain():
    sentence = replace(LOSS, cause=Cause.UNKNOWN, memory=None, files={}).in_words()
    assert sentence.startswith("The kernel was ended from outside, perhaps because the machine had no memory left. ")
    assert "so this is not certain; each program may use 4 GiB, if the machine has it. " in sentence


def test_programs_are_told_of_where_they_were_started():
    assert OF_PROGRAM.in_words().startswith("A program that this kernel started, python, was ended because")
    assert (
        "It used 300 MiB. The kernel itself goes on, but what was ended did not finish its work."
        in OF_PROGRAM.in_words()
    )


def test_nobody_is_blamed_for_what_nobody_saw():
    sentence = replace(OF_PROGRAM, program="", memory=None).in_words()
    assert sentence.startswith("A program of this session, perhaps one that this kernel started, was ended because")


def test_sizes_are_written_as_people_read_them():
    assert [size(amount * 2**20) for amount in (3, 512, 999, 1024, 3994, 65536)] == [
        "3 MiB", "512 MiB", "999 MiB", "1 GiB", "3.9 GiB", "64 GiB"
    ]  # fmt: skip
