// The TypeScript compiler, as a server or for one program; see _prepared.py. Arguments: the folder of the npm packages
// and, for one program, the names of the request's and the reply's file. A request is one JSON object with the texts of
// "candidate" and, unless it is a whole program, "tests", and the "standard". A reply has "files" (what the compiler
// wrote), "errors" (what tsc prints) or "unknown" (why only the program's own sandbox can decide).
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");
const { startupSnapshot } = require("node:v8");

// The program's folder, and the name that the folder of the packages has here, wherever it is.
const HOME = "/box";
const PACKAGES = `${HOME}/node_modules`;
const LIBRARIES = `${PACKAGES}/typescript/lib`;
const USUAL = "es2023";
let [, , folder] = process.argv;

// Load a module without node's own loader, which a snapshot cannot contain.
function load(file) {
  const module = { exports: {} };
  const names = ["module", "exports", "require", "__filename", "__dirname"];
  const run = vm.compileFunction(fs.readFileSync(file, "utf8"), names, { filename: file });
  run(module, module.exports, require, file, path.dirname(file));
  return module.exports;
}

const ts = load(path.join(folder, "typescript", "lib", "typescript.js"));
const { SyntaxKind } = ts;
// Modules may await at their top level: their function is an asynchronous one then.
const ALLOWED = new Set([1378, 1432]);
// The judge's own names that the tests and the stubs use; see _shared/node/waits.py and _stubs.py.
const GLOBALS = `
declare const $$meta: ImportMeta;
declare function $$entered(): void;
declare function $$left(): void;
declare function $$watched<T>(value: T): T;
declare function $$stub(name: string): any;
declare const $$any: any;
`;

function optionsFor(standard) {
  const words = [
    ...["--target", standard, "--lib", standard, "--module", "commonjs", "--moduleDetection", "force"],
    ...["--types", "node", "--esModuleInterop", "--skipLibCheck"],
    ...["--libReplacement", "false"],
  ];
  const { options, errors } = ts.parseCommandLine(words);
  if (errors.length) throw new Error(ts.formatDiagnostics(errors, format));
  return options;
}

const format = { getCurrentDirectory: () => HOME, getCanonicalFileName: (name) => name, getNewLine: () => "\n" };
// What never changes: the parsed declarations of the language and the packages, and what exists in their folder. Each
// program gets its own checker and symbols; the compiler's language service shares files between programs, too.
const kept = new Map();
const known = new Map();
const manifests = ts.createModuleResolutionCache(HOME, (name) => name).getPackageJsonInfoCache();

function isPackage(name) {
  return name === PACKAGES || name.startsWith(`${PACKAGES}/`);
}

function remembered(key, find) {
  if (!known.has(key)) known.set(key, find());
  return known.get(key);
}

function inPackages(question, name) {
  return remembered(`${question} ${name}`, () => ts.sys[question](folder + name.slice(PACKAGES.length)));
}

// The declarations of the language are 80 files, those of Node.js 70, which declare parts of the same types. Each
// checker would merge them again, so they are joined into one file each. ``left`` are the files that remain.
function joinedFile(first, pattern, pathOf) {
  const [paths, left, parts] = [new Set(), [], []];
  const visit = (name) => {
    if (paths.has(name)) return;
    paths.add(name);
    const text = inPackages("readFile", name);
    if (text === undefined || (name !== first && ts.isExternalModule(parsed(name, text)))) {
      left.push(name);
      return;
    }
    for (const [, reference] of text.matchAll(pattern)) visit(pathOf(reference, name));
    parts.push(text.replace(pattern, "").replace(/^\/\/\/\s*<reference\s+no-default-lib.*$/gm, ""));
  };
  visit(first);
  for (const name of left) paths.delete(name);
  return { paths, left, text: parts.join("\n") };
}

function libraryOf(standard) {
  return remembered(`library ${standard}`, () => {
    const pathOf = (name) => `${LIBRARIES}/${ts.libMap?.get(name) ?? `lib.${name}.d.ts`}`;
    const pattern = /^\/\/\/\s*<reference\s+lib=["']([^"']+)["'].*$/gm;
    const { paths, text } = joinedFile(pathOf(standard), pattern, pathOf);
    return { paths, first: pathOf(standard), text: `/// <reference no-default-lib="true"/>\n${text}` };
  });
}

