"""What was measured, beside what was aimed at, as a table for people and a record for machines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True)
class Figure:
    """One row: ours and others, in one unit, smaller being better unless said otherwise.

    Attributes
    ----------
    samples
        For each subject its measurements; an empty list where it never drew.
    failures
        For subjects that failed, what they said.
    target
        What ours should reach, in the same unit; None where there is only a report.
    """

    name: str
    unit: str
    samples: Mapping[str, list[float]]
    target: float | None = None
    more_is_better: bool = False
    failures: Mapping[str, str] = field(default_factory=dict)

    @property
    def medians(self) -> dict[str, float]:
        """The median of each subject that drew."""
        return {name: median(values) for name, values in self.samples.items() if values}

    @property
    def ours(self) -> float | None:
        """Our median."""
        return self.medians.get("ours")

    @property
    def rival(self) -> tuple[str, float] | None:
        """The best of the others."""
        others = {name: value for name, value in self.medians.items() if name != "ours"}
        if not others:
            return None
        best = (max if self.more_is_better else min)(others, key=lambda name: others[name])
        return best, others[best]

    @property
    def met(self) -> bool | None:
        """Whether ours reaches the target."""
        if self.target is None or self.ours is None:
            return None if self.target is None else False
        return self.ours >= self.target if self.more_is_better else self.ours <= self.target

    def as_record(self) -> dict[str, object]:
        """Return everything that somebody needs to judge the figure."""
        ratio = self.ours / self.rival[1] if self.ours is not None and self.rival and self.rival[1] else None
        return {
            "figure": self.name,
            "unit": self.unit,
            "ours": self.ours,
            "rival": None if self.rival is None else {"name": self.rival[0], "median": self.rival[1]},
            "ratio": ratio,
            "target": self.target,
            "more_is_better": self.more_is_better,
            "met": self.met,
            "medians": self.medians,
            "samples": {name: list(values) for name, values in self.samples.items()},
            "failures": dict(self.failures),
        }


def table(figures: list[Figure]) -> str:
    """Write all figures for people."""
    lines = [f"{'':46}{'ours':>11}{'target':>11}  {'met':5}others"]
    for figure in figures:
        said = [f"{name} {_number(value)}" for name, value in figure.medians.items() if name != "ours"] + [
            f"{name}: {why}" for name, why in figure.failures.items()
        ]
        met = {True: "yes", False: "NO", None: ""}[figure.met]
        target = "" if figure.target is None else _number(figure.target)
        ours = "–" if figure.ours is None else _number(figure.ours)
        lines.append(f"{f'{figure.name}, {figure.unit}':46}{ours:>11}{target:>11}  {met:5}{'; '.join(said)}")
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
