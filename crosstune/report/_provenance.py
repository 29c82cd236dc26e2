"""What went into a run, as the page's template wants it: corpora and steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from crosstune.analysis import Findings, StepSummary
from crosstune.report._view import Part, parts
from crosstune.report._words import duration, language_title


@dataclass(frozen=True)
class CorpusView:
    name: str
    note: str
    rows: int
    characters: str
    mix: list[Part]
    funnel: str
    samples: Sequence[tuple[str, str, str]]
    """(what it is, prompt, completion)"""


NOT_COUNTED = "\u2013"
MIX_SHADES = ("accent", "second", "third", "fourth", "fifth")
"""Of what some model was taught, in that order; raw text and the rest is grey."""


def corpora(findings: Findings) -> list[CorpusView]:
    taught = dict.fromkeys(pair for model in findings.run.models for pair in model.trained)
    shades = dict(zip((_kind(*pair) for pair in taught), MIX_SHADES, strict=False))
    found = []
    for corpus in findings.run.corpora:
        rows: dict[str, int] = {}
        for task_key in corpus.composition:
            kind = _kind(task_key.language, task_key.task)
            rows[kind] = rows.get(kind, 0) + task_key.rows
        found.append(
            CorpusView(
                name=corpus.name,
                note=corpus.note,
                rows=corpus.rows,
                characters=f"{corpus.characters:,}" if corpus.characters else "",
                mix=parts(rows, shades),
                funnel=" → ".join(f"{stage} {left:,}" for stage, left in corpus.funnel),
                samples=[
                    (f"{_kind(row.language, row.task)} · {row.source} · {row.id}", row.prompt, row.completion)
                    for row in corpus.samples
                ],
            )
        )
    return found


def _kind(language: str, task: str) -> str:
    return f"{language_title(language)} {task}".strip()


class Kind(NamedTuple):
    """A kind of step, with what its finished ones took together. A dash where nothing was counted."""

    name: str
    done: int
    seconds: str
    longest: str
    tokens: str
    cost: str


def steps_by_kind(findings: Findings) -> list[Kind]:
    """One row a kind that has finished steps."""
    done = [step for step in findings.run.steps if step.seconds is not None]
    return [
        _kind_of(name, [step for step in done if step.kind == name])
        for name in dict.fromkeys(step.kind for step in done)
    ]


def steps_in_all(findings: Findings) -> Kind:
    return _kind_of("all", [step for step in findings.run.steps if step.seconds is not None])


def _kind_of(name: str, steps: Sequence[StepSummary]) -> Kind:
    seconds = [step.seconds or 0.0 for step in steps]
    tokens = [step.tokens for step in steps if step.tokens is not None]
    costs = [step.cost for step in steps if step.cost is not None]
    return Kind(
        name=name,
        done=len(steps),
        seconds=duration(sum(seconds)),
        longest=duration(max(seconds, default=0.0)),
        tokens=f"{sum(tokens):,}" if tokens else NOT_COUNTED,
        cost=money(sum(costs)) if costs else NOT_COUNTED,
    )


def money(cost: float) -> str:
    """``0.0123``: in the currency of the prices, which has no name here."""
    return f"{cost:,.4f}"
