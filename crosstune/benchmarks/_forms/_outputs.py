"""Which outputs of whole programs are right: as the statement says, or as a checker of the user decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from crosstune.benchmarks import _statements
from crosstune.errors import DataError
from crosstune.languages import LANGUAGES
from crosstune.records import Case, Comparison, ComparisonKind, Problem


def with_checkers(problems: Iterable[Problem], folder: Path | None) -> list[Problem]:
    """The problems; those that have a checker in ``folder`` are compared by it.

    Raises:
        DataError: a checker is of no problem, of no language that can be one, or of a function.
    """
    found = list(problems)
    checkers = _checkers(folder) if folder else {}
    checked = {each.id: file for each in found if (file := checkers.pop(_short(each.id), None))}
    if checkers:
        name, file = next(iter(checkers.items()))
        raise DataError(f"{file}: no problem has the id {name!r}")
    return [_with_checker(each, checked[each.id]) if each.id in checked else each for each in found]


def as_stated(problem: Problem) -> Problem:
    """The problem, whose outputs may also differ as its statement allows: by an error, and in upper and lower
    case. A checker knows itself what is right."""
    own = problem.comparison
    if own.kind is ComparisonKind.CHECKER:
        return problem
    if error := _statements.allowed_error(problem.instruction):
        own = replace(own, kind=ComparisonKind.FLOATS, absolute=error[0], relative=error[1])
    if ignores_case(problem):
        kind = ComparisonKind.TOKENS if own.kind is ComparisonKind.EXACT else own.kind
        own = replace(own, kind=kind, ignore_case=True)
    return replace(problem, comparison=own)


def ignores_case(problem: Problem) -> bool:
    """Whether the statement of a whole program allows upper and lower case."""
    programs = all(isinstance(case, Case) for case in problem.cases)
    return programs and _statements.ignores_case(problem.instruction)


def _checkers(folder: Path) -> dict[str, Path]:
    """The files by the part of the ids that names them."""
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder of checkers")
    files = sorted(each for each in folder.iterdir() if each.is_file() and not each.name.startswith("."))
    found: dict[str, Path] = {}
    for file in files:
        other = found.setdefault(_short(file.name.removesuffix(file.suffix)), file)
        if other is not file:
            raise DataError(f"{file}: {other.name} is a checker of the same problem")
    if not found:
        raise DataError(f"{folder}: no checkers; expected files such as 1025_B.py, named by a problem's id")
    return found


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
