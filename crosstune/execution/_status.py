"""From what happened to what it is called."""

from __future__ import annotations

from crosstune.languages import Judging, Step
from crosstune.records import Status
from crosstune.sandbox import Limit, Outcome

_LIMITS = {
    Limit.CPU: Status.TIMEOUT,
    Limit.WALL: Status.TIMEOUT,
    Limit.MEMORY: Status.MEMORY_LIMIT,
    Limit.PROCESSES: Status.PROCESS_LIMIT,
    Limit.OUTPUT: Status.OUTPUT_LIMIT,
    Limit.DISK: Status.DISK_LIMIT,
}
# A program that fails when it holds this part of what it may was refused the rest.
_NEARLY = 0.9

# What a report may say of a failure; a program that forges one only harms itself.
_FAILURES = {
    f"failed {status}": status for status in Status if status not in (Status.PASSED, Status.HARNESS_ERROR)
}


def status_of(outcome: Outcome, step: Step, *, secret: str, judging: Judging) -> Status:
    """The label of a program whose last step ended with ``outcome``: that of ``step``.

    ``passed`` takes all of it together: status 0, no signal, no limit, and the report of the secret.
    """
    if outcome.fault:
        return Status.HARNESS_ERROR
    if outcome.limit is not Limit.NONE:
        return _LIMITS[outcome.limit]
    if outcome.exit_status == 0 and outcome.signal == 0 and step.name == "run":
        return Status.PASSED if outcome.report == f"passed {secret}" else Status.INCOMPLETE
    return _failure(outcome, step, judging)


def _failure(outcome: Outcome, step: Step, judging: Judging) -> Status:
    told = _FAILURES.get(outcome.report, Status.INCOMPLETE)
    if told in (Status.INCOMPLETE, Status.RUNTIME_ERROR) and _short_of_memory(outcome, step, judging):
        return Status.MEMORY_LIMIT
    if step.name == "build":
        return Status.COMPILE_ERROR
    if told is Status.INCOMPLETE and (outcome.signal or outcome.exit_status in judging.crash_statuses):
        return Status.RUNTIME_ERROR
    return told


def _short_of_memory(outcome: Outcome, step: Step, judging: Judging) -> bool:
    """Whether a program that failed by itself did so because it was refused memory."""
    said = any(sign in outcome.stderr for sign in judging.memory_signs)
    return said or outcome.peak_bytes >= _NEARLY * step.limits.memory_bytes
