"""What the judge has to know of a program's language."""

from __future__ import annotations

import functools
import shlex
import subprocess

from crosstune.errors import PrerequisiteError, UsageError
from crosstune.languages import LANGUAGES, Judging, WholePrograms
from crosstune.records import CallCase, ComparisonKind, Program

_MAX_MESSAGE_CHARACTERS = 500


def judging_of(language: str) -> Judging:
    """
    Raises:
        UnknownName: no plug-in provides that language.
        UsageError: programs in it are never run.
    """
    found = LANGUAGES.load(language)
    if found.judging is None:
        raise UsageError(f"{found.title} is learned from, never run: there is no way to judge it")
    return found.judging


def whole_programs_of(language: str) -> WholePrograms:
    """
    Raises:
        UnknownName, UsageError: see `judging_of`; or its programs cannot have cases.
    """
    judging_of(language)
    found = LANGUAGES.load(language)
    if found.whole_programs is None:
        raise UsageError(f"programs in {found.title} cannot have cases: there is no way to run them whole")
    return found.whole_programs


def check_cases(program: Program) -> None:
    """
    Raises:
        UnknownName: no plug-in provides the language of the program or of its checker.
        UsageError: the cases cannot be judged.
    """
    if not program.cases:
        return
    if any(isinstance(case, CallCase) for case in program.cases):
        raise UsageError(
            f"{program.id}: cases that call a function cannot be judged yet; "
            "give cases with stdin and stdout, or tests"
        )
    whole_programs_of(program.language)
    comparison = program.comparison
    if comparison.kind is ComparisonKind.CHECKER:
        if not comparison.language or not comparison.source:
            raise UsageError(f"{program.id}: the comparison by a checker needs its language and its source")
        whole_programs_of(comparison.language)


@functools.cache
def toolchain_of(language: str) -> str:
    """The tools that verdicts depend on.

    Raises:
        MissingTool: a tool is not installed.
        PrerequisiteError: one is installed, and does not work.
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


def toolchains_of(program: Program) -> str:
    """The tools that its verdict depends on, its checker's among them.

    Raises: see `toolchain_of`.
    """
    own = toolchain_of(program.language)
    if not program.cases or program.comparison.kind is not ComparisonKind.CHECKER:
        return own
    return f"{own}; checker: {toolchain_of(program.comparison.language)}"
