"""Python's candidates are assembled with setup and tests as they are written."""

from __future__ import annotations

import pytest

from crosstune.execution import Judge
from crosstune.records import Case, Program

_F = "def f(x):\n    return x + 1\n"
_DEEP = "import sys, functools, json\nsys.setrecursionlimit(10**6)\n"


@pytest.mark.parametrize(
    ("setup", "candidate"),
    [
        ("import math\n", '"""Doc."""\nfrom __future__ import (\n    annotations,\n    division,\n)\n' + _F),
        ("from __future__ import annotations\n", "def f(x: Later):\n    return x + 1\n"),
        ("import math\n", "\ufeff# A comment.\r\nfrom __future__ import annotations\r\n" + _F),
        ("def f(x):\n    '''Add one.'''\n", "    return x + 1\n"),
        ("", "\ufeff" + _F),
        ("", "# -*- coding: latin-1 -*-\n\x0c\n" + _F),
        ("", _F + "if __name__ == '__main__':\n    f(int(input()))\n"),
        ("", _F + "if '__main__' == __name__ and f(1):\n    raise SystemExit(f(1))\n"),
        ("", "if __name__ != '__main__':\n    def f(x):\n        return x + 1\nelse:\n    exit()\n"),
        ("", "import sys\nsys.settrace(None)\n" + _F),
        (
            "",
            "import resource\nresource.setrlimit(resource.RLIMIT_STACK, (resource.RLIM_INFINITY,) * 2)\n"
            + _F,
        ),
    ],
)
def test_passes(judge: Judge, setup: str, candidate: str) -> None:
    (verdict,) = judge.run([Program("1", "python", candidate, "assert f(1) == 2\n", setup)])
    assert verdict.passed, verdict


@pytest.mark.parametrize(
    ("candidate", "status"),
    [
        ("def f(n):\n    return n and 1 + f(n - 1)\n", "runtime_error"),
        (_DEEP + "def f(n):\n    return n and 1 + f(n - 1)\n", "passed"),
        (_DEEP + "@functools.cache\ndef f(n):\n    return n and 1 + f(n - 1)\n", "passed"),
        (_DEEP + "def f(n):\n    return n and 1 + max(map(f, [n - 1]))\n", "passed"),
        ("def f(n):\n    return [0] * 10**9\n", "memory_limit"),
    ],
)
def test_depth(judge: Judge, candidate: str, status: str) -> None:
    (verdict,) = judge.run([Program("1", "python", candidate, "assert f(20_000) == 20_000\n")])
    assert verdict.status == status, verdict


def test_line_numbers_are_the_candidates(judge: Judge) -> None:
    program = Program("1", "python", "\n\ndef f():\n    return 1 // 0\n", "assert f()\n", "import os\n" * 9)
    (verdict,) = judge.run([program])
    assert 'File "candidate.py", line 4, in f' in verdict.stderr


@pytest.mark.parametrize(
    ("setup", "candidate", "status"),
    [
        ("import math\n", "from __future__ import annotations\nprint(math.floor(2.5))\n", "passed"),
        (
            "",
            _DEEP
            + "@functools.cache\ndef f(n):\n    return n and 1 + f(n - 1)\nprint(f(20_000) // 10_000)\n",
            "passed",
        ),
        (
            "",
            "from resource import *\nsetrlimit(RLIMIT_STACK, (RLIM_INFINITY,) * 2)\nprint(2)\n",
            "passed",
        ),
        ("", "print([0] * 10**9)\n", "memory_limit"),
        ("import os\n", "def (:\n", "compile_error"),
        ("", "\ufeffif __name__ == '__main__':\n    print(2)\n", "passed"),
    ],
)
def test_whole_program(judge: Judge, setup: str, candidate: str, status: str) -> None:
    (verdict,) = judge.run([Program("1", "python", candidate, setup=setup, cases=(Case("", "2\n"),))])
    assert verdict.status == status, verdict
