"""Tests in Python that cannot judge any candidate are refused, and others are not."""

from __future__ import annotations

import pytest

from crosstune.languages.python import _tests
from crosstune.records import Program


@pytest.mark.parametrize(
    ("tests", "why"),
    [
        ("assert f(1) == 2\nassert f(\n", "the tests do not parse: line 2"),
        ("assert f(1) == 2\nreturn\n", "the tests do not parse: line 2"),
        ("import pandas as pd\nassert f(1) == 2\n", "the package pandas"),
        (
            "def test_a():\n    from sklearn.svm import SVC\n    assert f(1) == 2\n",
            "the package scikit-learn",
        ),
        ("import no_such\nassert f(1) == 2\n", "the module no_such"),
        ("import pytest\npd = pytest.importorskip('pandas')\ndef test_a():\n    assert f()\n", "pandas"),
        ("", "check nothing"),
        ("METADATA = {}\ndef check(candidate):\n    assert candidate(1) == 2\n", "check nothing"),
        ("print(f(1))\n", "check nothing"),
        ("assert True\n", "check nothing"),
        ("def test_a():\n    pass\n", "check nothing"),
        ("def test_a(candidate):\n    assert candidate(1) == 2\n", "check nothing"),
        ("async def main():\n    assert f(1) == 2\nmain()\n", "check nothing"),
        ("import unittest\nclass T(unittest.TestCase):\n    pass\n", "check nothing"),
    ],
)
def test_refused(tests: str, why: str) -> None:
    assert why in _tests.tests_error(Program("", "python", "", tests))


@pytest.mark.parametrize(
    "tests",
    [
        "def check(candidate):\n    assert candidate(1) == 2\ncheck(f)\n",
        "def test_a(tmp_path):\n    assert f(tmp_path)\n",
        "def ok():\n    return f(1) == 2\nassert all(each() for each in [ok])\n",
        "import numpy as np\nnp.testing.assert_equal(f(1), 2)\n",
        "try:\n    import pandas\nexcept ImportError:\n    pandas = None\nassert f(1) == 2\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pandas\nassert f(1) == 2\n",
        "import sys\nsys.modules['solution'] = sys\nimport solution\nassert f(1) == 2\n",
        "class Runner:\n    def run(self):\n        assert f(1) == 2\nRunner().run()\n",
        "for test in ['f(1) == 2']:\n    assert eval(test)\n",
        "exec('assert f(1) == 2')\n",
        "same(f(1), 2)\n",
    ],
)
def test_not_refused(tests: str) -> None:
    helper = "def same(a, b):\n    if a != b:\n        raise ValueError\n"
    assert not _tests.tests_error(Program("", "python", "", tests, helper))
