"""Libraries of C and C++ programs are linked where a program needs them."""

from __future__ import annotations

import pytest

from crosstune.execution import Judge
from crosstune.records import Program
from tests.languages.cases import cases
from tests.languages.plain_way import assert_both_ways_say


@pytest.mark.parametrize("language", ["c", "cpp"])
def test_libraries_are_linked_where_needed(judge: Judge, language: str) -> None:
    tests = cases(language).tests
    candidate = (
        "#include <math.h>\nint add(int a, int b) { return (int)lround(pow(2, log2(fabs(a + b)))); }\n"
    )
    assert_both_ways_say("passed", judge, Program("1", language, candidate, tests))
    foreign = "int nowhere(int);\nint add(int a, int b) { return nowhere(a + b); }\n"
    assert_both_ways_say("compile_error", judge, Program("2", language, foreign, tests))
