"""Which assertions become calls, and why others do not."""

from __future__ import annotations

import pytest

from crosstune.sources.translate._assertions import Call, function_under_test
from crosstune.sources.translate._comparisons import Untranslatable

CODE = """\
import math

def helper(x):
    return x

def scale(numbers: list[float], factor: float = 2.0, *, offset=0) -> list[float]:
    return [helper(each) * factor + offset for each in numbers]
"""


def calls(tests: str, code: str = CODE) -> list[Call]:
    return list(function_under_test(code, tests).calls)


def reason(tests: str, code: str = CODE) -> str:
    with pytest.raises(Untranslatable) as error:
        function_under_test(code, tests)
    return str(error.value)


@pytest.mark.parametrize(
    ("assertion", "expected"),
    [
        ("scale([1, 2]) == [2, 4]", Call(([1, 2],), [2, 4])),
        ("[2.0] == scale([1])", Call(([1],), [2.0])),
        ("scale([1], 3) == [3], 'a message'", Call(([1], 3), [3])),
        ("scale(numbers=[], factor=-1.5) == []", Call(([], -1.5), [])),
        ("scale([], offset=2) is None", Call(([], 2), None)),
        ("scale([])", Call(([],), True)),
        ("not scale([1] * 3)", Call(([1, 1, 1],), False)),
        ("scale([2**10, 1/4, 3 - 1])", Call(([1024, 0.25, 2],), True)),
        ("scale({'a': (1, 'b')}) == float('inf')", Call(({"a": (1, "b")},), float("inf"))),
        ("abs(scale([1]) - 0.5) < 1e-3", Call(([1],), 0.5, 1e-3, 0.0)),
        ("abs(0.5 - scale([1])) <= 0.1", Call(([1],), 0.5, 0.1, 0.0)),
        ("math.isclose(scale([1]), 2, abs_tol=0.1)", Call(([1],), 2, 0.1, 1e-9)),
        ("scale([1]) == pytest.approx(2.5)", Call(([1],), 2.5, 1e-12, 1e-6)),
    ],
)
def test_an_assertion_is_a_call(assertion: str, expected: Call) -> None:
    assert calls(f"import math\nassert {assertion}\n") == [expected]


def test_both_sides_of_a_conjunction_are_calls() -> None:
    assert calls("assert scale([1]) == [2] and scale([2]) == [4]") == [
        Call(([1],), [2]),
        Call(([2],), [4]),
    ]


def test_arguments_that_only_some_calls_give_have_their_default() -> None:
    function = function_under_test(CODE, "assert scale([1], offset=1) == [3]\nassert scale([2], 1) == [2]")
    assert function.parameters == (("numbers", "list[float]"), ("factor", "float"), ("offset", ""))
    assert function.result == "list[float]"
    assert [each.arguments for each in function.calls] == [([1], 2.0, 1), ([2], 1, 0)]


def test_functions_of_tests_are_read() -> None:
    tests = """
METADATA = {'author': 'x'}

def check(candidate):
    given = [1, 2]
    assert candidate(given) == [2, 4]
    assert candidate(given) == [2, 4]
    given = unknown()
    assert candidate(given) == []

check(scale)
"""
    function = function_under_test(CODE, tests)
    assert function.name == "scale"
    assert list(function.calls) == [Call(([1, 2],), [2, 4])]
    assert dict(function.untranslated) == {"an argument that is no literal": 1}


def test_variables_are_copies() -> None:
    found = calls("x = [1]\nassert scale(x) == [2]\nassert scale(x, 3) == [3]")
    found[0].arguments[0].append(5)
    assert found[1].arguments == ([1], 3)


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        ("", "tests of something other than a function of the code"),
        ("assert other(1) == 2", "tests of something other than a function of the code"),
        ("scale([1]) ==", "tests that Python does not parse"),
        ("print(scale([1]))", "no assertions"),
        ("assert scale([x]) == []", "an argument that is no literal"),
        ("assert scale(['a' * 10**9]) == []", "an argument that is no literal"),
        ("assert scale([10**10**10]) == []", "an argument that is no literal"),
        ("assert scale([1]) == {2}", "a set"),
        ("assert scale([1]) == set()", "a set"),
        ("assert scale([1]) == scale([2])", "an expected value that is no literal"),
        ("assert sorted(scale([1])) == [2]", "a result that is changed before it is compared"),
        ("assert scale([1])[0] == 2", "a result that is changed before it is compared"),
        ("assert scale([1]) != []", "a comparison other than equality"),
        ("assert scale([1]) < 3", "a comparison other than equality"),
        ("assert abs(scale([1]) - 2) < x", "an expected value that is no literal"),
        ("assert helper(2) == 2\nassert helper(3) == 3\nassert scale", ""),
        ("assert scale([1], 2, 3) == []", "more arguments than the function has"),
        ("assert scale([1], size=3) == []", "an argument that the function does not have"),
        ("for x in [1]:\n    assert scale([x]) == [2]", "a statement that is no assertion"),
        ("with raises(ValueError):\n    scale(1)", "a statement that is no assertion"),
        (f"assert scale({'[' * 300}{']' * 300}) == 1", "tests that Python does not parse"),
    ],
)
def test_why_tests_are_not_translated(tests: str, expected: str) -> None:
    if expected:
        assert reason(tests) == expected
    else:
        assert function_under_test(CODE, tests).name == "helper"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("def f(*xs):\n    return 1\n", "a function with any number of arguments"),
        ("def f(x):\n    yield x\n", "a generator"),
        ("def f(x) return", "code that Python does not parse"),
        ("f = lambda x: x\n", "tests of something other than a function of the code"),
        (
            "def f(x, y=g()):\n    return 1\n\ndef g():\n    return 2\n",
            "an argument that is left out, without a literal default",
        ),
    ],
)
def test_why_functions_are_not_translated(code: str, expected: str) -> None:
    assert reason("assert f(1, y=2) == 1\nassert f(1) == 1", code) == expected
