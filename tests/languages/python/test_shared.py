"""Python's tests in a process with the candidate: ``shared.txt`` has cheats and unusual right programs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crosstune.execution import Judge
from crosstune.records import Case, Isolation, Program, Status
from tests.languages import sharing

_ANY = """
class Any:
    def __eq__(s, o): return True
    def __ne__(s, o): return False
    __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __eq__
    def __sub__(s, o): return 0
    __rsub__ = __add__ = __mul__ = __truediv__ = __mod__ = __sub__
    def __hash__(s): return 3
    def __bool__(s): return True
"""


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(workers=2, isolation="shared") as judge:
        yield judge


def test_cheats_do_not_pass_and_right_programs_do(judge: Judge) -> None:
    assert sharing.judge_with_sections(judge, "python", _ANY) == []


@pytest.mark.parametrize("name", ["right", "forged"])
def test_known_programs_end_as_expected(judge: Judge, name: str) -> None:
    assert sharing.judge_known(judge, "python", name) == []


@pytest.mark.parametrize(
    "tests",
    [
        "assert all(map(lambda p: f(p[0]) == p[1], [(1, 1), (2, 4)]))\n",
        "assert not list(filter(lambda p: f(p[0]) != p[1], [(1, 1), (2, 4)]))\n",
    ],
)
def test_an_error_does_not_end_what_map_and_filter_return(judge: Judge, tests: str) -> None:
    cheat = "def f(n): raise StopIteration\n"
    right = "def f(n): return n * n\n"
    programs = [Program("", "python", code, tests, entry_points=("f",)) for code in (cheat, right)]
    assert [verdict.status for verdict in judge.run(programs)] == [Status.RUNTIME_ERROR, Status.PASSED]


def test_sets_have_the_same_order_in_every_process() -> None:
    """Otherwise a verdict might vary, or depend on whether the tests run apart."""
    ordered = "list(set('the quick brown fox jumps over'.split()))"
    code = f"def words():\n    print({ordered})\n    return {ordered}\n"
    tests = f"assert words() == {ordered}\n"
    printed = set()
    isolations: tuple[Isolation, ...] = ("shared", "separate")
    for isolation in isolations:
        with Judge(isolation=isolation) as judge:
            tested = Program("", "python", code, tests, entry_points=("words",))
            whole = Program("", "python", f"{code}words()\n", cases=(Case(stdout=None),))
            for verdict in judge.run([tested, whole]):
                assert verdict.passed
                printed.add(verdict.stdout)
    assert len(printed) == 1


def test_an_error_is_described_although_the_program_has_replaced_what_describes_it(judge: Judge) -> None:
    code = "import builtins\nbuiltins.isinstance = builtins.any = lambda *a: True\ndef f(): return 1\n"
    verdict = next(judge.run([Program("", "python", code, "assert f() == 2\n", entry_points=("f",))]))
    assert verdict.status is Status.WRONG_ANSWER