function nodeTypes() {
  return remembered("types of node", () => {
    const first = `${PACKAGES}/@types/node/index.d.ts`;
    const pattern = /^\/\/\/\s*<reference\s+path=["']([^"']+)["'].*$/gm;
    const { paths, left, text } = joinedFile(first, pattern, (name, from) => path.join(path.dirname(from), name));
    return { paths, first, text: left.map((name) => `/// <reference path="${name}" />\n`).join("") + text };
  });
}

// The text of a file, where it is joined with others: all of them, or none.
function joinedText(full, standard) {
  const found = [libraryOf(standard), nodeTypes()].find(({ paths }) => paths.has(full));
  return found && (full === found.first ? found.text : "");
}

// A compiler host whose file system is the files of one program and the packages. ``lookups`` are the other paths that
// the program made it look up: what exists there, only the program's own sandbox knows.
function hostOf(files, lookups, outputs, standard, actual) {
  const empty = /^\/(box(\/.*)?|node_modules(\/.*)?|[^/]+\.[^/]+)?$/;
  const ask = (question, name, otherwise) => {
    const full = path.resolve(HOME, name);
    if (isPackage(full)) return inPackages(question, full);
    if (empty.test(full)) return otherwise;
    lookups.push(full);
    return actual ? ts.sys[question](full) : otherwise;
  };
  const own = (name) => files.get(path.resolve(HOME, name));
  return {
    ...format,
    readFile: (name) => own(name) ?? ask("readFile", name, undefined),
    fileExists: (name) => own(name) !== undefined || ask("fileExists", name, false),
    directoryExists: (name) => ["/", HOME].includes(path.resolve(HOME, name)) || ask("directoryExists", name, false),
    getDirectories: () => [],
    realpath: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getDefaultLibLocation: () => LIBRARIES,
    getDefaultLibFileName: (asked) => path.join(LIBRARIES, ts.getDefaultLibFileName(asked)),
    getSourceFile(name, version) {
      const full = path.resolve(HOME, name);
      const key = full.startsWith(LIBRARIES) ? `${standard} ${full}` : full;
      if (kept.has(key)) return kept.get(key);
      const content = (isPackage(full) ? joinedText(full, standard) : undefined) ?? this.readFile(name);
      if (content === undefined) return undefined;
      const file = ts.createSourceFile(name, content, version);
      if (isPackage(full) || full === `${HOME}/globals.d.ts`) kept.set(key, file);
      return file;
    },
    writeFile: (name, content) => outputs.set(path.basename(name), content),
  };
}

// What the tests mean by these names, no candidate can decide.
const PROTECTED = new Set([
  ...vm.runInNewContext("Object.getOwnPropertyNames(globalThis)"),
  ...["Buffer", "console", "exports", "global", "module", "process", "require", "queueMicrotask", "structuredClone"],
  ...["setTimeout", "setInterval", "setImmediate", "clearTimeout", "clearInterval", "clearImmediate"],
]);

function bound(name, found) {
  if (ts.isIdentifier(name)) found.add(name.text);
  else for (const element of name.elements) if (element.name) bound(element.name, found);
}

function isModified(statement, kind) {
  return statement.modifiers?.some((each) => each.kind === kind) ?? false;
}

// The names that a file declares at its top level; ``own`` leaves out what it only describes.
function declared(file, own) {
  const found = new Set();
  for (const statement of file.statements) {
    if (own && isModified(statement, SyntaxKind.DeclareKeyword) && !ts.isInterfaceDeclaration(statement)) continue;
    if (ts.isVariableStatement(statement)) {
      for (const each of statement.declarationList.declarations) bound(each.name, found);
    } else if (ts.isImportDeclaration(statement)) {
      imported(statement.importClause, found);
    } else if (statement.name && ts.isIdentifier(statement.name) && statement.name.text !== "global") {
      found.add(statement.name.text);
    }
  }
  return found;
}

function imported(clause, found) {
  if (clause?.name) found.add(clause.name.text);
  const bindings = clause?.namedBindings;
  if (bindings && ts.isNamespaceImport(bindings)) found.add(bindings.name.text);
  else for (const each of bindings?.elements ?? []) found.add(each.name.text);
}

