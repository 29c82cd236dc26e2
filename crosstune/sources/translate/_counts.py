"""Count how far rows come, and why they are dropped."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crosstune.files import write_json, write_text

ROWS, TESTED, TRANSLATED, SOUND = "rows", "with tests", "tests translated", "passed by the Python code"
ANSWERED, EXTRACTED, COMPILED, PASSED = "answered", "extracted", "compiled", "passed"
PROVEN = "tests kill mutants"
STAGES = (ROWS, TESTED, TRANSLATED, SOUND, ANSWERED, EXTRACTED, COMPILED, PASSED, PROVEN)
"""In their order: a row that is counted in one is counted in all before it."""
REPORT, DROPPED = "report.json", "dropped.jsonl"


@dataclass
class Counts:
    """``stages`` counts rows; ``untranslated`` counts assertions, ``answers`` those that were not used, and
    ``unanswered`` requests that may still succeed in a later run, each by reason. ``mutants`` counts those
    that ran and those that were killed."""

    stages: Counter[str] = field(default_factory=Counter)
    dropped: list[tuple[str, str, str]] = field(default_factory=list)
    untranslated: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    unanswered: Counter[str] = field(default_factory=Counter)
    mutants: Counter[str] = field(default_factory=Counter)

    def reached(self, stage: str) -> None:
        self.stages[stage] += 1

    def drop(self, row: str, reason: str, detail: str = "") -> None:
        self.dropped.append((row, reason, detail))

    def write(self, folder: Path, *, used: str, quarantined: Mapping[str, int]) -> None:
        """Write ``report.json``, and ``dropped.jsonl`` with every dropped row."""
        folder.mkdir(parents=True, exist_ok=True)
        reasons = Counter(reason for _, reason, _ in self.dropped)
        report: dict[str, Any] = {
            "yield": {stage: self.stages[stage] for stage in STAGES},
            "dropped": dict(reasons.most_common()),
            "untranslated": dict(self.untranslated.most_common()),
            "answers": dict(self.answers.most_common()),
            "mutants": dict(self.mutants),
            "unanswered": dict(self.unanswered.most_common()),
            "quarantined": dict(quarantined),
            "used": used,
        }
        write_json(folder / REPORT, report)
        lines = ({"id": row, "reason": reason, "detail": detail} for row, reason, detail in self.dropped)
        write_text(folder / DROPPED, "".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in lines))


def listed(counter: Counter[str]) -> str:
    """The counts as text, such as ``HTTP 500 (3), time-out (1)``."""
    return ", ".join(f"{name} ({count})" for name, count in counter.most_common())
