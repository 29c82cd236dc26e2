"""Find out whether a program failed because its tests cannot judge any candidate.

Tools say of some tests that they do not parse, or need a package that is not installed. A candidate can say
the same, so a failed program whose tools did is run once more without a candidate: only if that gives the
same error, the tests caused it.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import replace

from crosstune.languages import LANGUAGES, BrokenTests
from crosstune.records import Program, Status, Verdict

_BLAMED = (Status.PASSED, Status.HARNESS_ERROR, Status.POLICY)
_MOST_KEPT = 4096


class BrokenTestsFinder:
    """``judge`` runs a program once. The answer for the same tests is kept."""

    def __init__(self, judge: Callable[[Program], Verdict]) -> None:
        self._judge = judge
        self._lock = threading.Lock()
        self._found: dict[Program, str] = {}

    def reason(self, broken: BrokenTests, program: Program, verdict: Verdict) -> str:
        """Why no candidate could pass the tests; empty if one could, as far as is known.

        Raises: see ``judge``.
        """
        if program.cases or verdict.status in _BLAMED:
            return ""
        error = _error(broken, program, verdict)
        return error if error and error == self._error_alone(broken, program) else ""

    def _error_alone(self, broken: BrokenTests, program: Program) -> str:
        nothing = LANGUAGES.load(program.language).comment("no candidate")
        alone = replace(program, id="", candidate=broken.candidate or nothing, limits=None)
        with self._lock:
            if alone in self._found:
                return self._found[alone]
        error = _error(broken, alone, self._judge(alone))
        with self._lock:
            if len(self._found) >= _MOST_KEPT:
                self._found.clear()
            self._found[alone] = error
        return error


def _error(broken: BrokenTests, program: Program, verdict: Verdict) -> str:
    """What the tools say of the tests, without places, which depend on the candidate."""
    said = f"{verdict.stderr}\n{verdict.stdout}"
    if broken.errors and (match := broken.errors.search(said)):
        return " ".join(filter(None, match.groups())).strip()
    if broken.missing and broken.imports and (match := broken.missing.search(said)):
        name = match[1]
        asked_for = re.search(rf"\b{re.escape(name)}\b", f"{program.declaration} {program.entry_points}")
        imported = any(f"{path}.".startswith(f"{name}.") for path in broken.imports.findall(program.tests))
        if imported and not asked_for:
            return f"{name} is not installed"
    return ""
