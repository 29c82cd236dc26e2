// The CoffeeScript compiler, as a server or for one program; see __init__.py. A request is one JSON object with the texts
// of "candidate" and, unless it is a whole program, "tests". A reply has "files" or "errors".
"use strict";

const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");

const [, , folder, requestFile] = process.argv;
const CoffeeScript = require(path.join(folder, "lib", "coffeescript", "index.js"));

// What the tests mean by these names, no candidate can decide.
const PROTECTED = new Set([
  ...vm.runInNewContext("Object.getOwnPropertyNames(globalThis)"),
  ...["Buffer", "console", "exports", "global", "module", "process", "require", "queueMicrotask", "structuredClone"],
  ...["setTimeout", "setInterval", "setImmediate", "clearTimeout", "clearInterval", "clearImmediate"],
]);

function compiled(text, filename) {
  return CoffeeScript.compile(text, { bare: true, filename });
}

// The names that a compiled script declares at its top level: CoffeeScript declares variables in one line, which may go on
// with functions of its own.
function declared(text) {
  const found = new Set();
  for (const [, names] of text.matchAll(/^var ([$\w\x80-\uffff]+(?:, [$\w\x80-\uffff]+)*)/gm))
    for (const each of names.split(", ")) found.add(each);
  for (const [, name] of text.matchAll(/^(?:function\*?|async function\*?|class|const|let) ([$\w]+)/gm)) found.add(name);
  return found;
}

// The candidate lends the tests its names, under one that it cannot guess. `assert` is the module in any case.
function joined(candidateText, testsText) {
  const [candidate, tests] = [compiled(candidateText, "candidate.coffee"), compiled(testsText, "tests.coffee")];
  const own = declared(tests);
  const lent = [...declared(candidate)].filter((name) => !own.has(name) && !PROTECTED.has(name) && name !== "assert");
  const key = `$$${crypto.randomBytes(16).toString("hex")}`;
  const getters = lent.map((name) => `get ${name}() { return ${name}; }, set ${name}(value) { ${name} = value; }`);
  const assert = own.has("assert") || !declared(candidate).has("assert") ? "" : 'var assert = require("assert");\n';
  return {
    "candidate.js": `${candidate}\n;exports.${key} = { __proto__: null, ${getters.join(", ")} };\n`,
    "tests.js": `${assert}with (require("./candidate").${key}) {\n${tests}\n}\n`,
  };
}

// A candidate whose functions are called by name, as a module that exports all that it declares.
function exporting(candidateText) {
  const text = compiled(candidateText, "candidate.coffee");
  const names = [...declared(text)].map((name) => `module.exports.${name} ??= ${name};\n`);
  return `${text}\n;${names.join("")}`;
}

function answer(request) {
  const { candidate, tests } = JSON.parse(request);
  try {
    if (tests === undefined) return { files: { "program.js": compiled(candidate, "program.coffee") } };
    if (tests === "") return { files: { "candidate.js": exporting(candidate), "tests.js": "" } };
    return { files: joined(candidate, tests) };
  } catch (error) {
    if (error.name !== "SyntaxError") throw error;
    return { errors: `${error}\n` };
  }
}

function exactly(size) {
  const data = Buffer.alloc(size);
  for (let at = 0; at < size; ) {
    const more = fs.readSync(0, data, at, size - at);
    if (more === 0) process.exit(0);
    at += more;
  }
  return data;
}

function send(reply) {
  const data = Buffer.from(reply);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  const whole = Buffer.concat([head, data]);
  for (let at = 0; at < whole.length; ) at += fs.writeSync(1, whole, at);
}

function serve() {
  send("");
  for (;;) {
    const request = exactly(exactly(4).readUInt32BE()).toString("utf8");
    try {
      send(JSON.stringify(answer(request)));
    } catch (error) {
      // An error may have left anything behind; a new server continues.
      send(JSON.stringify({ unknown: String(error) }));
      process.exit(1);
    }
  }
}

// Compile one program in its own sandbox.
function compileOne() {
  const { errors, files } = answer(fs.readFileSync(requestFile, "utf8"));
  fs.unlinkSync(requestFile);
  if (errors) {
    process.stdout.write(errors);
    process.exitCode = 1;
  }
  for (const [name, text] of Object.entries(files ?? {})) fs.writeFileSync(name, text);
}

if (requestFile) compileOne();
else serve();
