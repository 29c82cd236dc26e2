"""Cases that call functions in D, by the types that are declared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from crosstune.errors import UsageError
from crosstune.execution import Judge
from crosstune.records import CallCase, Program, Status
from tests.languages.skipping import skip_without_tools

DECLARATION = """import std.typecons, std.variant;

int twice(int x)
ulong large(ulong x)
string join(string[] words, char mark)
Tuple!(string, int)[] pairs(const int[string] table)
Nullable!(Algebraic!(int, string)) shown(Algebraic!(int, string) each)
void fill(int[] items, int x)
int fail(int x)
float half(float x)
"""
CANDIDATE = """import std.algorithm, std.array, std.conv, std.typecons, std.variant;

int twice(int x) { return 2 * x; }
ulong large(ulong x) { return x; }
string join(string[] words, char mark) { return std.array.join(words, mark.to!string); }
Tuple!(string, int)[] pairs(const int[string] table) {
    Tuple!(string, int)[] made;
    foreach (key; table.keys.sort) made ~= tuple(key, table[key] + 0);
    return made;
}
Nullable!(Algebraic!(int, string)) shown(Algebraic!(int, string) each) {
    return each == 0 ? typeof(return).init : typeof(return)(each);
}
void fill(int[] items, int x) { items[] = x; }
int fail(int x) {
    if (x == 0) throw new Exception("no answer");
    int[] none;
    return none[x];
}
float half(float x) { return x / 2; }
"""
RIGHT = [
    CallCase("twice", [21], 42),
    CallCase("large", [(1 << 64) - 1], (1 << 64) - 1),
    CallCase("join", [["a", "bé"], "-"], "a-bé"),
    CallCase("pairs", [{"b": 2, "a": 1}], [("a", 1), ("b", 2)]),
    CallCase("shown", [3], 3),
    CallCase("shown", [0], None),
    CallCase("shown", ["a"], "a"),
    CallCase("fill", [[1, 2], 7], None, changed=[[7, 7], 7]),
    CallCase("fail", [0], error="Exception"),
    CallCase("fail", [1], error=""),
    CallCase("half", [0.2], 0.1),
]
WRONG = [
    CallCase("twice", [21], 43),
    CallCase("shown", [3], "3"),
    CallCase("fill", [[1, 2], 7], None, changed=[[7, 8], 7]),
]


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    skip_without_tools("d")
    with Judge() as opened:
        yield opened


def verdict(judge: Judge, *cases: CallCase, declaration: str = DECLARATION) -> Any:
    program = Program("p", "d", CANDIDATE, cases=cases, declaration=declaration)
    return next(judge.run([program]))


def test_right_cases_pass(judge: Judge) -> None:
    found = verdict(judge, *RIGHT)
    assert found.status is Status.PASSED, found


@pytest.mark.parametrize("case", WRONG)
def test_wrong_case_fails(judge: Judge, case: CallCase) -> None:
    assert verdict(judge, case).status is Status.WRONG_ANSWER


@pytest.mark.parametrize(
    ("declaration", "message"),
    [
        ("int twice(int delegate(int) x)", "cannot be given"),
        ("int twice(Thing x)", "a parameter of the type Thing"),
        ("int other(int x)", "not declared"),
    ],
)
def test_call_that_cannot_be_made_is_an_error(judge: Judge, declaration: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        verdict(judge, CallCase("twice", [1]), declaration=declaration)
