"""One round: people work, something happens, and what is left of their work is compared with what was promised."""

import asyncio
from dataclasses import dataclass, field
from random import Random

from reliability.events import Event
from reliability.load import NOT_ANSWERED, NoKernel, Worker
from reliability.stage import Stage, Stuck

ROUND_LIMIT = 600
"""Seconds for a round with everything that can take its time in it."""
QUIET_BEFORE = (0.5, 3.0)
"""Seconds of work before the event: its moment is anywhere between a person's two saves."""


@dataclass
class Outcome:
    """What came of one round; ``failures`` says in sentences what was not as promised."""

    saves_acknowledged: int = 0
    saves_lost: int = 0
    numbers_acknowledged: int = 0
    numbers_lost: int = 0
    kernels_could: int = 0
    kernels_kept: int = 0
    orphans: int = 0
    unsettled: int = 0
    seconds: float = 0
    failures: list[str] = field(default_factory=list)


async def run_round(stage: Stage, event: Event, random: Random) -> Outcome:
    """Let it happen once.

    Raises
    ------
    Stuck, TimeoutError
        If people could not go on working before or after it.
    """
    async with asyncio.timeout(ROUND_LIMIT):
        await _prepare(stage, event)
        outcome = Outcome()
        await asyncio.sleep(random.uniform(*QUIET_BEFORE))
        lost_kernels = await event.happen(stage, random) or set()
        # Looked at before anybody saves anew over it, and once more at the end.
        lost = _lost_saves(stage)
        await _settle(stage, outcome)
        await asyncio.gather(*(worker.pause() for worker in stage.workers))
        lost |= _lost_saves(stage)
        outcome.saves_acknowledged = sum(worker.acknowledged.saves for worker in stage.workers)
        outcome.saves_lost = len(lost)
        outcome.failures += lost.values()
        for worker in stage.workers:
            await _judge_kernel(worker, outcome, could_live=worker.name not in lost_kernels)
        await asyncio.gather(*(stage.ensure_server(worker) for worker in stage.workers))
        return outcome


async def _prepare(stage: Stage, event: Event) -> None:
    """Let everybody work, and the guests have servers or not."""
    ensure_guest = stage.ensure_server if event.guests_run else stage.ensure_no_server
    await asyncio.gather(
        *(stage.ensure_kernel(worker) for worker in stage.workers), *(ensure_guest(guest) for guest in stage.guests)
    )
    await stage.settle()


async def _settle(stage: Stage, outcome: Outcome) -> None:
    try:
        outcome.seconds = await stage.settle()
    except Stuck as problem:
        outcome.unsettled = 1
        outcome.orphans = problem.orphans
        outcome.failures.append(str(problem))


def _lost_saves(stage: Stage) -> dict[str, str]:
    return {sentence.partition(":")[0]: sentence for worker in stage.workers for sentence in worker.lost_saves()}


async def _judge_kernel(worker: Worker, outcome: Outcome, *, could_live: bool) -> None:
    outcome.numbers_acknowledged += len(worker.acknowledged.numbers) if could_live else 0
    outcome.kernels_could += could_live
    try:
        lost = await worker.lost_numbers()
    except (NoKernel, *NOT_ANSWERED) as problem:
        if could_live:
            outcome.numbers_lost += len(worker.acknowledged.numbers)
            outcome.failures.append(f"kernel lost: {problem!r}")
        return
    outcome.kernels_kept += could_live
    outcome.numbers_lost += len(lost)
    if lost:
        outcome.failures.append(f"{worker.name}'s kernel does not have the acknowledged numbers {lost}")
