"""Cases that call a function: the same values go both ways in every language that has a server."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crosstune.errors import UsageError
from crosstune.execution import Judge
from crosstune.execution._languages import judging_of
from crosstune.records import (
    CallCase,
    Comparison,
    ComparisonKind,
    Limits,
    Program,
    Status,
    Verdict,
)
from tests.languages.skipping import skip_without_tools

_LANGUAGES = Path(__file__).parent.parent / "languages"
_FILES = {
    "python": "txt",
    "javascript": "js",
    "typescript": "ts",
    "c": "c",
    "cpp": "cpp",
    "go": "go",
    "java": "java",
    "rust": "rs",
}
_FLOATS = (0.5, -0.0, 1e300, math.inf, -math.inf, math.nan)
_VALUES: list[CallCase] = [
    *(CallCase("nested", [each], each) for each in ([[1, -2], [], [3]], [], [[0] * 100])),
    *(CallCase("word", [each], each) for each in ("", "a b\n", "é\U0001f600")),
    *(CallCase("number", [each], each) for each in (*_FLOATS, 3)),
    *(CallCase("flag", [each], each) for each in (True, False)),
    *(CallCase("counts", [each], each) for each in ({"a": 1, "b": -2}, {})),
    *(CallCase("maybe", [each], each) for each in (None, 0)),
]
_ERRORS = {
    "python": "ValueError",
    "javascript": "RangeError",
    "typescript": "RangeError",
    "cpp": "invalid_argument",
    "go": "string",
    "java": "IllegalStateException",
    "rust": "panic",
}


def program(language: str, cases: Iterable[CallCase], **more: Any) -> Program:
    text = (_LANGUAGES / language / f"calls.{_FILES[language]}").read_text("utf-8")
    declaration, _, candidate = text.rpartition("----\n")
    return Program("x", language, candidate, cases=tuple(cases), declaration=declaration, **more)


_judges: list[Judge] = []


@pytest.fixture(scope="module", autouse=True)
def one_judge() -> Iterator[None]:
    with Judge() as judge:
        _judges.append(judge)
        yield
        _judges.clear()


def judged(given: Program) -> Verdict:
    (found,) = _judges[0].run([given])
    return found


def statuses(verdict: Verdict) -> list[Status | None]:
    return [each.status for each in verdict.cases]


def limits(language: str = "python", **more: float) -> Limits:
    return dataclasses.replace(judging_of(language).limits, **more)  # type: ignore[arg-type]


@pytest.fixture(params=list(_FILES))
def language(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    skip_without_tools(name)
    return name


def _changing(language: str) -> list[CallCase]:
    """Of these calls the languages write the same in different ways."""
    swapped = [3, "x"] if language == "go" else [(3, "x")]
    grown = [2, 0] if language in ("go", "c") else [0, 0, 2]
    return [
        CallCase("swap", swapped, ("x", 3)),
        CallCase("grow", [[0, 0]], None, changed=[grown]),
    ]


def test_values_go_both_ways(language: str) -> None:
    cases = [*_VALUES, *_changing(language)]
    verdict = judged(program(language, cases))
    failed = [
        (case.call, case.arguments, result.stderr)
        for case, result in zip(cases, verdict.cases, strict=True)
        if result.status is not Status.PASSED
    ]
    assert failed == []
    assert (verdict.status, verdict.isolation) == (Status.PASSED, "separate")


def test_wrong_values_errors_and_ends(language: str) -> None:
    cases = [
        CallCase("nested", [[[1], [2]]], [[1], [3]]),
        CallCase("nested", [[[1], [2]]], [[1], [2], []]),
        CallCase("word", ["a"], "b"),
        CallCase("maybe", [3], None),
        CallCase("counts", [{"a": 1}], {"a": 1, "b": 2}),
        CallCase("grow", [[0, 0]], None, changed=[[0, 0]]),
        CallCase("leave", [0], 0),
        CallCase("leave", [0], error=_ERRORS.get(language, "")),
        CallCase("leave", [1], 1),
        CallCase("leave", [5], 5),
        CallCase("leave", [2], 2),
        CallCase("leave", [6], 6),
    ]
    verdict = judged(program(language, cases, limits=limits(language, cpu_seconds=1)))
    wrong, crash = [Status.WRONG_ANSWER] * 6, Status.RUNTIME_ERROR
    raised = crash if language == "c" else Status.PASSED
    ended = [Status.INCOMPLETE, Status.PASSED, Status.TIMEOUT]
    after = None if language == "c" else Status.PASSED  # the fifth process
    assert statuses(verdict) == [*wrong, crash, raised, *ended, after]
    assert "expected: [[1], [3]]" in verdict.stderr
    assert "returned: [[1], [2]]" in verdict.stderr


def test_arguments_that_do_not_fit_the_declaration_are_a_clear_error() -> None:
    with pytest.raises(UsageError, match="case 1 of 1, leave: a value of the type str is no"):
        _judges[0].digest(program("cpp", [CallCase("leave", ["x"], 1)]))
    with pytest.raises(UsageError, match="2 arguments, but 1 parameters"):
        _judges[0].digest(program("rust", [CallCase("leave", [1, 2], 1)]))
    with pytest.raises(UsageError, match="does not declare|not declared|no function"):
        _judges[0].digest(dataclasses.replace(program("java", [CallCase("none", [], 1)])))
    with pytest.raises(UsageError, match="expected a function's name"):
        _judges[0].digest(program("python", [CallCase("a b", [], 1)]))
    tokens = Comparison(ComparisonKind.TOKENS)
    with pytest.raises(UsageError, match="calls have exact and floats"):
        _judges[0].digest(program("python", [CallCase("leave", [3], 3)], comparison=tokens))


def python(candidate: str, *cases: CallCase, **more: Any) -> Program:
    return Program("x", "python", candidate, cases=cases, **more)


def test_a_method_is_called_on_a_new_object_for_each_case() -> None:
    state = "class Solution:\n    n = 0\n    def next(self):\n        self.n += 1\n        return self.n\n"
    again = CallCase("Solution().next", [], 1)
    assert judged(python(state, again, again)).status is Status.PASSED
    script = "class Solution { n = 0; next() { return ++this.n; } }\n"
    assert judged(Program("x", "javascript", script, cases=(again, again))).status is Status.PASSED
    head = "class Solution {\npublic:\n    int n = 0;\n    int next(int by) {"
    whole = f"{head} return n += by; }}\n}};\n"
    by = CallCase("Solution().next", [1], 1)
    assert judged(Program("x", "cpp", whole, declaration=head, cases=(by, by))).status is Status.PASSED


def test_comparison_in_python_is_that_of_its_operator() -> None:
    same = "def f(x): return x\n"
    equal = [(1, 1.0), (True, 1), ({1, 2}, {2, 1}), ({1: [0]}, {1.0: [0]}), (-0.0, 0)]
    unequal: list[tuple[Any, Any]] = [((1,), [1]), (1, "1"), ([1], [1, 2]), (None, 0), ("a", b"a")]
    verdict = judged(python(same, *(CallCase("f", [given], wanted) for given, wanted in (*equal, *unequal))))
    assert statuses(verdict) == [Status.PASSED] * 5 + [Status.WRONG_ANSWER] * 5


def test_standard_types_are_compared_as_in_python() -> None:
    made = "import collections, decimal, fractions, numpy\ndef f(kind):\n    return eval(kind, globals())\n"
    cases: dict[str, Any] = {
        "fractions.Fraction(1, 2)": 0.5,
        "decimal.Decimal('1.5')": 1.5,
        "collections.Counter('aab')": {"a": 2, "b": 1},
        "collections.OrderedDict(a=1)": {"a": 1},
        "collections.defaultdict(int, a=1)": {"a": 1},
        "[collections.defaultdict(lambda: {}, {1: collections.defaultdict(list)})]": [{1: {}}],
        "collections.ChainMap({'a': 1}, {'a': 2, 'b': 3})": {"a": 1, "b": 3},
        "collections.ChainMap()": {},
        "collections.UserDict(a=1)": {"a": 1},
        "frozenset([1])": {1},
        "{1: 2}.keys()": {1},
        "numpy.int64(3)": 3,
    }
    unlike: dict[str, Any] = {
        "collections.deque([1])": [1],
        "iter([1])": [1],
        "range(1)": [0],
        "object()": None,
    }
    unlike |= {"collections.ChainMap({'a': 1}, {'b': 2})": {"a": 1}, "collections.defaultdict(int)": {1: 0}}
    verdict = judged(
        python(made, *(CallCase("f", [kind], value) for kind, value in (cases | unlike).items()))
    )
    assert statuses(verdict) == [Status.PASSED] * len(cases) + [Status.WRONG_ANSWER] * len(unlike)


def test_a_method_may_have_the_name_of_an_operator_s_function() -> None:
    names = ("add", "contains", "index", "getitem", "not_", "call", "eq")
    methods = "".join(f"    def {name}(self, x): return x * 2\n" for name in names)
    cases = (CallCase(f"Solution().{name}", [2], 4) for name in names)
    assert judged(python(f"class Solution:\n{methods}", *cases)).status is Status.PASSED


def test_members_and_keys_in_javascript() -> None:
    script = """
