"""Tests in Python are run as their own runner would run them."""

from __future__ import annotations

import pytest

from crosstune.execution import Judge
from crosstune.records import Program

_RIGHT = "def f(x):\n    return x + 1\n"
_WRONG = "def f(x):\n    return x\n"
_CASE = (
    "import unittest\nclass T(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(f(1), 2)\n"
)
_ASYNC = "async def f(x):\n    return x + 1\n", "async def f(x):\n    return x\n"
_SUITE = "suite = unittest.defaultTestLoader.loadTestsFromTestCase(T)\n"

_FORMS = {
    "case": _CASE,
    "main": _CASE + "if __name__ == '__main__':\n    unittest.main()\n",
    "main that returns": _CASE + "unittest.main(argv=[''], exit=False)\n",
    "runner": _CASE + _SUITE + "unittest.TextTestRunner().run(suite)\n",
    "runner and exit": _CASE
    + "import sys\n"
    + _SUITE
    + "result = unittest.TextTestRunner().run(suite)\nsys.exit(0 if result.wasSuccessful() else 1)\n",
    "skips and expected failures": _CASE
    + "    @unittest.skip('')\n    def test_b(self):\n        self.fail()\n"
    + "    @unittest.expectedFailure\n    def test_c(self):\n        self.fail()\n",
    "subtests": _CASE.replace(
        "self.assertEqual(f(1), 2)",
        "for i in (1, 2):\n            with self.subTest(i=i):\n"
        "                self.assertEqual(f(i), i + 1)",
    ),
    "setUpClass": _CASE.replace(
        "    def test_a",
        "    @classmethod\n    def setUpClass(cls):\n        assert f(1) == 2\n    def test_a",
    ),
    "function": "def test_a():\n    assert f(1) == 2\n",
    "class": "class TestF:\n    def setup_method(self):\n        self.x = 1\n"
    "    def test_a(self):\n        assert f(self.x) == 2\n",
    "parameters": "import pytest\n@pytest.mark.parametrize('a, b', [(1, 2), (3, 4)])\n"
    "def test_a(a, b):\n    assert f(a) == b\n",
    "fixture": "import pytest\n@pytest.fixture\ndef one():\n    yield 1\ndef test_a(one, tmp_path):\n"
    "    assert f(one) == pytest.approx(2)\n",
    "pytest.main": "import pytest, sys\ndef test_a():\n    assert f(1) == 2\n"
    "sys.exit(pytest.main([__file__]))\n",
    "exit": "import sys\nassert f(1) == 2\nsys.exit(0)\n",
    "exit with a status": "import sys\nif f(1) != 2:\n    sys.exit(1)\nraise SystemExit\n",
    "exit by another name": "from sys import exit as leave\nassert f(1) == 2\nleave(0)\n",
    "exit of a coroutine": "import asyncio, sys\nasync def main():\n    assert f(1) == 2\n"
    "    sys.exit(0)\nasyncio.run(main())\n",
    "exit of a function": "def main():\n    assert f(1) == 2\n    return 0\nquit(main())\n",
}
_ASYNC_FORMS = {
    "asyncio.run": "import asyncio\nasync def main():\n    assert await f(1) == 2\nasyncio.run(main())\n",
    "async case": "import unittest\nclass T(unittest.IsolatedAsyncioTestCase):\n"
    "    async def test_a(self):\n        self.assertEqual(await f(1), 2)\n",
    "async function": "async def test_a():\n    assert await f(1) == 2\n",
    "coroutine dropped": "async def test_a():\n    assert await f(1) == 2\ntest_a()\n",
    "mark": "import pytest\n@pytest.mark.asyncio\nasync def test_a():\n    assert await f(1) == 2\n",
}


@pytest.mark.parametrize("form", _FORMS)
def test_right_passes_and_wrong_fails(judge: Judge, form: str) -> None:
    assert _statuses(judge, _FORMS[form], _RIGHT, _WRONG) == ["passed", "wrong_answer"]


@pytest.mark.parametrize("form", _ASYNC_FORMS)
def test_coroutines_are_awaited(judge: Judge, form: str) -> None:
    assert _statuses(judge, _ASYNC_FORMS[form], *_ASYNC) == ["passed", "wrong_answer"]


@pytest.mark.parametrize("form", ["main", "function", "exit", "fixture"])
def test_candidate_that_exits_has_not_passed(judge: Judge, form: str) -> None:
    leaving = "import sys\ndef f(x):\n    sys.exit(0)\n"
    assert _statuses(judge, _FORMS[form], leaving) == ["incomplete"]


def test_candidates_own_cases_are_not_run(judge: Judge) -> None:
    own = "import unittest\nclass Own(unittest.TestCase):\n    def test_z(self):\n        self.fail()\n"
    assert _statuses(judge, _FORMS["main"], own + _RIGHT, own + _WRONG) == ["passed", "wrong_answer"]


def _statuses(judge: Judge, tests: str, *candidates: str) -> list[str]:
    programs = [Program(str(n), "python", each, tests) for n, each in enumerate(candidates)]
    return [str(verdict.status) for verdict in judge.run(programs)]
