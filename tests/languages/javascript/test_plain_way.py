"""JavaScript programs at the edges of the language are judged as the interpreter runs them."""

from __future__ import annotations

import pytest

from crosstune.execution import Judge
from crosstune.records import Program
from tests.languages.cases import cases
from tests.languages.plain_way import PlainStatus, assert_both_ways_say


@pytest.mark.parametrize(
    ("candidate", "expected"),
    [
        ("const fs = require('fs');\nvar add = (a, b) => fs.constants ? a + b : 0;\n", "passed"),
        ("const gone = require('no-such-module');\nconst add = (a, b) => a + b;\n", "failed"),
        ("const add = (a, b) => a + b;\nadd.b.c;\n", "failed"),
        ("const add = (a, b) => a + b;\nPromise.reject(new Error('late'));\n", "failed"),
        ("const add = (a, b) => a + b;\nsetTimeout(() => { throw new Error('late'); }, 1);\n", "failed"),
        ("const add = (a, b) => a + b;\nlet add = 1;\n", "compile_error"),
        ("add = (a, b) => a + b;\n", "passed"),
    ],
)
def test_script_is_judged_alike(judge: Judge, candidate: str, expected: PlainStatus) -> None:
    program = Program("1", "javascript", candidate, cases("javascript").tests)
    assert_both_ways_say(expected, judge, program)
