// Runs tests whose candidate is in another process; see separate.py. Arguments: the files of decoder.cjs, values.cjs,
// identity.cjs, remote.cjs, iterators.cjs, shapes.cjs and stub.cjs, the folder of the npm packages, and either "resident" (the tests of one program after another,
// with the judge between them and the candidate) or "once".
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");
const assertions = require("node:assert");
const { createRequire, Module } = require("node:module");
const util = require("node:util");
const { Worker, isMainThread, workerData } = require("node:worker_threads");

const { types, inspect, format } = util;
const leave = process.reallyExit.bind(process);
const WORDS = isMainThread ? process.argv.slice(2) : workerData.words;
const [PACKAGES, MODE] = WORDS.slice(7);
const [READER, WRITER, REPORT] = [5, 6, 4];
const MOST_BYTES = 16 << 20;
const MOST_PRINTED = 1 << 16;
const OF_MODULES = ["exports", "require", "module", "__filename", "__dirname"];
const OF_TESTS = [...OF_MODULES, "process", "$$require", "$$meta", "$$entered", "$$left", "$$watched"];
const LOADER = { importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER };

// A script that evaluates to a function of ``names``, in any realm.
function functionOf(text, names, filename, awaits = false) {
  const word = awaits ? "async " : "";
  return new vm.Script(`(${word}function (${names}) {${text}\n})`, { ...LOADER, filename });
}

const SCRIPTS = WORDS.slice(0, 7).map((file) => functionOf(fs.readFileSync(file, "utf8"), ["module"], file));

// The stub in the realm in which ``evaluate`` runs scripts.
function stubIn(evaluate, link, settings) {
  const [decoderOf, codecOf, identityOf, remoteOf, iteratorsOf, shapesOf, stubOf] = SCRIPTS.map((script) => {
    const module = { exports: {} };
    evaluate(script)(module);
    return module.exports;
  });
  const base64 = (text) => Buffer.from(text, "base64");
  const codec = codecOf(Buffer, types, decoderOf(Buffer, types));
  const parts = { codec, identity: identityOf(codec, types), remoteOf, iteratorsOf, shapesOf };
  return stubOf(parts, types, { ...link, base64 }, settings);
}

function statusOf(error) {
  if (error instanceof assertions.AssertionError || error?.code === "ERR_ASSERTION") return "wrong_answer";
  if (error?.message === "Array buffer allocation failed") return "memory_limit";
  const code = typeof error === "object" ? error?.code : undefined;
  return { ENOSPC: "disk_limit", EFBIG: "disk_limit", EAGAIN: "process_limit" }[code] ?? "runtime_error";
}

// What the tests print, up to a limit, and how they ended.
class Result {
  constructor() {
    this.report = "";
    this.printed = { stdout: "", stderr: "" };
  }

  print(name, text) {
    const left = MOST_PRINTED - this.printed[name].length;
    if (left > 0) this.printed[name] += text.slice(0, left);
  }

  fail(status, error) {
    if (this.report === "") this.report = `failed ${status}`;
    this.print("stderr", `${shown(error)}\n`);
  }

  end(report) {
    if (this.report === "" || !report.startsWith("failed")) this.report = report;
  }
}

function shown(error) {
  try {
    return inspect(error);
  } catch {
    return "the program threw something that cannot be shown";
  }
}

// What replaces node's own function, which only prints: a failed assertion must count.
function assertInto(result) {
  return (condition, ...message) => {
    if (condition) return;
    result.fail("wrong_answer", new assertions.AssertionError({ message: `Assertion failed: ${format(...message)}` }));
  };
}

function exactly(descriptor, size) {
  const data = Buffer.allocUnsafe(size);
  for (let at = 0; at < size; ) {
    const count = fs.readSync(descriptor, data, at, size - at);
    if (count === 0) return undefined;
    at += count;
  }
  return data;
}

