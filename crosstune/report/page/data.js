// The answers: an index of small numbers, unpacked once, and blocks of texts, unpacked on demand.

const CACHED = 40; // blocks, about a quarter of a megabyte each

export const data = {};
let loading = null;
const blocks = new Map();

async function unpack(id) {
  const packed = document.getElementById(id).textContent;
  const letters = atob(packed);
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = letters.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

// Resolves when `data` is filled; rejects if this browser cannot unpack it.
export function load() {
  loading ??= (async () => {
    if (!("DecompressionStream" in window)) throw new Error("This browser is too old to unpack the answers.");
    Object.assign(data, arranged(await unpack("index")));
  })();
  return loading;
}

// Rows are ordered by problem, problems by block: compute where each begins.
function arranged(index) {
  index.problemOf = new Uint32Array(index.model.length);
  index.blockStarts = [];
  index.firstOf = [];
  let row = 0;
  index.problems = index.problems.map(([cell, id, size, block], at) => {
    index.blockStarts[block] ??= row;
    index.firstOf[block] ??= at;
    index.problemOf.fill(at, row, row + size);
    row += size;
    return { at, cell, id, block, start: row - size, end: row };
  });
  index.problemByKey = new Map(index.problems.map((problem) => [key(problem.cell, problem.id), problem]));
  return index;
}

const key = (cell, id) => `${cell} ${id}`;
export const findProblem = (cell, id) => data.problemByKey.get(key(cell, id));
export const problemOf = (row) => data.problems[data.problemOf[row]];
export const statusOf = (row) => data.statuses[data.status[row]];
export const modelOf = (row) => data.models[data.model[row]];
export const passedStatus = () => data.statuses.indexOf("passed");

export function block(at) {
  const unpacked = blocks.get(at) ?? unpack(`block-${at}`);
  blocks.delete(at);
  blocks.set(at, unpacked); // the most recently used is evicted last
  if (blocks.size > CACHED) blocks.delete(blocks.keys().next().value);
  return unpacked;
}

// One answer with its texts; `kept` is false if the page has only its verdict.
export async function answer(row) {
  const problem = problemOf(row);
  const unpacked = await block(problem.block);
  const tests = unpacked.strings[unpacked.tests[problem.at - data.firstOf[problem.block]]];
  return { ...readRow(unpacked, row - data.blockStarts[problem.block]), tests };
}

export function readRow({ strings, rows }, at) {
  const [prompt, stage, defect, seconds, text, before, from, to, after, stdout, stderr] = rows[at];
  const kept = text !== undefined;
  return {
    kept,
    seconds,
    prompt: strings[prompt],
    stage: strings[stage],
    defect: strings[defect],
    text: kept ? strings[text] : "",
    program: kept ? strings[before] + strings[text].slice(from, to) + strings[after] : "",
    output: kept ? [strings[stdout], strings[stderr]].filter(Boolean).join("\n") : "",
  };
}

// The `rows` (ascending) that contain `needle` in the problem's name, prompt, answer, program or output. Reads block by
// block; `progress` receives the share done and the rows so far. Resolves to null once `current()` is false.
export async function search(rows, needle, progress, current) {
  const matches = [];
  let at = 0;
  let pause = performance.now();
  while (at < rows.length) {
    const number = problemOf(rows[at]).block;
    const unpacked = await (blocks.get(number) ?? unpack(`block-${number}`));
    if (!current()) return null;
    const hits = unpacked.strings.map((text) => text.toLowerCase().includes(needle));
    for (; at < rows.length && problemOf(rows[at]).block === number; at += 1) {
      if (holds(unpacked, rows[at], hits, needle)) matches.push(rows[at]);
    }
    if (performance.now() - pause > 100) {
      progress(at / rows.length, matches);
      await new Promise((next) => setTimeout(next));
      pause = performance.now();
    }
  }
  return matches;
}

function holds({ strings, rows }, row, hits, needle) {
  const problem = problemOf(row);
  if (problem.id.toLowerCase().includes(needle)) return true;
  const [prompt, , , , text, before, from, to, after, stdout, stderr] = rows[row - data.blockStarts[problem.block]];
  if ([prompt, text, before, after, stdout, stderr].some((index) => hits[index])) return true;
  return text !== undefined && seams(strings[before], strings[text].slice(from, to), strings[after], needle);
}

// Whether the program contains the needle across the seams of its three pieces.
function seams(before, middle, after, needle) {
  const reach = needle.length - 1;
  if (!reach || !(before || after)) return false;
  const ends = middle.length > 2 * reach ? `${middle.slice(0, reach)}\0${middle.slice(-reach)}` : middle;
  return `${before.slice(-reach)}${ends}${after.slice(0, reach)}`.toLowerCase().includes(needle);
}
