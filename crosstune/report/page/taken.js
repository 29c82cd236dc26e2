// Which lines of an answer its program has, and how they are marked.

import { element, fill, passage } from "./dom.js";

const MOST = 4000; // lines
const TRIED = 50; // places for one line: bounds the time on answers that repeat it

// → for each line of `text` whether it was taken. The longest runs of equal lines count, of equally long ones
// the last. A run is found by a line that has a word; blank lines between taken ones belong to them.
export function takenLines(text, program) {
  const lines = text.split("\n").slice(0, MOST);
  const made = lines.map(() => false);
  const theirs = lines.map((line, at) => ({ at, line: bare(line) })).filter(({ line }) => line);
  const ours = program.split("\n").slice(0, MOST).map((line) => line.trim()).filter(Boolean);
  const places = new Map();
  for (const [at, { line }] of theirs.entries()) places.set(line, [...(places.get(line) ?? []).slice(1 - TRIED), at]);
  const free = (at) => theirs[at] && !made[theirs[at].at];
  for (let at = 0; at < ours.length; ) {
    let [start, length] = [0, 0];
    for (const place of /[\p{L}\p{N}]/u.test(ours[at]) ? (places.get(ours[at]) ?? []) : []) {
      let same = 0;
      while (at + same < ours.length && free(place + same) && theirs[place + same].line === ours[at + same]) same += 1;
      if (same && same >= length) [start, length] = [place, same];
    }
    at += Math.max(length, 1);
    const end = start + length;
    if (length) made.fill(true, theirs[start].at, theirs[end - 1].at + 1);
    for (let back = 1; length && theirs[start - back]?.line === ours[at - length - back] && free(start - back); back += 1) {
      made.fill(true, theirs[start - back].at, theirs[start].at);
    }
  }
  return made;
}

const bare = (line) => line.trim().replace(/^(>\s*)+/, "");

// The answer in a box, with what its program has of it marked.
export function answerPassage({ text, program }, heading) {
  const taken = takenLines(text, program);
  const write = (target, part) => {
    const lines = part.split("\n");
    for (let at = 0; at < lines.length; ) {
      let end = at;
      while (end < lines.length && Boolean(taken[end]) === Boolean(taken[at])) end += 1;
      const run = lines.slice(at, end).join("\n") + (end < lines.length ? "\n" : "");
      if (taken[at]) target.append(element("mark"));
      fill(taken[at] ? target.lastChild : target, run);
      at = end;
    }
  };
  return passage("Answer, unchanged (marked: in the program)", text, heading, write);
}