function writeAll(descriptor, ...parts) {
  const data = Buffer.concat(parts);
  for (let at = 0; at < data.length; ) at += fs.writeSync(descriptor, data, at);
}

function frame(descriptor, ...parts) {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(parts.reduce((sum, part) => sum + part.length, 0));
  writeAll(descriptor, head, ...parts);
}

// The next message of the candidate, or a report: ``gone`` or too long.
function askDirectly(question) {
  try {
    if (question) frame(WRITER, question);
  } catch (error) {
    if (error.code !== "EPIPE") throw error;
    return "gone";
  }
  const size = exactly(READER, 4)?.readUInt32BE();
  if (size > MOST_BYTES) return "failed output_limit";
  return (size !== undefined && exactly(READER, size)) || "gone";
}

function askThroughJudge(question) {
  frame(1, Buffer.from("?"), question ?? Buffer.alloc(0));
  const answer = received();
  if (answer[0] === "+".charCodeAt(0)) return answer.subarray(1);
  return answer[0] === ">".charCodeAt(0) ? "failed output_limit" : "gone";
}

const incoming = Buffer.allocUnsafe(1 << 16);

// One frame of the judge. It never sends one before it has the answer to the last, so a read cannot hold two.
function received() {
  const count = fs.readSync(0, incoming, 0, incoming.length);
  if (count < 4) return leave(0);
  const size = incoming.readUInt32BE();
  const data = Buffer.allocUnsafe(size);
  for (let at = incoming.copy(data, 0, 4, count); at < size; ) {
    const more = fs.readSync(0, data, at, size - at);
    if (more === 0) return leave(0);
    at += more;
  }
  return data;
}

// Packages are evaluated in the realm of the tests; assertions and the like are the same for all.
const packages = new Map();
const SHARED = { assert: assertions, "assert/strict": assertions.strict, util };
const IS_OWN = /^\.{0,2}\//;

process.env.NODE_PATH = PACKAGES;
Module._initPaths();
const required = createRequire(path.join(process.cwd(), "tests.js"));

function packageScript(file) {
  if (!packages.has(file)) packages.set(file, functionOf(fs.readFileSync(file, "utf8"), OF_MODULES, file));
  return packages.get(file);
}

function moduleNamed(name) {
  const filename = path.join(process.cwd(), name);
  return { id: filename, path: process.cwd(), exports: {}, filename, loaded: false, children: [], paths: [] };
}

function metaOf({ filename, path: dirname }) {
  return { url: `file://${filename}`, filename, dirname };
}

function ofModule(module, require) {
  return [module.exports, require, module, module.filename, module.path];
}

// Run the code that the benchmark gives, a script or a module, and declare the stubs; return what the tests import.
// It has no right to fail.
function given({ given: text, isModule, names }, evaluate, stub, space, require) {
  for (const name of names) {
    Object.defineProperty(space, name, { value: stub.named(name), writable: true, configurable: true });
  }
  space.$$stub = stub.named;
  const own = moduleNamed("given.js");
  if (isModule) evaluate(functionOf(text, OF_MODULES, "given.js")).apply(own.exports, ofModule(own, require));
  else if (text !== "") evaluate(new vm.Script(text, { ...LOADER, filename: "given.js" }));
  if (isModule) return own.exports;
  const all = Object.fromEntries(names.map((name) => [name, space[name]]));
  return names.length === 1 ? Object.defineProperties(space[names[0]], Object.getOwnPropertyDescriptors(all)) : all;
}

let last = { key: undefined, script: undefined };

// A script that evaluates to a function that returns the tests, a function without parameters. Candidates of one
// problem follow each other.
function compiledTests({ tests, testsAwait }) {
  const key = `return ${testsAwait ? "async " : ""}function () {${tests}\n}`;
  if (last.key !== key) last = { key, script: functionOf(key, OF_TESTS, "tests.js") };
  return last.script;
}

