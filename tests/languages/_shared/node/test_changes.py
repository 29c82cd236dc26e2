"""Tests that change a result run in one process with the candidate."""

from __future__ import annotations

import pytest

from crosstune.execution import Judge
from crosstune.records import Program, Status

CLASS = "class S {\n  constructor() {}\n  items() {}\n  push(value) {}\n}"
SHOWS = "class S { constructor() { this.x = [1]; } items() { return this.x; } push(v) { this.x.push(v); } }\n"
WRONG = {
    "rows": (
        "const f = (n) => Array(n).fill(Array(n).fill(0));\n",
        "const g = f(3);\ng[0][0] = 1;\nconsole.assert(g[1][0] === 0);\n",
    ),
}
APART = {
    "own list": (
        "const f = (x) => [x];\n",
        "const a = [];\na.push(f(1));\nconsole.assert(a.length === 1);\n",
    ),
    "a method": (SHOWS, "const s = new S();\ns.push(2);\nconsole.assert(s.items().length === 2);\n"),
}


def program(candidate: str, tests: str) -> Program:
    name = "S" if "class S" in candidate else "f"
    declaration = CLASS if name == "S" else "const f = (x) => {"
    return Program("x", "javascript", candidate, tests, declaration=declaration, entry_points=(name,))


@pytest.mark.parametrize("what", WRONG)
def test_tests_that_change_a_result_share_a_process(what: str) -> None:
    given = program(*WRONG[what])
    with Judge() as judge:
        assert "which the candidate has returned" in judge.why_shared(given)
        assert next(judge.run([given])).status is Status.WRONG_ANSWER


@pytest.mark.parametrize("what", APART)
def test_other_changes_do_not(what: str) -> None:
    given = program(*APART[what])
    with Judge() as judge:
        assert judge.why_shared(given) == ""
        assert next(judge.run([given])).status is Status.PASSED
