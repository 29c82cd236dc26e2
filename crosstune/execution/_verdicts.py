"""Verdicts, put together from the outcome of a command or the reason why there is none."""

from __future__ import annotations

from crosstune.execution._status import explanation
from crosstune.records import CaseResult, Program, Status, Verdict
from crosstune.sandbox import Outcome


def result_of(outcome: Outcome, status: Status) -> CaseResult:
    """What one command did, which has ended with ``status``."""
    return CaseResult(
        status=status,
        exit_status=outcome.exit_status,
        signal=outcome.signal,
        cpu_seconds=outcome.cpu_seconds,
        wall_seconds=outcome.wall_seconds,
        peak_bytes=outcome.peak_bytes,
        stdout=outcome.stdout,
        stderr=explanation(outcome, status),
    )


def verdict_of(
    program: Program,
    stage: str,
    result: CaseResult,
    isolation: str = "",
    cases: tuple[CaseResult, ...] = (),
) -> Verdict:
    """The verdict on a program that ended in ``stage`` with a ``result``."""
    assert result.status is not None
    return Verdict(
        id=program.id,
        status=result.status,
        stage=stage,
        exit_status=result.exit_status,
        signal=result.signal,
        cpu_seconds=result.cpu_seconds,
        wall_seconds=result.wall_seconds,
        peak_bytes=result.peak_bytes,
        stdout=result.stdout,
        stderr=result.stderr,
        cases=cases,
        isolation=isolation,
    )


def unjudged(program: Program, why: str, stage: str = "build") -> Verdict:
    """The verdict on a program about which nothing can be said, and ``why``."""
    return verdict_of(program, stage, CaseResult(Status.HARNESS_ERROR, exit_status=-1, stderr=why))
