"""What candidates in TypeScript return that is more than a value: ``tricks.txt``, in both isolations."""

from __future__ import annotations

import pytest

from crosstune.execution import requirements
from crosstune.records import Isolation
from tests.languages.tricks import misjudged

pytestmark = pytest.mark.skipif(
    not all(each.met for each in requirements("typescript")), reason="TypeScript cannot be run here"
)


@pytest.mark.parametrize("isolation", ["separate", "shared"])
def test_right_programs_pass_and_cheats_do_not(isolation: Isolation) -> None:
    assert misjudged("typescript", isolation, least=28) == []