// The names that a file exports by a word of its own, or by assigning to ``exports``.
function exported(file) {
  const found = { words: new Set(), assigned: new Set(), default: false };
  for (const statement of file.statements) {
    if (isModified(statement, SyntaxKind.ExportKeyword)) {
      const only = { statements: [statement] };
      if (isModified(statement, SyntaxKind.DefaultKeyword)) found.default = true;
      else for (const name of declared(only, false)) found.words.add(name);
    }
    if (ts.isExportAssignment(statement)) found.default = true;
    const clause = ts.isExportDeclaration(statement) && statement.exportClause;
    if (clause && ts.isNamedExports(clause)) for (const each of clause.elements) found.words.add(each.name.text);
    if (ts.isExpressionStatement(statement)) assignedExports(file, statement.expression, found.assigned);
  }
  return found;
}

function assignedExports(file, expression, found) {
  if (!ts.isBinaryExpression(expression) || expression.operatorToken.kind !== SyntaxKind.EqualsToken) return;
  const { left, right } = expression;
  if (left.getText(file) === "module.exports" && ts.isObjectLiteralExpression(right)) {
    for (const each of right.properties) if (each.name && ts.isIdentifier(each.name)) found.add(each.name.text);
  } else if (ts.isPropertyAccessExpression(left) && /^(module\.)?exports$/.test(left.expression.getText(file))) {
    found.add(left.name.text);
  }
}

