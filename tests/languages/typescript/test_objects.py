"""TypeScript's tests that use objects of the candidate, which stay in its process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crosstune.execution import Judge, requirements
from crosstune.records import Status
from tests.languages._shared.node.objects import programs

pytestmark = pytest.mark.skipif(
    not all(each.met for each in requirements("typescript")),
    reason="TypeScript cannot be run here",
)

PROGRAMS = programs(Path(__file__).with_name("objects.txt"), "typescript", declared=True)


@pytest.fixture(scope="module")
def separate() -> Iterator[Judge]:
    with Judge(isolation="separate") as judge:
        yield judge


@pytest.mark.parametrize("name", PROGRAMS)
def test_right_program_passes_and_a_wrong_one_fails(name: str, separate: Judge) -> None:
    right, wrong = PROGRAMS[name]
    verdicts = list(separate.run([right, wrong]))
    assert verdicts[0].passed, verdicts[0]
    assert verdicts[1].status in (Status.WRONG_ANSWER, Status.RUNTIME_ERROR), verdicts[1]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("return [3]", Status.PASSED),
        ("const a: any = []; a.includes = () => true; return a", Status.RUNTIME_ERROR),
        ("return { includes: () => true } as any", Status.WRONG_ANSWER),
        ("return this as any } includes() { return true", Status.WRONG_ANSWER),
    ],
)
def test_an_array_is_one(body: str, status: Status, separate: Judge) -> None:
    right, _ = PROGRAMS["closure"]
    program = replace(
        right,
        candidate=f"class Box {{ values(): number[] {{ {body} }} }}",
        declaration="class Box {\n  values(): number[] { return [] }\n}\n",
        tests="const b = new Box(); if (!b.values().includes(3)) throw new Error('no')",
        entry_points=("Box",),
    )
    assert next(separate.run([program])).status is status


_BOX = "class Box {\n  all(): %s { return [] as any }\n}\n"


@pytest.mark.parametrize(
    ("declared", "body", "tests", "status"),
    [
        ("any", "return [3]", "b.all().includes(3)", Status.PASSED),
        ("any", "return { includes: () => true }", "b.all().includes(3)", Status.WRONG_ANSWER),
        ("any", "return new Set([3])", "b.all().has(3)", Status.HARNESS_ERROR),
        ("Set<number>", "return new Set([3])", "b.all().has(3)", Status.PASSED),
        ("number[]", "return this.a", "b.all().splice(0) && b.all().length === 0", Status.PASSED),
        ("number[]", "return [...this.a]", "b.all().splice(0) && b.all().length === 0", Status.WRONG_ANSWER),
        ("Iterator<number>", "for (;;) yield 3", "b.all().next().value === 3", Status.PASSED),
    ],
)
def test_results_of_methods(declared: str, body: str, tests: str, status: Status, separate: Judge) -> None:
    right, _ = PROGRAMS["closure"]
    star = "*" if "yield" in body else ""
    program = replace(
        right,
        candidate=f"class Box {{ a = [1]; {star}all(): {declared} {{ {body} }} }}",
        declaration=_BOX % declared,
        tests=f"const b = new Box(); if (!({tests})) throw new Error('no')",
        entry_points=("Box",),
    )
    verdict = next(separate.run([program]))
    assert (verdict.status is Status.PASSED) is (status is Status.PASSED), verdict
    assert verdict.status in (status, Status.RUNTIME_ERROR), verdict


def test_undeclared_class(separate: Judge) -> None:
    right, _ = PROGRAMS["closure"]
    tests = "const b = new Box(2); console.assert(b.x === 2)"
    program = replace(right, candidate="class Box { constructor(public x: number) {} }", declaration="")
    assert next(separate.run([replace(program, tests=tests, entry_points=("Box",))])).passed


def test_tests_that_do_not_fit_the_declared_class(separate: Judge) -> None:
    right, _ = PROGRAMS["unfinished declaration"]
    verdict = next(separate.run([replace(right, tests="console.assert(new Counter().lost() === 1)")]))
    assert verdict.status is Status.HARNESS_ERROR
    assert "error TS2339" in verdict.stderr
