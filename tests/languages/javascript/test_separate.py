"""JavaScript's tests and candidates in processes of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from crosstune.execution import Judge, requirements
from crosstune.languages._shared.limits import RUN_LIMITS
from crosstune.records import Program, Status, Verdict

pytestmark = pytest.mark.skipif(
    not all(each.met for each in requirements("javascript")),
    reason="JavaScript cannot be run here",
)

_TESTS = """
const testAdd = () => {
  console.assert(add(1, 2) === 3)
  console.assert(add(5, 7) === 12)
}
testAdd()
"""
_DEEP_TESTS = """
const assert = require('assert');
assert.deepStrictEqual(add(1, 2), { sum: 3, parts: [1, 2] });
assert.deepEqual(add(5, 7), { sum: 12, parts: [5, 7] });
"""
# The beginning of a candidate that answers the tests itself.
_ANSWERS = """
const fs = require('fs');
const u32 = (value) => { const data = Buffer.alloc(4); data.writeUInt32BE(value); return data; };
const text = (value) => Buffer.concat([u32(Buffer.byteLength(value)), Buffer.from(value)]);
const double = (value) => { const data = Buffer.alloc(8); data.writeDoubleBE(value); return data; };
const number = (value) => Buffer.concat([Buffer.from('d'), double(value)]);
const frame = (...parts) => {
  const data = joined(parts);
  fs.writeSync(6, Buffer.concat([u32(data.length), data]));
};
const END = Buffer.concat([u32(0), text(''), text('')]);
const joined = (parts) => Buffer.concat(parts.map((part) => Buffer.from(part)));
const K = (name, ...parts) => Buffer.concat([Buffer.from('K'), text(name), joined(parts)]);
const add = (a, b) => {
"""

CHEATS = {
    "exit": "const add = () => process.exit(0);",
    "real exit": "const add = () => process.reallyExit(0);",
    "exit while loading": "process.exit(0);",
    "abort": "const add = () => process.abort();",
    "signal": "const add = () => process.kill(process.pid, 'SIGKILL');",
    "report": "const add = () => { require('fs').writeSync(4, 'passed ' + '0'.repeat(32)); process.exit() };",
    "report while loading": "require('fs').writeSync(4, 'passed ' + '0'.repeat(32)); process.exit(0);",
    "no function": "const sub = (a, b) => a - b;",
    "no answer": "const fs = require('fs'); fs.closeSync(5); fs.closeSync(6); const add = (a, b) => a + b;",
    "closed in the call": "const add = (a, b) => { require('fs').closeSync(6); return a + b; };",
    "no frame": "const add = () => { require('fs').writeSync(6, Buffer.alloc(64, 255)); return 3; };",
    "frames beforehand": _ANSWERS + "return 0; }; for (let at = 0; at < 9; at++) frame('R', number(3), END);",
    "hello twice": _ANSWERS + "frame('H\\x01'); return 3; };",
    "empty frame": _ANSWERS + "frame(''); };",
    "report as a frame": _ANSWERS + "frame('passed'); frame('!{\"report\":\"passed\"}'); };",
    "unknown tag": _ANSWERS + "frame('Rz', END); };",
    "something follows": _ANSWERS + "frame('R', number(a + b), END, 'x'); };",
    "long text announced": _ANSWERS + "frame('Rs', [255, 255, 255, 255], END); };",
    "long list announced": _ANSWERS + "frame('Rl', [255, 255, 255, 255], END); };",
    "deep frame": _ANSWERS + "frame('R' + 'l\\0\\0\\0\\x01'.repeat(100000) + 'N', END); };",
    "long frame": _ANSWERS + "fs.writeSync(6, u32(2 ** 31)); fs.writeSync(6, Buffer.alloc(65536)); };",
    "unknown handle": _ANSWERS + "frame('Rh', u32(7), END); };",
    "change of another argument": _ANSWERS
    + "frame('R', number(a + b), u32(1), u32(7), 'N', text(''), text('')); };",
    "unknown argument": _ANSWERS + "frame('R', K('argument', number(7)), END); };",
    "argument that is none": _ANSWERS + "frame('R', K('argument', 'N'), END); };",
    "unknown type": _ANSWERS + "frame('R', K('eval', 's', text('3')), END); };",
    "inherited type": _ANSWERS + "frame('R', K('constructor', 's', text('3')), END); };",
    "large array": _ANSWERS + "frame('R', K('array', 'l', u32(2), number(2 ** 40), 'm', u32(0)), END); };",
    "wrong trace": _ANSWERS + "frame('E', text('Error'), text(''), text('?!'), END); };",
    "wrong error": _ANSWERS
    + "frame('E', text('Error'), text(''), text(K('Error', 'N').toString('base64')), END); };",
    "100 MB": "const add = () => 'x'.repeat(100000000);",
    "contains itself": "const add = () => { const all = []; all.push(all); return all; };",
    "10,000 deep": "const add = () => { let a = []; for (let n = 0; n < 1e4; n++) a = [a]; return a }",
    "equal to everything": "const add = () => ({ valueOf: () => 3, toString: () => '3', toJSON: () => 3 });",
    "own number": "class N extends Number {}\nconst add = (a, b) => new N(a + b);",
    "proxy that answers anything": "const add = () => new Proxy({}, { get: () => 3, has: () => true });",
    "proxy that throws": "const add = () => new Proxy([], { get() { throw new Error('no'); } });",
    "getter that differs": "const add = (a, b) => ({ get sum() { return a; }, parts: [a, b] });",
    "promise": "const add = async (a, b) => a + b;",
    "never settles": "const add = () => new Promise(() => {});",
    "rejected and dropped": "const add = (a, b) => { Promise.reject(new Error('x')); return a + b; };",
    "thrown assertion": "const add = () => require('assert').ok(true) ?? 7;",
    "thrown nothing": "const add = () => { throw undefined; };",
    "function": "const add = () => () => 3;",
    "symbol": "const add = () => Symbol.toPrimitive;",
    "endless iterator": "const add = function* () { for (;;) yield 3; };",
    "endless loop in a getter": "const add = () => ({ get sum() { for (;;); } });",
    "prototypes changed": "Array.prototype.every = () => true; Object.prototype.toJSON = () => 3;\n"
    "Number.prototype.valueOf = () => 3; Function.prototype.call = () => 3;\nconst add = () => 7;",
    "assert replaced": "console.assert = () => {}; require('assert').deepStrictEqual = () => {};\n"
    "require('assert').deepEqual = () => {}; const add = () => 7;",
    "process listeners": "process.on('exit', () => process.reallyExit(0)); const add = () => 7;",
    "child that answers": "const add = () => { require('child_process').spawn('sleep', ['9'], "
    "{ stdio: ['ignore', 'ignore', 'ignore', 'ignore', 'ignore', 5, 6] }); process.exit(0); };",
    "worker": "new (require('worker_threads').Worker)('setInterval(() => {}, 9)', { eval: true });\n"
    "const add = () => 7;",
    "reads its descriptors": "const add = () => { const data = Buffer.alloc(99); "
    "require('fs').readSync(5, data); return data; };",
    "reads the tests": "const add = () => Number(/=== (\\d+)/.exec(require('fs').readFileSync("
    "'/proc/self/mem', 'latin1').slice(0, 99))?.[1] ?? 7);",
    "not callable": "const add = 3;",
    "recursion": "const add = (a, b) => add(a, b);",
    "memory": "const add = () => { const all = []; for (;;) all.push(new Array(1e6).fill(1)); };",
}

RIGHT = {
    "changed array": (
        "const f = (a) => { a.sort((x, y) => x - y); }",
        "const a = [3, 1, 2]; f(a); console.assert(a.join() === '1,2,3')",
    ),
    "same array": (
        "const f = (a) => { a.push(1); return a; }",
        "const a = []; console.assert(f(a) === a && a[0] === 1)",
    ),
    "other array": ("const f = (a) => [...a]", "const a = [1]; console.assert(f(a) !== a && f(a)[0] === 1)"),
    "changed object": (
        "const f = (o) => { delete o.a; o.b.push(2); o.c = 1; }",
        (
            "const b = [1], o = { a: 1, b }; f(o);\n"
            "require('assert').deepStrictEqual(o, { b: [1, 2], c: 1 });\n"
            "console.assert(o.b === b)"
        ),
    ),
    "changed map and set": (
        "const f = (m, s) => { m.set('b', 2); m.delete('a'); s.add(3); }",
        (
            "const m = new Map([['a', 1]]), s = new Set(); f(m, s);\n"
            "require('assert').deepStrictEqual([m, s], [new Map([['b', 2]]), new Set([3])])"
        ),
    ),
    "changed typed array": (
        "const f = (a) => a.fill(7)",
        "const a = new Int32Array(3); f(a); console.assert(a[2] === 7)",
    ),
    "error": (
        (
            "class Own extends RangeError { constructor(m) { super(m); this.name = 'Own'; this.code = 7 } }\n"
            "const f = () => { throw new Own('x') }"
        ),
        (
            "try { f(); console.assert(false) } catch (error) {\n"
            "  console.assert(error instanceof RangeError && error instanceof Error)\n"
            "  console.assert(error.name === 'Own' && error.message === 'x' && error.code === 7)\n}"
        ),
    ),
    "thrown text": (
        "const f = () => { throw 'no' }",
        "let told; try { f() } catch (e) { told = e }; console.assert(told === 'no')",
    ),
    "assert.throws": (
        "const f = () => { throw new TypeError('bad a') }",
        (
            "const assert = require('assert'); assert.throws(f, TypeError); assert.throws(f, /bad/);\n"
            "assert.throws(f, { name: 'TypeError', message: 'bad a' })"
        ),
    ),
    "promise": (
        "const f = async (a) => { await null; return a + 1 }",
        "(async () => { console.assert(await f(1) === 2); console.assert(f(1) instanceof Promise) })()",
    ),
    "promises": (
        "const f = (a) => a.map(async (each) => each * 2)",
        "(async () => console.assert((await Promise.all(f([1, 2]))).join() === '2,4'))()",
    ),
    "rejected promise": (
        "const f = async () => { throw new Error('x') }",
        "const assert = require('assert'); assert.rejects(f(), /x/)",
    ),
    "timer": (
        "const f = (a) => new Promise((done) => setTimeout(done, 1, a))",
        "f(3).then((value) => console.assert(value === 3))",
    ),
    "generator": (
        "function* f(n) { for (let at = 0; at < n; at++) yield at }",
        "console.assert([...f(3)].join() === '0,1,2')",
    ),
    "argument that contains itself": (
        "const f = (n) => { const s = new Set(); for (; n && !s.has(n); n = n.next) s.add(n); return !!n }",
        "const a = { next: null }, b = { next: a }; console.assert(!f(b)); a.next = b; console.assert(f(b))",
    ),
    "result that contains itself": (
        (
            "const f = (o) => { const n = { o, all: [], map: new Map() }; n.self = n; n.all.push(n);\n"
            "  n.map.set('n', n); return n }"
        ),
        "const r = f(1); console.assert(r.self === r && r.all[0] === r && r.map.get('n') === r)",
    ),
    "changed argument that contains itself": (
        "const f = (n) => { n.v = 2; n.next.v = 3 }",
        (
            "const a = { v: 0 }; a.next = { v: 1, next: a }; f(a);\n"
            "console.assert(a.next.next === a && a.next.v === 3)"
        ),
    ),
    "clone": (
        "const f = (o) => structuredClone(o)",
        "const o = { a: [1] }, c = f(o); console.assert(c !== o && c.a !== o.a && c.a[0] === 1)",
    ),
    "part of an argument": (
        "const f = (a) => a.find((each) => each.n === 2)",
        "const o = { n: 2 }; console.assert(f([{ n: 1 }, o]) === o)",
    ),
    "frozen result": (
        "const f = (a) => Object.freeze({ a: Object.freeze([...a]) })",
        "console.assert(Object.isFrozen(f([1])) && Object.isFrozen(f([1]).a) && f([1]).a[0] === 1)",
    ),
    "frozen argument": (
        "const f = (o) => { Object.values(o).forEach((each) => Object.seal(each)); return Object.freeze(o) }",
        (
            "const o = { a: [1] }, r = f(o);\n"
            "console.assert(r === o && Object.isFrozen(o) && Object.isSealed(o.a) && !Object.isFrozen(o.a))"
        ),
    ),
    "symbols as keys": (
        "const f = (o) => ({ n: Object.keys(o).length, [Symbol('x')]: 1 })",
        (
            "const r = f({ a: 1, [Symbol('b')]: 2 });\n"
            "console.assert(r.n === 1 && JSON.stringify(r) === '{\"n\":1}'\n"
            "  && Object.getOwnPropertySymbols(r).length === 1)"
        ),
    ),
    "undefined": ("const f = () => {}", "console.assert(f() === undefined && f(undefined) !== null)"),
    "minus zero": ("const f = (a) => -a", "console.assert(Object.is(f(0), -0))"),
    "bigint": ("const f = (a) => a ** 2n", "console.assert(f(10n ** 20n) === 10n ** 40n)"),
    "regular match": (
        "const f = (t) => /b(.)/.exec(t)",
        "console.assert(f('abc').index === 1 && f('abc')[1] === 'c')",
    ),
    "class of its own": (
        "class P { constructor(x) { this.x = x } }\nconst f = (x) => new P(x)",
        (
            "const assert = require('assert'); assert.strictEqual(JSON.stringify(f(1)), '{\"x\":1}');\n"
            "assert.deepEqual(f(1), { x: 1 }); assert.notDeepStrictEqual(f(1), { x: 1 })"
        ),
    ),
    "passed as a function": ("const f = (a) => a * 2", "console.assert([1, 2].map(f).join() === '2,4')"),
    "handed to a check": (
        "const f = (a) => a * 2",
        "const check = (candidate) => console.assert(candidate(2) === 4); check(f)",
    ),
    "module that exports": ("module.exports = { f: (a) => a + 1 }", "console.assert(f(1) === 2)"),
    "module that exports one": ("module.exports = (a) => a + 1", "console.assert(f(1) === 2)"),
    "imported by the tests": (
        "const f = (a) => a + 1\nmodule.exports = f",
        "const f = require('./solution'); console.assert(f(1) === 2)",
    ),
    "ECMAScript module": ("export default function f(a) { return a + 1 }", "console.assert(f(1) === 2)"),
    "awaits": (
        "const one = await Promise.resolve(1)\nconst f = (a) => a + one",
        "console.assert(f(1) === 2)",
    ),
    "own main": (
        "const f = (a) => a + 1\nif (require.main === module) process.exit(1)",
        "console.assert(f(1) === 2)",
    ),
    "lodash": (
        "const f = (a) => [a, [a]]",
        "const _ = require('lodash'); console.assert(_.isEqual(f(1), [1, [1]]))",
    ),
    "node:test": (
        "const f = (a) => a + 1",
        (
            "const { test } = require('node:test'); const assert = require('assert');\n"
            "test('adds', () => assert.strictEqual(f(1), 2))"
        ),
    ),
    "exit of the tests": ("const f = (a) => a + 1", "console.assert(f(1) === 2); process.exit(0)"),
    "names of the tests": (
        "const result = 7\nconst f = (a) => a + 1",
        "const result = f(1); console.assert(result === 2)",
    ),
    "prints": (
        "const f = (a) => { console.log(a); process.stdout.write('x'); return a }",
        "console.assert(f(1) === 1)",
    ),
    "polyfill": (
        "Array.prototype.last = function () { return this[this.length - 1] }\nconst f = (a) => a.last()",
        "console.assert(f([1, 2]) === 2)",
    ),
}

# What passes where values have no identity.
WRONG = {
    "shallow clone": ("const f = (o) => ({ ...o })", RIGHT["clone"][1]),
    "no clone": ("const f = (o) => o", RIGHT["clone"][1]),
    "copied part": (
        "const f = (a) => ({ ...a.find((each) => each.n === 2) })",
        RIGHT["part of an argument"][1],
    ),
    "not frozen": ("const f = (o) => o", RIGHT["frozen argument"][1]),
}

SHARED = {
    "own promise passed": ("console.assert(f(Promise.resolve(1)) === 1)", "a promise of their own"),
    "promise of a promise passed": (
        "const p = f(1).then((x) => x); console.assert(f(p) === 1)",
        "a promise of their own",
    ),
    "promise of their function passed": (
        "const later = async () => 1; console.assert(f([later()]) === 1)",
        "a promise of their own",
    ),
    "own generator passed": (
        "function* g() { yield 1 } console.assert(f(g()) === 1)",
        "an iterator of their own",
    ),
    "a map or an object": ("const m = f(['a']); console.assert(m.has('a'))", "'f' may return"),
    "item before the first": ("console.assert(f([1])[-1] === 1)", "an item before the first"),
    "objects that contain themselves": (
        "const a = {}, b = { a }; a.b = b; console.assert(f({ b }).b.a !== b.a)",
        "the tests let 'a' contain itself",
    ),
    "function passed": ("console.assert(f((x) => x + 1) === 2)", "pass a function"),
    "function in an object": ("const o = { g() {} }; console.assert(f(o) === 1)", "pass a function"),
    "own class passed": ("class A {}; console.assert(f(new A()) === 1)", "pass a function or an object"),
    "another function": ("console.assert(f(1) === g(1))", "'g', which is not among"),
    "console patched": (
        "console.log = () => {}; console.assert(f(1) === 1)",
        "the tests change 'console.log'",
    ),
    "clock patched": ("Date.now = () => 3; console.assert(f() === 3)", "the tests change 'Date.now'"),
    "identity": ("console.assert(f(1) === f(1))", "identity of results"),
    "file": ("require('fs').writeFileSync('x', ''); console.assert(f('x') === 1)", "the module fs"),
    "frozen": ("console.assert(f(Object.freeze([1])) === 1)", "Object.freeze"),
    "environment": ("process.env.X = '1'; console.assert(f() === '1')", "process.env"),
    "asynchronous loop": (
        "(async () => { for await (const x of f()) console.assert(x) })()",
        "iterate asynchronously",
    ),
}


_SHORT = replace(RUN_LIMITS, cpu_seconds=3.0, wall_seconds=12.0)
"""For cheats: some wait for an answer that never comes, or run forever."""


@pytest.fixture(scope="module")
def separate() -> Iterator[Judge]:
    with Judge(isolation="separate") as judge:
        yield judge


def _program(candidate: str, tests: str, name: str) -> Program:
    return Program("1", "javascript", candidate, tests, entry_points=(name,))


def _judged(judge: Judge, program: Program) -> Verdict:
    return next(judge.run([program]))


@pytest.mark.parametrize("name", CHEATS)
@pytest.mark.parametrize("tests", [_TESTS, _DEEP_TESTS], ids=["plain", "deep"])
def test_cheats_fail(name: str, tests: str, separate: Judge) -> None:
    program = replace(_program(CHEATS[name], tests, "add"), limits=_SHORT)
    verdict = _judged(separate, program)
    assert verdict.status not in (Status.PASSED, Status.HARNESS_ERROR), verdict
    assert verdict.isolation == "separate"


@pytest.mark.parametrize("name", RIGHT)
def test_right_programs_pass(name: str, separate: Judge) -> None:
    verdict = _judged(separate, _program(*RIGHT[name], "f"))
    assert verdict.passed, verdict


@pytest.mark.parametrize("name", RIGHT)
def test_right_programs_pass_in_one_process(name: str, judge: Judge) -> None:
    candidate, tests = RIGHT[name]
    assert _judged(judge, Program("1", "javascript", candidate, tests)).passed


@pytest.mark.parametrize("name", WRONG)
def test_wrong_programs_fail(name: str, separate: Judge) -> None:
    verdict = _judged(separate, _program(*WRONG[name], "f"))
    assert verdict.status not in (Status.PASSED, Status.HARNESS_ERROR), verdict


@pytest.mark.parametrize("name", SHARED)
def test_tests_that_need_the_candidate(name: str, separate: Judge) -> None:
    tests, reason = SHARED[name]
    verdict = _judged(separate, _program("const f = (a) => a", tests, "f"))
    assert verdict.status is Status.HARNESS_ERROR
    assert reason in verdict.stderr


def test_a_wrong_program_says_what_failed(separate: Judge) -> None:
    verdict = _judged(separate, _program("const f = (a) => a", "console.assert(f(1) === 2, 'one')", "f"))
    assert verdict.status is Status.WRONG_ANSWER
    assert "Assertion failed: one" in verdict.stderr


@pytest.mark.parametrize("kind", ["", "setTimeout(() => {}, 1);"], ids=["context", "thread"])
def test_tests_leave_nothing_to_the_next(kind: str, separate: Judge) -> None:
    texts = [
        "Object.assign(Array, { extra: 4 }); console.assert(f(1) === 1)",
        "console.assert(f(1) === 1 && Array.extra === undefined)",
    ]
    programs = [_program("const f = (a) => a", f"{kind} {text}", "f") for text in texts]
    assert all(verdict.passed for verdict in separate.run(programs))


@pytest.mark.parametrize(
    "answer", ["() => 1", "Symbol()", "async () => 1", "Promise.resolve(1)", "{ a: () => 1 }"]
)
def test_what_the_tests_pass_back_is_not_their_fault(answer: str, separate: Judge) -> None:
    program = _program(f"const f = (a) => a === 1 ? ({answer}) : 2", "console.assert(f(f(1)) === 3)", "f")
    assert _judged(separate, program).status is Status.WRONG_ANSWER


@pytest.mark.parametrize(
    ("tests", "status"),
    [
        (
            "console.assert(f([...f('x'.repeat(2000))].flatMap(() => new Array(2e3).fill(0))))",
            Status.OUTPUT_LIMIT,
        ),
        (
            "let a = f('x'.repeat(2000)); for (const _ of a) a = [a]; console.assert(f(a) === 1)",
            Status.RUNTIME_ERROR,
        ),
        ("console.assert(f(1) && f(new Array(3e6).fill(0)) === 1)", Status.HARNESS_ERROR),
    ],
)
def test_large_results_decide_how_large_an_argument_is(tests: str, status: Status, separate: Judge) -> None:
    assert _judged(separate, _program("const f = (a) => a", tests, "f")).status is status


def test_an_object_that_is_passed_back_has_its_class_again(separate: Judge) -> None:
    candidate = "class Box { constructor(x) { this.x = x }\n get() { return this.x } }\n"
    candidate += "const f = (a) => a instanceof Box ? a.get() : new Box(a)"
    assert _judged(separate, _program(candidate, "console.assert(f(f(1)) === 1)", "f")).passed


def test_a_dropped_promise_leaves_nothing_to_the_next(separate: Judge) -> None:
    rejecting = _program("const f = async () => { throw new Error('x') }", "console.assert(f(1))", "f")
    waiting = _program("const f = (a) => a", "setTimeout(() => console.assert(f(1) === 1), 20)", "f")
    statuses = [verdict.status for verdict in separate.run([rejecting, waiting])]
    assert statuses == [Status.RUNTIME_ERROR, Status.PASSED]


@pytest.mark.parametrize("asked", ["const half = (a) => {\n", "function half(a)"])
def test_helpers_of_the_benchmark_are_its_own(asked: str, separate: Judge) -> None:
    declaration = "const twice = (a) => 2 * a\n\n// Halve.\n" + asked
    program = Program(
        "1",
        "javascript",
        "const twice = () => 8\nconst half = (a) => 4",
        "console.assert(half(twice(3)) === 3)",
        declaration=declaration,
        entry_points=("half",),
    )
    assert _judged(separate, program).status is Status.WRONG_ANSWER
