"""What methods of JavaScript's objects return: values where the tests expect them, the same ones again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crosstune.execution import Judge, requirements
from crosstune.records import Program, Status, Verdict

pytestmark = pytest.mark.skipif(
    not all(each.met for each in requirements("javascript")),
    reason="JavaScript cannot be run here",
)

_BOX = "class Box {\n  constructor(a) {}\n  all() {}\n  add(x) {}\n  size() {}\n}\n"
# The bodies of ``all``, a right and a wrong one, and tests that only values satisfy.
VALUES = {
    "methods of an array": (
        "return [5]",
        "return { includes: () => true, length: 1 }",
        "const all = b.all(); assert(all.includes(5) && all.length === 1)",
    ),
    "method of itself": (
        "return [5]",
        "this.indexOf = () => 0; return this",
        "assert.strictEqual(b.all().indexOf(5), 0)",
    ),
    "callbacks": (
        "return [1, 2]",
        "return { map: () => [2, 3], reduce: () => 3 }",
        (
            "assert.deepStrictEqual(b.all().map((x) => x + 1), [2, 3]);\n"
            "assert.strictEqual(b.all().reduce((x, y) => x + y, 0), 3)"
        ),
    ),
    "texts": ("return 'Ab'", "return { toUpperCase: () => 'AB' }", "assert(b.all().toUpperCase() === 'AB')"),
    "items": (
        "return ['ab']",
        "return [{ startsWith: () => true }]",
        "assert(b.all()[0].startsWith('a')); for (const x of b.all()) assert(x.startsWith('a'))",
    ),
    "items of an iterator": (
        "return ['ab', 'b']",
        "return { *[Symbol.iterator]() { yield { trim: () => 'ab' }; yield { trim: () => 'b' } } }",
        "const [x, y] = b.all(); assert(x.trim() === 'ab' && y.trim() === 'b')",
    ),
    "items of a generator": (
        "return ['ab'].values()",
        "return function* () { yield { trim: () => 'ab' } }()",
        "for (const x of b.all()) assert(x.trim() === 'ab')",
    ),
}
# Right programs that return objects whose methods have names of those of values.
_OWN = """
class Box {
  constructor(a = []) { this.a = a }
  all() { return new Box([...this.a]) }
  add(x) { this.a.push(x); return this }
  size() { return this.a.length }
}
"""
_VIEW = """
class View {
  constructor(a) { this.a = a }
  get first() { return this.a[0] }
  at(n) { return this.a[n] }
}
class Box {
  a = [];
  all() { return new View(this.a) }
  add(x) { this.a.push(x) }
}
"""
OBJECTS = {
    "own class": (
        _OWN,
        "const c = b.add(1).add(2).all(); c.add(3); assert(b.size() === 2 && c.size() === 3)",
    ),
    "another class": (_VIEW, "b.add(4); assert(b.all().first === 4 && b.all().at(0) === 4)"),
}
# Classes of which tests and candidate have the same array, and of which each has its own.
_SHARES = """
class Box {
  constructor(a = []) { this.a = a }
  all() { return this.a }
  add(x) { this.a.push(x) }
}
"""
_COPIES = _SHARES.replace("this.a = a", "this.a = [...a]").replace("return this.a", "return [...this.a]")
SHARED_ARRAYS = {
    "result changed": "b.all().splice(0, 0, 5); assert.strictEqual(b.all().length, %s ? 1 : 0)",
    "result sorted": "b.add(2); b.add(1); b.all().sort(); assert.strictEqual(b.all()[0], %s ? 1 : 2)",
    "item assigned": "b.add(2); const all = b.all(); all[0] = 7; assert.strictEqual(b.all()[0], %s ? 7 : 2)",
    "emptied": "b.add(2); b.all().length = 0; assert.strictEqual(b.all().length, %s ? 0 : 1)",
    "changed later": "const all = b.all(); b.add(1); assert.strictEqual(all.length, %s ? 1 : 0)",
    "argument changed": "const a = [1], c = new Box(a); a.push(2);\n"
    "assert.strictEqual(c.all().length, %s ? 2 : 1)",
    "argument changed later": "const a = [1], c = new Box(a); c.add(2);\n"
    "assert.strictEqual(a.length, %s ? 2 : 1)",
}


@pytest.fixture(scope="module")
def separate() -> Iterator[Judge]:
    with Judge(isolation="separate") as judge:
        yield judge


def _judged(judge: Judge, candidate: str, tests: str, declaration: str = _BOX) -> Verdict:
    text = f"const assert = require('assert');\nconst b = new Box();\n{tests}"
    return next(
        judge.run(
            [Program("1", "javascript", candidate, text, declaration=declaration, entry_points=("Box",))]
        )
    )


@pytest.mark.parametrize("name", VALUES)
def test_what_is_expected_to_be_a_value_is_one(name: str, separate: Judge) -> None:
    right, wrong, tests = VALUES[name]
    assert _judged(separate, f"class Box {{ all() {{ {right} }} }}", tests).passed
    verdict = _judged(separate, f"class Box {{ all() {{ {wrong} }} }}", tests)
    assert verdict.status in (Status.WRONG_ANSWER, Status.RUNTIME_ERROR), verdict


@pytest.mark.parametrize("name", OBJECTS)
def test_objects_may_have_such_methods(name: str, separate: Judge, judge: Judge) -> None:
    for each in (separate, judge):
        verdict = _judged(each, *OBJECTS[name])
        assert verdict.passed, verdict


def test_what_may_be_a_collection_or_an_object_shares_a_process(separate: Judge) -> None:
    verdict = _judged(separate, "class Box {}", "assert(b.all().has(3))")
    assert verdict.status is Status.HARNESS_ERROR
    assert "'all' may return to the tests a value of the language or an object" in verdict.stderr


@pytest.mark.parametrize("name", SHARED_ARRAYS)
@pytest.mark.parametrize("shares", [True, False])
def test_both_see_changes_in_what_both_have(name: str, shares: bool, separate: Judge) -> None:
    tests = SHARED_ARRAYS[name]
    for candidate, is_shared in ((_SHARES, True), (_COPIES, False)):
        verdict = _judged(separate, candidate, tests % str(shares).lower())
        expected = Status.PASSED if shares == is_shared else Status.WRONG_ANSWER
        assert verdict.status is expected, verdict
