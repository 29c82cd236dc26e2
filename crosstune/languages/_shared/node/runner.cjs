// Runs one JavaScript program and its tests inside the sandbox; see runner.py.
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");
const { EventEmitter } = require("node:events");
const Module = require("node:module");
const { createRequire, isBuiltin } = Module;
const v8 = require("node:v8");

// Everything needed at the end is saved now, before the program can replace it.
const write = fs.writeSync;
const leave = process.reallyExit.bind(process);
const { freeze, defineProperty, getOwnPropertyDescriptors, defineProperties } = Object;
const complain = console.error;
const { format, types: { isPromise } } = require("node:util");
const assertions = require("node:assert");
const { AssertionError } = assertions;

const { apply, get: read, set: assign, ownKeys } = Reflect;
const { emit, listenerCount } = EventEmitter.prototype;
const { then } = Promise.prototype;
const { setImmediate } = globalThis;
const { getActiveResourcesInfo, nextTick } = process;
const { includes } = String.prototype;

const NONCE_BYTES = 32;
// What the tests' text can use besides globals. No candidate can reach these: they are parameters of a function that
// has returned before it runs.
const OF_MODULES = ["exports", "require", "module", "__filename", "__dirname"];
const OF_TESTS = [...OF_MODULES, "process", "$$require", "$$meta", "$$entered", "$$left", "$$watched"];
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

// The masked nonce and its mask: while the program runs, the nonce itself is nowhere in memory.
let masked;
let mask;
let report;
let failure = "";
let ran = false;
let exiting = false;
let othersAsked = false;
let waiting = 0;
let statusOfTests;
let judging = "";

// Read the payload: the nonce, then the program.
function readPayload() {
  masked = Buffer.alloc(NONCE_BYTES);
  mask = Buffer.alloc(NONCE_BYTES);
  report = Buffer.from("passed " + " ".repeat(NONCE_BYTES));
  for (let at = 0; at < NONCE_BYTES; at++) mask[at] = (Math.random() * 256) ^ process.hrtime()[1];
  for (let at = 0; at < NONCE_BYTES; at++) {
    fs.readSync(3, masked, at, 1);
    masked[at] ^= mask[at];
  }
  const payload = JSON.parse(fs.readFileSync(3, "utf8"));
  fs.closeSync(3);
  return payload;
}

function passed() {
  for (let at = 0; at < NONCE_BYTES; at++) report[at + 7] = masked[at] ^ mask[at];
  return report;
}

function fail(status, error) {
  if (failure === "") failure = status;
  try {
    complain(error);
  } catch {
    complain("the program threw something that cannot be shown");
  }
}

// Tests have classes of that name themselves.
function isOfAnAssertion(error) {
  try {
    return error instanceof Error && error.constructor.name === "AssertionError";
  } catch {
    return false;
  }
}

function statusOf(error) {
  if (error instanceof AssertionError || isOfAnAssertion(error)) return "wrong_answer";
  // Two scripts declare the same name, which is found when the second one starts.
  if (error instanceof SyntaxError && error.message.endsWith("has already been declared")) return "compile_error";
  const code = error !== null && typeof error === "object" ? error.code : undefined;
  if (code === "ENOSPC" || code === "EFBIG") return "disk_limit";
  if (code === "EAGAIN") return "process_limit";
  return "runtime_error";
}

// Report and exit, without calling handlers that the program may have set.
function end() {
  if (failure !== "") {
    write(4, "failed " + failure);
    leave(1);
  }
  if (ran) {
    write(4, passed());
    leave(0);
  }
  leave(1);
}

function thrown(error) {
  fail(statusOf(error), error);
  end();
}

function checkExitStatus() {
  const status = Number(statusOfTests ?? 0) || Number(process.exitCode ?? 0);
  if (failure === "" && status !== 0) fail("wrong_answer", `the tests ended with exit status ${status}`);
}

// The tests have ended: what they left for the end of the process decides, too.
function finish() {
  checkExitStatus();
  if (failure === "" && !exiting) {
    exiting = process._exiting = true;
    try {
      apply(emit, process, ["exit", 0]);
    } catch (error) {
      fail(statusOf(error), error);
    }
    checkExitStatus();
  }
  end();
}

