"""Tests that change a result run in one process with the candidate: apart, results are copies."""

from __future__ import annotations

import pytest

from crosstune.execution import Judge
from crosstune.records import Program, Status

CLASS = "class S:\n    def __init__(self): ...\n    def items(self): ...\n    def append(self, value): ...\n"
KEEPS = CLASS.replace("__init__(self): ...", "__init__(self): self.x = [1]")
SHOWS = KEEPS.replace("items(self): ...", "items(self): return self.x")
COPIES = KEEPS.replace("items(self): ...", "items(self): return list(self.x)")

WRONG = {
    "rows that are one list": (
        "def f(n): return [[0] * n] * n\n",
        "g = f(3)\ng[0][0] = 1\nassert g[1][0] == 0\n",
    ),
    "a copy that is none": ("def f(x): return x\n", "a = [1]\nb = f(a)\nb.append(2)\nassert a == [1]\n"),
    "the same in check": (
        "def f(x): return x\n",
        "def check(candidate):\n    a = [1]\n    candidate(a).clear()\n    assert a == [1]\ncheck(f)\n",
    ),
    "a shallow copy": (
        "def f(x): return list(x)\n",
        "a = [[1]]\nfor row in f(a):\n    row.append(2)\nassert a == [[1]]\n",
    ),
    "a class that shows its list": (SHOWS, "s = S()\ns.items().append(5)\nassert s.items() == [1]\n"),
}
APART = {
    "a list of the tests' own": ("def f(x): return [x]\n", "a = []\na.append(f(1))\nassert a == [[1]]\n"),
    "a method of an object": (COPIES, "s = S()\ns.append(1)\nassert s.items() == [1]\n"),
    "a sorted copy": ("def f(x): return [2, 1]\n", "assert sorted(f(0)) == [1, 2]\n"),
}


def program(candidate: str, tests: str) -> Program:
    name = "S" if "class S" in candidate else "f"
    declaration = CLASS if name == "S" else "def f(x):"
    return Program("x", "python", candidate, tests, declaration=declaration, entry_points=(name,))


@pytest.mark.parametrize("what", WRONG)
def test_tests_that_change_a_result_share_a_process(what: str) -> None:
    given = program(*WRONG[what])
    with Judge() as judge:
        assert judge.why_shared(given) == "the tests change what the candidate has returned"
        assert next(judge.run([given])).status is Status.WRONG_ANSWER


@pytest.mark.parametrize("what", APART)
def test_other_changes_do_not(what: str) -> None:
    given = program(*APART[what])
    with Judge() as judge:
        assert judge.why_shared(given) == ""
        assert next(judge.run([given])).status is Status.PASSED
