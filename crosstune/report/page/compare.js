// One problem: its prompt, every model's answers, and two of them side by side with a line diff.

import { listen, remember } from "./address.js";
import { LEFT_OUT, facts, reference, tests } from "./answers.js";
import { answer, data, findProblem, statusOf, load, modelOf, passedStatus } from "./data.js";
import { MOST, folded, lineDiff } from "./diff.js";
import { button, element, fill, number, options, passage, shaped } from "./dom.js";
import { cellName } from "./problems.js";
import { answerPassage } from "./taken.js";

const section = document.getElementById("compare");
const form = section.querySelector("form");
const state = section.querySelector(".state");
const box = section.querySelector(".comparison");
const fields = form.elements;
let problem = null;
let asked = 0;

function cells() {
  options(fields.cell, data.titles.map((title, at) => [cellName(at), title]));
}

function names() {
  const own = data.problems.filter((one) => cellName(one.cell) === fields.cell.value);
  options(fields.problem, own.map((one) => [one.id, one.id]));
}

function rows() {
  const cell = data.cells.findIndex((_, at) => cellName(at) === fields.cell.value);
  problem = findProblem(cell, fields.problem.value);
  const ownRows = Array.from({ length: problem.end - problem.start }, (_, at) => problem.start + at);
  const choices = ownRows.map((row) => {
    const sample = data.sample[row] ? `.${data.sample[row]}` : "";
    return [reference(row), `${modelOf(row)} · ${data.seed[row]}${sample} · ${statusOf(row).replaceAll("_", " ")}`];
  });
  options(fields.a, choices);
  options(fields.b, choices);
  return ownRows;
}

// By default: the first model and the first other model with a different outcome.
function choose(ownRows, a, b) {
  const known = new Set(ownRows.map(reference));
  const first = known.has(a) ? a : null;
  const second = known.has(b) ? b : null;
  const passed = (row) => data.status[row] === passedStatus();
  const of = (name) => ownRows.find((row) => reference(row) === name);
  const against = (one) =>
    ownRows.find((row) => data.model[row] !== data.model[one] && passed(row) !== passed(one)) ??
    ownRows.find((row) => data.model[row] !== data.model[one]) ??
    one;
  fields.a.value = first ?? reference(second ? against(of(second)) : ownRows[0]);
  fields.b.value = second ?? reference(against(of(fields.a.value)));
}

const chosenRow = (name) => {
  for (let row = problem.start; row < problem.end; row += 1) if (reference(row) === fields[name].value) return row;
  return problem.start;
};

async function draw() {
  asked += 1;
  const own = asked;
  const [a, b] = [chosenRow("a"), chosenRow("b")];
  const [first, second] = await Promise.all([answer(a), answer(b)]);
  if (own !== asked) return;
  const made = [passage("Prompt", first.prompt)];
  if (second.prompt !== first.prompt) made.push(passage("Prompt of B", second.prompt));
  made.push(...tests(first), changes(first, second), sides([a, b], [first, second]));
  box.replaceChildren(...made);
  const at = data.problems.indexOf(problem);
  fields.back.disabled = data.problems[at - 1]?.cell !== problem.cell;
  fields.on.disabled = data.problems[at + 1]?.cell !== problem.cell;
  state.textContent = `${shaped(problem.id)}: ${shaped(modelOf(a))} ${statusOf(a).replaceAll("_", " ")}, ${shaped(modelOf(b))} ${statusOf(b).replaceAll("_", " ")}`;
}

function sides(rows_, answers) {
  const made = element("div", undefined, "answer");
  for (const [at, row] of rows_.entries()) {
    const side = element("div", undefined, "side");
    const title = element("h3", `${"AB"[at]}: ${shaped(modelOf(row))} `);
    title.append(element("span", statusOf(row).replaceAll("_", " "), `verdict ${statusOf(row)}`));
    side.append(title, element("p", facts(row, answers[at]), "none"));
    if (answers[at].kept) {
      side.append(answerPassage(answers[at], "h4"), passage("Output", answers[at].output, "h4"));
    } else {
      side.append(element("p", LEFT_OUT, "none"));
    }
    made.append(side);
  }
  return made;
}

