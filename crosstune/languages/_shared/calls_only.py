"""Languages whose tests always share the candidate's process, while the judge itself can call functions."""

from __future__ import annotations

from collections.abc import Callable

from crosstune.languages._arguments import CallPlan
from crosstune.languages._language import BuildPlan, JudgeTask, SeparateProcesses
from crosstune.records import Program

_WHY = "tests of this language always share a process with the candidate"


def calls_only(
    *,
    version: int,
    candidate: Callable[[JudgeTask], BuildPlan],
    calls: Callable[[Program, tuple[str, ...]], CallPlan],
) -> SeparateProcesses:
    """For cases that call a function: ``candidate`` serves a candidate, ``calls`` plans the calls (see
    `SeparateProcesses`)."""
    return SeparateProcesses(
        version=version, why_shared=lambda _: _WHY, tests=_no_tests, candidate=candidate, calls=calls
    )


def has_tests_apart(separate: SeparateProcesses | None) -> bool:
    return separate is not None and separate.tests is not _no_tests


def _no_tests(task: JudgeTask) -> BuildPlan:
    raise AssertionError(f"{task.program.language}: {_WHY}")
