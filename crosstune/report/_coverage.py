"""What a rate leaves out, and what is told apart from it: lost verdicts, problems with faulty data."""

from __future__ import annotations

from crosstune.analysis import Findings, TaskKey
from crosstune.records import Status
from crosstune.report._words import count, percent, task_title


def judged(findings: Findings) -> str:
    """``4,320 programs judged``, or ``4,319 of 4,320`` where the harness failed on some."""
    asked, done = _programs(findings)
    of_all = "" if done == asked else f"{done:,} of "
    return f"{of_all}{count(asked, 'program')} judged"


def coverage(findings: Findings) -> str:
    """How many programs have a verdict, and where most are missing; empty where none is."""
    asked, done = _programs(findings)
    if done == asked:
        return ""
    lost = {key: statuses.get(Status.HARNESS_ERROR, 0) for key, statuses in findings.failures.items()}
    model, task_key = worst = max(lost, key=lambda key: (lost[key], key))
    of_it = sum(findings.failures[worst].values())
    where = f"{model} on {task_title(task_key, findings) if task_key in findings.task_keys else '/'.join(task_key)}"
    return (
        f"{judged(findings)}: on the others the harness failed, and they are left out "
        f"(most of {where}: {of_it - lost[worst]:,} of {of_it:,} judged)."
    )


def _programs(findings: Findings) -> tuple[int, int]:
    """(asked, judged)"""
    counts = findings.failures.values()
    asked = sum(sum(statuses.values()) for statuses in counts)
    return asked, asked - sum(statuses.get(Status.HARNESS_ERROR, 0) for statuses in counts)


def faulty(findings: Findings) -> str:
    """Problems whose own data is known to be wrong, and what the rates are without; empty without any."""
    most: dict[TaskKey, int] = {}
    for score in findings.scores:
        task_key = TaskKey(score.benchmark, score.language, score.task)
        most[task_key] = max(most.get(task_key, 0), score.defects)
    if not (number := sum(most.values())):
        return ""
    told = (
        f"{count(number, 'problem')} with known faults in the benchmark's own data "
        f"{'counts' if number == 1 else 'count'} like all others, as in published rates"
    )
    apart = [one for one in findings.scores if one.pass_at_1_sound is not None]
    if not apart:
        return f"{told}."
    one = max(apart, key=lambda one: abs(one.pass_at_1 - (one.pass_at_1_sound or 0.0)))
    where = task_title(TaskKey(one.benchmark, one.language, one.task), findings)
    return (
        f"{told}; without {'it' if number == 1 else 'them'} the furthest any rate goes is from "
        f"{percent(one.pass_at_1)} to {percent(one.pass_at_1_sound or 0.0)} % "
        f"({one.model} on {where}, seed {one.seed})."
    )
