"""JavaScript's tests that use objects of the candidate, which stay in its process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crosstune.execution import Judge, requirements
from crosstune.records import Program, Status, Verdict
from tests.languages._shared.node.objects import programs

pytestmark = pytest.mark.skipif(
    not all(each.met for each in requirements("javascript")),
    reason="JavaScript cannot be run here",
)

PROGRAMS = programs(Path(__file__).with_name("objects.txt"), "javascript", declared=False)
STACK = """
class Stack {
  #items = [];
  static kind = 'lifo';
  constructor(limit = 10) { this.limit = limit; }
  static of(...items) { const made = new Stack(); items.forEach((each) => made.push(each)); return made; }
  get size() { return this.#items.length; }
  push(item) {
    if (this.size >= this.limit) throw new RangeError('full');
    this.#items.push(item);
    return this;
  }
  pop() { return this.#items.pop(); }
  peek() { return this.#items.at(-1); }
  isEmpty() { return this.size === 0; }
  toArray() { return [...this.#items]; }
  toString() { return `Stack(${this.#items})`; }
  async later() { await null; return this.size; }
  *[Symbol.iterator]() { yield* this.#items; }
}
"""
_ASSERT = "const assert = require('assert');\n"
OF_STACK = {
    "methods": "const s = new Stack(); s.push(1); s.push(2); assert.strictEqual(s.pop(), 2); "
    "assert(!s.isEmpty())",
    "chain": "const s = new Stack(); assert(s.push(1).push(2) === s); "
    "assert.deepStrictEqual(s.toArray(), [1, 2])",
    "getter and field": "const s = new Stack(3); s.push(1); assert.strictEqual(s.size, 1); "
    "assert(s.limit === 3)",
    "errors": "const s = new Stack(0); assert.throws(() => s.push(1), RangeError); "
    "assert.throws(() => s.push(1), /full/)",
    "static": "assert.strictEqual(Stack.kind, 'lifo'); "
    "assert.deepStrictEqual(Stack.of(1, 2).toArray(), [1, 2])",
    "iterated": "const s = Stack.of(1, 2, 3); assert.deepStrictEqual([...s], [1, 2, 3]); "
    "for (const x of s) assert(x > 0)",
    "identity": "const o = { a: 1 }, s = new Stack(); s.push(o); assert(s.peek() === o && s.pop() === o)",
    "text": "const s = new Stack(); s.push(1); assert(`${s}` === 'Stack(1)' && s.toString() === 'Stack(1)')",
    "JSON": "assert.strictEqual(JSON.stringify(new Stack(2)), '{\"limit\":2}')",
    "fields": "assert.deepEqual(new Stack(2), { limit: 2 }); "
    "assert.deepStrictEqual(Object.keys(new Stack()), ['limit'])",
    "same content": "assert.deepStrictEqual(new Stack(), new Stack()); "
    "assert.notDeepStrictEqual(new Stack(1), new Stack())",
    "field set": "const s = new Stack(); s.limit = 0; s.limit += 1; s.push(1); "
    "assert.throws(() => s.push(2))",
    "class": "const s = new Stack(); assert(s instanceof Stack && !([] instanceof Stack))",
    "method is one": "const s = new Stack(); assert.strictEqual(typeof s.push, 'function'); "
    "assert('push' in s && !('a' in s))",
    "undefined": "assert.strictEqual(new Stack().peek(), undefined); "
    "assert.strictEqual(new Stack().nothing, undefined)",
    "passed around": "const check = (stack) => assert(stack.size === 0); check(new Stack())",
    "made elsewhere": "let s; const make = () => new Stack(1); s = make(); s.push(1); "
    "assert.strictEqual(s.size, 1)",
}


@pytest.fixture(scope="module")
def separate() -> Iterator[Judge]:
    with Judge(isolation="separate") as judge:
        yield judge


def _judged(judge: Judge, candidate: str, tests: str, *names: str, declaration: str = "") -> Verdict:
    program = Program(
        "1", "javascript", candidate, _ASSERT + tests, entry_points=names, declaration=declaration
    )
    return next(judge.run([program]))


@pytest.mark.parametrize("name", OF_STACK)
def test_right_class_passes(name: str, separate: Judge) -> None:
    verdict = _judged(separate, STACK, OF_STACK[name], "Stack")
    assert verdict.passed, verdict


@pytest.mark.parametrize("name", sorted({*OF_STACK} - {"undefined", "class"}))
def test_class_without_anything_fails(name: str, separate: Judge) -> None:
    verdict = _judged(separate, "class Stack {}", OF_STACK[name], "Stack")
    assert verdict.status in (Status.WRONG_ANSWER, Status.RUNTIME_ERROR), verdict


def test_promise_of_a_method_is_one(separate: Judge) -> None:
    tests = "(async () => { const s = new Stack(); assert(s.later() instanceof Promise);\n"
    assert _judged(separate, STACK, tests + "assert.strictEqual(await s.later(), 0) })()", "Stack").passed
    wrong = tests + "assert.strictEqual(await s.later(), 1) })()"
    assert _judged(separate, STACK, wrong, "Stack").status is Status.WRONG_ANSWER


_RANGE = "const n = b.value(); assert(b > 2 || n > 2.5 && n < 3.5)"
# The members of a class ``Box``; each writes a message of its own in `_WRITES`.
_WRITES = (
    "  send(...parts) { require('fs').writeSync(6, Buffer.concat(parts.map((each) => Buffer.from(each)))) }\n"
)
_NOTHING = ", new Uint8Array(12)) }"
CHEATS = {
    "equal to everything": (
        "valueOf() { return 2 } toString() { return '2' } toJSON() { return 2 } size() { return this }\n"
        "  items() { return this } *[Symbol.iterator]() { yield* [1, 2] } length = 2"
    ),
    "differs each time": (
        "valueOf() { return (this.n = -(this.n ?? 1e9)) } size() { return this } items() { return [] }"
    ),
    "proxy": "constructor() { return new Proxy({}, { get: () => () => 2, has: () => true }) }",
    "exit": "put() { process.exit(0) }",
    "exit when made": "constructor() { process.reallyExit(0) }",
    "report": "put() { require('fs').writeSync(4, 'passed ' + '0'.repeat(32)) } size() { return 2 }",
    "promise": "put() {} async size() { return 2 } async items() { return [1, 2] }",
    "then": "then(done) { done(2) } put() {} size() { return this } items() { return this }",
    "throws": "put() { throw new (require('assert').AssertionError)({ message: 'x' }) }",
    "unknown handle": _WRITES + "put() { this.send([0, 0, 0, 18], 'Rh', [0, 0, 0, 9]" + _NOTHING,
    "number of a function": (
        _WRITES
        + "put() { this.send([0, 0, 0, 35], 'RK', [0, 0, 0, 8], 'functiond', new Uint8Array(8).fill(127)"
        + _NOTHING
    ),
    "within itself": (
        _WRITES + "put() { this.send([0, 0, 0, 28], 'Rk', [0, 0, 0, 9], 'l', [0, 0, 0, 1], 'k', [0, 0, 0, 9]"
        ", 'l', new Uint8Array(4)" + _NOTHING
    ),
    "number of another object": (
        _WRITES + "put() { this.send([0, 0, 0, 23], 'Rg', [0, 0, 1, 9], 'l', [0, 0, 0, 0]" + _NOTHING
    ),
}
# What a method returns where the tests expect a value, whose own code would answer them.
VALUES = {
    "methods of an array": (
        "const a = ['x']; for (const n of ['includes', 'every', 'some', 'at']) a[n] = () => true; return a",
        "assert(b.value().includes(3))",
    ),
    "number of an array": (
        "const a = []; let n = 0; a.valueOf = a.toString = () => n++ % 2 ? -9 : 9; return a",
        _RANGE,
    ),
    "number of an error": (
        "const e = new Error(); let n = 0; e.valueOf = () => n++ % 2 ? -9 : 9; return e",
        _RANGE,
    ),
    "number of itself": ("return this } valueOf() { return (this.n = -(this.n ?? 9))", _RANGE),
    "JSON of an array": (
        "const a = []; a.toJSON = () => 3; return a",
        "assert(JSON.stringify(b.value()) === '3')",
    ),
    "array that is awaited": (
        "const a = []; a.then = (done) => done(3); return a",
        "(async () => assert(await b.value() === 3))()",
    ),
    "instance that is changed": (
        "return new Box()",
        "const r = b.value(); require('lodash').unset(r, 'y'); assert(r.x === 3)",
    ),
    "number of an argument": (
        "let n = 0; arguments[0].valueOf = () => n++ % 2 ? -9 : 9",
        "const o = {}; b.value(o); assert(o > 2.5 && o < 3.5)",
    ),
}
_BOX = "class Box {\n  constructor() {}\n  value() {}\n}\n"
OF_CHEATS = """
const b = new Box(); b.put(1); b.put(2); const n = b.size(); assert(n > 1 && n < 3);
assert.deepEqual(b.items(), [1, 2]); assert(b.size() == 2);
"""
SHARED = {
    "function passed": ("assert(new C().each((x) => x))", "pass a function or an object"),
    "function for a result": (
        "const c = new C(); assert(c.all().each((x) => x))",
        "pass a function or an object",
    ),
    "own object passed": ("class A {}; assert(new C().add(new A()))", "pass a function or an object"),
    "inherited": ("class D extends C {}; assert(new D())", "otherwise than to make objects"),
    "expected class": ("assert.throws(() => new C(1), C)", "otherwise than to make objects"),
    "method replaced": ("const c = new C(); c.f = () => 1; assert(c.f())", "replace 'c.f'"),
    "prototype": ("C.prototype.f = 1; assert(new C().f)", "C.prototype"),
    "attribute deleted": ("const c = new C(); delete c.x; assert(!c.x)", "delete an attribute"),
    "part changed": ("const c = new C(); c.all.push(1); assert(c.all.length === 1)", "'all' may return"),
    "result changed": ("const c = new C(), a = c.list(); a.push(1); assert(a)", "'list' may return"),
    "another function": (
        "const { C, g } = require('./c'); assert(g(new C()))",
        "'g' of the candidate's module",
    ),
    "another of the module": ("const m = require('./c'); assert(m.g(1))", "'g' of the candidate's module"),
    "very many calls": (
        "const c = new C(); for (let at = 0; at < 100_000; at++) assert(c.next(at))",
        "call the candidate too often",
    ),
    "frozen": ("assert(Object.isFrozen(new C().all))", "isFrozen"),
    "class of the benchmark": (
        "assert(new C().item() instanceof Item)",
        "'Item', whose objects are no values",
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_right_program_passes_and_a_wrong_one_fails(name: str, separate: Judge, judge: Judge) -> None:
    right, wrong = PROGRAMS[name]
    verdicts = list(separate.run([right, wrong]))
    assert verdicts[0].passed, verdicts[0]
    assert verdicts[1].status in (Status.WRONG_ANSWER, Status.RUNTIME_ERROR), verdicts[1]
    assert next(judge.run([replace(right, entry_points=())])).passed


@pytest.mark.parametrize("name", CHEATS)
def test_cheats_fail(name: str, separate: Judge) -> None:
    verdict = _judged(separate, f"class Box {{\n{CHEATS[name]}\n}}", OF_CHEATS, "Box")
    assert verdict.status not in (Status.PASSED, Status.HARNESS_ERROR), verdict


@pytest.mark.parametrize("name", VALUES)
def test_values_have_no_code_of_the_candidate(name: str, separate: Judge) -> None:
    body, tests = VALUES[name]
    candidate = f"class Box {{\n{_WRITES} value() {{ {body} }}\n}}"
    verdict = _judged(separate, candidate, f"const b = new Box();\n{tests}", "Box", declaration=_BOX)
    assert verdict.status not in (Status.PASSED, Status.HARNESS_ERROR), verdict


def test_objects_that_stay_cannot_change_into_values(separate: Judge) -> None:
    forged = "this.send([0, 0, 0, 30], 'RT', [0, 0, 0, 1, 0, 0, 0, 0], 'm', [0, 0, 0, 1], "
    forged += "'s', [0, 0, 0, 1], 'xT', new Uint8Array(8)); return true"
    tests = "const a = new Box(), b = new Box(); assert(a.value(b) === true)"
    candidate = f"class Box {{\n{_WRITES} value() {{ %s }}\n}}"
    assert _judged(separate, candidate % "return true", tests, "Box").passed
    assert _judged(separate, candidate % forged, tests, "Box").status is Status.POLICY


def test_objects_and_what_they_return_are_not_both_numbers(separate: Judge) -> None:
    tests = "const b = new Box(), c = b.value(); assert(b < 2 && c < 3)"
    verdict = _judged(separate, "class Box {}", tests, "Box")
    assert verdict.status is Status.HARNESS_ERROR
    assert "convert an object of the candidate and what it returns" in verdict.stderr


def test_results_of_a_factory_have_no_code_of_the_candidate(separate: Judge) -> None:
    make = "const make = (x) => ({ read() { %s } })"
    tests = "const m = make(1); assert(JSON.stringify(m.read()) === '[1,3]')"
    assert _judged(separate, make % "return [x, 3]", tests, "make").passed
    wrong = make % "const a = []; a.toJSON = () => [1, 3]; return a"
    assert _judged(separate, wrong, tests, "make").status is Status.RUNTIME_ERROR


def test_a_function_that_the_candidate_adds_to_an_object_may_be_called(separate: Judge) -> None:
    candidate = "const make = (o) => { o.twice = (x) => 2 * x; return { read: () => 1 } }"
    tests = "const o = {}, m = make(o); assert(m.read() === 1 && o.twice(2) === 4)"
    assert _judged(separate, candidate, tests, "make").passed


@pytest.mark.parametrize("name", SHARED)
def test_tests_that_need_the_candidate(name: str, separate: Judge) -> None:
    tests, reason = SHARED[name]
    verdict = _judged(
        separate, "class C {}", tests, "C", declaration="class Item {}\nclass C {\n  item() { return 1 }\n}"
    )
    assert verdict.status is Status.HARNESS_ERROR
    assert reason in verdict.stderr
