"""Precompiled headers replace only the includes that a C or C++ program begins with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crosstune.execution import Judge, requirements
from crosstune.languages._shared.native import headers, precompiled
from crosstune.languages._shared.native.precompiled import CompilerSettings, header
from crosstune.records import Program, Status
from tests.languages.cases import cases

RECIPE = CompilerSettings("gcc", "c", ("-std=gnu11",))
HEADERS = frozenset({"stdio.h", "ctype.h", "stdlib.h"})
BLOCK = "#include <stdio.h>\n\n  # include  <ctype.h>\n"


@pytest.fixture
def judge() -> Iterator[Judge]:
    for language in ("c", "cpp"):
        if missing := [each.what for each in requirements(language) if not each.met]:
            pytest.skip(f"{language} cannot be run here: {missing[0]} is missing")
    with Judge() as judge:
        yield judge


def test_frequent_block_is_replaced_and_line_numbers_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    headers._seen.clear()
    code = f"\n#include <assert.h>\n{BLOCK}#include <string.h>\nint x;\n"
    for _ in range(headers._OCCURRENCES - 1):
        assert headers.split(RECIPE, HEADERS, code) == (None, code)
    found, rest = headers.split(RECIPE, HEADERS, code)
    assert found
    place = precompiled.folder(found)
    assert header(place).read_text("utf-8") == "#include <stdio.h>\n# include <ctype.h>\n"
    assert header(place).with_name("preamble.h.gch").is_file()
    assert rest == "#include <assert.h>\n\n\n\n#include <string.h>\nint x;\n"
    monkeypatch.setattr(headers, "_MOST_HEADERS", 0)
    assert headers.split(RECIPE, HEADERS, code) == (found, rest)
    other = "#include <stdlib.h>\nint x;\n"
    for _ in range(2 * headers._OCCURRENCES):
        assert headers.split(RECIPE, HEADERS, other) == (None, other)


@pytest.mark.parametrize(
    "code",
    ["int x;\n", "#define stdio\n#include <stdio.h>\n", '#include "stdio.h"\n', "#include <stdio.h> int\n"],
)
def test_other_beginnings_are_not_replaced(code: str) -> None:
    for _ in range(2 * headers._OCCURRENCES):
        assert headers.split(RECIPE, HEADERS, code) == (None, code)


def test_preamble_is_replaced_only_when_complete() -> None:
    settings = RECIPE.beginning_with("\n#include <stdio.h>\n#include <ctype.h>\n")
    whole = "#include <stdio.h>\n#include <ctype.h>"
    assert headers.split(settings, frozenset(), f"\n{whole}\nint x;\n")[1] == "\nint x;\n"
    for part in ("#include <stdio.h>\nint x;\n", f"{whole} // more\n", f"int x;\n{whole}\n"):
        assert headers.split(settings, frozenset(), part) == (None, part)


@pytest.mark.parametrize(
    ("language", "include", "body"),
    [
        ("c", "#include <stdint.h>\n", "uint8_t sum = a + b; return (int8_t)sum;"),
        ("cpp", "#include <tuple>\nusing namespace std;\n", "return get<0>(make_tuple(a + b));"),
    ],
)
def test_precompiled_headers_change_no_verdict(judge: Judge, language: str, include: str, body: str) -> None:
    tests = cases(language).tests
    function = "int add(int a, int b) {{ {} }}\n"
    right = include + function.format(body)
    numbers = range(2 * headers._OCCURRENCES)
    many = [Program(str(n), language, f"{right}// {n}\n", tests) for n in numbers]
    assert {verdict.status for verdict in judge.run(many)} == {Status.PASSED}
    foreign = f"{include}static FILE *none;\n{function.format(body)}"
    lacks = Program("lacks", language, foreign, tests)
    wrong = Program("wrong", language, right.replace("a + b", "a - b"), tests)
    assert [verdict.status for verdict in judge.run([lacks, wrong])] == [
        Status.COMPILE_ERROR,
        Status.WRONG_ANSWER,
    ]