const numbers = () => new Set([1, 2]);
const keys = () => new Map([[1, "a"], [2.5, "b"]]);
const fields = () => ({ 1: "a", 2: "b" });
const texts = () => new Set(["1"]);
"""
    right = [
        ("numbers", {1, 2}),
        ("keys", {1: "a", 2.5: "b"}),
        ("fields", {1: "a", 2: "b"}),
        ("texts", {"1"}),
    ]
    wrong: list[tuple[str, Any]] = [("texts", {1}), ("numbers", {"1", "2"}), ("fields", {1: "a", 3: "b"})]
    calls = (CallCase(name, [], value) for name, value in (*right, *wrong))
    verdict = judged(Program("x", "javascript", script, cases=tuple(calls)))
    assert statuses(verdict) == [Status.PASSED] * 4 + [Status.WRONG_ANSWER] * 3


def test_tolerance() -> None:
    same = "def f(x): return x\n"
    near = [0.1 + 0.2, {"a": 0.1 + 0.2}, [1, 0.30000001]]
    wanted = [0.3, {"a": 0.3}, [1, 0.3]]
    cases = [CallCase("f", [given], value) for given, value in zip(near, wanted, strict=True)]
    assert Status.PASSED not in statuses(judged(python(same, *cases)))
    floats = Comparison(ComparisonKind.FLOATS, absolute=1e-6)
    assert judged(python(same, *cases, comparison=floats)).status is Status.PASSED
    of_case = [dataclasses.replace(each, absolute=1e-6) for each in cases]
    assert judged(python(same, *of_case)).status is Status.PASSED
    exact = [dataclasses.replace(each, absolute=0.0, relative=0.0) for each in cases]
    assert Status.PASSED not in statuses(judged(python(same, *exact, comparison=floats)))
    integers = CallCase("f", [1000000], 1000001)
    assert judged(python(same, integers, comparison=floats)).status is Status.WRONG_ANSWER


def test_an_exit_in_python_is_an_error_that_a_case_may_expect() -> None:
    code = "import sys\ndef f(x):\n    if x: sys.exit(x)\n"
    cases = [
        CallCase("f", [2], error="SystemExit"),
        CallCase("f", [0], error="SystemExit"),
        CallCase("f", [2], error=""),
        CallCase("f", [2], None),
        CallCase("f", [0], None),
    ]
    passed, wrong, ended = Status.PASSED, Status.WRONG_ANSWER, Status.INCOMPLETE
    assert statuses(judged(python(code, *cases))) == [passed, wrong, wrong, ended, passed]


def test_the_remaining_cases_have_a_new_process_at_most_three_times() -> None:
    ends = "import os\nn = 0\ndef f(x):\n    global n\n    n += 1\n    if x: os._exit(0)\n    return n\n"
    calls = [CallCase("f", [each], 1) for each in (0, 1, 0, 1, 1, 0, 1, 0)]
    passed, ended = Status.PASSED, Status.INCOMPLETE
    assert statuses(judged(python(ends, *calls))) == [
        passed,
        ended,
        passed,
        ended,
        ended,
        passed,
        ended,
        None,
    ]
    first = judged(python(ends, *calls, stop_at_first_failure=True))
    assert statuses(first) == [passed, ended, *[None] * 6]
    wrong = [CallCase("f", [0], 2), CallCase("f", [0], 2)]
    assert statuses(judged(python(ends, *wrong, stop_at_first_failure=True))) == [Status.WRONG_ANSWER, None]


def test_no_case_is_run_after_the_second_timeout() -> None:
    spin = "def f(x):\n    while x: pass\n"
    calls = [CallCase("f", [each]) for each in (0, 1, 0, 1, 0, 0)]
    verdict = judged(python(spin, *calls, limits=limits(cpu_seconds=0.5)))
    hung = Status.TIMEOUT
    assert statuses(verdict) == [Status.PASSED, hung, Status.PASSED, hung, None, None]
    assert verdict.status is hung


def test_limits_hold_for_each_case() -> None:
    used = "from time import process_time\n"
    spin = f"{used}def f(x):\n    end = process_time() + x\n    while process_time() < end: pass\n"
    cases = [CallCase("f", [each]) for each in (0.3, 0.3, 60, 0.3)]
    verdict = judged(python(spin, *cases, limits=limits(cpu_seconds=0.5)))
    assert statuses(verdict) == [Status.PASSED] * 2 + [Status.TIMEOUT, Status.PASSED]
    assert [each.cpu_seconds > 0.2 for each in verdict.cases] == [True] * 4
    sleep = "import time\ndef f(x): time.sleep(x)\n"
    verdict = judged(python(sleep, CallCase("f", [60]), CallCase("f", [0]), limits=limits(wall_seconds=1)))
    assert statuses(verdict) == [Status.TIMEOUT, Status.PASSED]
    children = "import os\ndef f(x):\n    if os.fork() == 0:\n        while True: pass\n    os.wait()\n"
    verdict = judged(python(children, CallCase("f", [1]), limits=limits(cpu_seconds=1)))
    assert verdict.status is Status.TIMEOUT


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("b'\\0\\0\\0\\1?'", Status.POLICY),  # no answer
        ("b'\\0\\0\\0\\1R'", Status.POLICY),  # no result
        ("frame(b'RT' + bytes(12) + b'x')", Status.POLICY),  # something follows
        ("frame(b'RX' + bytes(12))", Status.POLICY),  # an unknown tag
        ("frame(b'Rs' + b'\\0\\0\\0\\2\\xff\\xff' + bytes(12))", Status.POLICY),
        (
            "frame(b'R' + b'l\\0\\0\\0\\1' * 300 + b'N' + bytes(12))",
            Status.WRONG_ANSWER,
        ),  # not what is expected
        ("frame(b'Rl\\0\\xff\\xff\\0' + b'N' * (0xffff00) + bytes(12))", Status.WRONG_ANSWER),  # large
        ("frame(b'RI\\0\\xff\\0\\0' + b'1' * 0xff0000 + bytes(12))", Status.WRONG_ANSWER),
        ("frame(b'RK\\0\\0\\0\\7Decimals\\0\\0\\0\\1x' + bytes(12))", Status.POLICY),  # no number
        ("b'\\1\\0\\0\\1' + b'x'", Status.OUTPUT_LIMIT),
        ("frame(b'RT' + bytes(12)) * 2", Status.POLICY),  # before the next question
        ("b'\\0'", Status.TIMEOUT),
    ],
)
def test_hostile_answers(sent: str, status: Status) -> None:
    hostile = (
        "import os\ndef frame(x): return len(x).to_bytes(4, 'big') + x\n"
        f"def f(x):\n    data = {sent}\n    while data: data = data[os.write(6, data):]\n"
        "    while True: os.read(5, 1) or exit(0)\n"
    )
    cases = CallCase("f", [1], True), CallCase("f", [1], True)
    verdict = judged(
        python(hostile, *cases, limits=limits(cpu_seconds=1, wall_seconds=2), stop_at_first_failure=True)
    )
    assert verdict.status is status


def test_what_is_expected_is_not_in_the_candidates_process() -> None:
    search = (
        "import gc, os\n"
        "def f(x):\n"
        "    held = [each for each in gc.get_objects() if isinstance(each, (list, dict))]\n"
        "    text = repr([each for each in held if each is not held])\n"
        "    return 'needle' + 'in' if 'needle' + 'hay' in text else os.environ.get('expected', 'none')\n"
    )
    verdict = judged(python(search, CallCase("f", [1], "needlehay")))
    assert (verdict.status, verdict.stderr.count("needlehay")) == (Status.WRONG_ANSWER, 1)
    assert "returned: 'none'" in verdict.stderr


def test_an_object_that_equals_everything_passes_nothing() -> None:
    own = "class Own(int):\n    def __eq__(self, other): return True\n    __hash__ = None\n"
    cases = CallCase("f", [], 7), CallCase("g", [], [1])
    verdict = judged(python(f"{own}def f(): return Own(3)\ndef g(): return object()\n", *cases))
    assert statuses(verdict) == [Status.WRONG_ANSWER] * 2


def test_an_error_in_javascript_is_shown_as_text() -> None:
    skip_without_tools("javascript")
    code = "function f(x) {\n  return y;\n}\n"
    with Judge(1) as judge:
        (verdict,) = judge.run([Program("a", "javascript", code, cases=(CallCase("f", [1], 2),))])
    assert (verdict.status, verdict.stderr) == (Status.RUNTIME_ERROR, "ReferenceError: y is not defined\n")
