"""Turn the outcome of a program's last command into a status."""

from __future__ import annotations

from typing import Literal

from crosstune.languages import Judging
from crosstune.records import Limits, Status
from crosstune.sandbox import Limit, Outcome

Stage = Literal["build", "run"]

_LIMIT_STATUSES = {
    Limit.STOPPED: Status.INCOMPLETE,
    Limit.CPU: Status.TIMEOUT,
    Limit.WALL: Status.TIMEOUT,
    Limit.MEMORY: Status.MEMORY_LIMIT,
    Limit.PROCESSES: Status.PROCESS_LIMIT,
    Limit.OUTPUT: Status.OUTPUT_LIMIT,
    Limit.DISK: Status.DISK_LIMIT,
}
# A program that fails while it uses this share of its memory limit counts as out of memory.
_NEARLY_ALL = 0.9

# The failures that a report may state. A program that forges one only harms itself.
_REPORTED_FAILURES = {
    f"failed {status}": status for status in Status if status not in (Status.PASSED, Status.HARNESS_ERROR)
}


def failure_of(report: str) -> Status:
    """The status of a report ``failed`` and a status; `Status.INCOMPLETE` for any other."""
    return _REPORTED_FAILURES.get(report, Status.INCOMPLETE)


def status_of(outcome: Outcome, stage: Stage, limits: Limits, *, nonce: str, judging: Judging) -> Status:
    """The status of a tested program whose last command, of ``stage`` and with ``limits``, had ``outcome``.

    A program has passed only when all of these hold: exit status 0, no signal, no limit, and the nonce
    reported.
    """
    if outcome.error:
        return Status.HARNESS_ERROR
    if outcome.limit is not Limit.NONE:
        return _LIMIT_STATUSES[outcome.limit]
    if outcome.exit_status == 0 and outcome.signal == 0 and stage == "run":
        return Status.PASSED if outcome.report == f"passed {nonce}" else Status.INCOMPLETE
    return _failure(outcome, stage, limits, judging)


def build_status(outcome: Outcome, limits: Limits, judging: Judging) -> Status:
    """The status of a program whose build has failed."""
    return status_of(outcome, "build", limits, nonce="", judging=judging)


def run_status(outcome: Outcome, limits: Limits, judging: Judging) -> Status:
    """The status of a whole program by how it ended; its output is not checked here."""
    if outcome.error:
        return Status.HARNESS_ERROR
    if outcome.limit is not Limit.NONE:
        return _LIMIT_STATUSES[outcome.limit]
    if outcome.exit_status == 0 and outcome.signal == 0:
        return Status.PASSED
    out_of_memory = _ran_out_of_memory(outcome, limits, judging)
    return Status.MEMORY_LIMIT if out_of_memory else Status.RUNTIME_ERROR


def _failure(outcome: Outcome, stage: Stage, limits: Limits, judging: Judging) -> Status:
    reported = _REPORTED_FAILURES.get(outcome.report, Status.INCOMPLETE)
    unspecific = reported in (Status.INCOMPLETE, Status.RUNTIME_ERROR)
    if unspecific and _ran_out_of_memory(outcome, limits, judging):
        return Status.MEMORY_LIMIT
    if stage == "build":
        return Status.COMPILE_ERROR
    if reported is Status.INCOMPLETE and (outcome.signal or outcome.exit_status in judging.crash_statuses):
        return Status.RUNTIME_ERROR
    return reported


def _ran_out_of_memory(outcome: Outcome, limits: Limits, judging: Judging) -> bool:
    """Whether a command failed by itself because it was refused memory."""
    said_so = any(sign in outcome.stderr for sign in judging.out_of_memory_messages)
    return said_so or outcome.peak_bytes >= _NEARLY_ALL * limits.memory_bytes
