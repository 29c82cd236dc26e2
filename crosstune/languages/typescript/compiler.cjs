// The TypeScript compiler as a server; see _prepared.py. Arguments: the compiler's folder, the text of globals.d.ts,
// then the command line of tsc. A request is the text of program.ts; a reply is one JSON object with "output"
// (program.js), "errors" (what tsc prints) or "unknown" (why tsc itself must decide).
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");
const { startupSnapshot } = require("node:v8");

// The program's folder, and the name that the compiler's folder has here, wherever it is installed.
const HOME = "/box";
const COMPILER = "/crosstune-typescript";
const LIBRARIES = `${COMPILER}/lib`;
let [, , folder] = process.argv;
const [globals, ...words] = process.argv.slice(3);

// Load a module without node's own loader, which a snapshot cannot contain.
function load(file) {
  const module = { exports: {} };
  const names = ["module", "exports", "require", "__filename", "__dirname"];
  const run = vm.compileFunction(fs.readFileSync(file, "utf8"), names, { filename: file });
  run(module, module.exports, require, file, path.dirname(file));
  return module.exports;
}

const ts = load(path.join(folder, "lib", "typescript.js"));
const { options, fileNames, errors } = ts.parseCommandLine(words);
if (errors.length) throw new Error(ts.formatDiagnostics(errors, formatHost()));
// What never changes: the parsed declarations of the language, the browser and node. Each program gets its own checker
// and symbols; the compiler's language service shares these files between programs in the same way.
const kept = new Map();

function formatHost() {
  return { getCurrentDirectory: () => HOME, getCanonicalFileName: (name) => name, getNewLine: () => "\n" };
}

// A compiler host whose file system is this one program and the compiler's folder. ``lookups`` are the other paths that
// the program made it look up: what exists there, only the program's own sandbox knows.
function hostOf(text, lookups, outputs) {
  const files = new Map([[`${HOME}/program.ts`, text], [`${HOME}/globals.d.ts`, globals]]);
  const empty = /^\/(box(\/.*)?|node_modules(\/.*)?|[^/]+\.[^/]+)?$/;
  const real = (name) => name === COMPILER || name.startsWith(`${COMPILER}/`);
  const actual = (name) => folder + name.slice(COMPILER.length);
  const read = (name) => {
    const full = path.resolve(HOME, name);
    if (files.has(full)) return files.get(full);
    if (real(full)) return ts.sys.readFile(actual(full));
    if (!empty.test(full)) lookups.push(full);
    return undefined;
  };
  return {
    ...formatHost(),
    readFile: read,
    fileExists(name) {
      const full = path.resolve(HOME, name);
      return real(full) ? ts.sys.fileExists(actual(full)) : read(name) !== undefined;
    },
    directoryExists(name) {
      const full = path.resolve(HOME, name);
      if (real(full)) return ts.sys.directoryExists(actual(full));
      if (!empty.test(full)) lookups.push(full);
      return full === HOME || full === "/";
    },
    getDirectories: () => [],
    realpath: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getDefaultLibLocation: () => LIBRARIES,
    getDefaultLibFileName: (asked) => path.join(LIBRARIES, ts.getDefaultLibFileName(asked)),
    getSourceFile(name, version) {
      const full = path.resolve(HOME, name);
      if (kept.has(full)) return kept.get(full);
      const content = read(name);
      if (content === undefined) return undefined;
      const file = ts.createSourceFile(name, content, version);
      if (path.dirname(full) === LIBRARIES || full === `${HOME}/globals.d.ts`) kept.set(full, file);
      return file;
    },
    writeFile: (name, content) => outputs.set(path.resolve(HOME, name), content),
  };
}

function build(text, oldProgram) {
  const lookups = [];
  const outputs = new Map();
  const host = hostOf(text, lookups, outputs);
  const program = ts.createProgram({ rootNames: fileNames, options, host, oldProgram });
  let messages = "";
  const status = ts.emitFilesAndReportErrorsAndGetExitStatus(
    program,
    (one) => (messages += ts.formatDiagnostic(one, host)),
    undefined,
    undefined,
    host.writeFile,
  );
  return { program, status, messages, lookups, outputs };
}

const first = build("", undefined).program;

function answer(text) {
  const { status, messages, lookups, outputs } = build(text, first);
  if (lookups.length) return { unknown: `it looked up ${lookups[0]}` };
  if (status !== 0) return { errors: messages };
  const output = outputs.get(`${HOME}/program.js`);
  return output === undefined || outputs.size !== 1 ? { unknown: "it wrote other files" } : { output };
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
  folder = process.argv[2];
  send("");
  for (;;) {
    const request = exactly(exactly(4).readUInt32BE()).toString("utf8");
    let reply;
    try {
      reply = answer(request);
    } catch (error) {
      reply = { unknown: String(error) };
    }
    send(JSON.stringify(reply));
    // An error may have left anything behind; a new server continues.
    if (reply.unknown !== undefined) process.exit(1);
  }
}

// A snapshot of the process in this state starts in a tenth of the time.
if (startupSnapshot?.isBuildingSnapshot()) startupSnapshot.setDeserializeMainFunction(serve);
else serve();
