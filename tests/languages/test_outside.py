"""Answers and programs that were written without a look at the judge: see `outside`."""

from __future__ import annotations

import pytest

from tests.languages.outside import FOLDER, misjudged
from tests.languages.skipping import skip_without_tools

LANGUAGE_NAMES = sorted(each.parent.name for each in FOLDER.glob("*/outside.txt"))


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_answers_and_programs_get_their_verdicts(language: str) -> None:
    skip_without_tools(language)
    assert misjudged(language) == []
