"""Values as bytes in JavaScript: what is written is read again."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from crosstune.languages._shared.node import snapshot

pytestmark = pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")

_SETUP = """
const fs = require("node:fs");
const vm = require("node:vm");
const { types } = require("node:util");
const assert = require("node:assert");
const load = (file) => {
  const made = { exports: {} };
  new Function("module", fs.readFileSync(file, "utf8"))(made);
  return made.exports;
};
const [decoderOf, codecOf] = process.argv.slice(1).map(load);
const codec = codecOf(Buffer, types, decoderOf(Buffer, types));
const opaque = (encoder, value) => { encoder.tag("o"); encoder.text(typeof value); };
const write = (value) => {
  const encoder = new codec.Encoder({ known: () => false, unknown: opaque });
  encoder.value(value);
  return Buffer.from(encoder.taken());
};
const known = {
  opaque: (kind) => `<${kind}>`, record: (name, fields) => ({ name, fields }),
  argument() {}, promise() {},
};
const read = (data) => {
  const decoder = new codec.Decoder(data, known);
  const value = decoder.value();
  decoder.end();
  return value;
};
const same = (value) => assert.deepStrictEqual(read(write(value)), value);
"""

VALUES = {
    "nothing": "undefined, null, [undefined], { a: undefined }",
    "truth": "true, false",
    "numbers": "0, 1, -1, 0.1, 2 ** 53, -(2 ** 53), 1e308, 5e-324, Infinity, -Infinity, NaN",
    "large integers": "0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 63n, -(2n ** 63n) - 1n, 2n ** 64n,"
    "10n ** 99n, -(10n ** 99n), 255n ** 9n, 2n ** 71n, -(2n ** 71n), 2n ** 127n - 1n, -(2n ** 127n)",
    "texts": "'', 'abc', 'äß€😀', '\\0', '\\ud800', 'a\\udc00b', '\\ufffd', '\\ufffd\\ud83d', '\\u{10ffff}'",
    "long text": "'x'.repeat(100000), '€'.repeat(100000)",
    "arrays": "[], [[]], [[], [1, [2, [3]]]], Array.from({ length: 5000 }, (_, at) => at)",
    "sparse arrays": "[, 1], [1, , 3], new Array(5), Object.assign([1, 2], { index: 3 }), /b(.)/.exec('abc')",
    "objects": "{}, { a: 1, b: { c: [] } }, { 2: 'x', 1: 'y', b: 1, a: 2 }, { '': 0 }, { constructor: 1 }",
    "own name of the prototype": "JSON.parse('{\"__proto__\": 3}')",
    "no prototype": "Object.assign(Object.create(null), { a: 1 })",
    "maps": "new Map(), new Map([[1, 'a'], ['1', new Map([[{}, []]])]])",
    "sets": "new Set(), new Set([1, '1', [2]])",
    "dates": "new Date(0), new Date(-1), new Date(8.64e15)",
    "regular expressions": "/a[/]b/giu, /(?:)/, Object.assign(/x/g, { lastIndex: 3 })",
    "typed arrays": "new Uint8Array([1, 2]), new Float64Array([0.5, NaN]), new BigInt64Array([-1n]),"
    "new Uint16Array(), new Int32Array([1, 2, 3]).subarray(1), new Uint8ClampedArray([300])",
    "buffers": "Buffer.from('abc'), Buffer.alloc(0), new ArrayBuffer(3), new DataView(new ArrayBuffer(2))",
    "errors": "new Error('x'), new TypeError('y', { cause: 1 }), new RangeError(),"
    "Object.assign(new Error('z'), { code: 'E', name: 'Own' }), new AggregateError([new Error('a')], 'b')",
    "boxed": "new Number(3), new String('x'), new Boolean(false), Object(3n)",
    "200 deep": "(() => { let all = []; for (let at = 0; at < 199; at++) all = [all]; return all; })()",
}
BROKEN = {
    "no value": "[]",
    "unknown tag": "[122]",
    "long text": "[115, 255, 255, 255, 255]",
    "long list": "[108, 255, 255, 255, 255]",
    "wrong text": "[115, 0, 0, 0, 1, 255]",
    "text that ends early": "[115, 0, 0, 0, 2, 0xed, 0xa0]",
    "key that is no text": "[109, 0, 0, 0, 1, 78, 78]",
    "integer without bytes": "[73, 0, 0, 0, 0]",
    "something follows": "[78, 78]",
    "unknown type": "[75, 0, 0, 0, 1, 120, 78]",
    "no date": "[75, 0, 0, 0, 4, ...Buffer.from('Date'), 78]",
    "no map": "[75, 0, 0, 0, 3, ...Buffer.from('Map'), 78]",
    "no iterator": "[75, 0, 0, 0, 8, ...Buffer.from('iterator'), 78]",
    "no prototype of nothing": "[75, 0, 0, 0, 4, ...Buffer.from('null'), 78]",
    "no array": "[75, 0, 0, 0, 5, ...Buffer.from('array'), 78]",
    "no buffer": "[75, 0, 0, 0, 10, ...Buffer.from('Uint8Array'), 78]",
    "no error": "[75, 0, 0, 0, 5, ...Buffer.from('Error'), 78]",
    "inherited name": "[75, 0, 0, 0, 8, ...Buffer.from('toString'), 78]",
    "object that was never sent": "[65, 0, 0, 0, 0]",
    "number of two objects": "[97, 0, 0, 0, 0, 108, 0, 0, 0, 1, 97, 0, 0, 0, 0, 108, 0, 0, 0, 0]",
    "frozen text": "[75, 0, 0, 0, 6, ...Buffer.from('frozen'), 115, 0, 0, 0, 0]",
    "too deep": "Array.from({ length: 1000 }, () => [108, 0, 0, 0, 1]).flat().concat(78)",
}


def _run(script: str) -> None:
    done = subprocess.run(
        ["node", "-e", _SETUP + script, str(snapshot.DECODER), str(snapshot.VALUES)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_what_is_written_is_read_again() -> None:
    listed = "".join(f"[{json.dumps(name)}, [{values}]]," for name, values in VALUES.items())
    _run(f"for (const [name, all] of [{listed}]) for (const each of all) same(each);")


def test_signs_orders_and_prototypes_stay() -> None:
    _run("""
