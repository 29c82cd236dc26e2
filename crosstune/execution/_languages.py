"""Look up how programs of a language are judged, and with which tools."""

from __future__ import annotations

import functools
import shlex
import subprocess
from dataclasses import replace

from crosstune.errors import DataError, PrerequisiteError, UsageError
from crosstune.execution._broken_tests import checks_nothing
from crosstune.execution._remembered import Remembered
from crosstune.languages import LANGUAGES, CallPlan, DoesNotFit, Judging, WholePrograms, question
from crosstune.records import CallCase, ComparisonKind, Program, value_to_json

_MAX_MESSAGE_CHARACTERS = 500


def judging_of(language: str) -> Judging:
    """
    Raises:
        UnknownName: no plug-in provides that language.
        UsageError: programs in it are never run.
    """
    definition = LANGUAGES.load(language)
    if definition.judging is None:
        raise UsageError(
            f"{definition.title} is used for training only and never run, so it cannot be judged"
        )
    return definition.judging


def whole_programs_of(language: str, test_runner: str = "") -> WholePrograms:
    """How whole programs are run or, if it is named, files of tests by one of the language's test runners.

    Raises:
        UnknownName: no plug-in provides that language.
        UsageError: programs in it are never run, or cannot have cases.
    """
    judging_of(language)
    definition = LANGUAGES.load(language)
    if definition.whole_programs is None:
        raise UsageError(
            f"programs in {definition.title} cannot have cases: crosstune cannot run whole programs in it"
        )
    return definition.test_runners[test_runner] if test_runner else definition.whole_programs


def check_cases(program: Program) -> None:
    """Check that a program's cases, if it has any, can be judged.

    Raises:
        UnknownName: no plug-in provides the language of the program or of its checker.
        UsageError: the cases cannot be judged.
    """
    if not program.cases:
        return
    if any(isinstance(case, CallCase) for case in program.cases):
        _check_calls(program)
        return
    whole_programs_of(program.language)
    comparison = program.comparison
    if comparison.kind is ComparisonKind.CHECKER:
        if not comparison.language or not comparison.source:
            raise UsageError(f"{program.id!r}: the comparison by a checker needs its language and its source")
        whole_programs_of(comparison.language)


def _check_calls(program: Program) -> None:
    if not all(isinstance(case, CallCase) for case in program.cases):
        raise UsageError(f"{program.id!r}: some cases call a function and others do not")
    if program.comparison.kind not in (ComparisonKind.EXACT, ComparisonKind.FLOATS):
        kind = program.comparison.kind
        raise UsageError(f"{program.id!r}: the comparison {kind} is for outputs; calls have exact and floats")
    if program.comparison.ignore_case:
        raise UsageError(f"{program.id!r}: ignore_case is for outputs, not for calls")
    try:
        plan = call_plan(program)
    except DataError as error:
        raise UsageError(f"{program.id!r}: {error}") from None
    for number, case in enumerate(program.cases, 1):
        assert isinstance(case, CallCase)
        try:
            question(plan, plan.targets[case.call], case.arguments)
            for value in (case.expected, *(case.changed or ())):
                value_to_json(value)
        except (DoesNotFit, ValueError) as error:
            where = f"case {number} of {len(program.cases)}, {case.call}"
            raise UsageError(f"{program.id!r}: {where}: {error}") from None


def call_plan(program: Program) -> CallPlan:
    """How the calls of a program's cases are made.

    Raises:
        DataError: they cannot be made.
    """
    cases = [case for case in program.cases if isinstance(case, CallCase)]
    separate = judging_of(program.language).separate
    if separate is None or separate.calls is None:
        raise DataError(f"programs in {program.language} cannot have cases that call a function")
    names = tuple(dict.fromkeys(case.call for case in cases))
    return separate.calls(replace(program, id="", cases=(), limits=None), names)


def check_standard(program: Program) -> None:
    """Check that the language can be judged by the standard that a program asks for, if any.

    Raises: see `judging_of`.
        UsageError: it cannot.
    """
    known = judging_of(program.language).standards
    if program.standard and program.standard not in known:
        title = LANGUAGES.load(program.language).title
        expected = (
            f"expected one of {', '.join(known)}" if known else f"{title} is judged by one standard only"
        )
        raise UsageError(f"{program.id!r}: standard {program.standard!r}: {expected}")


def tests_error(program: Program) -> str:
    """Why the tests of a program cannot judge any candidate; empty if they can, or if it has cases.

    The candidate has no influence on it.
    """
    if program.cases:
        return ""
    tests = replace(program, id="", candidate="", instruction="", limits=None)
    known = _errors.get(tests)
    return _errors.put(tests, _tests_error(tests)) if known is None else known


_errors = Remembered[str]()


def _tests_error(tests: Program) -> str:
    judging = judging_of(tests.language)
    if judging.check_tests:
        return judging.check_tests(tests)
    mark = LANGUAGES.load(tests.language).line_comment
    if judging.broken_tests and checks_nothing(f"{tests.setup}\n{tests.tests}", mark):
        return "the tests check nothing: no assertion, comparison, error or exit is in them"
    return ""


@functools.cache
def toolchain_of(language: str) -> str:
    """The tools that verdicts depend on, with their versions.

    Raises:
        MissingTool: a tool is not installed.
        PrerequisiteError: a tool is installed but does not work.
    """
    try:
        return judging_of(language).toolchain()
    except subprocess.CalledProcessError as error:
        command, message = shlex.join(map(str, error.cmd)), (error.stderr or "").strip()
        raise PrerequisiteError(
            f"{command} failed with status {error.returncode}: {message[-_MAX_MESSAGE_CHARACTERS:]}"
        ) from None
    except OSError as error:
        raise PrerequisiteError(f"a tool of {language} cannot be run ({error})") from None


def rules_of(language: str) -> str:
    """The tools that verdicts in a language depend on, and the versions of crosstune's rules for it.

    Raises: see `toolchain_of`.
    """
    judging = judging_of(language)
    versions = [judging.version, *([judging.separate.version] if judging.separate else [])]
    return f"{toolchain_of(language)}; rules {'.'.join(map(str, versions))}"


def toolchains_of(program: Program) -> str:
    """The tools that a program's verdict depends on, including those of its checker.

    Raises: see `toolchain_of`.
    """
    own = toolchain_of(program.language)
    if standard := program.standard or "".join(judging_of(program.language).standards[:1]):
        own = f"{own}; {standard}"
    if not program.cases or program.comparison.kind is not ComparisonKind.CHECKER:
        return own
    return f"{own}; checker: {toolchain_of(program.comparison.language)}"
