"""Python's tests and candidates in processes of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crosstune.execution import Judge
from crosstune.records import Program, Status

_TESTS = """
def check(add):
    assert add(1, 2) == 3
    assert add(5, 7) == 12
check(add)
"""

# The beginning of a candidate that answers the tests itself.
_ANSWERS = """
import os, struct
def frame(data):
    os.write(6, struct.pack(">I", len(data)) + data)
def text(value):
    return struct.pack(">I", len(value)) + value
END = struct.pack(">I", 0) + text(b"") + text(b"")
def add(a, b):
"""

CHEATS = {
    "equal to everything": "class A:\n    def __eq__(s, o): return True\ndef add(a, b): return A()",
    "integer that equals all": "class A(int):\n    def __eq__(s, o): return True\ndef add(a, b): return A(9)",
    "class named as the function": "class add:\n    def __init__(s, *a): pass\n"
    "    def __eq__(s, o): return True",
    "exit": "import os\ndef add(a, b): os._exit(0)",
    "sys.exit": "def add(a, b): raise SystemExit(0)",
    "interrupt": "def add(a, b): raise KeyboardInterrupt",
    "exit while loading": "import os\nos._exit(0)",
    "report": "import os\ndef add(a, b):\n    os.write(4, b'passed ' + b'0' * 32)\n    os._exit(0)",
    "report while loading": "import os\nos.write(4, b'passed ' + b'0' * 32)\nos._exit(0)",
    "no function": "def sub(a, b): return a - b",
    "no answer": "import os\nos.close(5)\nos.close(6)\ndef add(a, b): return a + b",
    "closed in the call": "import os\ndef add(a, b):\n    os.close(6)\n    return 3",
    "no frame": "import os\ndef add(a, b):\n    os.write(6, b'\\xff' * 64)\n    return 3",
    "frames beforehand": "import os\nos.write(6, (b'\\0\\0\\0\\x16R' + b'i' + b'\\0'*8 + b'\\0'*12) * 9)\n"
    "def add(a, b): return 0",
    "empty frame": _ANSWERS + "    frame(b'')",
    "report as a frame": _ANSWERS + "    frame(b'passed'); frame(b'!passed')",
    "hello again": _ANSWERS + "    frame(b'H\\1')",
    "unknown tag": _ANSWERS + "    frame(b'Rz' + END)",
    "something follows": _ANSWERS + "    frame(b'Ri' + (a + b).to_bytes(8, 'big') + END + b'x')",
    "long text announced": _ANSWERS + "    frame(b'Rs' + b'\\xff' * 4 + END)",
    "long list announced": _ANSWERS + "    frame(b'Rl' + b'\\xff' * 4 + END)",
    "set of lists": _ANSWERS + "    frame(b'RS' + b'\\0\\0\\0\\1l' + bytes(4) + END)",
    "deep frame": _ANSWERS + "    frame(b'R' + b'l\\0\\0\\0\\1' * 100000 + b'N' + END)",
    "long frame": _ANSWERS + "    os.write(6, struct.pack('>I', 1 << 31))\n    os.write(6, bytes(1 << 16))",
    "unknown handle": _ANSWERS + "    frame(b'Rh' + b'\\0\\0\\0\\7' + END)",
    "record": _ANSWERS + "    frame(b'Rr' + text(b'Any') + bytes(4) + END)",
    "change of another argument": _ANSWERS
    + "    frame(b'Ri' + (a + b).to_bytes(8, 'big') + b'\\0\\0\\0\\1\\0\\0\\0\\7N' + text(b'') * 2)",
    "large bytearray": _ANSWERS
    + "    frame(b'RK' + text(b'bytearray') + b'i' + (1 << 40).to_bytes(8, 'big') + END)",
    "long fraction": _ANSWERS + "    frame(b'RK' + text(b'Fraction') + b's' + text(b'1e999999999') + END)",
    "large array": _ANSWERS
    + "    frame(b'RK' + text(b'numpy.ndarray') + b't\\0\\0\\0\\3s' + text(b'<U99999999')"
    + " + b't\\0\\0\\0\\1i' + bytes(7) + b'\\1l\\0\\0\\0\\1s' + text(b'') + END)",
    "keys of a range": _ANSWERS
    + "    r = b'K' + text(b'range') + b't\\0\\0\\0\\3'\n"
    + "    for n in (0, 1 << 50, 1): r += b'i' + n.to_bytes(8, 'big')\n"
    + "    frame(b'RK' + text(b'keys') + r + END)",
    "unknown type": _ANSWERS + "    frame(b'RK' + text(b'eval') + b's' + text(b'3') + END)",
    "skips the tests": _ANSWERS + "    frame(b'E' + text(b'unittest.case.SkipTest') + text(b'') * 2 + END)",
    "exits the tests": _ANSWERS + "    frame(b'E' + text(b'SystemExit') + text(b'0') + text(b'') + END)",
    "ends the tests": _ANSWERS + "    frame(b'E' + text(b'Ended') + text(b'passed') + text(b'') + END)",
    "fork": "import os\ndef add(a, b):\n    return 3 if os.fork() else 7",
    "fork that answers": "import os\nfor guess in (3, 12):\n    if not os.fork(): break\n"
    "def add(a, b): return guess",
    "100 MB": "def add(a, b): return 'x' * 100_000_000",
    "contains itself": "def add(a, b):\n    x = []\n    x.append(x)\n    return x",
    "10,000 deep": "def add(a, b):\n    x = []\n    for _ in range(10000): x = [x]\n    return x",
    "many digits": "def add(a, b): return 10 ** 1_000_000",
    "not a number": "def add(a, b): return float('nan')",
    "lone surrogate": "def add(a, b): return '\\ud800'",
    "endless iterator": "import itertools\ndef add(a, b): return itertools.count()",
    "recursion": "def add(a, b): return add(a, b)",
    "error": "def add(a, b): raise AssertionError('passed')",
    "error that cannot be shown": "class E(Exception):\n    def __str__(s): 1 / 0\ndef add(a, b): raise E()",
    "no value in a map": "def add(a, b): return {lambda: 1: object()}",
    "property that raises": "class N(list):\n    __iter__ = None\n    __len__ = None\n"
    "def add(a, b): return N([1])",
    "lies about its class": "class A:\n    __class__ = int\n    def __eq__(s, o): return True\n"
    "def add(a, b): return A()",
    "lies about its module": "class Counter:\n    __module__ = 'collections'\n"
    "    def __eq__(s, o): return True\n"
    "def add(a, b): return Counter()",
    "changes the server": "import sys\nfor name, value in list(sys.modules.items()):\n"
    "    if 'value' in name: sys.modules.pop(name)\ndef add(a, b): return 7",
    "frames above": "import sys\ndef add(a, b):\n    f = sys._getframe(1)\n    f.f_locals.clear()\n"
    "    return f.f_locals.get('expected')",
    "reads its descriptors": "import os\ndef add(a, b):\n    os.set_blocking(5, False)\n"
    "    try: return os.read(5, 99)\n    except BlockingIOError: return 0",
    "thread that exits": "import os, threading\nthreading.Timer(0.001, os._exit, (0,)).start()\n"
    "def add(a, b):\n    while True: pass",
    "not callable": "add = 3",
    "no such signature": "def add(a): return a",
}

RIGHT = {
    "own integer": ("class M(int):\n    pass\ndef f(a): return M(a + 1)", "assert f(1) == 2"),
    "own list": ("class L(list):\n    pass\ndef f(a): return L([a])", "assert f(1) == [1]"),
    "named tuple": (
        "from collections import namedtuple\nP = namedtuple('P', 'x y')\ndef f(a): return P(a, 2)",
        "assert f(1) == (1, 2)",
    ),
    "generator": (
        "def f(a):\n    yield from range(a)",
        "assert list(f(3)) == [0, 1, 2]\nassert next(f(2)) == 0",
    ),
    "map": ("def f(a): return map(str, a)", "assert sorted(f([2, 1])) == ['1', '2']"),
    "numpy": (
        "import numpy as np\ndef f(a): return np.array(a) * 2",
        (
            "import numpy as np\nassert (f([[1, 2]]) == np.array([[2, 4]])).all()\n"
            "assert f([1.5]).dtype == np.float64"
        ),
    ),
    "numpy scalar": ("import numpy as np\ndef f(a): return np.sum(a)", "assert f([1, 2]) == 3"),
    "numpy argument": (
        "def f(a):\n    a += 1\n    return a.sum()",
        "import numpy as np\nx = np.zeros(3)\nassert f(x) == 3 and x.tolist() == [1, 1, 1]",
    ),
    "decimal": (
        "def f(a): return a / 3",
        "from decimal import Decimal\nassert f(Decimal(6)) == Decimal('2')",
    ),
    "fraction": ("from fractions import Fraction\ndef f(a): return Fraction(a, 2)", "assert f(1) == 0.5"),
    "date": (
        "def f(a): return a.replace(day=1)",
        "import datetime\nassert f(datetime.date(2024, 2, 29)) == datetime.date(2024, 2, 1)",
    ),
    "counter": (
        "from collections import Counter\ndef f(a): return Counter(a)",
        "assert f('aab') == {'a': 2, 'b': 1}",
    ),
    "deque": (
        "from collections import deque\ndef f(a): return deque(a, 2)",
        "from collections import deque\nassert f([1, 2, 3]) == deque([2, 3])",
    ),
    "mapping proxy": (
        "import types\ndef f(a): return types.MappingProxyType({1: a})",
        "assert f(2) == {1: 2}",
    ),
    "default of a map": (
        "from collections import defaultdict\ndef f(a): return defaultdict(list, a)",
        "assert f({})['x'] == []",
    ),
    "keys": ("def f(a): return a.keys()", "assert f({1: 2}) == {1}\nassert list(f({3: 4})) == [3]"),
    "range": ("def f(a): return range(a)", "assert f(3) == range(3) and len(f(2)) == 2"),
    "complex": ("def f(a): return complex(a, -0.0)", "assert f(1).real == 1 and str(f(0)) == '-0j'"),
    "bytes": ("def f(a): return bytearray(a)[::-1]", "assert f(b'ab') == b'ba'"),
    "frozen set": ("def f(a): return {frozenset(a)}", "assert f([1, 1]) == {frozenset([1])}"),
    "set of numbers that are none": (
        "def f(a): return {(float('nan'), a), (float('nan'), a)}",
        "assert len(list(f(1))[0]) == 2",
    ),
    "surrogate": ("def f(a): return a + a", "assert f('\\ud800') == '\\ud800\\ud800'"),
    "large integer": ("def f(a): return -a ** 2", "assert f(10 ** 5000) == -10 ** 10000"),
    "infinity": ("def f(a): return -a", "import math\nassert f(math.inf) == -math.inf"),
    "not a number": ("def f(a): return [a]", "import math\nassert f(math.nan) == [math.nan]"),
    "type": ("def f(a): return type(a)", "assert f(1) is int and f('') == str"),
    "changed list": (
        "def f(a):\n    a.sort()",
        "x = y = [2, 1]\nassert f(x) is None and x == [1, 2] and y == [1, 2]",
    ),
    "changed inside": (
        "def f(a): a[0].append(3); a[1]['k'].add(1)",
        "r, s = [1], {'k': set()}\nf([r, s])\nassert r == [1, 3] and s == {'k': {1}}",
    ),
    "changed in a tuple": ("def f(a): a[0].append(1)", "r = []\nf((r,))\nassert r == [1]"),
    "changed and raised": (
        "def f(a):\n    a.clear()\n    raise ValueError",
        "x = [1]\ntry:\n    f(x)\n    assert False\nexcept ValueError:\n    assert x == []",
    ),
    "default and keyword": (
        "def f(a, b=2, *, c=3): return a + b * c",
        "assert f(1) == 7 and f(1, c=1) == 3 and f(b=1, a=1) == 4",
    ),
    "many arguments": ("def f(*a, **k): return a, k", "assert f(1, 2, x=3) == ((1, 2), {'x': 3})"),
    "kind of error": (
        "class Own(KeyError): pass\ndef f(a): raise Own('why')",
        "try:\n    f(1)\n    assert False\nexcept KeyError as error:\n    assert error.args == ('why',)",
    ),
    "error of the library": (
        "import json\ndef f(a): return json.loads(a)",
        "import json\ntry:\n    f('{')\n    assert False\nexcept ValueError:\n    pass",
    ),
    "error by pytest": (
        "def f(a): raise ValueError(f'{a} is bad')",
        "import pytest\ndef test_f():\n    with pytest.raises(ValueError, match='1 is bad'):\n        f(1)",
    ),
    "pytest": (
        "def f(a): return a / 3",
        (
            "import pytest\n@pytest.mark.parametrize('a', [1, 2])\ndef test_f(a):\n"
            "    assert f(a) == pytest.approx(a / 3)"
        ),
    ),
    "unittest": (
        "def f(a): return a * 2",
        (
            "import unittest\nclass T(unittest.TestCase):\n"
            "    def test_f(self): self.assertEqual(f([1]), [1, 1])\n"
            "if __name__ == '__main__':\n    unittest.main()"
        ),
    ),
    "asynchronous": (
        "import asyncio\nasync def f(a):\n    await asyncio.sleep(0)\n    return a",
        "import asyncio\nassert asyncio.run(f(3)) == 3",
    ),
    "printed": (
        "def f(a): print(a)",
        (
            "import io, contextlib\nout = io.StringIO()\nwith contextlib.redirect_stdout(out):\n    f('x')\n"
            "assert out.getvalue() == 'x\\n'"
        ),
    ),
    "deep recursion": (
        "import sys\nsys.setrecursionlimit(10 ** 6)\ndef f(a): return 0 if a == 0 else 1 + f(a - 1)",
        "assert f(20000) == 20000",
    ),
    "200 deep": (
        "def f(a):\n    x = []\n    for _ in range(a): x = [x]\n    return x",
        "x = f(190)\nfor _ in range(190): x = x[0]\nassert x == []",
    ),
    "object in a collection": (
        "class A: pass\ndef f(a): return [A(), a]",
        "assert f(1)[1] == 1 and len(f(2)) == 2 and f(3)[0] is not None",
    ),
    "state between calls": (
        "seen = []\ndef f(a):\n    seen.append(a)\n    return len(seen)",
        "f(1)\nassert f(2) == 2",
    ),
    "cached": (
        "from functools import lru_cache\n@lru_cache\ndef f(a): return a if a < 2 else f(a - 1) + f(a - 2)",
        "assert f(90) == 2880067194370816120",
    ),
    "partial function": ("from functools import partial\nf = partial(max, 3)", "assert f(1) == 3"),
    "callable object": ("class F:\n    def __call__(s, a): return a\nf = F()", "assert f(1) == 1"),
    "thread left running": (
        (
            "import threading, time\nthreading.Thread(target=time.sleep, args=(99,)).start()\n"
            "def f(a): return a"
        ),
        "assert f(1) == 1",
    ),
    "main guard": (
        ("def f(a): return a\nif __name__ == '__main__':\n    print(input())"),
        "assert f(1) == 1",
    ),
    "random": ("import random\ndef f(a): return random.choice(a)", "import random\nassert f([1]) == 1"),
    "iterator passed": ("def f(a): return sum(a)", "assert f(iter([1, 2])) == 3 and f(x for x in (1,)) == 1"),
    "result passed on": ("def f(a): return map(int, a)", "assert list(f(f('12'))) == [1, 2]"),
}


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(workers=2, isolation="separate") as judge:
        yield judge


def _judged(judge: Judge, programs: list[Program]) -> dict[str, tuple[Status, str]]:
    return {verdict.id: (verdict.status, verdict.stderr) for verdict in judge.run(programs)}


def test_no_cheat_passes_and_none_is_blamed_on_the_harness(judge: Judge) -> None:
    programs = [
        Program(name, "python", candidate, _TESTS, entry_points=("add",))
        for name, candidate in CHEATS.items()
    ]
    verdicts = _judged(judge, programs)
    bad = {Status.PASSED, Status.HARNESS_ERROR}
    assert {name: each for name, each in verdicts.items() if each[0] in bad} == {}


def test_right_programs_pass(judge: Judge) -> None:
    programs = [
        Program(name, "python", candidate, tests, entry_points=("f",), declaration="def f(a):\n")
        for name, (candidate, tests) in RIGHT.items()
    ]
    verdicts = _judged(judge, programs)
    assert {name: each for name, each in verdicts.items() if each[0] is not Status.PASSED} == {}


def test_records_helpers_and_errors_of_the_benchmark(judge: Judge) -> None:
    right = """
