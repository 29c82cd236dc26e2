// The candidate's process: runs the candidate, then calls its functions as the tests ask; see separate.py. Nothing here
// needs protection from the candidate: all that it can change is what it answers.
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");
const { createRequire } = require("node:module");
const { types } = require("node:util");
const { startupSnapshot } = require("node:v8");

const [READER, WRITER, REPORT] = [5, 6, 4];
const VERSION = 1;
const OWN_WORDS = 6;
const OF_MODULES = ["exports", "require", "module", "__filename", "__dirname"];
const LOADER = { importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER };

const [decoderOf, codecOf, identitiesOf, objectsOf] = process.argv.slice(2, 6).map(evaluated);
const codec = codecOf(Buffer, types, decoderOf(Buffer, types));
const { Identities, Watched } = identitiesOf(codec, types);
const { Objects } = objectsOf(codec, types, Identities);
let leave = process.reallyExit.bind(process);
const complain = console.error;
const { setImmediate } = globalThis;
const write = fs.writeSync;
const read = fs.readSync;

function evaluated(file) {
  const module = { exports: {} };
  vm.compileFunction(fs.readFileSync(file, "utf8"), ["module"])(module);
  return module.exports;
}

function fail(status, error) {
  try {
    complain(error);
  } catch {
    complain("the program threw something that cannot be shown");
  }
  try {
    write(REPORT, `failed ${status}`);
  } finally {
    leave(1);
  }
}

function thrown(error) {
  fail({ ENOSPC: "disk_limit", EFBIG: "disk_limit", EAGAIN: "process_limit" }[error?.code] ?? "runtime_error", error);
}

let held;
let objects;

// At least so many bytes of what the tests have sent; their end is this process's end.
function receive(size) {
  while (held.length < size) {
    const part = Buffer.allocUnsafe(Math.max(size - held.length, 1 << 16));
    const count = read(READER, part, 0, part.length);
    if (count === 0) leave(0);
    held = held.length === 0 ? part.subarray(0, count) : Buffer.concat([held, part.subarray(0, count)]);
  }
  const taken = held.subarray(0, size);
  held = held.subarray(size);
  return taken;
}

function send(encoder) {
  const data = encoder.taken();
  data.writeUInt32BE(data.length - 4, 0);
  for (let at = 0; at < data.length; ) at += write(WRITER, data, at);
}

function answerOf(fill, hooks) {
  const encoder = new codec.Encoder(hooks);
  encoder.number(0);
  fill(encoder);
  return encoder;
}

function unknown(encoder, value) {
  encoder.tag("o");
  encoder.text(typeof value === "object" ? "object" : typeof value);
}

// The bytes of a value of any depth.
function encoded(value, hooks) {
  const encoder = new codec.Encoder(hooks);
  try {
    if (hooks.exact && hooks.names) encoder.whole(value);
    else encoder.value(value);
  } catch (error) {
    if (!(error instanceof codec.TooDeep) && !(error instanceof RangeError)) throw error;
    encoder.at = 0;
    encoder.seen = undefined;
    hooks.unknown(encoder, value);
  }
  return encoder.taken();
}

const argumentsKnown = {
  opaque: () => ({}),
  // An object that this process has returned before.
  record(name, fields) {
    const kind = declared(name);
    return typeof kind === "function" ? Object.setPrototypeOf(fields, kind.prototype) : fields;
  },
  promise: (decoder, depth) => {
    if (decoder.tag() !== "R") throw new codec.Malformed("a promise that fails");
    return Promise.resolve(decoder.value(depth + 1));
  },
  numbered: (tag, decoder, depth) => objects.read(tag, decoder, depth),
};

// Whether the tests use objects, which then stay here. They ask about them from the beginning.
let keeps = false;
// The values that the tests have, too, if changes in them matter.
let watched;

function watch(decoder) {
  watched ??= new Watched(objects.identities, (value) => encoded(value, hooksOf(true, new Map(), [])));
  for (let left = decoder.number(); left > 0; left--) decoder.value();
}

function turn() {
  return new Promise((resolve) => setImmediate(resolve));
}

