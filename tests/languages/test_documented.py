"""docs/languages.md has a row for every language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crosstune.languages import LANGUAGES

PAGE = Path(__file__).parents[2] / "docs" / "languages.md"
_MODULE = re.compile(r"`languages/(\w+)`")


def rows() -> dict[str, str]:
    """The first table's rows by the title in their first column."""
    table = PAGE.read_text("utf-8").partition("\n\n|")[2].partition("\n\n")[0]
    lines = table.splitlines()[2:]
    return {line.strip("|").split("|")[0].strip(): line for line in lines}


@pytest.mark.parametrize("name", LANGUAGES.names())
def test_language_has_a_row(name: str) -> None:
    title = LANGUAGES.load(name).title
    example = (
        f"| {title} | Debian packages | how programs are built and run | not defended | `languages/{name}` |"
    )
    assert title in rows(), f"docs/languages.md lacks {title}. Add the row: {example}"
    assert _MODULE.findall(rows()[title]) == [name.replace("-", "_")], (
        f"the row's last column should be: {example}"
    )


def test_every_row_belongs_to_a_language() -> None:
    assert {language.title for language in LANGUAGES.all().values()} == set(rows())
