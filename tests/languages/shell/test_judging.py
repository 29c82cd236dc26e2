"""What the tests of shell scripts define themselves, and texts that Bash reads otherwise than others."""

from __future__ import annotations

import pytest

from crosstune.execution import Judge
from crosstune.languages.shell._judging import functions_of, variables_of
from crosstune.records import Program, Status
from tests.languages.skipping import skip_without_tools


@pytest.mark.parametrize(
    ("tests", "names"),
    [
        ("check() {\n  :\n}\ncheck\n", {"check"}),
        ("function check {\n  :\n}\nfunction other() { :; }\n", {"check", "other"}),
        ("[[ $(add 1 2) == 3 ]] || exit 1\n", set()),
    ],
)
def test_functions_of_tests(tests: str, names: set[str]) -> None:
    assert names == functions_of(tests)


@pytest.mark.parametrize(
    ("tests", "names"),
    [
        ('result=$(add 1 2)\n[[ $result == "$expected" ]]\n', {"result"}),
        ("local result expected=3\nfor each in 1 2; do :; done\n", {"result", "expected", "each"}),
        ("readonly expected=3\ndeclare -r other=4\n", set()),
    ],
)
def test_variables_of_tests(tests: str, names: set[str]) -> None:
    assert names == variables_of(tests)


def test_zero_characters_take_nothing_from_the_tests() -> None:
    skip_without_tools("shell")
    tests = "[[ $(add 1 2) == 3 ]] || exit 1\n"
    wrong = "add() {\n  echo 7\n}\nreturn\n"
    right = wrong.replace("7", "$(($1 + \0$2))")
    programs = [
        Program(f"{number}", "shell", code + "\0" * 5000, tests) for number, code in enumerate((wrong, right))
    ]
    with Judge() as judge:
        statuses = [verdict.status for verdict in judge.run(programs)]
    assert statuses == [Status.WRONG_ANSWER, Status.PASSED]