// Nothing is left to do. A program can emit this event itself, too; then timers may still be running.
function idle() {
  if (apply(getActiveResourcesInfo, process, []).some((name) => name === "Timeout" || name === "Immediate")) return;
  if (ran && !othersAsked && apply(listenerCount, process, ["beforeExit"]) > 1) {
    othersAsked = true;
    setImmediate(() => {});
    return;
  }
  if (!ran || waiting > 0) fail("incomplete", "the tests wait for something that never happens");
  finish();
}

// The tests' own process.exit ends them; the candidate's ends the process before they have ended.
function exitOfTests(status = process.exitCode) {
  statusOfTests = status;
  ran = true;
  finish();
}

function processOfTests() {
  const own = { __proto__: null, exit: exitOfTests, nextTick };
  return new Proxy(process, {
    get: (target, name) => own[name] ?? read(target, name),
    set(target, name, value) {
      if (name === "exitCode") statusOfTests = value;
      if (name in own) own[name] = value;
      return assign(target, name, value);
    },
  });
}

// Count what the tests wait for: their asynchronous functions, and promises whose value they do not use.
function entered() {
  waiting++;
}

function left() {
  waiting--;
}

function watched(value) {
  if (isPromise(value)) {
    waiting++;
    apply(then, value, [left, thrown]);
  }
  return value;
}

// node's own function only prints; a failed assertion must count.
function assert(condition, ...message) {
  if (!condition) fail("wrong_answer", new AssertionError({ message: "Assertion failed: " + format(...message) }));
}

// Write synchronously: otherwise node would buffer what a busy program prints, and how much of it arrives
// would depend on the speed of the reader.
function writeSynchronously(name) {
  const found = Reflect.getOwnPropertyDescriptor(process, name);
  let stream;
  const get = () => {
    if (stream === undefined) {
      stream = found.get.call(process);
      stream._handle?.setBlocking?.(true);
    }
    return stream;
  };
  defineProperty(process, name, { ...found, get });
}

function offer(name, value) {
  defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}

function settleFunctions(object) {
  for (const key of ownKeys(object)) {
    const found = Reflect.getOwnPropertyDescriptor(object, key);
    if (found.configurable && "value" in found && typeof found.value === "function") {
      defineProperty(object, key, { writable: false, configurable: false });
    }
  }
}

function settle(name) {
  defineProperty(globalThis, name, { value: globalThis[name], writable: false, configurable: false });
}

// What the tests compare with can be neither replaced nor hidden by a name of the program's own.
defineProperty(console, "assert", { value: assert, writable: false, configurable: false });
for (const name of ["JSON", "Math", "Object", "Array", "Number", "String", "Boolean", "Reflect"]) {
  settle(name);
  settleFunctions(globalThis[name]);
}
settle("console");

// The text of a function of the tests would reveal what they expect.
const textOf = Function.prototype.toString;
const hiding = {
  toString() {
    const text = apply(textOf, this, []);
    return apply(includes, judging, [text]) ? "function () { [native code] }" : text;
  },
};
defineProperty(Function.prototype, "toString", { value: hiding.toString });

// What the tests mean by names that they do not declare.
const originals = Object.create(null);
for (const name of ownKeys(globalThis)) {
  const { value } = Reflect.getOwnPropertyDescriptor(globalThis, name);
  if (typeof value === "function") originals[name] = value;
}
Object.assign(originals, { Buffer, setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate });
Object.assign(originals, { queueMicrotask, structuredClone });

const judges = [Object, Function, Array, String, Number, Boolean, RegExp, Map, Set, Date, Error, Symbol, Promise];
const others = [Reflect.getPrototypeOf(Uint8Array), ArrayBuffer, Buffer, BigInt];
const shared = [...judges, ...others].map((kind) => kind.prototype);
shared.push(Reflect.getPrototypeOf([][Symbol.iterator]()), ...judges, ...others, Module, Module.prototype, Module._extensions);
const intact = shared.map((object) => ({ __proto__: null, ...getOwnPropertyDescriptors(object) }));
// They decide what a value is compared as. Tests may give other kinds a toJSON.
const CONVERTING = ["toJSON", Symbol.toPrimitive];
const WITHOUT_JSON = [Array, Object, String, Number, Boolean, Function];
const intactAssertions = getOwnPropertyDescriptors(assertions);

