"""The gate: a benchmark's canonical solutions must pass and its buggy ones must fail."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from crosstune.errors import GateFailed, PrerequisiteError
from crosstune.execution import reasons_text


@dataclass(frozen=True, slots=True)
class SolutionCounts:
    """The canonical or the buggy solutions of one language.

    ``failed``: the ids of wrong outcomes (a canonical solution that did not pass, a buggy one that did);
    ``excused``: those of them whose row or solution is known to be defective. ``unstable``: those whose
    verdicts differ from run to run, or whose CPU time is near the limit. ``unjudged``: those that could not
    be judged, which is not their fault; ``reasons`` counts why, without rows that are known to be defective.
    ``statuses`` counts the verdicts; ``seconds`` is the time of judging.
    """

    passed: int
    total: int
    failed: tuple[str, ...]
    excused: tuple[str, ...]
    unstable: tuple[str, ...]
    statuses: dict[str, int]
    seconds: float
    unjudged: tuple[str, ...] = ()
    reasons: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gate:
    """The result: ``languages[language][which]``, with ``canonical`` and ``buggy``.

    ``shared[language]`` are the problems with a canonical solution whose tests share a process with the
    candidate, by id, with the reason.
    """

    benchmark: str
    languages: dict[str, dict[str, SolutionCounts]]
    shared: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def failures(self) -> list[str]:
        """One line for every wrong outcome that is neither a known defect nor a failure of the harness."""
        return [
            f"{language}: {which} solution of {name} {'failed' if which == 'canonical' else 'passed'}"
            for language, sides in self.languages.items()
            for which, counts in sides.items()
            for name in counts.failed
            if name not in (*counts.excused, *counts.unjudged)
        ]

    @property
    def reasons(self) -> dict[str, Counter[str]]:
        """Why solutions could not be judged, with their number, by language."""
        return {
            language: reasons
            for language, sides in self.languages.items()
            if (reasons := sum((Counter(counts.reasons) for counts in sides.values()), Counter[str]()))
        }

    @property
    def judged(self) -> int:
        """The number of solutions that were judged, right and wrong ones."""
        return sum(counts.total for sides in self.languages.values() for counts in sides.values())

    def check(self) -> None:
        """
        Raises:
            GateFailed: a canonical solution failed or a buggy one passed.
            PrerequisiteError: some solutions could not be judged here, and no other is wrong.
        """
        unjudged = self._unjudged()
        if lines := self.failures:
            more = f" (and {len(lines) - 10} more)" if len(lines) > 10 else ""
            text = f"the gate of {self.benchmark} failed:\n" + "\n".join(lines[:10]) + more
            raise GateFailed(f"{text}\n{unjudged}" if unjudged else text)
        if unjudged:
            raise PrerequisiteError(unjudged)

    def _unjudged(self) -> str:
        count = sum(reasons.total() for reasons in self.reasons.values())
        text = reasons_text(self.reasons)
        return f"{count} solutions could not be judged (harness_error):\n{text}" if count else ""

    def rows(self) -> dict[str, Any]:
        """The counts as plain values for JSON: ``{language: {canonical: {passed, total, failed, …}, buggy:
        {…}, seconds, shared: {id: reason}}}``."""
        return {
            language: {
                **{which: asdict(counts) for which, counts in sides.items()},
                "seconds": sum(counts.seconds for counts in sides.values()),
                "shared": self.shared.get(language, {}),
            }
            for language, sides in self.languages.items()
        }