async function answer(question, functions, names) {
  const decoder = new codec.Decoder(question, argumentsKnown);
  let kind = decoder.tag();
  if (kind === "W") {
    watch(decoder);
    kind = decoder.tag();
  }
  const number = "CFN".includes(kind) ? undefined : decoder.number();
  if (kind === "D") return objects.drop(number);
  keeps ||= "NMG".includes(kind);
  const name = decoder.text();
  const values = [];
  const before = [];
  if (kind !== "G") decoder.take(1);
  for (let left = kind === "G" ? 0 : decoder.number(); left > 0; left--) {
    const begin = decoder.at;
    values.push(decoder.own());
    before.push(question.subarray(begin, decoder.at));
  }
  // Timers that were due while the tests had other things to do.
  await turn();
  let outcome;
  try {
    if (kind === "C" || kind === "F") outcome = { result: functions(name)(...values) };
    else if (kind === "I") outcome = { result: objects.iterate(number, name, values) };
    else if (kind === "N") outcome = { result: objects.make(names.indexOf(name), values) };
    else if (kind === "M") outcome = { result: objects.call(number, name, values) };
    else if (name === "") outcome = { fieldsOf: objects.at(number) };
    else outcome = { result: objects.member(number, name) };
  } catch (error) {
    outcome = { error };
  }
  const reply = await replyTo(outcome, values, before, kind !== "C");
  // What the call has left for later, such as a rejected promise, happens before the tests continue.
  await turn();
  send(reply);
  watched?.note();
}

// Promises in the result are awaited, and those in their values.
async function replyTo(outcome, values, before, exact) {
  const settled = new Map();
  for (;;) {
    const waiting = [];
    let reply;
    try {
      reply = written(outcome, values, before, hooksOf(exact, settled, waiting));
    } catch (error) {
      if (error instanceof codec.TooLong) return tooLong();
      if ("error" in outcome) throw error;
      outcome = { error };
      continue;
    }
    if (waiting.length === 0) return reply;
    for (const promise of waiting) {
      settled.set(promise, await promise.then((result) => ({ result }), (error) => ({ error })));
    }
  }
}

// How values are written that are more than their value. The judge itself asks for values that are not ``exact``.
function hooksOf(exact, settled, waiting) {
  const hooks = {
    exact,
    hold: exact && ((value) => objects.hold(value)),
    known(encoder, value, depth) {
      if (types.isProxy(value) || !types.isPromise(value)) return keeps && objects.write(encoder, value, depth);
      const found = settled.get(value);
      if (found === undefined) waiting.push(value);
      else promise(encoder, found, hooks);
      return true;
    },
    unknown: (encoder, value) => (keeps && objects.writeHandle(encoder, value)) || unknown(encoder, value),
    names: !keeps,
  };
  return hooks;
}

function written(outcome, values, before, hooks) {
  return answerOf((encoder) => {
    if ("error" in outcome) {
      encoder.tag("E");
      codec.thrown(encoder, outcome.error, (error) => encoded(error, hooks));
    } else {
      encoder.tag("R");
      const at = hooks.names && isObject(outcome.result) ? values.indexOf(outcome.result) : -1;
      if ("fieldsOf" in outcome) fields(encoder, outcome.fieldsOf, hooks);
      else if (at >= 0) encoder.standard("argument", () => encoder.double(at));
      else encoder.raw(encoded(outcome.result, hooks));
    }
    changes(encoder, values, before, hooks);
    encoder.number(0);
    encoder.number(0);
    if (watched) all(encoder, watched.changed(), hooks);
  }, hooks);
}

// All fields of an object that stays here.
function fields(encoder, value, hooks) {
  const { name } = Object.getPrototypeOf(value)?.constructor ?? Object;
  const keys = Object.keys(value);
  encoder.tag("r");
  encoder.text(String(name));
  encoder.number(keys.length);
  for (const key of keys) {
    encoder.text(key);
    encoder.raw(encoded(value[key], hooks));
  }
}

function promise(encoder, settled, hooks) {
  encoder.tag("P");
  if ("error" in settled) {
    encoder.tag("E");
    codec.thrown(encoder, settled.error, (error) => encoded(error, hooks));
  } else {
    encoder.tag("R");
    encoder.raw(encoded(settled.result, hooks));
  }
}

function isObject(value) {
  return typeof value === "object" && value !== null;
}

function changes(encoder, values, before, hooks) {
  const changed = [];
  values.forEach((value, at) => {
    if (!isObject(value)) return;
    const after = encoded(value, hooks);
    if (!after.equals(before[at])) changed.push([at, after]);
  });
  encoder.number(changed.length);
  for (const [at, after] of changed) {
    encoder.number(at);
    encoder.raw(after);
  }
}

function all(encoder, values, hooks) {
  encoder.number(values.length);
  for (const each of values) encoder.raw(encoded(each, hooks));
}

function tooLong() {
  const encoder = answerOf(() => {}, {});
  encoder.taken = () => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(codec.MOST_BYTES + 1);
    for (let at = 0; at < head.length; ) at += write(WRITER, head, at);
    return leave(1);
  };
  return encoder;
}

