"""Count what each rule dropped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Funnel:
    """How many commits were read, how many each rule dropped, how many are kept.

    ``dropped`` is in the order in which the rules are applied, cheap ones first: a commit that several rules
    would drop is counted under the cheapest. ``unreadable`` maps each repository that was not used to the
    reason, ``stale`` each that could not be updated and was used as last fetched, ``incomplete`` each clone
    that lacks a part of its history or contents. ``tokens`` says how tokens were counted.
    """

    profile: str
    tokens: str
    repositories: int = 0
    commits: int = 0
    dropped: dict[str, int] = field(default_factory=dict)
    kept: int = 0
    additions: int = 0
    unreadable: dict[str, str] = field(default_factory=dict)
    stale: dict[str, str] = field(default_factory=dict)
    incomplete: dict[str, str] = field(default_factory=dict)

    def drop(self, reason: str, count: int = 1) -> None:
        self.dropped[reason] = self.dropped.get(reason, 0) + count

    def ordered(self, reasons: Iterable[str]) -> dict[str, int]:
        """``dropped`` in the order of ``reasons``, without zero counts."""
        return {reason: self.dropped[reason] for reason in reasons if self.dropped.get(reason)}

    def rows(self) -> list[tuple[str, int, int]]:
        """(reason, dropped, left after it), in order."""
        left, rows = self.commits, []
        for reason, dropped in self.dropped.items():
            left -= dropped
            rows.append((reason, dropped, left))
        return rows
