"""Attempts to pass without work, and unusual right programs, in each way of judging."""

from __future__ import annotations

import pytest

from tests.languages import cheats
from tests.languages.skipping import skip_without_tools


@pytest.mark.parametrize("way", cheats.WAYS)
def test_that_right_programs_alone_pass(way: str) -> None:
    skip_without_tools("c")
    assert cheats.misjudged("c", way) == []
