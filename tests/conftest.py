"""The option that says which languages are tested: ``make test`` leaves out those with tools on demand."""

from __future__ import annotations

import pytest

from crosstune.languages import LanguageSet

_chosen: list[LanguageSet] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--languages",
        choices=("usual", "tests", "all"),
        default="all",
        help="the set of languages whose programs are judged (default: all that can be judged here)",
    )


def pytest_configure(config: pytest.Config) -> None:
    _chosen[:] = [config.getoption("--languages")]


def chosen_set() -> LanguageSet:
    return _chosen[0]
