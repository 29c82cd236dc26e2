"""Find out whether the tests of a program, not its candidate, decided its verdict.

Tools say of some tests that they do not parse, or need a package that is not installed. A candidate can say
the same, so such a program is run once more without a candidate: only if that gives the same error, the
tests caused it. Tests of which nothing is ever called pass without a candidate, too.

A function that is defined nowhere is the tests' error only if no candidate was asked to define it, and if
each candidate's tests come to the call. What follows a candidate's first result may depend on it (a function
may be called where a test has failed only), so that the call must come before.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from crosstune.execution._remembered import Remembered
from crosstune.languages import LANGUAGES, BrokenTests, UndefinedNames
from crosstune.records import Program, Status, Verdict

_MOST_NAMES = 3
"""A candidate can print any number of names."""
_ENDED_BY_ERROR = (Status.WRONG_ANSWER, Status.RUNTIME_ERROR, Status.COMPILE_ERROR)
_CHECK = re.compile(
    r"assert|expect|should|check|verify|test|fail|exit|quit|halt|stop|abort|raise|throw|die|error|panic|signal"
    r"|equal|compare|match|[=!<>~]=|=[:/\\]=|<>|=~"
    r"|(?:[\d\]})'\"]|\b(?:true|false)) *=[^=]|\beq\b|\bne\b|-(?:eq|ne|[lg][te])\b|\?",
    re.IGNORECASE,
)
_ONLY_DEFINES = re.compile(
    r"(?:\s.*|[})\]]+;?.*|end\b.*|(?:local\s+)?function\b.*|(?:sub|def|proc)\b.*|\(def.*"
    r"|\w+\s*\(\)\s*\{.*|[\w.]+\s*(?:<-|=)\s*(?:function\b|\\\(|\(.*\)\s*[-=]>|[-=]>).*"
    r"|(?:use|require|import|library|package)\b.*|<\?php|(?:#|//|--|;).*|)"
)

_IMPORTS = re.compile(
    r"^[ \t]*(?:#[ \t]*include\b|(?:import|from|uses?|using|open|require|library|include|package require)\b"
    r"|local\s+\w+\s*=\s*require\b|\((?:require|use-package|import)\b|-(?:include|import)).*",
    re.MULTILINE,
)
"""A candidate that leaves out what the declaration imports lacks names that others have."""


def checks_nothing(tests: str, mark: str) -> bool:
    """Whether nothing in ``tests`` can fail them: neither a comparison, nor a match with a literal, nor
    a word of a check. ``mark`` begins a comment."""
    code = "\n".join(line for line in tests.splitlines() if not line.lstrip().startswith(mark))
    return not _CHECK.search(code)


class BrokenTestsFinder:
    """``judge`` runs a program once. What it says of tests without a candidate is kept."""

    def __init__(self, judge: Callable[[Program], Verdict]) -> None:
        self._judge = judge
        self._without = Remembered[Verdict]()

    def reason(self, broken: BrokenTests, program: Program, verdict: Verdict) -> str:
        """Why the tests cannot judge any candidate; empty if they can, as far as is known.

        Raises: see ``judge``.
        """
        if program.cases or verdict.status in (Status.HARNESS_ERROR, Status.POLICY):
            return ""
        if verdict.status is Status.PASSED:
            return self._reason_of_pass(broken, program)
        if _continues(program) and not program.declaration.strip():
            return ""
        error = _error(broken, program, verdict)
        nothing = _nothing(broken, program)
        if error and error == _error(broken, program, self._without_candidate(nothing)):
            return f"the tests fail with any candidate: {error}"
        if broken.undefined and program.entry_points and program.declaration.strip():
            return self._reason_of_call(broken.undefined, nothing, verdict)
        return ""

    def _reason_of_call(self, undefined: UndefinedNames, without: Program, verdict: Verdict) -> str:
        """``without`` has a candidate that does nothing."""
        stubs = [undefined.stub.replace("NAME", name) for name in without.entry_points if undefined.stub]
        given = _IMPORTS.findall(without.declaration)
        without = replace(without, candidate="\n".join((*given, *(stubs or [without.candidate]))))
        names = [name for name in _undefined(undefined, verdict) if _is_of_tests(name, without)]
        for name in names[:_MOST_NAMES]:
            arranged = undefined.arranged(without, name) if undefined.arranged else without
            alone = self._without_candidate(arranged)
            if alone.status in _ENDED_BY_ERROR and not alone.signal and name in _undefined(undefined, alone):
                return f"the tests call {name}, which is not defined, and which nobody was asked for"
        return ""

    def _reason_of_pass(self, broken: BrokenTests, program: Program) -> str:
        has_main = re.search(r"\bmain\b", program.tests, re.IGNORECASE)
        if has_main or not all(map(_ONLY_DEFINES.fullmatch, program.tests.splitlines())):
            return ""
        if self._without_candidate(_nothing(broken, program)).status is not Status.PASSED:
            return ""
        return "the tests check nothing: they pass without a candidate, as nothing in them is called"

    def _without_candidate(self, program: Program) -> Verdict:
        without = replace(program, id="", limits=None, instruction="")
        return self._without.get(without) or self._without.put(without, self._judge(without))


def _continues(program: Program) -> bool:
    """Whether the tests are the rest of the candidate's class or object, and nothing without it."""
    return program.tests.lstrip().startswith("}")


def _nothing(broken: BrokenTests, program: Program) -> Program:
    """The program with a candidate that does nothing."""
    if _continues(program):
        return replace(program, candidate=program.declaration)
    nothing = broken.candidate or LANGUAGES.load(program.language).comment("no candidate")
    return replace(program, candidate=nothing)


def _undefined(undefined: UndefinedNames, verdict: Verdict) -> list[str]:
    """The functions that are not defined, as the tools say."""
    found = undefined.message.findall(f"{verdict.stderr}\n{verdict.stdout}")
    return list(dict.fromkeys(found))


def _is_of_tests(name: str, program: Program) -> bool:
    """Whether the tests have a name that nobody was asked for, and that is not given."""
    asked_for = f"{program.instruction}\n{program.declaration}\n{' '.join(program.entry_points)}"
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
    return bool(word.search(program.tests)) and not word.search(asked_for)


def _error(broken: BrokenTests, program: Program, verdict: Verdict) -> str:
    """What the tools say of the tests, without places, which depend on the candidate."""
    said = f"{verdict.stderr}\n{verdict.stdout}"
    if broken.errors and (match := broken.errors.search(said)):
        return " ".join(filter(None, match.groups())).strip()
    if broken.missing and broken.imports and (match := broken.missing.search(said)):
        name = match[1]
        asked_for = re.search(rf"\b{re.escape(name)}\b", f"{program.declaration} {program.entry_points}")
        paths = broken.imports.findall(program.tests)
        imported = any(f"{path}.".startswith(f"{name}.") or name in path.split(".") for path in paths)
        if imported and not asked_for:
            return f"{name} is not installed"
    return ""
