"""What a candidate in Python does to tests apart other than by values: errors, excesses, ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from crosstune.execution import Judge
from crosstune.records import Program, Status

_DECLARED = "def f(a):\n"


_DATA = "cases = [(1, 2), (2, 4)]\n"

# Tests in which an error ends a loop as if nothing were left, with the error.
ENDED_LOOPS = {
    "all of map": ("StopIteration", _DATA + "assert all(map(lambda c: f(c[0]) == c[1], cases))"),
    "zip of map": (
        "StopIteration",
        (
            "def check(candidate):\n    for got, want in zip(map(candidate, [1, 2]), [2, 4]):\n"
            "        assert got == want\ncheck(f)"
        ),
    ),
    "filter": ("StopIteration", _DATA + "assert not list(filter(lambda c: f(c[0]) != c[1], cases))"),
    "sum": ("StopIteration", _DATA + "assert sum(map(lambda c: f(c[0]) != c[1], cases)) == 0"),
    "iterator with an end": ("StopIteration", "assert 3 not in list(iter(lambda: f(1), 2))"),
    "own iterator": (
        "StopIteration",
        _DATA + "class Cases:\n    def __init__(self): self.left = cases[:]\n"
        "    def __iter__(self): return self\n    def __next__(self):\n"
        "        return f(self.left.pop()[0])\n"
        "assert all(each == 0 for each in Cases())",
    ),
    "default of next": (
        "StopIteration",
        "assert next(map(lambda x: f(x) == 2, [1]), True)",
    ),
    "method": ("StopIteration", _DATA + "s = S()\nassert all(map(lambda c: s.f(c[0]) == c[1], cases))"),
    "property": ("StopIteration", _DATA + "s = S()\nassert all(map(lambda c: s.p == c[1], cases))"),
    "constructor": ("StopIteration", _DATA + "assert all(map(lambda c: S(c) is None, cases))"),
    "index": (
        "IndexError",
        _DATA + "class Cases:\n    def __getitem__(self, i): return f(cases[i][0]) == cases[i][1]\n"
        "assert all(Cases())",
    ),
    "subclass": (
        "type('Own', (StopIteration,), {})",
        _DATA + "assert all(map(lambda c: f(c[0]) == 2, cases))",
    ),
    "absent attribute": (
        "AttributeError",
        (
            "class T:\n    @property\n    def wrong(self): return f(1) != 2\n"
            "assert not getattr(T(), 'wrong', False)"
        ),
    ),
}


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(workers=2, isolation="separate") as judge:
        yield judge


def _judged(judge: Judge, programs: list[Program]) -> dict[str, tuple[Status, str]]:
    return {verdict.id: (verdict.status, verdict.stderr) for verdict in judge.run(programs)}


@pytest.mark.parametrize("name", ENDED_LOOPS)
def test_an_error_does_not_end_a_loop_of_the_tests(judge: Judge, name: str) -> None:
    error, tests = ENDED_LOOPS[name]
    raises = f"def f(*_): raise {error}\n"
    methods = "class S:\n    def __init__(s, *a):\n        if a: f()\n    f = f\n    p = property(f)\n"
    works = "def f(x): return 2 * x\n"
    declared = "def f(a): pass\nclass S: pass\n"
    programs = [
        Program(kind, "python", code + methods, tests, entry_points=("f", "S"), declaration=declared)
        for kind, code in (("raises", raises), ("works", works))
    ]
    verdicts = list(judge.run(programs))
    assert [each.isolation for each in verdicts] == ["separate"] * 2
    assert verdicts[0].status is Status.RUNTIME_ERROR, verdicts[0].stderr
    if name in ("all of map", "zip of map", "filter", "sum", "index", "absent attribute"):
        assert verdicts[1].status is Status.PASSED, verdicts[1].stderr


# Tests that end their process, or leave it before the candidate has answered.
_ENDS = {
    "no report": "import os\nassert f(1) == 1\nos._exit(0)",
    "a signal": "import os\nassert f(1) == 1\nos.kill(os.getpid(), 9)",
    "an answer on its way": "import _thread, time\n_thread.start_new_thread(lambda: f(1), ())\n"
    "time.sleep(0.1)",
}


@pytest.mark.parametrize("tests", _ENDS.values(), ids=_ENDS)
def test_tests_that_end_early_leave_nothing_to_the_next(tests: str) -> None:
    slow = "import time\ndef f(x):\n    time.sleep(0.3)\n    return x\n"
    plain = "import pytest\ndef test_f():\n    assert f(1) == 1"
    programs = [
        Program(str(number), "python", slow, text, entry_points=("f",), declaration=_DECLARED)
        for number, text in enumerate((tests, plain, plain))
    ]
    with Judge(workers=1, isolation="separate") as judge:
        verdicts = [verdict.status for verdict in judge.run(programs)]
    assert verdicts == [Status.RUNTIME_ERROR, Status.PASSED, Status.PASSED]


_LONG = "'x' * 9_000_000"

_DEEP = "functools.reduce(lambda inner, _: [inner], range(150), 0)"

# What candidates return so that the tests pass on what is no value, with the tests, and the status.
EXCESSES = {
    "long": (f"def f(x): return {_LONG}", "assert f(f(1) + f(2)) == 1", Status.OUTPUT_LIMIT),
    "lazy": ("def f(x): return range(4_000_000)", "r = f(1)\nassert f([*r]) == 1", Status.OUTPUT_LIMIT),
    "count": ("def f(x): return 20_000_000", "for i in [f(1)]:\n    assert f('x' * i)", Status.OUTPUT_LIMIT),
    "deep": (
        f"import functools\ndef f(x): return {_DEEP}",
        "def more(x, n=99):\n    for _ in range(n): x = [x]\n    return x\nassert f(more(f(1))) == 1",
        Status.WRONG_ANSWER,
    ),
    "changed argument, long": (
        "def f(x): x[:] = ['x' * 16_777_000]",
        "x = [1]\nf(x)\nf([x, x])\nassert x == [1]",
        Status.OUTPUT_LIMIT,
    ),
    "changed argument, deep": (
        f"import functools\ndef f(x): x[:] = [{_DEEP}] if x == [1] else x",
        "x = [1]\nf(x)\nfor _ in range(90): x = [x]\nassert f(x)",
        Status.WRONG_ANSWER,
    ),
    "error": (
        f"def f(x): raise ValueError({_LONG})",
        "m = ''\nfor i in (1, 2):\n    try: f(i)\n    except ValueError as e: m += str(e)\nassert f(m) == 1",
        Status.OUTPUT_LIMIT,
    ),
    "arguments of an error": (
        f"def f(x): raise ValueError({_LONG})",
        "import pytest\nwith pytest.raises(ValueError) as e:\n    f(1)\nassert f(e.value.args * 2) == 1",
        Status.OUTPUT_LIMIT,
    ),
    "default": (
        f"def f(x): return {_LONG}",
        "def g(a=f(1), *, b=f(2)): return f(a + b)\nassert g() == 1",
        Status.OUTPUT_LIMIT,
    ),
    "default of a lambda": (
        f"def f(x): return {_LONG}",
        "g = lambda a=f(1): f(a + a)\nassert g() == 1",
        Status.OUTPUT_LIMIT,
    ),
    "through a map": (
        f"def f(x): return {_LONG}",
        "def check(c):\n    assert list(map(c, map(lambda s: s * 2, map(c, [1])))) == [1]\ncheck(f)",
        Status.OUTPUT_LIMIT,
    ),
    "loop": (
        "def f(x): return False",
        "s = 'x' * 1000\nwhile not f(s): s += s\nassert f(1)",
        Status.OUTPUT_LIMIT,
    ),
    "field": (
        f"class Box:\n    x = {_LONG}",
        "b = Box()\nb.x = b.x + b.x\nassert b.x == 1",
        Status.OUTPUT_LIMIT,
    ),
    "field, added to": (
        f"class Box:\n    x = {_LONG}",
        "b = Box()\nb.x += b.x\nassert b.x == 1",
        Status.OUTPUT_LIMIT,
    ),
    "operand": (
        f"class Box:\n    x = {_LONG}\n    def __eq__(s, o): return True",
        "b = Box()\nassert b == 'x'\ny = b.x * 2\nassert b == y",
        Status.OUTPUT_LIMIT,
    ),
    "method": (
        "class Box:\n    def value(self): return 1\n    def put(self, x): return x",
        "b = Box()\nassert b.put(b.value) == 1",
        Status.WRONG_ANSWER,
    ),
    "long of the tests": (
        "def f(x): return 1",
        "assert f(1) == 1\nf('x' * 20_000_000)",
        Status.HARNESS_ERROR,
    ),
    "deep of the tests": (
        "def f(x): return 1",
        "x = 0\nfor _ in range(300): x = [x]\nassert f(1) == 1\nf(x)",
        Status.PASSED,
    ),
}


def test_what_no_value_can_hold_is_the_failure_of_whoever_it_comes_from(judge: Judge) -> None:
    programs = [
        Program(name, "python", code, tests, entry_points=("Box" if "Box" in code else "f",))
        for name, (code, tests, _) in EXCESSES.items()
    ]
    verdicts = _judged(judge, programs)
    assert {name: status for name, (status, _) in verdicts.items()} == {
        name: status for name, (_, _, status) in EXCESSES.items()
    }


@pytest.mark.parametrize(
    ("declaration", "why"),
    [
        ("import nothing_here\ndef f(x):\n    pass", "No module named 'nothing_here'"),
        ("Y = f(1)\ndef f(x):\n    pass", "NameError: name 'f' is not defined"),
        ("f", "NameError: name 'f' is not defined"),
    ],
)
def test_a_declaration_that_fails_by_itself_is_named(declaration: str, why: str) -> None:
    program = Program("1", "python", "def f(x): return x", "assert f(1) == 1", entry_points=("f",))
    with Judge(isolation="separate") as separate:
        verdict = next(separate.run([replace(program, declaration=declaration)]))
    assert verdict.status is Status.HARNESS_ERROR
    assert f"cannot be run without a candidate ({why}" in verdict.stderr.replace("ModuleNotFoundError: ", "")
