"""What the tests of shell scripts define themselves."""

from __future__ import annotations

import pytest

from crosstune.languages.shell._judging import functions_of, variables_of


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
