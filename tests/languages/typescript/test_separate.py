"""TypeScript's tests and candidates in processes of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crosstune.execution import Judge, requirements
from crosstune.records import Program, Status, Verdict
from tests.languages._shared.node.objects import programs

pytestmark = pytest.mark.skipif(
    not all(each.met for each in requirements("typescript")),
    reason="TypeScript cannot be run here",
)

_ADD = "const add = (a: number, b: number): number => {\n"
_TESTS = (
    "import * as assert from 'assert';\nassert.deepEqual(add(1, 2), 3);\nassert.deepEqual(add(5, 7), 12);\n"
)
CHEATS = {
    "exit": "const add = (a: number, b: number): number => process.exit(0);",
    "any": "const add = (a: number, b: number): any => ({ valueOf: () => a + b });",
    "assert replaced": "import assert from 'assert';\n(assert as any).deepEqual = () => {};\n"
    "const add = () => 7;",
    "promise": "const add = async (a: number, b: number): Promise<number> => a + b;",
    "answers itself": "import * as fs from 'fs';\nconst add = (a: number, b: number): number => {\n"
    "  fs.writeSync(6, Buffer.from([0, 0, 0, 2, 82, 122])); return a + b; };",
    "report": "import * as fs from 'fs';\nfs.writeSync(4, 'passed ' + '0'.repeat(32));\nprocess.exit(0);",
    "equal to everything": "class A extends Number { valueOf() { return 3; } }\n"
    "const add = (): any => new A(7);",
    "global types": "declare global { interface Array<T> { mine: T } }\nexport const add = () => 7;",
}
RIGHT = {
    "typed": ("const add = (a: number, b: number): number => a + b;", _ADD, _TESTS),
    "exported": ("export function add(a: number, b: number) { return a + b; }", _ADD, _TESTS),
    "exported by default": ("export default (a: number, b: number) => a + b;", _ADD, _TESTS),
    "declared without a body": (
        "function add(a: number, b: number): number { return a + b; }",
        "function add(a: number, b: number): number",
        _TESTS,
    ),
    "undeclared": ("const add = (a: number, b: number): number => a + b;", "", _TESTS),
    "overloaded": (
        "function add(a: any, b: any): any { return a + b; }",
        (
            "function add(a: number, b: number): number;\nfunction add(a: string, b: string): string;\n"
            "function add(a: any, b: any): any {\n"
        ),
        _TESTS + "assert.strictEqual(add('a', 'b').length, 2);",
    ),
    "generic": (
        "function add<T>(a: T, b: T): T[] { return [a, b]; }",
        "function add<T>(a: T, b: T): T[] {\n",
        "const all: string[] = add('a', 'b'); console.assert(all.join() === 'a,b')",
    ),
    "own types": (
        "interface Sum { sum: number }\nconst add = (a: number, b: number): Sum => ({ sum: a + b });",
        "interface Sum { sum: number }\nconst add = (a: number, b: number): Sum => {\n",
        "const told: Sum = add(1, 2); console.assert(told.sum === 3)",
    ),
    "promise": (
        "const add = async (a: number, b: number): Promise<number> => a + b;",
        "const add = async (a: number, b: number): Promise<number> => {\n",
        "(async () => { console.assert(await add(1, 2) === 3) })()",
    ),
    "helper of the benchmark": (
        "const twice = (a: number) => 2 * a;\nconst add = (a: number, b: number) => twice(a) + b;",
        "const twice = (a: number) => 2 * a;\n\nfunction add(a: number, b: number = 1) {\n",
        "console.assert(add(twice(1), 2) === 6)",
    ),
}

TYPES = programs(Path(__file__).with_name("types.txt"), "typescript", declared=True)


@pytest.fixture(scope="module")
def separate() -> Iterator[Judge]:
    with Judge(isolation="separate") as judge:
        yield judge


def _judged(judge: Judge, candidate: str, declaration: str, tests: str) -> Verdict:
    program = Program("1", "typescript", candidate, tests, declaration=declaration, entry_points=("add",))
    return next(judge.run([program]))


@pytest.mark.parametrize("name", CHEATS)
def test_cheats_fail(name: str, separate: Judge) -> None:
    verdict = _judged(separate, CHEATS[name], _ADD, _TESTS)
    assert verdict.status not in (Status.PASSED, Status.HARNESS_ERROR), verdict


@pytest.mark.parametrize("name", RIGHT)
def test_right_programs_pass(name: str, separate: Judge) -> None:
    verdict = _judged(separate, *RIGHT[name])
    assert verdict.passed, verdict


def test_candidate_that_does_not_compile(separate: Judge) -> None:
    verdict = _judged(separate, "const add = (a: number): string => a;", _ADD, _TESTS)
    assert verdict.status is Status.COMPILE_ERROR
    assert "TS2322" in verdict.stdout


def test_tests_that_do_not_fit_the_declaration_share_a_process(separate: Judge) -> None:
    verdict = _judged(
        separate, "const add = (a: any, b: any) => a + b;", _ADD, "console.assert(add('a', 'b'))"
    )
    assert verdict.status is Status.HARNESS_ERROR
    assert "error TS2345" in verdict.stderr


@pytest.mark.parametrize("name", TYPES)
def test_value_of_another_type_is_wrong_even_if_it_is_loosely_equal(name: str, separate: Judge) -> None:
    right, wrong = separate.run(TYPES[name])
    assert right.passed, right
    assert wrong.status is Status.WRONG_ANSWER
    assert "not of the declared type" in wrong.stderr


# Declarations whose types values cannot decide, or do not have to.
UNDECIDED = {
    "any": (
        "const add = (a: number, b: number): any => '3';",
        "const add = (a: number, b: number): any => {",
    ),
    "none": ("const add = (a: number, b: number) => '3' as any;", "const add = (a: number, b: number) => {"),
    "null": ("const add = (a: any): number => null;", "const add = (a: any): number => {"),
    "type parameter": ("function add<T>(a: T): T { return '3' as any }", "function add<T>(a: T): T {"),
    "unknown": ("const add = (a: any): unknown => '3';", "const add = (a: any): unknown => {"),
    "union": ("const add = (a: any): number | string => '3';", "const add = (a: any): number | string => {"),
    "structure": (
        "const add = (a: any): { length: number } => '3';",
        "const add = (a: any): { length: number } => {",
    ),
    "overloads": (
        "function add(a: any): any { return '3' }",
        "function add(a: number): number;\nfunction add(a: string): string;\nfunction add(a: any): any {",
    ),
}


@pytest.mark.parametrize("name", UNDECIDED)
def test_type_that_allows_more(name: str, separate: Judge) -> None:
    candidate, declaration = UNDECIDED[name]
    tests = "const got: any = (add as any)(1, 2); console.assert(got === null || got === '3')"
    verdict = _judged(separate, candidate, declaration, tests)
    assert verdict.passed, verdict
