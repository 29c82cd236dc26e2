// The answers: unpacked once, filtered by columns, drawn a page at a time. Everything that a model
// wrote goes through textContent; nothing here ever reads it as markup.
(() => {
  const PAGE = 40;
  const LONG = 8000;
  const FIELDS = ["model", "benchmark", "language", "task", "label", "text"];
  const section = document.getElementById("completions");
  const form = section.querySelector("form");
  const state = section.querySelector(".state");
  const list = section.querySelector(".answers");
  const more = section.querySelector(".more");
  let data = null;
  let loading = null;
  let found = [];
  let shown = 0;

  async function unpack() {
    const bytes = Uint8Array.from(atob(document.getElementById("packed").textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  }

  function load() {
    loading ??= (async () => {
      if (!("DecompressionStream" in window)) {
        state.textContent = "This browser is too old to unpack the answers.";
        return;
      }
      state.textContent = "Unpacking …";
      data = await unpack();
      data.lower = data.strings.map((text) => text.toLowerCase());
      apply();
    })();
    return loading;
  }

  function wanted() {
    return Object.fromEntries(FIELDS.map((name) => [name, form.elements[name]?.value ?? ""]));
  }

  function filter({ model, benchmark, language, task, label, text }) {
    const { models, cells, labels, lower } = data;
    const cellFits = cells.map(
      (cell) => (!benchmark || cell[0] === benchmark) && (!language || cell[1] === language) && (!task || cell[2] === task),
    );
    const modelAt = model ? models.indexOf(model) : null;
    const labelAt = label ? labels.indexOf(label) : null;
    const needle = text.toLowerCase();
    const hits = needle ? lower.map((one) => one.includes(needle)) : null;
    const searched = [data.problem, data.prompt, data.text, data.candidate, data.stdout, data.stderr];
    const rows = [];
    for (let row = 0; row < data.model.length; row += 1) {
      if (modelAt !== null && data.model[row] !== modelAt) continue;
      if (labelAt !== null && data.label[row] !== labelAt) continue;
      if (!cellFits[data.cell[row]]) continue;
      if (hits && !searched.some((column) => hits[column[row]])) continue;
      rows.push(row);
    }
    return rows;
  }

  function apply() {
    found = filter(wanted());
    shown = 0;
    list.replaceChildren();
    const all = data.model.length;
    state.textContent = found.length
      ? `${found.length.toLocaleString("en")} of ${all.toLocaleString("en")} answers`
      : "No answer fits these filters.";
    grow();
  }

  function grow() {
    const items = found.slice(shown, shown + PAGE).map(entry);
    shown += items.length;
    list.append(...items);
    const left = found.length - shown;
    more.hidden = left <= 0;
    more.textContent = `Show ${Math.min(left, PAGE)} more`;
    return items[0];
  }

  function element(name, text, className) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  const text = (column, row) => data.strings[data[column][row]];

  function entry(row) {
    const item = element("li");
    const button = element("button");
    const label = data.labels[data.label[row]];
    button.type = "button";
    button.setAttribute("aria-expanded", "false");
    button.append(
      element("span", label.replaceAll("_", " "), `verdict ${label}`),
      element("span", `${data.models[data.model[row]]} · ${data.seed[row]}`),
      element("span", data.titles[data.cell[row]]),
      element("span", text("problem", row)),
      element("span", shape(text("text", row).trim().split("\n", 1)[0].slice(0, 160)), "first"),
    );
    button.addEventListener("click", () => toggle(item, button, row));
    item.append(button);
    return item;
  }

  function toggle(item, button, row) {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    if (open) item.append(answer(row));
    else item.lastElementChild.remove();
  }

  function answer(row) {
    const box = element("div", undefined, "answer");
    const sample = data.sample[row] ? `, sample ${data.sample[row]}` : "";
    const facts = `Seed ${data.seed[row]}${sample}; ended in ${text("stage", row) || "no stage"} after ${data.seconds[row]} s of CPU time`;
    const defect = text("defect", row);
    box.append(
      element("p", facts + (defect ? `; known fault in the benchmark's data: ${defect}` : ""), "whole"),
      part("Prompt", text("prompt", row)),
      part("Answer, as it came", text("text", row)),
      part("Program cut out of it", text("candidate", row)),
      part("Output", [text("stdout", row), text("stderr", row)].filter(Boolean).join("\n")),
    );
    return box;
  }

  function part(title, value) {
    const box = element("div");
    box.append(element("h4", title));
    if (!value) {
      box.append(element("p", "empty", "none"));
      return box;
    }
    const pre = element("pre");
    pre.tabIndex = 0;
    fill(pre, value.slice(0, LONG));
    box.append(pre);
    if (value.length > LONG) {
      const all = element("button", `Show all ${value.length.toLocaleString("en")} characters`);
      all.type = "button";
      all.addEventListener("click", () => {
        pre.replaceChildren();
        fill(pre, value);
        all.remove();
      });
      box.append(all);
    }
    return box;
  }

  // What can't be seen, or would turn the line around, made readable and marked.
  const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]|\p{Cf}|\p{Cn}|\p{Co}|\p{Cs}/gu;

  function picture(character) {
    const code = character.codePointAt(0);
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    if (code === 0x7f) return "\u2421";
    return `[U+${code.toString(16).toUpperCase().padStart(4, "0")}]`;
  }

  const shape = (value) => value.replace(HIDDEN, picture);

  function fill(target, value) {
    let last = 0;
    for (const match of value.matchAll(HIDDEN)) {
      target.append(value.slice(last, match.index), element("span", picture(match[0]), "hidden-character"));
      last = match.index + match[0].length;
    }
    target.append(value.slice(last));
  }

  // The filters are part of the address, so a link keeps them.
  function remember() {
    const chosen = Object.entries(wanted()).filter(([, value]) => value);
    const query = new URLSearchParams(chosen).toString();
    history.replaceState(null, "", `#completions${query ? `?${query}` : ""}`);
  }

  function recall(jump) {
    const [place, query] = location.hash.slice(1).split("?", 2);
    if (place !== "completions") return;
    const chosen = new URLSearchParams(query ?? "");
    for (const name of FIELDS) {
      const field = form.elements[name];
      if (!field) continue;
      field.value = chosen.get(name) ?? "";
      if (field.selectedIndex === -1) field.value = "";
    }
    if (data) apply();
    else load();
    if (jump) section.scrollIntoView();
  }

  let pause = 0;
  form.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(() => {
      remember();
      load().then(() => data && apply());
    }, 120);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => {
    clearTimeout(pause);
    pause = setTimeout(() => {
      remember();
      if (data) apply();
    });
  });
  more.addEventListener("click", () => grow()?.querySelector("button").focus());
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    const item = event.target.closest("li");
    if (!step || event.target.tagName !== "BUTTON" || !item?.[step]) return;
    event.preventDefault();
    item[step].querySelector("button").focus();
  });
  addEventListener("hashchange", () => recall(true));

  const watcher = new IntersectionObserver(
    (entries) => {
      if (entries.some((one) => one.isIntersecting)) {
        watcher.disconnect();
        load();
      }
    },
    { rootMargin: "600px" },
  );
  watcher.observe(section);
  recall(Boolean(location.hash.includes("?")));
})();