// Once the tests start, these methods cannot be changed. Other objects can still get a property of such a name.
// Not those of RegExp, nor iterators: the engine would be slow with them.
const locked = judges.filter((kind) => kind !== RegExp).map((kind) => {
  const { prototype } = kind;
  const found = { __proto__: null };
  for (const name of [...Object.getOwnPropertyNames(prototype), ...CONVERTING]) {
    const { value, get, set } = Reflect.getOwnPropertyDescriptor(prototype, name) ?? {};
    const isMethod = typeof value === "function" && name !== "constructor";
    const isAbsent = !value && (name === Symbol.toPrimitive || (name === "toJSON" && WITHOUT_JSON.includes(kind)));
    if (isMethod || isAbsent) found[name] = { get: () => value, set: shadow(prototype, name), configurable: false };
    else if (get) found[name] = { get, set, configurable: false };
  }
  return { prototype, found };
});

function shadow(prototype, name) {
  return function (value) {
    const own = { value, writable: true, enumerable: true, configurable: true };
    if (this !== prototype) defineProperty(this, name, own);
  };
}

function lock() {
  for (const { prototype, found } of locked) defineProperties(prototype, found);
  for (const kind of [Promise, Map, Set, Symbol, BigInt, Buffer]) settleFunctions(kind);
  freeze(assertions);
  freeze(assertions.strict);
}

// A property that is defined again, even as it was, makes the engine slow.
function undo(object, name, before) {
  const now = Reflect.getOwnPropertyDescriptor(object, name);
  const isSame = now && ["value", "get", "set", "writable", "configurable"].every((each) => now[each] === before[each]);
  if (!isSame) defineProperty(object, name, before);
}

// Undo what the program changed in built-in objects; what it added stays, except what converts or asks for a class.
function restore() {
  for (let index = 0; index < shared.length; index++) {
    for (const name of ownKeys(intact[index])) undo(shared[index], name, intact[index][name]);
    if (shared[index] === BigInt.prototype) continue; // it is usual to give it a toJSON
    for (const name of [...CONVERTING, Symbol.hasInstance]) {
      if (!(name in intact[index])) delete shared[index][name];
    }
  }
  defineProperties(assertions, intactAssertions);
}

const LOADER = { importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER };

function compiled(compile) {
  try {
    return compile();
  } catch (error) {
    fail("compile_error", error);
    return end();
  }
}

// A script, whose declarations the tests see, or a module, whose exports they import.
function compiledCandidate(text, own, awaits) {
  const named = { ...LOADER, filename: "candidate.js" };
  if (!own) {
    const script = compiled(() => new vm.Script(text, named));
    return () => script.runInThisContext();
  }
  const run = compiled(() => {
    if (!awaits) return vm.compileFunction(text, OF_MODULES, named);
    return new vm.Script(`(async function (${OF_MODULES}) {${text}\n})`, named).runInThisContext();
  });
  return () => apply(run, own.exports, OF_MODULES.map((name) => globalThis[name]));
}

// The tests have a scope of their own, so their names cannot clash with the candidate's; ``bound`` are those that mean what
// they meant before the candidate ran.
function compiledTests(text, awaits, bound) {
  judging = `(function (${[...OF_TESTS, ...bound]}) { return ${awaits ? "async " : ""}function () {${text}\n}})`;
  return compiled(() => new vm.Script(judging, { ...LOADER, filename: "tests.js" }).runInThisContext());
}

// Read the compiled files, then remove them: the candidate could read there what the tests expect.
function taken({ candidate, tests }) {
  const texts = [candidate, tests].map((name) => fs.readFileSync(name, "utf8"));
  for (const name of [candidate, tests]) fs.unlinkSync(name);
  return { candidate: texts[0], tests: texts[1] };
}

function moduleNamed(name, parent) {
  const folder = process.cwd();
  const filename = path.join(folder, name);
  return { id: filename, path: folder, exports: {}, filename, loaded: false, children: [], paths: [], parent };
}

function metaOf({ filename, path: dirname }) {
  return { url: `file://${filename}`, filename, dirname };
}

// What the candidate declared, whether or not it also exported it. A module that replaced its exports has the names
// that the compiler exported in the earlier ones.
function candidateOf(own, earlier) {
  const { exports } = own;
  if (exports === null || (typeof exports !== "object" && typeof exports !== "function")) return exports;
  return new Proxy(exports, {
    get(target, name) {
      if (name === "__esModule") return name in target || "default" in target;
      if (name in target && !(typeof target === "function" && name in earlier)) return read(target, name);
      if (name in earlier || typeof name !== "string" || !IDENTIFIER.test(name)) return read(earlier, name);
      try {
        return new vm.Script(name).runInThisContext();
      } catch {
        return undefined;
      }
    },
  });
}

