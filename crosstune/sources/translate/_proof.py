"""Whether the tests of a translation that passes would notice an error in it."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

from crosstune.languages import LANGUAGES, OPERATORS, WORDS, mutants
from crosstune.records import Program, Status, Verdict
from crosstune.sources.translate._tasks import Task

_MOST_SHOWN = 300
_NOT_RUN = frozenset({Status.COMPILE_ERROR, Status.HARNESS_ERROR})


class RunsPrograms(Protocol):
    """A `crosstune.execution.Judge`."""

    def submit(self, program: Program) -> Future[Verdict]: ...
    def digest(self, program: Program) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Kills:
    """Of the mutants of one translation so many ran, and the tests found so many wrong."""

    ran: int
    killed: int

    def __str__(self) -> str:
        return f"{self.killed} of {self.ran} killed"

    def why_not(self, share: float) -> str:
        """Why tests that kill less than ``share`` of the mutants prove too little; empty if they do not."""
        if not self.ran:
            return "no mutant of it runs"
        return "" if self.killed and self.killed >= share * self.ran else "its tests kill too few mutants"


def mutated(task: Task, candidate: str, seed: int) -> list[Program]:
    """Programs with all mutants of a translation, which differ from it after its declaration, in an order
    that ``seed`` decides."""
    codes = mutants(
        candidate,
        count=len(candidate) * len((*OPERATORS, *WORDS)),
        seed=f"{seed}:{task.row.id}",
        begin=_body(task, candidate),
        changes=(*OPERATORS, *WORDS),
        line_comment=LANGUAGES.load(task.language).line_comment,
    )
    return [task.program(code) for code in codes]


def _body(task: Task, candidate: str) -> int:
    """Where the body begins. Helpers may be before it: then only the name says where the function is."""
    head = task.declaration.strip().rpartition("\n")[2].strip()
    found = candidate.find(head)
    return found + len(head) if found >= 0 else max(candidate.find(task.name), 0)


def kills(verdicts: list[Verdict]) -> Kills:
    ran = [each for each in verdicts if each.status not in _NOT_RUN]
    return Kills(len(ran), sum(not each.passed for each in ran))


def last_line(verdict: Verdict) -> str:
    """What says most about why a program failed."""
    lines = verdict.stderr.strip().splitlines()
    return lines[-1][:_MOST_SHOWN] if lines else ""