function changes(first, second) {
  const made = element("div");
  made.append(element("h3", "From A's program to B's", "title"));
  if (!first.kept || !second.kept) {
    made.append(element("p", LEFT_OUT, "none"));
    return made;
  }
  const [a, b] = [first.program, second.program].map((text) => (text ? text.split("\n") : []));
  if (first.program === second.program) {
    made.append(element("p", "Both programs are the same.", "none"));
  }
  if (Math.max(a.length, b.length) > MOST) {
    made.append(element("p", `Only the first ${number(MOST)} lines are compared.`, "none"));
  }
  const scroll = element("div", undefined, "scroll");
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", "From A's program to B's, line by line");
  scroll.append(table(lineDiff(a.slice(0, MOST), b.slice(0, MOST))));
  made.append(scroll);
  return made;
}

function table(lines) {
  const made = element("table", undefined, "diff");
  const head = element("tr");
  for (const name of ["Line of A", "Line of B", "Change", "Program"]) {
    const cell = element("th", name);
    cell.scope = "col";
    head.append(cell);
  }
  const top = element("thead", undefined, "off");
  top.append(head);
  const body = element("tbody");
  for (const part of folded(lines)) {
    if (part.lines) body.append(...part.lines.map(lineRow));
    else body.append(fold(part.folded));
  }
  made.append(top, body);
  return made;
}

const SIGNS = { " ": ["", "same"], "-": ["\u2212", "only in A"], "+": ["+", "only in B"] };
const WIDEST = 4000;

function lineRow({ sign, text, first, second }) {
  const row = element("tr", undefined, { "-": "out", "+": "in" }[sign]);
  const [picture, words] = SIGNS[sign];
  const mark = element("td", undefined, "sign");
  mark.append(element("span", picture), element("span", words, "off"));
  mark.firstChild.ariaHidden = "true";
  const cell = element("td", undefined, "code");
  const inner = element({ "-": "del", "+": "ins" }[sign] ?? "span");
  fill(inner, text.slice(0, WIDEST));
  if (text.length > WIDEST) inner.append(element("span", ` … ${number(text.length - WIDEST)} more`, "note"));
  cell.append(inner);
  row.append(element("td", String(first ?? ""), "line"), element("td", String(second ?? ""), "line"), mark, cell);
  return row;
}

function fold(lines) {
  const row = element("tr");
  const cell = element("td");
  cell.colSpan = 4;
  cell.append(button(`Show ${number(lines.length)} equal lines`, "unfold", () => row.replaceWith(...lines.map(lineRow))));
  row.append(cell);
  return row;
}

function keep() {
  remember("compare", {
    cell: fields.cell.value,
    problem: fields.problem.value,
    a: fields.a.value,
    b: fields.b.value,
  });
}

async function open(chosen) {
  await load();
  if (!fields.cell.options.length) cells();
  if (!data.problems.length) return;
  fields.cell.value = chosen.get("cell") ?? "";
  if (fields.cell.selectedIndex === -1) fields.cell.selectedIndex = 0;
  names();
  fields.problem.value = chosen.get("problem") ?? "";
  if (fields.problem.selectedIndex === -1) fields.problem.selectedIndex = 0;
  choose(rows(), chosen.get("a"), chosen.get("b"));
  await draw();
}

const fail = (error) => {
  state.textContent = error.message;
};

export const loadCompare = () => (problem ? undefined : open(new URLSearchParams()).catch(fail));

function changed(event) {
  const { name } = event.target;
  const [a, b] = [fields.a.value, fields.b.value]; // keep the models on the next problem
  if (name === "cell") names();
  if (name === "cell" || name === "problem") choose(rows(), a, b);
  keep();
  draw();
}

function step(by) {
  fields.problem.selectedIndex += by;
  changed({ target: fields.problem });
}

export function startCompare() {
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", changed);
  fields.back.addEventListener("click", () => step(-1));
  fields.on.addEventListener("click", () => step(1));
  listen("compare", (chosen) => open(chosen).catch(fail));
}