// Names that the tests call, or whose objects they make.
function called(file) {
  const found = new Set();
  const visit = (node) => {
    if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && ts.isIdentifier(node.expression)) {
      if (!PROTECTED.has(node.expression.text)) found.add(node.expression.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function parsed(name, text) {
  return ts.createSourceFile(name, text, ts.ScriptTarget.Latest);
}

// CommonJS has no ``import.meta``; the runner has an object of the same kind.
function withoutMeta(text) {
  if (!text.includes("import.meta")) return text;
  const starts = [];
  const visit = (node) => {
    if (node.kind === SyntaxKind.MetaProperty && node.keywordToken === SyntaxKind.ImportKeyword) starts.push(node.name.end);
    ts.forEachChild(node, visit);
  };
  visit(parsed("meta.ts", text));
  const length = "import.meta".length;
  return starts.reduce((all, end) => all.slice(0, end - length) + "$$meta".padEnd(length) + all.slice(end), text);
}

// The candidate, which exports all that it declares, and the tests, which import it.
function joined(candidateText, testsText) {
  let text = withoutMeta(candidateText);
  let candidate = parsed("candidate.ts", text);
  for (const statement of candidate.statements) {
    if (!ts.isExportAssignment(statement) || !statement.isExportEquals) continue;
    const [start, end] = [statement, statement.expression].map((node) => node.getStart(candidate));
    text = text.slice(0, start) + "export default ".padEnd(end - start) + text.slice(end);
    candidate = parsed("candidate.ts", text);
    break;
  }
  const testsOnly = withoutMeta(testsText);
  const tests = parsed("tests.ts", testsOnly);
  const [own, names, others] = [declared(candidate, true), exported(candidate), declared(tests, false)];
  for (const statement of candidate.statements)
    if (ts.isImportDeclaration(statement) || ts.isImportEqualsDeclaration(statement)) {
      for (const name of declared({ statements: [statement] }, false)) own.delete(name);
    }
  const added = [...own].filter((name) => !names.words.has(name));
  const untyped = [...names.assigned].filter((name) => !own.has(name) && !names.words.has(name));
  const all = [...new Set([...own, ...names.words, ...untyped])].filter(
    (name) => name !== "default" && !others.has(name) && !PROTECTED.has(name),
  );
  const anyOf = untyped.map((name) => `\nexport declare const ${name}: any;`).join("");
  const exports = `\nexport { ${added.join(", ")} };${anyOf}\n`;
  const taken = [...all];
  const missing = names.default ? [...called(tests)].filter((name) => !all.includes(name) && !others.has(name)) : [];
  if (missing.length === 1) taken.push(`default as ${missing[0]}`);
  const at = tests.statements.length ? tests.statements[0].getStart(tests) : 0;
  const imports = taken.length ? `import { ${taken.join(", ")} } from "./candidate"; ` : "";
  return { candidate: text + exports, tests: testsOnly.slice(0, at) + imports + testsOnly.slice(at) };
}

// A relative path in the tests means the candidate, whatever its file is called there.
function resolvedBy(host, options, literals, containing, redirected) {
  const find = (text) => ts.resolveModuleName(text, containing, options, host, undefined, redirected);
  return literals.map(({ text }) => {
    if (path.basename(containing) === "tests.ts" && /^\.{0,2}\//.test(text)) {
      return { resolvedModule: { resolvedFileName: "candidate.ts", extension: ".ts", isExternalLibraryImport: false } };
    }
    return isPackage(containing) ? remembered(`${containing} ${text}`, () => find(text)) : find(text);
  });
}

function diagnosed(program) {
  const found = [...program.getSyntacticDiagnostics()];
  if (!found.length) found.push(...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics());
  if (!found.length) found.push(...program.getSemanticDiagnostics().filter(({ code }) => !ALLOWED.has(code)));
  return ts.sortAndDeduplicateDiagnostics(found);
}

// Programs that were never checked, by the modules that their files import: the compiler takes over what it found out
// about the files of a program with the same imports.
const skeletons = new Map();
const MOST_SKELETONS = 50;

function likeProgram(settings, files) {
  const importedBy = (text) => ts.preProcessFile(text).importedFiles.map((each) => each.fileName);
  const imports = [...files].map(([name, text]) => `${name}: ${importedBy(text)}`);
  const key = `${settings.options.target} ${imports}`;
  const found = skeletons.get(key) ?? ts.createProgram({ ...settings, oldProgram: [...skeletons.values()].pop() });
  skeletons.delete(key);
  skeletons.set(key, found);
  if (skeletons.size > MOST_SKELETONS) skeletons.delete(skeletons.keys().next().value);
  return found;
}

function build({ candidate, tests, standard = USUAL }, actual = false) {
  const texts = tests === undefined ? { program: candidate } : joined(candidate, tests);
  const files = new Map(Object.entries(texts).map(([name, text]) => [`${HOME}/${name}.ts`, text]));
  files.set(`${HOME}/globals.d.ts`, GLOBALS);
  const [lookups, outputs, options] = [[], new Map(), optionsFor(standard)];
  const host = hostOf(files, lookups, outputs, standard, actual);
  const cache = ts.createModuleResolutionCache(HOME, format.getCanonicalFileName, options, manifests);
  host.getModuleResolutionCache = () => cache;
  host.resolveModuleNameLiterals = (...asked) => resolvedBy(host, options, asked[0], asked[1], asked[2]);
  const rootNames = [...files.keys()].map((name) => path.basename(name));
  const settings = { rootNames, options, host };
  const program = ts.createProgram({ ...settings, oldProgram: likeProgram(settings, files) });
  const messages = diagnosed(program).map((one) => ts.formatDiagnostic(one, host)).join("");
  if (!messages) program.emit();
  return { messages, lookups, outputs };
}

function answer(request, actual) {
  const { messages, lookups, outputs } = build(JSON.parse(request), actual);
  if (lookups.length && !actual) return { unknown: `it looked up ${lookups[0]}` };
  return messages ? { errors: messages } : { files: Object.fromEntries(outputs) };
}

// The usual kinds of programs are compiled once, so that a snapshot has everything that they share.
build({ candidate: "", tests: "" });
build({ candidate: "" });

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
    let reply;
    try {
      reply = answer(request, false);
    } catch (error) {
      reply = { unknown: String(error) };
    }
    send(JSON.stringify(reply));
    // An error may have left anything behind; a new server continues.
    if (reply.unknown !== undefined) process.exit(1);
  }
}

// Compile one program in its own sandbox.
function compileOne(request) {
  const { errors, files } = answer(fs.readFileSync(request, "utf8"), true);
  fs.unlinkSync(request);
  if (errors) {
    process.stdout.write(errors);
    process.exitCode = 1;
  }
  for (const [name, text] of Object.entries(files ?? {})) fs.writeFileSync(path.basename(name), text);
}

function main() {
  const [, , packages, request] = process.argv;
  folder = packages;
  if (request) compileOne(request);
  else serve();
}

// A snapshot of the process in this state starts in a tenth of the time.
if (startupSnapshot?.isBuildingSnapshot()) startupSnapshot.setDeserializeMainFunction(main);
else main();
