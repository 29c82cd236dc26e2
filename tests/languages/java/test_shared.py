"""Java's tests in a process with the candidate: ``shared.txt`` has cheats and unusual right programs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crosstune.execution import Judge
from tests.languages import sharing

_ANY = """
import java.util.*;
class Any implements Comparable<Integer> {
    public boolean equals(Object o) { return true; }
    public boolean equals(Integer o) { return true; }
    public int hashCode() { return 3; }
    public int compareTo(Integer o) { return 0; }
}
"""


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(isolation="shared") as judge:
        yield judge


def test_cheats_do_not_pass_and_right_programs_do(judge: Judge) -> None:
    assert sharing.judge_with_sections(judge, "java", _ANY) == []


@pytest.mark.parametrize("name", ["right", "forged"])
def test_known_programs_end_as_expected(judge: Judge, name: str) -> None:
    assert sharing.judge_known(judge, "java", name) == []
