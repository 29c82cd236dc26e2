// All answers: filtered by column at once, by text block by block, and drawn one page at a time.

import { linkTo, listen, remember } from "./address.js";
import { answer, data, statusOf, load, modelOf, problemOf, search } from "./data.js";
import { drawer, element, number, passage, shaped } from "./dom.js";
import { pages } from "./pages.js";
import { answerPassage } from "./taken.js";

const FIELDS = ["model", "benchmark", "language", "task", "status", "problem", "text"];
const section = document.getElementById("completions");
const form = section.querySelector("form");
const state = section.querySelector(".state");
const list = section.querySelector(".answers");
const pager = pages(section.querySelector(".pager"), 50, draw);
let asked = 0; // the number of the latest search

function wanted() {
  return Object.fromEntries(FIELDS.map((name) => [name, form.elements[name]?.value ?? ""]));
}

function filter({ model, benchmark, language, task, status, problem }) {
  const { models, cells, statuses } = data;
  const cellFits = cells.map(
    (cell) => (!benchmark || cell[0] === benchmark) && (!language || cell[1] === language) && (!task || cell[2] === task),
  );
  const modelAt = model ? models.indexOf(model) : null;
  const statusAt = status ? statuses.indexOf(status) : null;
  const rows = [];
  for (const one of data.problems) {
    if (!cellFits[one.cell] || (problem && one.id !== problem)) continue;
    for (let row = one.start; row < one.end; row += 1) {
      if (modelAt !== null && data.model[row] !== modelAt) continue;
      if (statusAt !== null && data.status[row] !== statusAt) continue;
      rows.push(row);
    }
  }
  return rows;
}

async function apply(page = 1) {
  asked += 1;
  const own = asked;
  const chosen = wanted();
  let rows = filter(chosen);
  if (chosen.text) {
    rows = await search(
      rows,
      chosen.text.toLowerCase(),
      (share, matches) => say(`Searching: ${Math.round(100 * share)} %, ${number(matches.length)} so far`),
      () => own === asked,
    );
    if (!rows) return;
  }
  pager.show(rows, page);
  const all = number(data.model.length);
  say(rows.length ? `${number(rows.length)} of ${all} answers` : "No answer fits these filters.");
}

function say(text) {
  state.textContent = text;
}

function draw(rows) {
  list.replaceChildren(...rows.map(entry));
}

function entry(row) {
  const item = element("li");
  const head = element("button");
  const status = statusOf(row);
  const first = element("span", "", "first");
  head.type = "button";
  head.setAttribute("aria-expanded", "false");
  head.append(
    element("span", status.replaceAll("_", " "), `verdict ${status}`),
    element("span", `${shaped(modelOf(row))} · ${data.seed[row]}`),
    element("span", shaped(data.titles[problemOf(row).cell])),
    element("span", shaped(problemOf(row).id)),
    first,
  );
  answer(row).then(({ kept, text }) => {
    first.textContent = kept ? shaped(text.trim().split("\n", 1)[0].slice(0, 160)) : "(text left out)";
  });
  head.addEventListener("click", async () => {
    const open = head.getAttribute("aria-expanded") !== "true";
    head.setAttribute("aria-expanded", String(open));
    if (!open) item.lastElementChild.remove();
    else item.append(whole(row, await answer(row)));
  });
  item.append(head);
  return item;
}

export function facts(row, { seconds, stage, defect }) {
  const sample = data.sample[row] ? `, sample ${data.sample[row]}` : "";
  const known = defect ? `; known error in the benchmark's data: ${defect}` : "";
  const isolation = data.isolations?.[data.isolation[row]];
  const how = isolation ? `; tests and program in ${isolation === "shared" ? "one process" : "separate processes"}` : "";
  const cut = data.finish_reasons?.[data.finish[row]] === "length" ? "; the answer was cut at the length limit" : "";
  const repeats = data.repeats?.[row] ? "; the answer repeats the code to repair unchanged" : "";
  return shaped(
    `Seed ${data.seed[row]}${sample}; ended in ${stage || "no stage"} after ${seconds} s of CPU time${how}${cut}${repeats}${known}`,
  );
}

export const LEFT_OUT = "Its texts were left out to keep this page small; they are in the run's folder.";

function whole(row, texts) {
  const box = element("div", undefined, "answer");
  const about = element("p", `${facts(row, texts)}. `, "whole");
  const { cell, id } = problemOf(row);
  const link = element("a", "Compare with other models");
  link.href = linkTo("compare", { cell: data.cells[cell].join("/"), problem: id, b: reference(row) });
  about.append(link);
  box.append(about);
  if (!texts.kept) {
    box.append(element("p", LEFT_OUT, "whole"), passage("Prompt", texts.prompt), ...tests(texts));
    return box;
  }
  box.append(
    passage("Prompt", texts.prompt),
    answerPassage(texts),
    passage("Program extracted from it", texts.program),
    passage("Output", texts.output),
    ...tests(texts),
  );
  return box;
}

// The tests of a problem; unknown for runs judged elsewhere.
export const tests = (texts) => drawer("The problem's tests", texts.tests);

// The name of one answer of a problem in a link.
export const reference = (row) => `${data.seed[row]}.${data.sample[row]}.${modelOf(row)}`;

function recall(chosen) {
  for (const name of FIELDS) {
    const field = form.elements[name];
    if (!field) continue;
    field.value = chosen.get(name) ?? "";
    if (field.selectedIndex === -1) field.value = "";
  }
  return load().then(() => apply(Number(chosen.get("page")) || 1), (error) => say(error.message));
}

function keep(page) {
  remember("completions", { ...wanted(), page: page > 1 ? page : "" });
}

let pause = 0;
function changed(wait) {
  clearTimeout(pause);
  pause = setTimeout(() => {
    keep(1);
    load().then(() => apply(), (error) => say(error.message));
  }, wait);
}

export function startAnswers() {
  form.addEventListener("input", () => changed(150));
  form.addEventListener("reset", () => changed(0));
  form.addEventListener("submit", (event) => event.preventDefault());
  pager.turned((page) => {
    keep(page);
    list.querySelector("button")?.focus();
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    const item = event.target.closest("li");
    if (!step || event.target.parentElement !== item || !item?.[step]) return;
    event.preventDefault();
    item[step].querySelector("button").focus();
  });
  listen("completions", recall);
}

export function loadAnswers() {
  if (asked) return; // a link has already loaded them
  say("Unpacking …");
  load().then(() => asked || apply(), (error) => say(error.message));
}
