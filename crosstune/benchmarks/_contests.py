"""What contest benchmarks have in common: how outputs are compared, and which problems rows cannot decide.

A row has one output for each input. Where its statement accepts others, a right answer can fail. By default
outputs are compared as the benchmark's authors do, so rates are comparable with published ones, and each
problem that this cannot decide has a `Problem.defect`: reports give the rate without them, the gate lists
them. With ``compare: statement``, outputs are right as the statement says, and with ``checkers``, programs of
the user decide.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from crosstune.benchmarks import _statements
from crosstune.benchmarks._forms import OutputSettings
from crosstune.benchmarks._forms._outputs import as_stated, ignores_case, with_checkers
from crosstune.records import Case, ComparisonKind, Problem

_DECIMAL = re.compile(r"-?(?:\d+\.\d*|\.\d+)(?:[eE][+-]?\d+)?")
_NUMBER = re.compile(r"-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?")


def decided(problems: Iterable[Problem], settings: OutputSettings) -> list[Problem]:
    """The problems, with what decides about their outputs, and the reason where rows alone cannot.

    Raises:
        DataError: a checker is of no problem, of no language that can be one, or of a function.
    """
    return [
        each if each.comparison.kind is ComparisonKind.CHECKER else _decided(each, settings.compare)
        for each in with_checkers(problems, settings.checkers)
    ]


def has_decimals(cases: Iterable[Case]) -> bool:
    """Whether an expected output has a number with a decimal point."""
    return any(_DECIMAL.fullmatch(word) for case in cases for word in (case.stdout or "").split())


def _decided(problem: Problem, compare: str) -> Problem:
    reasons = [problem.defect, _undecidable(problem.instruction)]
    if compare == "statement":
        problem = as_stated(problem)
    else:
        error = _statements.allowed_error(problem.instruction)
        if error and _may_be_too_strict(problem, error):
            reasons.append("the authors compare numbers more strictly than the statement")
        if ignores_case(problem) and not problem.comparison.ignore_case:
            reasons.append("the authors tell upper from lower case, which the statement does not")
    return replace(problem, defect=next(filter(None, reasons), ""))


def _undecidable(statement: str) -> str:
    if said := _statements.interactive(statement):
        return f"the program is to talk with a judge: {said!r}"
    if said := _statements.several_outputs(statement):
        return f"several outputs are right, and there is no checker: {said!r}"
    return ""


def _may_be_too_strict(problem: Problem, error: tuple[float, float]) -> bool:
    """Whether an output within ``error`` (absolute, relative) may fail the problem's own comparison."""
    own = problem.comparison
    exact = own.kind is not ComparisonKind.FLOATS
    for size in (0.0, _largest(problem.cases)):
        allowed = max(error[0], error[1] * size)
        if allowed > (0.0 if exact else max(own.absolute, own.relative * size)):
            return True
    return False


def _largest(cases: Sequence[object]) -> float:
    """The largest number in the expected outputs."""
    texts = [case.stdout or "" for case in cases if isinstance(case, Case)]
    words = (word for text in texts for word in text.split() if _NUMBER.fullmatch(word))
    return max((abs(float(word)) for word in words), default=0.0)


def name_of(row: Mapping[str, object], fallback: str) -> str:
    """The problem's published name, which copies of the rows keep in the JSON of their column ``labels``."""
    labels = row.get("labels")
    try:
        known = json.loads(labels) if isinstance(labels, str) else labels
    except ValueError:
        return fallback
    if not isinstance(known, Mapping):
        return fallback
    name = known.get("name") or str(known.get("task_id") or "").rpartition("/")[2]
    return str(name) or fallback
