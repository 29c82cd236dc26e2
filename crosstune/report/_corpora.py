"""The corpora of a run, as the page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crosstune.analysis import Corpus, Findings
from crosstune.report._bars import Share, shares
from crosstune.report._words import language_title


@dataclass(frozen=True)
class CorpusView:
    """A corpus as the page shows it; ``samples``: (description, prompt, completion) of a few rows."""

    name: str
    note: str
    rows: int
    characters: str
    mix: list[Share]
    funnel: str
    samples: Sequence[tuple[str, str, str]]


MIX_SHADES = ("accent", "second", "third", "fourth", "fifth")
"""The colours of what models were taught, in that order; raw text and everything else is grey."""


def corpora(findings: Findings) -> list[CorpusView]:
    taught = dict.fromkeys(pair for model in findings.run.models for pair in model.trained)
    shades = dict(zip((_content(*pair) for pair in taught), MIX_SHADES, strict=False))
    return [_view(corpus, shades) for corpus in findings.run.corpora]


def _view(corpus: Corpus, shades: dict[str, str]) -> CorpusView:
    rows: dict[str, int] = {}
    for part in corpus.composition:
        content = _content(part.language, part.task)
        rows[content] = rows.get(content, 0) + part.rows
    return CorpusView(
        name=corpus.name,
        note=corpus.note,
        rows=corpus.rows,
        characters=f"{corpus.characters:,}" if corpus.characters else "",
        mix=shares(rows, shades),
        funnel=" → ".join(f"{stage} {left:,}" for stage, left in corpus.funnel),
        samples=[
            (f"{_content(row.language, row.task)} · {row.source} · {row.id}", row.prompt, row.completion)
            for row in corpus.samples
        ],
    )


def _content(language: str, task: str) -> str:
    return f"{language_title(language)} {task}".strip()
