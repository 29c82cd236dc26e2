// Whether copies of this node work: see template.c. Each copy ends in one of the ways in which programs end, after it has
// used what a copy may lack: memory to collect, code to compile, a thread, a process, files, timers.
"use strict";

const fs = require("node:fs");
const loaded = { exports: {} };
process.dlopen(loaded, process.argv[2]);

const WAYS = [() => process.reallyExit(7), () => process.exit(7), () => (process.exitCode = 7)];

async function use() {
  const { Worker } = require("node:worker_threads");
  const { execSync } = require("node:child_process");
  const lists = Array.from({ length: 200 }, (_, at) => new Array(5000).fill(at));
  const sum = (n) => (n < 2 ? n : sum(n - 1) + sum(n - 2));
  const worker = new Worker("require('worker_threads').parentPort.postMessage(8)", { eval: true });
  const answer = await new Promise((resolve) => worker.once("message", resolve));
  await new Promise((resolve) => setTimeout(resolve, 1));
  const text = await fs.promises.readFile(__filename, "utf8");
  return lists[9][1] + sum(20) + answer + Number(execSync("echo 1")) + Number(text.length > 1);
}

function attempt(ways) {
  if (ways.length === 0) return;
  const status = loaded.exports.attempt();
  if (status === -1) use().then((found) => (found === 9 + 6765 + 8 + 2 ? ways[0]() : process.reallyExit(1)));
  else if (status !== 7) throw new Error(`a copy ended with status ${status}`);
  else attempt(ways.slice(1));
}

attempt(WAYS);
