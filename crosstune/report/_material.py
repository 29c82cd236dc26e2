"""What went into a run, as the page's template wants it: corpora and steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crosstune.analysis import Findings
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


MIX_SHADES = ("accent", "second", "third", "fourth", "fifth")
"""Of what some model was taught, in that order; raw text and the rest is grey."""


def corpora(findings: Findings) -> list[CorpusView]:
    taught = dict.fromkeys(pair for model in findings.run.models for pair in model.trained)
    shades = dict(zip((_kind(*pair) for pair in taught), MIX_SHADES, strict=False))
    found = []
    for corpus in findings.run.corpora:
        rows: dict[str, int] = {}
        for cell in corpus.cells:
            kind = _kind(cell.language, cell.task)
            rows[kind] = rows.get(kind, 0) + cell.rows
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


def steps_by_kind(findings: Findings) -> list[tuple[str, int, str, str]]:
    """(kind, how many, seconds in all, the longest)."""
    kinds: dict[str, list[float]] = {}
    for step in findings.run.steps:
        kinds.setdefault(step.kind, []).extend([] if step.seconds is None else [step.seconds])
    done = {kind: seconds for kind, seconds in kinds.items() if seconds}
    return [
        (kind, len(seconds), duration(sum(seconds)), duration(max(seconds))) for kind, seconds in done.items()
    ]


def seconds_in_all(findings: Findings) -> float:
    return sum(step.seconds or 0.0 for step in findings.run.steps)
