// Problem by problem: which models solve what, as a table with filters and sorting.

import { linkTo, listen, remember } from "./address.js";
import { reference } from "./answers.js";
import { data, load, passedStatus } from "./data.js";
import { button, element, number, options, shaped } from "./dom.js";
import { pages } from "./pages.js";

const FIELDS = ["cell", "solved", "unsolved", "kind", "name"];
const section = document.getElementById("problems");
const form = section.querySelector("form");
const state = section.querySelector(".state");
const table = section.querySelector("table.solved-by");
const pairs = section.querySelector(".pairs");
const pager = pages(section.querySelector(".pager"), 50, draw);
let order = { by: "", down: false }; // by "" (the problem's name) or a model
let counts = null; // by problem, by model: [passed, judged]
let shown = []; // models that were judged on the cell

export const cellName = (at) => data.cells[at].join("/");

function counted() {
  const passed = passedStatus();
  return data.problems.map(({ start, end }) => {
    const byModel = data.models.map(() => [0, 0]);
    for (let row = start; row < end; row += 1) {
      const own = byModel[data.model[row]];
      own[1] += 1;
      if (data.status[row] === passed) own[0] += 1;
    }
    return byModel;
  });
}

const share = ([passed, judged]) => (judged ? passed / judged : -1);
// A model solves a problem if at least half of its programs pass.
const solves = (count) => share(count) >= 0.5;

const KINDS = {
  "": () => true,
  nobody: (byModel) => byModel.every(([passed]) => passed === 0),
  everybody: (byModel) => byModel.every(([passed, judged]) => passed === judged),
  some: (byModel) => byModel.some(([passed]) => passed) && byModel.some(([passed, judged]) => passed < judged),
};

function wanted() {
  return Object.fromEntries(FIELDS.map((name) => [name, form.elements[name].value]));
}

function filter({ cell, solved, unsolved, kind, name }) {
  const inCell = data.problems.filter((problem) => cellName(problem.cell) === cell);
  shown = data.models.map((_, at) => at).filter((at) => inCell.some((problem) => counts[problem.at][at][1]));
  const [by, not] = [data.models.indexOf(solved), data.models.indexOf(unsolved)];
  const needle = name.toLowerCase();
  return inCell.filter((problem) => {
    const byModel = counts[problem.at];
    if (by >= 0 && !solves(byModel[by])) return false;
    if (not >= 0 && !(byModel[not][1] && !solves(byModel[not]))) return false;
    return KINDS[kind](shown.map((at) => byModel[at])) && problem.id.toLowerCase().includes(needle);
  });
}

function sorted(problems) {
  const model = data.models.indexOf(order.by);
  if (model < 0) return order.down ? [...problems].reverse() : problems;
  const value = (problem) => share(counts[problem.at][model]);
  return [...problems].sort((a, b) => (value(a) - value(b)) * (order.down ? -1 : 1) || a.at - b.at);
}

function apply(page = 1) {
  const matches = filter(wanted());
  heading();
  if (pairs.open) drawPairs();
  pager.show(sorted(matches), page);
  const cell = form.elements.cell.selectedOptions[0].textContent;
  state.textContent = matches.length
    ? `${number(matches.length)} ${matches.length === 1 ? "problem" : "problems"} of ${cell}`
    : `No problem of ${cell} fits.`;
}

function heading() {
  const row = element("tr");
  for (const name of ["", ...shown.map((at) => data.models[at])]) {
    const head = element("th", undefined, name ? "number" : "");
    head.scope = "col";
    if (order.by === name) head.setAttribute("aria-sort", order.down ? "descending" : "ascending");
    head.append(button(name ? shaped(name) : "Problem", "", () => sortBy(name)));
    row.append(head);
  }
  table.tHead.replaceChildren(row);
}

function sortBy(name) {
  // A model's best problems come first, names in ascending order.
  order = { by: name, down: order.by === name ? !order.down : Boolean(name) };
  keep(1);
  apply();
  table.tHead.querySelector("[aria-sort] button").focus();
}

function draw(problems) {
  table.tBodies[0].replaceChildren(...problems.map(line));
}

