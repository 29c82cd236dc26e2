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
from pathlib import Path
from typing import Literal

from crosstune.benchmarks import _statements
from crosstune.benchmarks._forms import FormSettings
from crosstune.errors import DataError
from crosstune.languages import LANGUAGES
from crosstune.records import Case, Comparison, ComparisonKind, Problem
from crosstune.settings import InputPath

_DECIMAL = re.compile(r"-?(?:\d+\.\d*|\.\d+)(?:[eE][+-]?\d+)?")
_NUMBER = re.compile(r"-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?")


class ContestSettings(FormSettings):
    compare: Literal["authors", "statement"] = "authors"
    """How outputs are compared: as the benchmark's authors do, or also with the error and the upper and lower
    case that the statement allows."""
    checkers: InputPath | None = None
    """A folder of checkers (docs/judging.md) for problems with several right outputs: programs named by the
    problem's id, such as ``1025_B.py``."""


def decided(problems: Iterable[Problem], settings: ContestSettings) -> list[Problem]:
    """The problems, with what decides about their outputs, and the reason where rows alone cannot.

    Raises:
        DataError: a checker is of no problem, of no language that can be one, or of a function.
    """
    found = list(problems)
    checkers = _checkers(settings.checkers) if settings.checkers else {}
    checked = {each.id: file for each in found if (file := checkers.pop(_short(each.id), None))}
    if checkers:
        name, file = next(iter(checkers.items()))
        raise DataError(f"{file}: no problem has the id {name!r}")
    return [
        _with_checker(each, checked[each.id]) if each.id in checked else _decided(each, settings.compare)
        for each in found
    ]


def has_decimals(cases: Iterable[Case]) -> bool:
    """Whether an expected output has a number with a decimal point."""
    return any(_DECIMAL.fullmatch(word) for case in cases for word in (case.stdout or "").split())


def _checkers(folder: Path) -> dict[str, Path]:
    """The files by the part of the ids that names them."""
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder of checkers")
    files = sorted(each for each in folder.iterdir() if each.is_file() and not each.name.startswith("."))
    return {_short(file.name.removesuffix(file.suffix)): file for file in files}


def _short(name: str) -> str:
    """An id as it names a file: ``1025_B`` of ``1025_B. Weakened Common Divisor``."""
    return name.partition(". ")[0].replace("/", "_")


def _with_checker(problem: Problem, file: Path) -> Problem:
    if not all(isinstance(case, Case) for case in problem.cases):
        raise DataError(f"{file}: {problem.id} is a function, and only the outputs of programs have checkers")
    known = {name: each for name, each in LANGUAGES.all().items() if each.whole_programs}
    language = next((name for name, each in known.items() if file.suffix in each.extensions), None)
    if language is None:
        raise DataError(
            f"{file}: no language whose programs can be checkers has the extension {file.suffix!r}"
        )
    try:
        source = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file}: cannot be read: {error}") from None
    return replace(problem, comparison=Comparison(ComparisonKind.CHECKER, language=language, source=source))


def _decided(problem: Problem, compare: str) -> Problem:
    statement = problem.instruction
    error = _statements.allowed_error(statement)
    any_case = _statements.ignores_case(statement) and not problem.comparison.ignore_case
    if compare == "statement":
        problem = replace(problem, comparison=_as_stated(problem.comparison, error, any_case))
        error, any_case = None, False
    reasons = [problem.defect, _undecidable(statement)]
    if error and _may_be_too_strict(problem, error):
        reasons.append("the authors compare numbers more strictly than the statement")
    if any_case:
        reasons.append("the authors tell upper from lower case, which the statement does not")
    return replace(problem, defect=next(filter(None, reasons), ""))


def _as_stated(own: Comparison, error: tuple[float, float] | None, any_case: bool) -> Comparison:
    if error:
        own = replace(own, kind=ComparisonKind.FLOATS, absolute=error[0], relative=error[1])
    return replace(own, ignore_case=own.ignore_case or any_case)


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
