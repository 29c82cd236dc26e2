"""Candidates in a namespace: their tests belong to it, but use PHP's own functions."""

from __future__ import annotations

import pytest

from crosstune.execution import Judge
from crosstune.records import Program, Status
from tests.languages.skipping import skip_without_tools

TESTS = "if (add(1, 2) !== 3) { throw new \\Exception('no'); }\nassert(abs(add(0, -1)) === 1);\n"
ADD = "function add($a, $b) { return $a + $b; }\n"


@pytest.mark.parametrize(
    ("candidate", "expected"),
    [
        (f"<?php\nnamespace Sums;\n{ADD}", Status.PASSED),
        (f"<?php\nnamespace Sums;\n{ADD.replace('+', '-')}", Status.WRONG_ANSWER),
        (f"<?php\ndeclare(strict_types=1);\nnamespace Sums;\n{ADD}", Status.PASSED),
        (f"<?php\nnamespace Sums;\nfunction assert($x) {{ }}\n{ADD}", Status.COMPILE_ERROR),
        (
            "<?php\nnamespace Sums;\nfunction abs($x) { return 1; }\nfunction add($a, $b) { return 3; }\n",
            Status.WRONG_ANSWER,
        ),
    ],
)
def test_candidate_in_a_namespace(judge: Judge, candidate: str, expected: Status) -> None:
    skip_without_tools("php")
    (verdict,) = judge.run([Program("p", "php", candidate, TESTS)])
    assert verdict.status is expected, verdict


def test_strict_types_hold_for_the_calls_of_the_tests(judge: Judge) -> None:
    skip_without_tools("php")
    text = "function add(int $a, int $b) { return $a + $b; }\n"
    tests = "assert(add('1', 2) === 3);\n"
    programs = [
        Program("weak", "php", f"<?php\n{text}", tests),
        Program("strict", "php", f"<?php\n// a comment\ndeclare(strict_types=1);\n{text}", tests),
    ]
    assert [verdict.passed for verdict in judge.run(programs)] == [True, False]
