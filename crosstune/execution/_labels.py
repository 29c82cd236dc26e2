"""From what happened to what it is called."""

from __future__ import annotations

from crosstune.languages import Judging, Step
from crosstune.records import Label
from crosstune.sandbox import Limit, Outcome

_LIMITS = {
    Limit.CPU: Label.TIMEOUT,
    Limit.WALL: Label.TIMEOUT,
    Limit.MEMORY: Label.MEMORY_LIMIT,
    Limit.PROCESSES: Label.PROCESS_LIMIT,
    Limit.OUTPUT: Label.OUTPUT_LIMIT,
    Limit.DISK: Label.DISK_LIMIT,
}
# A program that fails when it holds this part of what it may was refused the rest.
_NEARLY = 0.9

# What a report may say of a failure; a program that forges one only harms itself.
_FAILURES = {f"failed {label}": label for label in Label if label not in (Label.PASSED, Label.HARNESS_ERROR)}


def label_of(outcome: Outcome, step: Step, *, secret: str, judging: Judging) -> Label:
    """The label of a program whose last step ended with ``outcome``: that of ``step``.

    ``passed`` takes all of it together: status 0, no signal, no limit, and the report of the secret.
    """
    if outcome.fault:
        return Label.HARNESS_ERROR
    if outcome.limit is not Limit.NONE:
        return _LIMITS[outcome.limit]
    if outcome.exit_status == 0 and outcome.signal == 0 and step.name == "run":
        return Label.PASSED if outcome.report == f"passed {secret}" else Label.INCOMPLETE
    return _failure(outcome, step, judging)


def _failure(outcome: Outcome, step: Step, judging: Judging) -> Label:
    told = _FAILURES.get(outcome.report, Label.INCOMPLETE)
    if told in (Label.INCOMPLETE, Label.RUNTIME_ERROR) and _short_of_memory(outcome, step, judging):
        return Label.MEMORY_LIMIT
    if step.name == "build":
        return Label.COMPILE_ERROR
    if told is Label.INCOMPLETE and (outcome.signal or outcome.exit_status in judging.crash_statuses):
        return Label.RUNTIME_ERROR
    return told


def _short_of_memory(outcome: Outcome, step: Step, judging: Judging) -> bool:
    """Whether a program that failed by itself did so because it was refused memory."""
    said = any(sign in outcome.stderr for sign in judging.memory_signs)
    return said or outcome.peak_bytes >= _NEARLY * step.limits.memory_bytes
