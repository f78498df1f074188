"""What `mantidhub check --isolation` prints."""

import json

import click

from mantidhub.operations.isolation.trial import Trial
from mantidhub.operations.terminal import say

COLOURS = {"blocked": "green", "succeeded": "red", "not tried": "yellow"}
ENGINES = {"sandbox": "the sandbox", "docker": "a container of Docker"}


def print_table(trial: Trial) -> None:
    """Print a line for each attack: green what was blocked, red what succeeded. Colours only on a terminal."""
    say(f"A session in {ENGINES[trial.engine]} tries to …")
    width = max(len(outcome.title) for outcome in trial.outcomes)
    for outcome in trial.outcomes:
        mark = click.style(f"{outcome.outcome:<9}", fg=COLOURS[outcome.outcome])
        say(f"  {mark}  {outcome.title:<{width}}  {outcome.words}")
    say(_sum(trial))


def print_json(trial: Trial) -> None:
    """Print the same for programs."""
    rows = [
        {"attack": outcome.title, "engine": trial.engine, "outcome": outcome.outcome, "words": outcome.words}
        for outcome in trial.outcomes
    ]
    say(json.dumps(rows, indent=1))


def _sum(trial: Trial) -> str:
    counts = {kind: sum(outcome.outcome == kind for outcome in trial.outcomes) for kind in COLOURS}
    words = f"{counts['blocked']} of {len(trial.outcomes)} attacks were blocked"
    if counts["not tried"]:
        words += f", {counts['not tried']} could not be tried"
    if not counts["succeeded"]:
        return f"{words}. None succeeded."
    return f"{words}. {counts['succeeded']} SUCCEEDED: sessions are not isolated as they should be on this host."
