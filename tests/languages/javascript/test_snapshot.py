"""JavaScript: a runner started from its snapshot behaves like one started without."""

from __future__ import annotations

import dataclasses

import pytest

from crosstune.execution import Judge, requirements
from crosstune.languages._shared.node import runtime, snapshot
from crosstune.records import Program, Status

pytestmark = pytest.mark.skipif(
    not all(each.met for each in requirements("javascript")),
    reason="JavaScript cannot be run here",
)
# Everything that a program can see of the process that runs it.
SEEN = """
const shape = (value) => Object.getOwnPropertyNames(value).sort().map((name) => {
  const found = Object.getOwnPropertyDescriptor(value, name);
  const flags = [found.writable, found.enumerable, found.configurable];
  return [name, typeof found.value, typeof found.get, ...flags].join();
});
const kinds = Object.getOwnPropertyNames(globalThis).sort().filter(
  (name) => typeof globalThis[name] === 'function');
const seen = {
  global: shape(globalThis), process: shape(process), names: Object.keys(process.env),
  words: process.argv.length,
  kinds: kinds.map((name) => [name, shape(globalThis[name]), shape(globalThis[name].prototype ?? {})]),
  modules: require('module').builtinModules.map((name) => {
    try { return [name, Object.keys(require(name)).sort()]; } catch (error) { return [name, error.code]; }
  }),
  wasm: WebAssembly.validate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])),
  shared: new SharedArrayBuffer(8).byteLength,
  local: (12345.6).toLocaleString('de') + new Date(0).toLocaleString(),
  cwd: process.cwd(), main: require.main === module,
  heap: require('v8').getHeapStatistics().heap_size_limit, clone: structuredClone(new Map([[1, 2]])).get(1),
  streams: [process.stdin, process.stdout, process.stderr].map((stream) => stream.constructor.name),
};
const digest = JSON.stringify(Object.fromEntries(Object.entries(seen).map(([key, value]) => [key,
  require('crypto').createHash('md5').update(JSON.stringify(value)).digest('hex')])));
setTimeout(() => setImmediate(() => process.nextTick(() => import('node:os').then((os) => {
  console.log(digest, typeof os.cpus);
}))), 1);
"""


def judged(candidate: str, tests: str = "console.assert(true);") -> tuple[Status, str]:
    with Judge() as judge:
        (verdict,) = judge.run([Program("x", "javascript", candidate, tests)])
    return verdict.status, verdict.stdout


def test_snapshot_is_made() -> None:
    assert snapshot.snapshot() is not None


def test_program_sees_the_same_without_a_snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    fast = judged(SEEN)
    monkeypatch.setattr(snapshot, "snapshot", lambda *_: None)
    plain = judged(SEEN)
    assert fast == plain
    assert fast[0] is Status.PASSED
    assert fast[1].endswith(" function\n")


def test_other_memory_limits_apply_too() -> None:
    limits = dataclasses.replace(runtime.LIMITS, memory_bytes=300 << 20)
    tests = "console.assert(require('v8').getHeapStatistics().heap_size_limit < 400 * 1024 * 1024);"
    with Judge() as judge:
        (verdict,) = judge.run([Program("x", "javascript", "", tests, limits=limits)])
    assert verdict.status is Status.PASSED, verdict


def test_nonce_is_masked_in_memory() -> None:
    scan = """
const fs = require('fs');
const memory = fs.openSync('/proc/self/mem', 'r');
let found = 0, looked = 0;
for (const line of fs.readFileSync('/proc/self/maps', 'utf8').split('\\n')) {
  const [, from, to] = /^(\\w+)-(\\w+) rw/.exec(line) ?? [];
  const size = parseInt(to, 16) - parseInt(from, 16);
  if (!(size < 1 << 26)) continue;
  const part = Buffer.alloc(size);
  try { looked += fs.readSync(memory, part, 0, size, parseInt(from, 16)); } catch { continue; }
  found += (part.toString('latin1').match(/(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])/g) ?? []).length;
}
"""
    status, _ = judged(scan, "console.assert(looked > 1e6); console.assert(found === 0, found);")
    assert status is Status.PASSED
