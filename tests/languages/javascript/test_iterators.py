"""JavaScript's iterators apart: each step is taken when the tests ask for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crosstune.execution import Judge, requirements
from crosstune.records import Program, Status

pytestmark = pytest.mark.skipif(
    not all(each.met for each in requirements("javascript")),
    reason="JavaScript cannot be run here",
)

RIGHT = {
    "endless generator": (
        "function* f() { let [a, b] = [0n, 1n]; for (;;) { yield a; [a, b] = [b, a + b] } }",
        (
            "const g = f(); console.assert(g.next().value === 0n && g.next().value === 1n);\n"
            "for (const x of f()) { if (x > 99n) break; console.assert(x < 90n) }"
        ),
    ),
    "generator whose next item never comes": (
        "function* f() { yield 1; for (;;); }",
        "console.assert(f().next().value === 1)",
    ),
    "generator that throws later": (
        "function* f() { yield 1; throw new RangeError('no') }",
        (
            "const assert = require('assert'), g = f(); assert.strictEqual(g.next().value, 1);\n"
            "assert.throws(() => g.next(), RangeError); assert(g.next().done)"
        ),
    ),
    "generator that is closed": (
        "let n = 0\nfunction* f() { try { yield n; yield n } finally { n++ } }",
        "for (const x of f()) break; console.assert(f().next().value === 1)",
    ),
    "generator that takes and returns": (
        "function* f() { const x = yield 1; return 2 * x }",
        ("const g = f(); g.next();\nrequire('assert').deepStrictEqual(g.next(7), { value: 14, done: true })"),
    ),
    "generator that is passed back": (
        "function* f(of, n) { for (let at = 0; !of; at++) yield at; for (; n--; ) yield of.next().value }",
        "const g = f(); g.next(); console.assert([...f(g, 3)].join() === '1,2,3')",
    ),
    "long generator": (
        "function* f(n) { for (let at = 0; at < n; at++) yield at }",
        "let n = 0; for (const x of f(20000)) n += x === n; console.assert(n === 20000)",
    ),
    "iterable object": (
        "const f = (n) => ({ n, *[Symbol.iterator]() { for (let at = 0; at < n; at++) yield at } })",
        "const r = f(3); console.assert([...r].join() === '0,1,2' && [...r].length === r.n)",
    ),
    "iterable of a class": (
        (
            "class R { constructor(n) { this.n = n }\n"
            "  [Symbol.iterator]() { let at = 0;\n"
            "    return { next: () => ({ done: at === this.n, value: at++ }) } } }\n"
            "const f = (n) => new R(n)"
        ),
        "const [a, b] = f(2); console.assert(a === 0 && b === 1 && Array.from(f(3)).length === 3)",
    ),
    "iterator of its own": (
        "const f = (a) => { let at = 0; return { next: () => ({ value: a[at], done: at++ >= a.length }) } }",
        "const it = f([5]); console.assert(it.next().value === 5 && it.next().done && !f([6]).next().done)",
    ),
    "class with endless items": (
        "class f { *[Symbol.iterator]() { for (let at = 1n; ; at *= 2n) yield at } }",
        "let n = 0; for (const x of new f()) { if (x > 9n) break; n++ } console.assert(n === 4)",
    ),
}
WRONG = {
    "iterator without results": (
        "const f = () => ({ [Symbol.iterator]: () => ({ next: () => 3 }) })",
        "console.assert([...f()])",
    ),
    "endless": ("function* f() { for (;;) yield 1 }", "console.assert([...f()].length === 2)"),
    "done too late": (
        "function* f(n) { for (let at = 0; at <= n; at++) yield at }",
        RIGHT["long generator"][1],
    ),
}


@pytest.fixture(scope="module")
def separate() -> Iterator[Judge]:
    with Judge(isolation="separate") as judge:
        yield judge


def _program(candidate: str, tests: str) -> Program:
    return Program("1", "javascript", candidate, tests, entry_points=("f",))


@pytest.mark.parametrize("name", RIGHT)
def test_right_programs_pass(name: str, separate: Judge, judge: Judge) -> None:
    program = _program(*RIGHT[name])
    for verdict in (next(separate.run([program])), next(judge.run([program]))):
        assert verdict.passed, verdict


@pytest.mark.parametrize("name", WRONG)
def test_wrong_programs_fail(name: str, separate: Judge) -> None:
    verdict = next(separate.run([_program(*WRONG[name])]))
    assert verdict.status not in (Status.PASSED, Status.HARNESS_ERROR), verdict