// Tests that need nothing but the language, assertions and packages of one file: a context of their own is enough.
function runInContext(payload) {
  const result = new Result();
  const context = vm.createContext({});
  const evaluate = (script) => script.runInContext(context);
  const over = { report: "", left: undefined };
  const link = {
    ask(question) {
      if (over.report !== "") throw over;
      const answer = askThroughJudge(question);
      return typeof answer === "string" ? link.fail(answer) : answer;
    },
    fail(report, reason) {
      if (reason && over.report === "") result.print("stderr", `${reason}\n`);
      over.report ||= report;
      throw over;
    },
    rejected(error) {
      over.left ??= { error };
    },
  };
  try {
    runIn(context, payload, evaluate, link, result, over);
  } catch (error) {
    if (error !== over) result.fail(statusOf(error), error);
  }
  if (result.report === "" && over.left) result.fail(statusOf(over.left.error), over.left.error);
  result.report = over.report || result.report || "passed";
  return result;
}

function runIn(context, payload, evaluate, link, result, over) {
  const print = (name) => (...words) => result.print(name, `${format(...words)}\n`);
  const [log, error] = [print("stdout"), print("stderr")];
  context.console = { log, info: log, debug: log, error, warn: error, assert: assertInto(result) };
  const loaded = new Map();
  let own;
  const require = (name) => {
    if (IS_OWN.test(name)) return own;
    const known = SHARED[name.replace(/^node:/, "")];
    if (known) return known;
    const file = required.resolve(name);
    if (!loaded.has(file)) {
      const module = moduleNamed(file);
      loaded.set(file, module);
      evaluate(packageScript(file)).apply(module.exports, ofModule(module, require));
    }
    return loaded.get(file).exports;
  };
  context.require = context.$$require = require;
  const stub = stubIn(evaluate, link, payload);
  stub.hello();
  try {
    own = given(payload, evaluate, stub, context, require);
  } catch (reason) {
    result.fail("unsupported", reason);
    over.report ||= "unsupported";
    throw over;
  }
  const module = moduleNamed("tests.js");
  module.exports = own;
  const values = [...ofModule(module, require), undefined, require];
  evaluate(compiledTests(payload)).apply(undefined, values).call(module.exports);
}

