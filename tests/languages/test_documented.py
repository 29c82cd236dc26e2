"""docs/languages.md is current: its table and sections are those of the languages themselves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crosstune.errors import DataError
from crosstune.execution import judged_languages, requirements, toolchain_of
from crosstune.languages import LANGUAGES, updated_page
from tests.shared import ROOT

PAGE, PERFORMANCE = (
    (ROOT / "docs" / f"{name}.md").read_text("utf-8") for name in ("languages", "performance")
)
UNNUMBERED = ("erlang", "kotlin", "scala")
"""Their tools print no version of the language, or only after a second."""


def test_page_is_current() -> None:
    assert updated_page(PAGE, PERFORMANCE) == PAGE, "run: crosstune languages --update docs/languages.md"


@pytest.mark.parametrize("name", LANGUAGES.names())
def test_language_describes_itself(name: str) -> None:
    language = LANGUAGES.load(name)
    if language.judging:
        assert language.description, f"{name}: set `description`, its row in docs/languages.md"
        assert "|" not in language.description.run.replace("`|`", "")
        assert f"| `languages/{name.replace('-', '_')}` |" in PAGE


@pytest.mark.parametrize("name", judged_languages())
def test_versions_are_those_that_are_tested(name: str) -> None:
    if 'VERSION_ID="12"' not in Path("/etc/os-release").read_text("utf-8"):
        pytest.skip("the versions are those of Debian 12")
    if name in UNNUMBERED or not all(each.met for each in requirements(name)):
        pytest.skip(f"{name} is not installed, or its tools are known by a digest")
    description = LANGUAGES.load(name).description
    assert description
    numbers = re.findall(r"\d+(?:\.\d+)*", description.tested)
    assert numbers
    assert [each for each in numbers if each not in toolchain_of(name)] == []


def test_costs_are_those_of_the_page_on_performance() -> None:
    measured = PERFORMANCE.replace("| Python | 16 | 142 | 8.8 | 0.06 |", "| Python | 16 | 142 | 8.8 | 0.99 |")
    assert measured != PERFORMANCE
    (row,) = [line for line in updated_page(PAGE, measured).splitlines() if line.startswith("| Python |")]
    assert "| 0.99 |" in row


def test_page_without_a_place_for_the_table_is_an_error() -> None:
    with pytest.raises(DataError, match="no place for its table"):
        updated_page("# Languages\n", PERFORMANCE)
