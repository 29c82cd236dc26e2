"""The option ``--fail-on`` of `crosstune compare`: which losses end it with status 5."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crosstune.analysis import Comparison

HELP = (
    "Exit with 5 on: significant (a loss that the test shows), loss:POINTS (a loss of more than POINTS), or "
    "risk:POINTS (a loss of more than POINTS is not excluded by the interval). May be given several times."
)
_EXPECTED = "expected significant, loss:POINTS or risk:POINTS, for example loss:2"


@dataclass(frozen=True, slots=True)
class Rule:
    """``kind`` is ``significant``, ``loss`` or ``risk``; ``points`` is 0 for the first."""

    kind: str
    points: float = 0.0

    @classmethod
    def of(cls, text: str) -> Rule:
        """
        Raises:
            UsageError: it is no rule.
        """
        from crosstune.errors import UsageError

        kind, _, number = text.partition(":")
        if text == "significant":
            return cls(kind)
        try:
            points = float(number)
        except ValueError:
            points = -1.0
        if kind not in ("loss", "risk") or not 0 <= points <= 100:
            raise UsageError(f"--fail-on {text}: {_EXPECTED}")
        return cls(kind, points)

    def broken(self, one: Comparison) -> bool:
        match self.kind:
            case "loss":
                return one.gain.value < -self.points
            case "risk":
                return one.gain.low < -self.points
        return one.fell

    def about(self, one: Comparison) -> str:
        gain = one.gain
        points = f"{gain.value:+.1f} points [{gain.low:.1f}, {gain.high:.1f}]"
        rates = f"from {100 * one.before:.1f} to {100 * one.after:.1f} %"
        match self.kind:
            case "loss":
                return f"{one.name} fell {rates} ({points}), by more than {self.points:g} points"
            case "risk":
                return f"{one.name}: a loss of more than {self.points:g} points is not excluded ({points})"
        return f"{one.name} fell {rates} ({points}, p = {gain.p_holm:.2g} after correction)"


def broken(rules: Sequence[Rule], comparisons: Sequence[Comparison]) -> Iterator[tuple[Comparison, str]]:
    """Each comparison that breaks a rule, with the sentence about it; one sentence for each."""
    for one in comparisons:
        if rule := next((each for each in rules if each.broken(one)), None):
            yield one, rule.about(one)
