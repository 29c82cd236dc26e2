// A line diff: the fewest lines removed and added.

export const MOST = 2000; // lines of each side: the table below then has four million numbers

// → [{ sign: " " | "-" | "+", text, first, second }]: line numbers from 1, undefined on the side without the line.
export function lineDiff(first, second) {
  const common = commonLines(first, second);
  const width = second.length + 1;
  const made = [];
  let a = 0;
  let b = 0;
  while (a < first.length || b < second.length) {
    if (a < first.length && b < second.length && first[a] === second[b]) {
      made.push({ sign: " ", text: first[a], first: ++a, second: ++b });
    } else if (b === second.length || (a < first.length && common[(a + 1) * width + b] >= common[a * width + b + 1])) {
      made.push({ sign: "-", text: first[a], first: ++a });
    } else {
      made.push({ sign: "+", text: second[b], second: ++b });
    }
  }
  return made;
}

// At a, b: the length of the longest common subsequence of `first` from a and `second` from b.
function commonLines(first, second) {
  const width = second.length + 1;
  const common = new Uint16Array((first.length + 1) * width);
  for (let a = first.length - 1; a >= 0; a -= 1) {
    for (let b = second.length - 1; b >= 0; b -= 1) {
      const at = a * width + b;
      common[at] = first[a] === second[b] ? common[at + width + 1] + 1 : Math.max(common[at + width], common[at + 1]);
    }
  }
  return common;
}

// Folds runs of more than `least` equal lines, except `around` lines next to a change:
// [{ lines }] or [{ folded: lines }] in order.
export function folded(lines, around = 3, least = 10) {
  const parts = [];
  for (let at = 0; at < lines.length; ) {
    let end = at;
    while (end < lines.length && (lines[end].sign === " ") === (lines[at].sign === " ")) end += 1;
    const from = at === 0 ? at : at + around;
    const to = end === lines.length ? end : end - around;
    if (lines[at].sign === " " && to - from > least) {
      parts.push({ lines: lines.slice(at, from) }, { folded: lines.slice(from, to) }, { lines: lines.slice(to, end) });
    } else {
      parts.push({ lines: lines.slice(at, end) });
    }
    at = end;
  }
  return parts;
}
