"""JavaScript's tests that use objects of the candidate, which stay in its process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crosstune.execution import Judge, requirements
from crosstune.records import Program, Status, Verdict

pytestmark = pytest.mark.skipif(
    not all(each.met for each in requirements("javascript")),
    reason="JavaScript cannot be run here",
)

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
