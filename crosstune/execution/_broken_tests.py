"""Find out whether the tests of a program, not its candidate, decided its verdict.

Tools say of some tests that they do not parse, or need a package that is not installed. A candidate can say
the same, so such a program is run once more without a candidate: only if that gives the same error, the
tests caused it. Tests of which nothing is ever called pass without a candidate, too.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import replace

from crosstune.languages import LANGUAGES, BrokenTests
from crosstune.records import Program, Status, Verdict

_MOST_KEPT = 4096
_CHECK = re.compile(
    r"assert|expect|should|check|verify|test|fail|exit|quit|halt|stop|abort|raise|throw|die|error|panic|signal"
    r"|equal|compare|match|[=!<>~]=|=[:/\\]=|<>|=~|[\d\]})'\"] *=[^=]|\beq\b|\bne\b|-(?:eq|ne|[lg][te])\b|\?",
    re.IGNORECASE,
)
_ONLY_DEFINES = re.compile(
    r"(?:\s.*|[})\]]+;?.*|end\b.*|(?:local\s+)?function\b.*|(?:sub|def|proc)\b.*|\(def.*"
    r"|\w+\s*\(\)\s*\{.*|[\w.]+\s*(?:<-|=)\s*(?:function\b|\\\(|\(.*\)\s*[-=]>|[-=]>).*"
    r"|(?:use|require|import|library|package)\b.*|<\?php|(?:#|//|--|;).*|)"
)


def checks_nothing(tests: str, mark: str) -> bool:
    """Whether nothing in ``tests`` can fail them: neither a comparison, nor a match with a literal, nor
    a word of a check. ``mark`` begins a comment."""
    code = "\n".join(line for line in tests.splitlines() if not line.lstrip().startswith(mark))
    return not _CHECK.search(code)


class BrokenTestsFinder:
    """``judge`` runs a program once. What it says of tests without a candidate is kept."""

    def __init__(self, judge: Callable[[Program], Verdict]) -> None:
        self._judge = judge
        self._lock = threading.Lock()
        self._without: dict[Program, Verdict] = {}

    def reason(self, broken: BrokenTests, program: Program, verdict: Verdict) -> str:
        """Why the tests cannot judge any candidate; empty if they can, as far as is known.

        Raises: see ``judge``.
        """
        if program.cases or verdict.status in (Status.HARNESS_ERROR, Status.POLICY):
            return ""
        if verdict.status is Status.PASSED:
            return self._reason_of_pass(broken, program)
        error = _error(broken, program, verdict)
        if not error or error != _error(broken, program, self._without_candidate(broken, program)):
            return ""
        return f"the tests fail with any candidate: {error}"

    def _reason_of_pass(self, broken: BrokenTests, program: Program) -> str:
        has_main = re.search(r"\bmain\b", program.tests, re.IGNORECASE)
        if has_main or not all(map(_ONLY_DEFINES.fullmatch, program.tests.splitlines())):
            return ""
        if self._without_candidate(broken, program).status is not Status.PASSED:
            return ""
        return "the tests check nothing: they pass without a candidate, as nothing in them is called"

    def _without_candidate(self, broken: BrokenTests, program: Program) -> Verdict:
        nothing = broken.candidate or LANGUAGES.load(program.language).comment("no candidate")
        without = replace(program, id="", candidate=nothing, limits=None)
        with self._lock:
            if without in self._without:
                return self._without[without]
        verdict = self._judge(without)
        with self._lock:
            if len(self._without) >= _MOST_KEPT:
                self._without.clear()
            self._without[without] = verdict
        return verdict


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
