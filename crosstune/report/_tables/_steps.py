"""Tables of a run's steps with their time, tokens and cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crosstune.analysis import Findings, StepSummary
from crosstune.tables import COUNT, SECONDS, Column, Table, number


@dataclass(frozen=True)
class StepTotals:
    """The finished steps of one kind; totals that were not counted are None."""

    kind: str
    steps: Sequence[StepSummary]

    @property
    def seconds(self) -> float:
        return sum(step.seconds or 0.0 for step in self.steps)

    @property
    def longest(self) -> float:
        return max((step.seconds or 0.0 for step in self.steps), default=0.0)

    @property
    def tokens(self) -> int | None:
        counts = [step.tokens for step in self.steps if step.tokens is not None]
        return sum(counts) if counts else None

    @property
    def cost(self) -> float | None:
        costs = [step.cost for step in self.steps if step.cost is not None]
        return sum(costs) if costs else None


COST = number(4)
"""A cost in the currency of the server's prices, which is not known here."""


def steps_by_kind(findings: Findings) -> Table[StepTotals]:
    """One row for each kind with finished steps, and the totals."""
    done = [step for step in findings.run.steps if step.seconds is not None]
    kinds = dict.fromkeys(step.kind for step in done)
    return Table(
        "Time by kind of step",
        (
            Column("kind", lambda row: row.kind, heading="Kind"),
            Column("steps", lambda row: len(row.steps), COUNT, heading="Steps"),
            Column("total", lambda row: row.seconds, SECONDS, heading="In total"),
            Column("longest", lambda row: row.longest, SECONDS, heading="Longest"),
            Column("tokens", lambda row: row.tokens, COUNT, heading="Tokens"),
            Column("cost", lambda row: row.cost, COST, heading="Cost"),
        ),
        [StepTotals(kind, [step for step in done if step.kind == kind]) for kind in kinds],
        footer=[StepTotals("all", done)],
    )


def every_step(findings: Findings) -> Table[StepSummary]:
    return Table(
        "All steps",
        (
            Column("step", lambda step: step.name, heading="Step"),
            Column("kind", lambda step: step.kind, heading="Kind"),
            Column("state", lambda step: step.state, heading="State"),
            Column("seconds", lambda step: step.seconds, number(1), heading="Seconds"),
            Column("tokens", lambda step: step.tokens, COUNT, heading="Tokens"),
            Column("cost", lambda step: step.cost, COST, heading="Cost"),
            Column("key", lambda step: step.key[:12], heading="Key"),
        ),
        findings.run.steps,
    )
