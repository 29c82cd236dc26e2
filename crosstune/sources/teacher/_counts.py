"""Count draws, examples, and the reasons for failed draws."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from crosstune.files import write_json
from crosstune.llm import FailedRequest


@dataclass
class Counts:
    """``failed`` counts rejected draws by reason; ``unanswered`` counts requests that may still succeed in a
    later run, by the kind of error; ``operations`` counts accepted examples by operation."""

    draws: int = 0
    accepted: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    unanswered: Counter[str] = field(default_factory=Counter)
    operations: Counter[str] = field(default_factory=Counter)

    def count_failed(self, request: FailedRequest) -> None:
        (self.failed if request.final else self.unanswered)[request.kind] += 1

    def count_accepted(self, operation: str) -> None:
        self.accepted += 1
        self.operations[operation] += 1

    def write(self, path: Path, *, seeds: int, used: str) -> None:
        """Write a report as JSON; ``used`` is the client's report of tokens and cost."""
        report = {
            "seeds": seeds,
            "draws": self.draws,
            "pairs": self.accepted,
            "failed": dict(self.failed.most_common()),
            "unanswered": dict(self.unanswered.most_common()),
            "operations": dict(self.operations.most_common()),
            "used": used,
        }
        write_json(path, report)


def listed(counter: Counter[str]) -> str:
    """The counts as text, such as ``HTTP 500 (3), time-out (1)``."""
    return ", ".join(f"{name} ({count})" for name, count in counter.most_common())