function surround() {
  const filename = path.join(process.cwd(), "program.js");
  const own = { id: filename, path: process.cwd(), exports: {}, filename, loaded: false, children: [], paths: [] };
  const required = createRequire(filename);
  const offered = { require: required, $$require: required, module: own, exports: own.exports, __filename: filename };
  offered.$$meta = { url: `file://${filename}`, filename, dirname: own.path };
  offered.__dirname = own.path;
  for (const [name, value] of Object.entries(offered)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  }
  process.on("uncaughtException", thrown);
  process.on("unhandledRejection", thrown);
  return own;
}

function compiled(compile) {
  try {
    return compile();
  } catch (error) {
    return fail("compile_error", error);
  }
}

// A script, or a module that exports what it declares.
function program({ candidate, file, awaits }, own) {
  const text = file === undefined ? candidate : fs.readFileSync(file, "utf8");
  const named = { ...LOADER, filename: "candidate.js" };
  if (file === undefined) {
    const script = compiled(() => new vm.Script(text, named));
    return () => script.runInThisContext();
  }
  const run = compiled(() => {
    if (!awaits) return vm.compileFunction(text, OF_MODULES, named);
    return new vm.Script(`(async function (${OF_MODULES}) {${text}\n})`, named).runInThisContext();
  });
  return () => run.apply(own.exports, OF_MODULES.map((name) => globalThis[name]));
}

function declared(name) {
  try {
    return new vm.Script(name).runInThisContext();
  } catch {
    return undefined;
  }
}

// The function of a name: declared, exported, or the only one that is exported without a name.
function finder(own, names) {
  const found = new Map();
  for (const name of names) {
    const value = own.exports?.[name] ?? declared(name);
    if (value !== undefined) found.set(name, value);
  }
  const only = typeof own.exports === "function" ? own.exports : own.exports?.default;
  const missing = names.filter((name) => !found.has(name));
  if (missing.length === 1 && typeof only === "function") found.set(missing[0], only);
  const entry = (name) => {
    if (!found.has(name)) throw new ReferenceError(`${name} is not defined`);
    return found.get(name);
  };
  objects = new Objects(names.map((name) => () => entry(name)));
  return (name) => (...values) => {
    const called = entry(name);
    if (typeof called !== "function") throw new TypeError(`${name} is not a function`);
    return called(...values);
  };
}

async function serve(own, names) {
  const functions = finder(own, names);
  send(answerOf((encoder) => {
    encoder.tag("H");
    encoder.byte(VERSION);
  }, {}));
  for (;;) await answer(receive(receive(4).readUInt32BE()), functions, names);
}

// Have compiled what every candidate needs.
function warm() {
  const values = [1.5, "a", true, null, undefined, [1, [2]], { a: 1 }, 10n, new Map([[1, 2]]), new Set([1]), new Error("x")];
  const hooks = { known: () => false, unknown, names: true };
  const encoder = answerOf((made) => changes(made, values, values.map(() => Buffer.alloc(0)), hooks), hooks);
  const decoder = new codec.Decoder(encoder.taken(), argumentsKnown);
  decoder.take(8);
  for (const _ of values.filter(isObject)) [decoder.number(), decoder.value()];
  createRequire(path.join(process.cwd(), "program.js"));
  new vm.Script("0", { ...LOADER, filename: "candidate.js" }).runInThisContext();
  JSON.parse(JSON.stringify(fs.readFileSync(process.argv[1], "utf8")));
}

// Continue in a copy of this process, one for each candidate: see template.c.
function fork(library) {
  const loaded = { exports: {} };
  process.dlopen(loaded, library);
  process.argv.pop();
  warm();
  const value = loaded.exports.fork();
  leave = loaded.exports.leave;
  Object.defineProperty(process, "pid", { value, enumerable: true, configurable: true, writable: false });
  // All copies would draw the same random numbers: each begins somewhere else.
  for (let left = Number(process.hrtime.bigint() % 1009n); left > 0; left--) Math.random();
}

async function main() {
  if (process.argv.length > OWN_WORDS) fork(process.argv.at(-1));
  const payload = JSON.parse(fs.readFileSync(3, "utf8"));
  fs.closeSync(3);
  held = Buffer.alloc(0);
  const own = surround();
  const run = program(payload, own);
  try {
    const result = run();
    if (payload.awaits) await result;
  } catch (error) {
    thrown(error);
  }
  serve(own, payload.names).catch(thrown);
}

// A snapshot of the process in this state starts faster than a new process.
if (startupSnapshot?.isBuildingSnapshot()) startupSnapshot.setDeserializeMainFunction(main);
else main();
