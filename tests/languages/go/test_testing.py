"""crosstune's small package testing follows the rules of Go's own."""

from __future__ import annotations

import pytest

from crosstune.execution import Judge
from crosstune.records import Program
from tests.languages.plain_way import plain_status
from tests.languages.skipping import skip_without_tools

TESTS = """\
package main

import "testing"

func TestAdd(t *testing.T) {
    t.Cleanup(func() { if add(0, 0) != 0 { t.Error("in the end") } })
    for _, pair := range [][2]int{{1, 2}, {3, 4}} {
        pair := pair
        t.Run("pair", func(t *testing.T) {
            PARALLEL
            if got := add(pair[0], pair[1]); got != pair[0] + pair[1] {
                t.FAIL("got %d", got)
            }
        })
    }
}
"""


@pytest.mark.parametrize("parallel", ["", "t.Parallel()"])
@pytest.mark.parametrize("fail", ["Errorf", "Fatalf", "Skipf"])
@pytest.mark.parametrize("answer", ["a + b", "a - b", "a + b + 1 - min(1, a + b)", "a + b + 1"])
def test_small_package_follows_gos_rules(judge: Judge, parallel: str, fail: str, answer: str) -> None:
    skip_without_tools("go")
    tests = TESTS.replace("PARALLEL", parallel).replace("FAIL", fail)
    helper = "func min(a int, b int) int { if a < b { return a }; return b }\n"
    add = f"func add(a int, b int) int {{ return {answer} }}\n"
    code = f'package main\nimport "testing"\nvar _ testing.T\n{helper}{add}'
    # A program that uses more than T gets Go's own package.
    more = f"{code}func unused(testing.TB) {{}}\n"
    small, full = (
        plain_status(verdict.status)
        for verdict in judge.run([Program("small", "go", code, tests), Program("full", "go", more, tests)])
    )
    assert full == small
    right = answer == "a + b" or (fail == "Skipf" and answer == "a - b")  # the others fail in the end
    assert ("passed" if right else "failed") == small