function line(problem) {
  const row = element("tr");
  const head = element("th");
  const link = element("a", shaped(problem.id));
  head.scope = "row";
  link.href = linkTo("compare", { cell: cellName(problem.cell), problem: problem.id });
  head.append(link);
  row.append(head, ...shown.map((at) => field(problem, at)));
  return row;
}

function field(problem, model) {
  const count = counts[problem.at][model];
  const made = element("td", undefined, solves(count) ? "solved" : "unsolved");
  if (!count[1]) {
    made.textContent = "–";
    made.className = "";
    return made;
  }
  made.style.setProperty("--shade", share(count).toFixed(3));
  const link = element("a", `${count[0]}/${count[1]}`);
  link.setAttribute("aria-label", `${count[0]}/${count[1]} of ${shaped(data.models[model])} on ${shaped(problem.id)} passed`);
  let own = problem.start;
  while (data.model[own] !== model) own += 1;
  link.href = linkTo("compare", { cell: cellName(problem.cell), problem: problem.id, b: reference(own) });
  made.append(link);
  return made;
}

// In this cell: the problems that the row's model solves and the column's does not.
function drawPairs() {
  const { cell } = wanted();
  const inCell = data.problems.filter((problem) => cellName(problem.cell) === cell);
  const head = element("tr");
  head.append(element("td"), ...shown.map((at) => modelHeading(at, "col")));
  pairs.querySelector("thead").replaceChildren(head);
  const rows = shown.map((by) => {
    const row = element("tr");
    row.append(modelHeading(by, "row"), ...shown.map((not) => pair(inCell, cell, by, not)));
    return row;
  });
  pairs.querySelector("tbody").replaceChildren(...rows);
}

function modelHeading(model, scope) {
  const made = element("th", shaped(data.models[model]));
  made.scope = scope;
  return made;
}

function pair(inCell, cell, by, not) {
  const made = element("td");
  if (by === not) return made;
  const solved = inCell.filter(({ at }) => solves(counts[at][by]) && counts[at][not][1] && !solves(counts[at][not]));
  made.style.setProperty("--shade", (solved.length / inCell.length).toFixed(3));
  made.style.setProperty("--hue", "var(--gain)");
  const link = element("a", number(solved.length));
  link.href = linkTo("problems", { cell, solved: data.models[by], unsolved: data.models[not] });
  made.append(link);
  return made;
}

function keep(page) {
  const sort = order.by ? `${order.down ? "-" : ""}${order.by}` : order.down ? "-" : "";
  remember("problems", { ...wanted(), sort, page: page > 1 ? page : "" });
}

function ready() {
  return load().then(() => {
    if (counts) return;
    counts = counted();
    options(form.elements.cell, data.titles.map((title, at) => [cellName(at), title]));
    const models = data.models.map((name) => [name, name]);
    options(form.elements.solved, [["", "any or none"], ...models]);
    options(form.elements.unsolved, [["", "any or none"], ...models]);
  });
}

export function loadProblems() {
  return ready().then(
    () => pager.started() || apply(),
    (error) => {
      state.textContent = error.message;
    },
  );
}

export function startProblems() {
  form.addEventListener("submit", (event) => event.preventDefault());
  pairs.addEventListener("toggle", () => pairs.open && loadProblems().then(drawPairs));
  form.addEventListener("input", () => {
    keep(1);
    loadProblems().then(() => apply());
  });
  form.addEventListener("reset", () =>
    setTimeout(() => {
      order = { by: "", down: false };
      keep(1);
      if (counts) apply();
    }),
  );
  pager.turned((page) => {
    keep(page);
    table.querySelector("tbody a")?.focus();
  });
  listen("problems", async (chosen) => {
    await loadProblems();
    for (const name of FIELDS) {
      const given = form.elements[name];
      given.value = chosen.get(name) ?? "";
      if (given.selectedIndex === -1) given.selectedIndex = 0;
    }
    const sort = chosen.get("sort") ?? "";
    const by = sort.replace(/^-/, "");
    order = { by: data.models.includes(by) ? by : "", down: sort.startsWith("-") };
    apply(Number(chosen.get("page")) || 1);
  });
}