// Load the modules of the tests before the candidate runs: packages for the tests alone, and those of node so that what
// the candidate changes can be undone. What cannot be loaded, the tests will find out.
function loaded(required, names) {
  const found = new Map();
  for (const name of names) {
    try {
      found.set(name, required(name));
    } catch {
      continue;
    }
    if (!isBuiltin(name)) continue;
    shared.push(found.get(name));
    intact.push({ __proto__: null, ...getOwnPropertyDescriptors(found.get(name)) });
  }
  for (const file of Object.keys(required.cache)) delete required.cache[file];
  return found;
}

// The tests may import the candidate from a file of any name.
function requireOfTests({ own, required, modules }, ownProcess) {
  const { exports: earlier } = globalThis;
  const of = (name) => {
    if (/^\.{0,2}\//.test(name)) return candidateOf(own, earlier);
    if (name === "process" || name === "node:process") return ownProcess;
    return modules.get(name) ?? required(name);
  };
  return Object.assign(of, { main: required.main, resolve: required.resolve, cache: required.cache });
}

// What the candidate exported without declaring it gets a name, as far as none has it.
function publish({ exports }, wanted) {
  const declare = (name, value) => {
    if (name in globalThis || !IDENTIFIER.test(name)) return;
    defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  };
  const only = typeof exports === "function" ? exports : exports?.default;
  for (const name of Object.keys(Object(exports))) declare(name, exports[name]);
  if (typeof only !== "function") return;
  declare(only.name, only);
  const missing = wanted.filter((name) => !isDeclared(name));
  if (missing.length === 1) declare(missing[0], only);
}

function isDeclared(name) {
  return new vm.Script(`typeof ${name} !== "undefined"`).runInThisContext();
}

function surround() {
  writeSynchronously("stdout");
  writeSynchronously("stderr");
  const tests = moduleNamed("tests.js", undefined);
  const own = moduleNamed("program.js", tests);
  const required = createRequire(own.filename);
  required.main = tests;
  offer("require", required);
  offer("$$require", required);
  offer("$$meta", metaOf(own));
  offer("module", own);
  offer("exports", own.exports);
  offer("__filename", own.filename);
  offer("__dirname", own.path);
  // They would show the tests' text.
  for (const name of ["getHeapSnapshot", "writeHeapSnapshot"]) delete v8[name];
  delete process.getBuiltinModule;
  delete process.mainModule;
  process.on("uncaughtException", thrown);
  process.on("unhandledRejection", thrown);
  process.on("beforeExit", idle);
  return { own, tests, required };
}

function judge(around, { wanted, files, bound }, judgement) {
  const { own, tests } = around;
  restore();
  if (!files) publish(own, wanted);
  lock();
  if (!files) tests.exports = own.exports;
  const ownProcess = processOfTests();
  const requireOwn = requireOfTests(around, ownProcess);
  const values = [tests.exports, requireOwn, tests, tests.filename, tests.path, ownProcess, requireOwn, metaOf(tests)];
  values.push(entered, left, watched, ...bound.map((name) => originals[name]));
  const result = apply(judgement(...values), tests.exports, []);
  if (!isPromise(result)) ran = true;
  else apply(then, result, [() => { ran = true; }, thrown]);
}

function main() {
  const payload = readPayload();
  const around = surround();
  around.modules = loaded(around.required, payload.modules);
  payload.bound = payload.bound.filter((name) => name in originals);
  const { candidate, tests } = payload.files ? taken(payload.files) : payload;
  const program = compiledCandidate(candidate, payload.files && around.own, payload.candidateAwaits);
  const judgement = compiledTests(tests, payload.testsAwait, payload.bound);
  try {
    const result = program();
    if (payload.candidateAwaits) apply(then, result, [() => judge(around, payload, judgement), thrown]);
    else judge(around, payload, judgement);
  } catch (error) {
    fail(statusOf(error), error);
  }
  if (failure !== "") end();
}

// A snapshot of the process in this state starts faster than a new process.
if (v8.startupSnapshot?.isBuildingSnapshot()) v8.startupSnapshot.setDeserializeMainFunction(main);
else main();