// Any tests, in a process or a thread of their own, which ``end`` leaves with the result.
function runAlone(payload, ask, end) {
  const result = new Result();
  const state = { ran: false, exiting: false, asked: false, waiting: 0, status: undefined };
  const over = (report, reason) => {
    if (reason) result.print("stderr", `${reason}\n`);
    result.report = report;
    return end(result);
  };
  const fail = (status, error) => result.fail(status, error);
  const thrown = (error) => {
    fail(statusOf(error), error);
    end(result);
  };

  function checkExitStatus() {
    const status = Number(state.status ?? 0) || Number(process.exitCode ?? 0);
    if (result.report === "" && status !== 0) fail("wrong_answer", `the tests ended with exit status ${status}`);
  }

  // The tests have ended: what they left for the end of the process decides, too.
  function finish() {
    checkExitStatus();
    if (result.report === "" && !state.exiting) {
      state.exiting = process._exiting = true;
      try {
        process.emit("exit", 0);
      } catch (error) {
        fail(statusOf(error), error);
      }
      checkExitStatus();
    }
    if (state.ran) result.report ||= "passed";
    end(result);
  }

  // Nothing is left to do.
  function idle() {
    if (state.ran && !state.asked && process.listenerCount("beforeExit") > 1) {
      state.asked = true;
      setImmediate(() => {});
      return;
    }
    if (!state.ran || state.waiting > 0) fail("incomplete", "the tests wait for something that never happens");
    finish();
  }

  function exitOfTests(status = process.exitCode) {
    state.status = status;
    state.ran = true;
    finish();
  }

  const left = () => {
    state.waiting--;
  };
  const entered = () => {
    state.waiting++;
  };
  const watched = (value) => {
    if (!types.isPromise(value)) return value;
    entered();
    value.then(left, thrown);
    return value;
  };

  process.on("uncaughtException", thrown);
  process.on("unhandledRejection", thrown);
  process.on("beforeExit", idle);
  for (const name of ["stdout", "stderr"]) {
    process[name].write = (text, ...more) => {
      result.print(name, String(text));
      more.find((each) => typeof each === "function")?.();
      return true;
    };
  }
  Object.defineProperty(process, "exit", { value: exitOfTests, configurable: true, writable: true });
  console.assert = assertInto(result);
  let own;
  const require = Object.assign((name) => (IS_OWN.test(name) ? own : required(name)), required);
  const module = moduleNamed("tests.js");
  require.main = module;
  Object.assign(globalThis, { require, $$require: require });
  const evaluate = (script) => script.runInThisContext();
  const link = {
    ask(question) {
      const answer = ask(question);
      return typeof answer === "string" ? over(answer) : answer;
    },
    fail: over,
    rejected() {},
  };
  try {
    const stub = stubIn(evaluate, link, payload);
    stub.hello();
    try {
      own = given(payload, evaluate, stub, globalThis, require);
    } catch (reason) {
      fail("unsupported", reason);
      over("unsupported");
    }
    module.exports = own;
    const values = [...ofModule(module, require), process, require, metaOf(module), entered, left, watched];
    const tests = evaluate(compiledTests(payload)).apply(undefined, values);
    const running = tests.call(module.exports);
    const ended = () => {
      state.ran = true;
    };
    if (types.isPromise(running)) running.then(ended, thrown);
    else ended();
  } catch (error) {
    thrown(error);
  }
  if (result.report !== "") end(result);
}

function answer(result) {
  const reply = JSON.stringify({ report: result.report || "failed incomplete", ...result.printed });
  frame(1, Buffer.from(`!${reply}`));
}

// In a thread: it answers the judge itself.
function runInThread({ payload, answered }) {
  runAlone(payload, askThroughJudge, (result) => {
    if (Atomics.exchange(answered, 0, 1) === 0) answer(result);
    return leave(0);
  });
}

async function serve() {
  // A promise that tests in a context have dropped must not end the process later: its result is known already.
  process.on("unhandledRejection", () => {});
  for (const each of Object.values(SHARED)) Object.freeze(each);
  frame(1);
  for (;;) {
    const payload = JSON.parse(received().toString());
    if (payload.context) answer(runInContext(payload));
    else await thread(payload);
  }
}

function thread(payload) {
  const answered = new Int32Array(new SharedArrayBuffer(4));
  const words = process.argv.slice(2);
  const worker = new Worker(__filename, { workerData: { words, payload, answered }, stdout: true, stderr: true });
  return new Promise((resolve) => {
    let reason;
    worker.on("error", (error) => {
      reason = error;
    });
    worker.on("exit", () => {
      if (Atomics.exchange(answered, 0, 1) === 0) {
        const result = new Result();
        result.fail("runtime_error", reason ?? "the tests ended without a result");
        answer(result);
      }
      resolve();
    });
  });
}

// One program, in its own process, which reports as all programs do.
function runOnce() {
  const nonce = exactly(3, 32).toString();
  const payload = JSON.parse(fs.readFileSync(3, "utf8"));
  fs.closeSync(3);
  for (const [name, file] of Object.entries(payload.files ?? {})) payload[name] = fs.readFileSync(file, "utf8");
  runAlone(payload, askDirectly, ({ report, printed }) => {
    fs.writeSync(1, printed.stdout);
    fs.writeSync(2, printed.stderr);
    fs.writeSync(REPORT, report === "passed" ? `passed ${nonce}` : report);
    return leave(report === "passed" ? 0 : 1);
  });
}

if (!isMainThread) runInThread(workerData);
else if (MODE === "resident") serve();
else runOnce();
