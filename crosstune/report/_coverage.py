"""Describe what rates omit or count separately: programs without a verdict, cut answers, problems with faulty
data."""

from __future__ import annotations

from crosstune.analysis import Findings, TaskKey
from crosstune.records import Status
from crosstune.report._words import count, task_title
from crosstune.tables import percent

FEW_CUT = 0.02
"""The share of cut answers up to which a rate is hardly affected."""


def judged(findings: Findings) -> str:
    """``4,320 programs judged``, or ``4,319 of 4,320`` if the harness failed on some."""
    asked, done = _programs(findings)
    of_all = "" if done == asked else f"{done:,} of "
    return f"{of_all}{count(asked, 'program')} judged"


def isolation(findings: Findings) -> str:
    """How many programs were judged by tests in a process of their own; empty if none was."""
    separate = sum(score.separate for score in findings.scores)
    _, done = _programs(findings)
    if not separate:
        return ""
    number = "all" if separate == done else f"{separate:,} of"
    return f"The tests of {number} {done:,} programs had a process of their own, which no program can reach."


def coverage(findings: Findings) -> str:
    """How many programs have a verdict, and where most are missing; empty if all have one."""
    asked, done = _programs(findings)
    if done == asked:
        return ""
    missing = {key: statuses.get(Status.HARNESS_ERROR, 0) for key, statuses in findings.failures.items()}
    model, task_key = worst = max(missing, key=lambda key: (missing[key], key))
    total = sum(findings.failures[worst].values())
    known = task_key in findings.task_keys
    where = f"{model} on {task_title(task_key, findings) if known else '/'.join(task_key)}"
    return (
        f"{judged(findings)}: on the others the harness failed, and they are left out "
        f"(most of {where}: {total - missing[worst]:,} of {total:,} judged)."
    )


def cut(findings: Findings) -> str:
    """How many answers were cut at the length limit, with a warning if they are many; empty if none was."""
    number = sum(score.cut for score in findings.scores)
    if not number:
        return ""
    asked = sum(score.asked for score in findings.scores)
    counted = (
        f"{number:,} of {count(asked, 'answer')} {'was' if number == 1 else 'were'} cut at the length limit"
    )
    worst = max(findings.scores, key=lambda score: (score.cut / score.asked, score.model))
    if worst.cut <= FEW_CUT * worst.asked:
        return f"{counted}."
    where = task_title(TaskKey(worst.benchmark, worst.language, worst.task), findings)
    return (
        f"Warning: {counted} (most of {worst.model} on {where}, seed {worst.seed}: {worst.cut:,} of "
        f"{worst.asked:,}, {percent(worst.cut / worst.asked)} %). Cut answers mostly fail, so rates are too "
        "low: raise max_new_tokens."
    )


def repeated(findings: Findings) -> str:
    """How many answers have the body that was to be repaired, unchanged; empty if none has."""
    number = sum(score.repeated for score in findings.scores)
    if not number:
        return ""
    tasks = {score.task for score in findings.scores if score.repeated}
    asked = sum(score.asked for score in findings.scores if score.task in tasks)
    worst = max(findings.scores, key=lambda score: (score.repeated / score.asked, score.model))
    where = task_title(TaskKey(worst.benchmark, worst.language, worst.task), findings)
    return (
        f"{number:,} of {count(asked, 'answer')} {'repeats' if number == 1 else 'repeat'} the code to repair "
        f"unchanged (most of {worst.model} on {where}, seed {worst.seed}: {worst.repeated:,} of "
        f"{worst.asked:,})."
    )


def _programs(findings: Findings) -> tuple[int, int]:
    """(asked, judged)"""
    counts = findings.failures.values()
    asked = sum(sum(statuses.values()) for statuses in counts)
    return asked, asked - sum(statuses.get(Status.HARNESS_ERROR, 0) for statuses in counts)


def faulty(findings: Findings) -> str:
    """The problems whose own data is known to be wrong, and the rates without them; empty if none is."""
    most: dict[TaskKey, int] = {}
    for score in findings.scores:
        task_key = TaskKey(score.benchmark, score.language, score.task)
        most[task_key] = max(most.get(task_key, 0), score.defects)
    number = sum(most.values())
    if not number:
        return ""
    counted = (
        f"{count(number, 'problem')} with known errors in the benchmark's own data "
        f"{'counts' if number == 1 else 'count'} like all others, as in published rates"
    )
    without = [score for score in findings.scores if score.pass_at_1_sound is not None]
    if not without:
        return f"{counted}."
    one = max(without, key=lambda score: abs(score.pass_at_1 - (score.pass_at_1_sound or 0.0)))
    where = task_title(TaskKey(one.benchmark, one.language, one.task), findings)
    return (
        f"{counted}; without {'it' if number == 1 else 'them'} no rate changes more than from "
        f"{percent(one.pass_at_1)} to {percent(one.pass_at_1_sound or 0.0)} % "
        f"({one.model} on {where}, seed {one.seed})."
    )
