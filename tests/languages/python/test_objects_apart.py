"""Objects of classes that stay in the process of a candidate in Python."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crosstune.execution import Judge
from crosstune.records import Program, Status

_DECLARED = "class S:\n    pass\n"


CLASSES = {
    "stack": (
        (
            "class S:\n    def __init__(s): s.i = []\n    def push(s, x): s.i.append(x)\n"
            "    def pop(s): return s.i.pop()\n"
            "    def __len__(s): return len(s.i)"
        ),
        (
            "x = S()\nx.push([1])\nassert len(x) == 1 and x.pop() == [1] and not x\n"
            "try:\n    x.pop()\n    assert False\nexcept IndexError:\n    pass"
        ),
    ),
    "properties": (
        (
            "class S:\n    def __init__(s, v=1): s.v = v\n    @property\n    def double(s): return s.v * 2\n"
            "    @staticmethod\n    def one(): return 1\n    @classmethod\n    def two(c): return 2"
        ),
        (
            "x = S(v=3)\nassert x.double == 6 and x.one() == 1 and x.two() == 2\nx.v = 5\n"
            "assert x.double == 10"
        ),
    ),
    "operators": (
        (
            "class S:\n    def __init__(s, v): s.v = v\n    def __add__(s, o): return S(s.v + o.v)\n"
            "    def __eq__(s, o): return s.v == o.v\n    def __repr__(s): return f'S({s.v})'"
        ),
        "assert S(1) + S(2) == S(3) and S(1) != S(2) and repr(S(4)) == 'S(4)'",
    ),
    "inheritance": (
        "class B:\n    def name(s): return 'B'\nclass S(B):\n    def name(s): return super().name() + 'S'",
        "assert S().name() == 'BS'",
    ),
    "linked": (
        (
            "class S:\n    def __init__(s, v): s.v, s.next = v, None\n    def link(s, o):\n"
            "        s.next = o\n        return s"
        ),
        "a = S(1).link(S(2))\nassert a.next.v == 2 and a.next.next is None",
    ),
    "iteration": (
        (
            "class S:\n    def __iter__(s): return iter((1, 2))\n    def __contains__(s, x): return x == 1\n"
            "    def __getitem__(s, i): return i"
        ),
        (
            "x = S()\n"
            "assert list(x) == [1, 2] and 1 in x and 2 not in x\nassert x[7] == 7\n"
            "assert [y for y in x] == [1, 2]\nx.v = 1"
        ),
    ),
    "error in the constructor": (
        "class S:\n    def __init__(s, v):\n        if v < 0: raise ValueError('v')\n        s.v = v",
        "assert S(1).v == 1\ntry:\n    S(-1)\n    assert False\nexcept ValueError:\n    pass",
    ),
    "context": (
        "class S:\n    def __enter__(s): return s\n    def __exit__(s, *a): s.done = True",
        "x = S()\nwith x as y:\n    pass\nassert x.done is True",
    ),
}

CLASS_CHEATS = {
    "an object for a value": (
        (
            "class S:\n    def f(s): return s\n    def __eq__(s, o): return True\n"
            "    def __sub__(s, o): return 0\n"
            "    def __lt__(s, o): return True\n    __gt__ = __lt__"
        ),
        "assert S().f() == 3",
        "assert abs(S().f() - 3) < 1e-6",
        "assert 2 < S().f() < 4",
        "x = S()\nassert x.f() == 3",
        "import math\nassert math.isclose(S().f(), 3)",
    ),
}

ITERATORS = {
    "iteration of an object": (
        (
            "class S:\n    def __init__(s, n): s.n = n\n    def __iter__(s): return s\n    def __next__(s):\n"
            "        if s.n == 0: raise StopIteration\n        s.n -= 1\n        return s.n"
        ),
        (
            "assert list(S(3)) == [2, 1, 0]\nassert [a + b for a, b in zip(S(2), S(2))] == [2, 0]\n"
            "x = S(1)\nassert next(x) == 0\nassert next(x, None) is None\nfor y in S(2):\n    assert y < 2"
        ),
    ),
    "end that the tests expect": (
        "class S:\n    def f(s): raise StopIteration('end')",
        "try:\n    S().f()\n    assert False\nexcept StopIteration as e:\n    assert e.args == ('end',)",
    ),
    "index that the tests expect": (
        "class S:\n    def f(s): return [][0]",
        (
            "class T:\n    def __getitem__(self, i): return S().f()\n"
            "try:\n    T()[0]\n    assert False\nexcept IndexError:\n    pass"
        ),
    ),
}

_VECTOR = (
    "class S:\n    def __init__(s, *v): s.v = v\n    def __eq__(s, o): return s.v == getattr(o, 'v', o)\n"
    "    def __lt__(s, o): return s.v < getattr(o, 'v', o)\n"
    "    def __add__(s, o): return S(*[a + b for a, b in zip(s.v, getattr(o, 'v', o))])\n"
    "    def __sub__(s, o): return S(*[a - b for a, b in zip(s.v, getattr(o, 'v', o))])\n"
    "    def __contains__(s, x): return x in s.v\n    def __iter__(s): return iter(s.v)\n"
    "    def norm(s): return sum(a * a for a in s.v) ** 0.5\n"
    "    def twice(s): return S(*[2 * a for a in s.v])\n"
    "    def items(s): return list(s.v)\n    def union(s, o): return S(*s.v, *o.v)\n"
    "    x = property(lambda s: s.v[0])\n    me = property(lambda s: s)"
)

_YES = (
    "class S:\n    def __init__(s, *v): pass\n    def norm(s, *_): return s\n"
    "    twice = items = union = norm\n    __contains__ = lambda s, x: True\n    x = property(norm)\n"
    "    def __eq__(s, o): return True\n    __lt__ = __gt__ = __le__ = __ge__ = __eq__\n"
    "    def __add__(s, o): return s\n    def __sub__(s, o): return 0\n    __rsub__ = __sub__\n"
    "    def __getitem__(s, i): return s\n    def __iter__(s): return iter([s, s])\n"
)

_SEEN = "v, w = S(3, 4), S(3, 5)\nassert v == (3, 4) and v < w and v - w != v\n"

# Where the tests use an operator of objects that they have made, and expect a value elsewhere.
VALUES_BESIDE_OBJECTS = {
    "equal": "assert v.norm() == 5",
    "equal, from the right": "assert 5 == v.norm()",
    "in a list": "assert [v.norm()] == [5]",
    "one of": "assert v.norm() in (5,)",
    "named": "n = v.norm()\nassert n == 5",
    "attribute": "assert v.x == 3",
    "items": "assert list(v) == [3, 4]",
    "one of the items": "assert 3 in v and 3 in v.items()",
    "less": "assert v.norm() < 5.5",
    "difference": "assert abs(v.norm() - 5) < 1e-6",
    "difference, from the right": "assert abs(5 - v.norm()) < 1e-6",
}

# Where it expects objects, each of which the class without a single right operator would pass, too.
OBJECTS_OF_METHODS = {
    "compared": "assert v.twice() == S(6, 8)\nassert v.twice() == (6, 8)\nassert 3 in v and 6 in v.twice()",
    "looked into": "t = v.twice()\nassert t.norm() == 10 and t == (6, 8)",
    "chained": "assert v.twice().norm() == 10\nassert v.me.x == 3\n"
    "assert v + w == v + w\nassert v.twice() + (1, 1) == (7, 9)",
    "two of them": "assert v.twice() == v.twice() and v.twice() < w.twice()",
    "union": "assert 3 in v\nu = v.union(w)\nassert 5 in u and 5 in v.union(w)",
    "sum": "assert v + w == (6, 9) and (v + w) - (6, 9) == (0, 0)",
}


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(workers=2, isolation="separate") as judge:
        yield judge


def _judged(judge: Judge, programs: list[Program]) -> dict[str, tuple[Status, str]]:
    return {verdict.id: (verdict.status, verdict.stderr) for verdict in judge.run(programs)}


def test_right_programs_pass(judge: Judge) -> None:
    programs = [
        Program(name, "python", candidate, tests, entry_points=("S",), declaration=_DECLARED)
        for name, (candidate, tests) in (CLASSES | ITERATORS).items()
    ]
    verdicts = _judged(judge, programs)
    assert {name: each for name, each in verdicts.items() if each[0] is not Status.PASSED} == {}


def test_an_object_is_not_the_value_that_its_operators_say(judge: Judge) -> None:
    programs = [
        Program(f"{name} {number}", "python", candidate, tests, entry_points=("S",), declaration=_DECLARED)
        for name, (candidate, *texts) in CLASS_CHEATS.items()
        for number, tests in enumerate(texts)
    ]
    verdicts = _judged(judge, programs)
    assert {
        name: each for name, each in verdicts.items() if each[0] in (Status.PASSED, Status.HARNESS_ERROR)
    } == {}


@pytest.mark.parametrize("cases", [VALUES_BESIDE_OBJECTS, OBJECTS_OF_METHODS])
def test_an_object_that_a_method_returns_is_compared_where_one_is_expected(
    judge: Judge, cases: dict[str, str]
) -> None:
    programs = [
        Program(f"{kind}, {name}", "python", code, _SEEN + tests, entry_points=("S",), declaration=_DECLARED)
        for name, tests in cases.items()
        for kind, code in (("right", _VECTOR), ("wrong", _YES))
    ]
    verdicts = _judged(judge, programs)
    passed = {name for name, each in verdicts.items() if each[0] is Status.PASSED}
    assert passed >= {f"right, {name}" for name in cases}, verdicts
    assert cases is OBJECTS_OF_METHODS or passed == {f"right, {name}" for name in cases}


def test_an_annotation_says_what_a_method_returns(judge: Judge) -> None:
    declared = "class S:\n    def __mul__(self, o) -> {}: pass\n    def twice(self) -> 'S': pass\n"
    tests = "v = S(3, 4)\nassert v == (3, 4)\nassert v * v == 25\n"
    code = _YES + "    __mul__ = __add__\n"
    programs = [
        Program(kind, "python", code, tests, entry_points=("S",), declaration=declared.format(kind))
        for kind in ("int", "S")
    ]
    verdicts = _judged(judge, programs)
    assert verdicts["int"][0] is Status.WRONG_ANSWER
    right = "v = S(3, 4)\nassert v == (3, 4)\nassert v.twice() == (6, 8)\n"
    given = Program("", "python", _VECTOR, right, entry_points=("S",), declaration=declared.format("int"))
    assert _judged(judge, [given])[""] == (Status.PASSED, "")