def f(p):
    if p.x < 0:
        raise BadPair("below 0")
    return Pair(double(p.y), p.x)
"""
    tests = """
assert f(Pair(1, 2)) == Pair(double(2), 1) and f(Pair(3)).y == 3
try:
    f(Pair(-1))
    assert False
except BadPair as error:
    assert str(error) == "below 0"
"""
    forged = "class Any(Pair):\n    def __eq__(s, o): return True\ndef f(p): return Any(9, 3)\n"
    programs = [
        Program(
            name, "python", _DECLARATION + candidate, tests, declaration=_DECLARATION, entry_points=("f",)
        )
        for name, candidate in (("right", right), ("forged", forged))
    ]
    verdicts = _judged(judge, programs)
    assert verdicts["right"] == (Status.PASSED, "")
    assert verdicts["forged"][0] is Status.WRONG_ANSWER


_DECLARATION = """
from dataclasses import dataclass
@dataclass
class Pair:
    x: int
    y: int = 0
class BadPair(ValueError): pass
class Node:
    def __init__(self, value): self.value = value
def linked(x): return Node(x)
def unlinked(x): return linked(x).value
def double(x): return 2 * x
class S: pass
"""
_SHARED = {
    "reads": "import sys\nsys.stdin = None\nassert f(1) == 1",
    "seeds": "import random\nrandom.seed(1)\nassert f(1) == 1",
    "passes a function": "assert f(lambda x: x) == 1",
    "passes its own function": "def g(x): return x\nassert f(g) == 1",
    "passes a built-in function": "assert f(len) == 1",
    "passes a function of a module": "import math\nassert f(math.sqrt) == 1",
    "passes an object": "class A: pass\nassert f(A()) == 1",
    "passes a file": "import io\nassert f(io.StringIO('x')) == 1",
    "calls the result": "assert f(1)(2) == 3",
    "calls the result later": "g = f(1)\nassert g(2) == 3",
    "asks for an attribute": "assert f(1).name == 1",
    "asks for an attribute later": "x = f(1)\nassert x.val == 1",
    "compares identities": "x = []\nassert f(x) is x",
    "patches": "from unittest.mock import patch\n"
    "with patch('builtins.print') as p:\n    f(1)\np.assert_called()",
    "captures": "def test_f(capsys):\n    f(1)\n    assert capsys.readouterr().out == '1'",
    "looks at the code": "import inspect\nassert inspect.isfunction(f)",
    "uses another name": "assert g(1) == f(1)",
    "uses an attribute of the function": "assert f.cache_info() == 1",
    "hands the function on": "import functools\nassert functools.reduce(f, [1, 2]) == 1",
    "inherits": "class T(S): pass\nassert T().x() == f(1)",
    "does not parse": "assert f(1) ==",
    "defines an entry point": "def f(x): return x\nassert f(1) == 1",
    "makes objects": "assert f(Node(1)) == 1",
    "makes objects by a helper": "assert f(1) == unlinked(1)",
}
_APART = {
    "check": "def check(candidate):\n    assert candidate(1) == 1\ncheck(f)",
    "alias": "g = f\nassert g(1) == 1",
    "unittest": "import unittest\nclass T(unittest.TestCase):\n    def test(self): self.assertEqual(f(1), 1)",
    "key of a sort": "assert sorted(f([1]), key=lambda x: -x) == [1]",
    "sorted argument": "assert f(sorted([1], key=lambda x: -x)) == 1",
    "constants": "import math\nassert f(math.pi) == f([math.inf, int('1')])",
    "none": "assert f(1) is None and f(2) is not False",
    "type": "assert type(f(1)) is int and isinstance(f(1), int)",
    "method of a value": "assert f(1).strip() == f(2).copy()",
    "method": "assert S().f(1) == 2",
    "object passed": "assert f(S(1)) == 1",
    "record": "assert f(Pair(1, 2)) == Pair(2, 1)",
    "error": "try:\n    f(1)\n    assert False\nexcept BadPair:\n    pass",
    "helper": "assert double(f(1)) == f(double(1))",
}


@pytest.mark.parametrize(("cases", "shared"), [(_SHARED, True), (_APART, False)])
def test_the_tests_decide_what_runs_apart(judge: Judge, cases: dict[str, str], shared: bool) -> None:
    reasons = {
        name: judge.why_shared(
            Program("", "python", "", tests, declaration=_DECLARATION, entry_points=("f", "S"))
        )
        for name, tests in cases.items()
    }
    assert {name: reason for name, reason in reasons.items() if bool(reason) is not shared} == {}
