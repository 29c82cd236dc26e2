"""Turn the outcome of a program's last command into a status."""

from __future__ import annotations

import signal
from typing import Literal

from crosstune.languages import Judging
from crosstune.records import Status
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

# The failures that a report may state. A program that forges one only harms itself.
_REPORTED_FAILURES = {
    f"failed {status}": status for status in Status if status not in (Status.PASSED, Status.HARNESS_ERROR)
}

# The exit statuses of a shell that could not execute a command, or did not find it.
_NOT_RUN = (126, 127)
# A shell adds the number of the signal that ended its command.
_SIGNALLED = 128
_CRASHES = (
    signal.SIGSEGV,
    signal.SIGABRT,
    signal.SIGBUS,
    signal.SIGILL,
    signal.SIGFPE,
    signal.SIGTRAP,
    signal.SIGSYS,
)
_LIMIT_SIGNALS = {signal.SIGXCPU: Status.TIMEOUT, signal.SIGXFSZ: Status.DISK_LIMIT}


def failure_of(report: str) -> Status:
    """The status of a report ``failed`` and a status; `Status.INCOMPLETE` for any other."""
    return _REPORTED_FAILURES.get(report, Status.INCOMPLETE)


def status_of(
    outcome: Outcome, stage: Stage, *, nonce: str, judging: Judging, repeated: bool = False
) -> Status:
    """The status of a tested program whose last command, of ``stage``, had ``outcome``.

    A program has passed only when all of these hold: exit status 0, no signal, no limit, and the nonce
    reported. ``repeated``: see `build_status`.
    """
    if stage == "build":
        return build_status(outcome, judging, repeated=repeated)
    if status := _without_its_own_end(outcome):
        return status
    if outcome.exit_status == 0 and outcome.signal == 0:
        return Status.PASSED if outcome.report == f"passed {nonce}" else Status.INCOMPLETE
    return _failure(outcome, judging)


def build_status(outcome: Outcome, judging: Judging, *, repeated: bool = False) -> Status:
    """The status of a program whose build has failed.

    A tool that is missing or was ended from outside is the machine's error. One that crashes is too, unless
    it has been ``repeated``: then the program is the reason.
    """
    if status := _without_its_own_end(outcome):
        return status
    if _ran_out_of_memory(outcome, judging):
        return Status.MEMORY_LIMIT
    number = _signal_of(outcome)
    if number in _CRASHES:
        return Status.COMPILE_ERROR if repeated else Status.HARNESS_ERROR
    if number:
        return _LIMIT_SIGNALS.get(number, Status.HARNESS_ERROR)
    return Status.HARNESS_ERROR if outcome.exit_status in _NOT_RUN else Status.COMPILE_ERROR


def run_status(outcome: Outcome, judging: Judging) -> Status:
    """The status of a whole program by how it ended; its output is not checked here."""
    if status := _without_its_own_end(outcome):
        return status
    if outcome.exit_status == 0 and outcome.signal == 0:
        return Status.PASSED
    return Status.MEMORY_LIMIT if _ran_out_of_memory(outcome, judging) else Status.RUNTIME_ERROR


def explanation(outcome: Outcome, status: Status) -> str:
    """The tail of stderr or, where the judge has failed, what happened."""
    if outcome.error or status is not Status.HARNESS_ERROR:
        return outcome.error or outcome.stderr
    number = _signal_of(outcome)
    how = f"by signal {signal.Signals(number).name}" if number else f"with status {outcome.exit_status}"
    return f"a tool of the build ended {how}: {outcome.stderr or outcome.stdout}"


def _without_its_own_end(outcome: Outcome) -> Status | None:
    """The status of a command that could not be started or has reached a limit."""
    if outcome.error:
        return Status.HARNESS_ERROR
    if outcome.limit is not Limit.NONE:
        return _LIMIT_STATUSES[outcome.limit]
    return Status.RUNTIME_ERROR if outcome.not_executable else None


def _failure(outcome: Outcome, judging: Judging) -> Status:
    reported = _REPORTED_FAILURES.get(outcome.report, Status.INCOMPLETE)
    unspecific = reported in (Status.INCOMPLETE, Status.RUNTIME_ERROR)
    if unspecific and _ran_out_of_memory(outcome, judging):
        return Status.MEMORY_LIMIT
    if reported is Status.INCOMPLETE and (outcome.signal or outcome.exit_status in judging.crash_statuses):
        return Status.RUNTIME_ERROR
    return reported


def _signal_of(outcome: Outcome) -> signal.Signals | None:
    """The signal that ended a command of a build, mostly a shell that runs the tools."""
    number = outcome.signal or outcome.exit_status - _SIGNALLED
    try:
        return signal.Signals(number)
    except ValueError:
        return None


def _ran_out_of_memory(outcome: Outcome, judging: Judging) -> bool:
    """Whether a command says that it was refused memory, by its run time or the kernel."""
    return any(sign in outcome.stderr for sign in judging.out_of_memory_messages)
