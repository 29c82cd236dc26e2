// Runs one JavaScript program and its tests inside the sandbox; see runner.py.
"use strict";

const fs = require("node:fs");
const vm = require("node:vm");
const { createRequire } = require("node:module");
const { startupSnapshot } = require("node:v8");

// Everything needed at the end is saved now, before the program can replace it.
const write = fs.writeSync;
const leave = process.reallyExit.bind(process);
const { freeze, defineProperty, getOwnPropertyDescriptors, defineProperties } = Object;
const complain = console.error;
const format = require("node:util").format;
const assertions = require("node:assert");
const { AssertionError } = assertions;

const { apply } = Reflect;
const { includes } = String.prototype;
const { hasOwnProperty } = Object.prototype;

const NONCE_BYTES = 32;
// What tsc writes at the beginning of a file with imports or exports.
const STRICT = /^\s*"use strict";/;

// The masked nonce and its mask: while the program runs, the nonce itself is nowhere in memory.
let masked;
let mask;
let report;
let failure = "";
let ran = false;
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

function statusOf(error) {
  if (error instanceof AssertionError) return "wrong_answer";
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

function settle(name) {
  defineProperty(globalThis, name, { value: globalThis[name], writable: false, configurable: false });
}

// Arrays and numbers must have no toJSON, even if the program adds one: it would replace them in every comparison.
const { stringify } = JSON;
const json = {
  stringify(value, replacer, space) {
    for (const kind of [Array, Object, String, Number, Boolean, Function]) {
      if (apply(hasOwnProperty, kind.prototype, ["toJSON"])) delete kind.prototype.toJSON;
    }
    return stringify(value, replacer, space);
  },
};
JSON.stringify = json.stringify;

// What the tests compare with can be neither replaced nor hidden by a name of the program's own.
defineProperty(console, "assert", { value: assert, writable: false, configurable: false });
for (const name of ["JSON", "Math", "Object", "Array", "Number", "String", "Boolean", "Reflect"]) {
  settle(name);
  for (const key of Reflect.ownKeys(globalThis[name])) {
    const found = Reflect.getOwnPropertyDescriptor(globalThis[name], key);
    if (found.configurable && "value" in found && typeof found.value === "function") {
      defineProperty(globalThis[name], key, { writable: false, configurable: false });
    }
  }
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

const judges = [Object, Function, Array, String, Number, Boolean, RegExp, Map, Set, Date, Error, Symbol, Promise];
const shared = judges.map((kind) => kind.prototype).concat([Reflect.getPrototypeOf([][Symbol.iterator]())]);
const intact = shared.map((object) => getOwnPropertyDescriptors(object));
const intactAssertions = getOwnPropertyDescriptors(assertions);

// Once the tests start, these methods cannot be changed. Other objects can still get a property of such a name.
const LOCKED = [Array, String, Number, Boolean, Map, Set];
const locked = LOCKED.map(({ prototype }) => {
  const found = getOwnPropertyDescriptors(prototype);
  delete found.constructor;
  for (const [name, { value, get, set }] of Object.entries(found)) {
    const configurable = false;
    if (typeof value === "function") found[name] = { get: () => value, set: shadow(prototype, name), configurable };
    else if (get) found[name] = { get, set, configurable };
    else delete found[name];
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
  freeze(assertions);
  freeze(assertions.strict);
}

// Undo what the program changed in built-in prototypes; what it added stays, except toJSON.
function restore() {
  for (let index = 0; index < shared.length; index++) {
    defineProperties(shared[index], intact[index]);
    if (!("toJSON" in intact[index])) delete shared[index].toJSON;
  }
  defineProperties(assertions, intactAssertions);
}

function compiled(source, filename) {
  try {
    return new vm.Script(source, { filename, importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER });
  } catch (error) {
    fail("compile_error", error);
    return end();
  }
}

// Split a file with both, then remove it: the candidate could read there what the tests expect.
function separated({ file, boundary }) {
  const [candidate, tests, ...more] = fs.readFileSync(file, "utf8").split(boundary);
  fs.unlinkSync(file);
  if (tests === undefined || more.length) {
    fail("compile_error", new Error("the tests are not separate statements"));
    end();
  }
  return { candidate, tests: STRICT.test(candidate) ? '"use strict";' + tests : tests };
}

function surround() {
  writeSynchronously("stdout");
  writeSynchronously("stderr");
  const module_ = { exports: {} };
  const required = createRequire(process.cwd() + "/program.js");
  required.main = module_; // as if node had run the program itself
  offer("require", required);
  offer("module", module_);
  offer("exports", module_.exports);
  offer("__filename", process.cwd() + "/program.js");
  offer("__dirname", process.cwd());
  delete process.getBuiltinModule;
  delete process.mainModule;
  process.on("uncaughtException", (error) => {
    fail(statusOf(error), error);
    end();
  });
  process.on("unhandledRejection", (error) => {
    fail(statusOf(error), error);
    end();
  });
  process.on("beforeExit", end);
}

function main() {
  const payload = readPayload();
  surround();
  const { candidate, tests } = payload.file ? separated(payload) : payload;
  judging = tests;
  const program = compiled(candidate, "candidate.js");
  const judgement = compiled(tests, "tests.js");
  try {
    program.runInThisContext();
    restore();
    lock();
    judgement.runInThisContext();
    ran = true;
  } catch (error) {
    fail(statusOf(error), error);
  }
  if (failure !== "") end();
}

// A snapshot of the process in this state starts faster than a new process.
if (startupSnapshot?.isBuildingSnapshot()) startupSnapshot.setDeserializeMainFunction(main);
else main();
