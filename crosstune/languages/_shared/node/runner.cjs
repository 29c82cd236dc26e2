// Runs one JavaScript program and its tests inside the sandbox; see judging.py.
"use strict";

const fs = require("node:fs");
const vm = require("node:vm");
const { createRequire } = require("node:module");
const { startupSnapshot } = require("node:v8");

// Everything needed at the end is taken now, before the program can put something in its place.
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

const SECRET_BYTES = 32;
// What tsc writes at the head of a file with imports or exports.
const STRICT = /^\s*"use strict";/;

// The secret and what it is masked with: it stands nowhere in memory while the program runs.
let masked;
let mask;
let report;
let failure = "";
let ran = false;
let judging = "";

// What we are told: the secret, then the program.
function told() {
  masked = Buffer.alloc(SECRET_BYTES);
  mask = Buffer.alloc(SECRET_BYTES);
  report = Buffer.from("passed " + " ".repeat(SECRET_BYTES));
  for (let at = 0; at < SECRET_BYTES; at++) mask[at] = (Math.random() * 256) ^ process.hrtime()[1];
  for (let at = 0; at < SECRET_BYTES; at++) {
    fs.readSync(3, masked, at, 1);
    masked[at] ^= mask[at];
  }
  const brief = JSON.parse(fs.readFileSync(3, "utf8"));
  fs.closeSync(3);
  return brief;
}

function passed() {
  for (let at = 0; at < SECRET_BYTES; at++) report[at + 7] = masked[at] ^ mask[at];
  return report;
}

function fail(label, error) {
  if (failure === "") failure = label;
  try {
    complain(error);
  } catch {
    complain("the program threw something that cannot be shown");
  }
}

function labelOf(error) {
  if (error instanceof AssertionError) return "wrong_answer";
  // Two scripts that declare one name: found when the second is about to start.
  if (error instanceof SyntaxError && error.message.endsWith("has already been declared")) return "compile_error";
  const code = error !== null && typeof error === "object" ? error.code : undefined;
  if (code === "ENOSPC" || code === "EFBIG") return "disk_limit";
  if (code === "EAGAIN") return "process_limit";
  return "runtime_error";
}

// Report, past all handlers that the program may have set, and end.
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

// node's own only prints; a failed assertion must count.
function assert(condition, ...message) {
  if (!condition) fail("wrong_answer", new AssertionError({ message: "Assertion failed: " + format(...message) }));
}

// Written at once: node would otherwise keep what a busy program prints in memory, and how much of it
// arrived would depend on how quickly the other side reads.
function writeAtOnce(name) {
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

// Arrays and numbers have no toJSON, whatever the program gave them: it would stand for them in every comparison.
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

// What the tests judge by can be neither replaced nor hidden behind a name of the program's own.
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

// A function of the tests, asked for its text, would tell what they expect.
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

// From the tests on these methods stay what they are. An object that has a property of such a name gets it nonetheless.
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

// Undo what the program changed in built-in prototypes; what it added stays, but for toJSON.
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

// A file that holds both, which is then removed: the candidate could read there what the tests expect.
function parted({ file, boundary }) {
  const [candidate, tests, ...more] = fs.readFileSync(file, "utf8").split(boundary);
  fs.unlinkSync(file);
  if (tests === undefined || more.length) {
    fail("compile_error", new Error("the tests are no statements of their own"));
    end();
  }
  return { candidate, tests: STRICT.test(candidate) ? '"use strict";' + tests : tests };
}

function surround() {
  writeAtOnce("stdout");
  writeAtOnce("stderr");
  const module_ = { exports: {} };
  const required = createRequire(process.cwd() + "/program.js");
  required.main = module_; // as where node runs the program itself
  offer("require", required);
  offer("module", module_);
  offer("exports", module_.exports);
  offer("__filename", process.cwd() + "/program.js");
  offer("__dirname", process.cwd());
  delete process.getBuiltinModule;
  delete process.mainModule;
  process.on("uncaughtException", (error) => {
    fail(labelOf(error), error);
    end();
  });
  process.on("unhandledRejection", (error) => {
    fail(labelOf(error), error);
    end();
  });
  process.on("beforeExit", end);
}

function main() {
  const brief = told();
  surround();
  const { candidate, tests } = brief.file ? parted(brief) : brief;
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
    fail(labelOf(error), error);
  }
  if (failure !== "") end();
}

// A snapshot of this process up to here starts faster than the process itself.
if (startupSnapshot?.isBuildingSnapshot()) startupSnapshot.setDeserializeMainFunction(main);
else main();