assert(Object.is(read(write(-0)), -0));
assert.deepStrictEqual(Object.keys(read(write({ b: 1, a: 2 }))), ["b", "a"]);
assert.deepStrictEqual(Object.keys(read(write([, 7]))), ["1"]);
assert(read(write([...[1, 2]].values())).next().value === 1);
assert(read(write(Buffer.from("x"))) instanceof Buffer);
""")


def test_values_of_other_kinds() -> None:
    _run("""
class Own { a = 1 }
assert.deepStrictEqual(read(write(new Own())), { name: "Own", fields: { a: 1 } });
assert.strictEqual(read(write(() => 1)), "<function>");
assert.strictEqual(read(write(Symbol())), "<symbol>");
assert.strictEqual(read(write({ [Symbol()]: 1 })), "<object>");
class More extends Map {}
assert.deepStrictEqual(read(write(new More([[1, 2]]))), new Map([[1, 2]]));
assert.deepStrictEqual(read(write(new Proxy([1], {}))), [1]);
assert.deepStrictEqual(read(write({ get a() { return 1; } })), { a: 1 });
assert.deepStrictEqual([...read(write(function* () { yield 1; yield 2; }()))], [1, 2]);
""")


def test_what_contains_itself_is_too_deep() -> None:
    _run("const all = []; all.push(all); assert.throws(() => write(all), codec.TooDeep);")


def test_an_object_that_occurs_again_is_one() -> None:
    _run("""
const exact = (value) => {
  const encoder = new codec.Encoder({ known: () => false, unknown: opaque, exact: true });
  encoder.whole(value);
  return read(encoder.taken());
};
const part = Object.freeze([1]);
const all = { a: part, b: [part, part], map: new Map(), set: new Set() };
all.map.set(all, part);
all.set.add(all);
all.all = all;
const again = exact(all);
assert(again.all === again && again.set.has(again));
assert(again.b[1] === again.a && again.map.get(again) === again.a);
assert(Object.isFrozen(again.a) && !Object.isFrozen(again.b));
assert.deepStrictEqual(exact([[], [], 2]), [[], [], 2]);
const error = new Error();
error.error = error;
assert.throws(() => exact(error), codec.TooDeep);
""")


def test_values_of_another_realm() -> None:
    _run("""
const inner = vm.runInNewContext("({ list: [1, { a: 2 }], map: new Map([[1, 2]]), date: new Date(5) })");
const outer = { list: [1, { a: 2 }], map: new Map([[1, 2]]), date: new Date(5) };
assert.deepStrictEqual(read(write(inner)), outer);
""")


@pytest.mark.parametrize("name", BROKEN)
def test_broken_values_are_refused(name: str) -> None:
    _run(f"assert.throws(() => read(Buffer.from({BROKEN[name]})), codec.Malformed);")
