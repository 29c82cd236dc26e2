// Draws a long list one page at a time.

import { button, element, number } from "./dom.js";

// `draw(items)` shows one page; the box is hidden if there is only one.
export function pages(box, size, draw) {
  let items = null;
  let page = 1;
  let notify = () => {};
  const last = () => Math.max(1, Math.ceil(items.length / size));
  const where = element("span", "", "where");
  const back = button("Previous", "", () => turn(page - 1));
  const on = button("Next", "", () => turn(page + 1));
  box.append(back, where, on);

  function turn(to) {
    show(items, to);
    notify(page);
  }

  function show(all, to = 1) {
    items = all;
    page = Math.min(Math.max(1, to), last());
    const start = (page - 1) * size;
    draw(items.slice(start, start + size));
    where.textContent = `${number(start + 1)}–${number(Math.min(start + size, items.length))} of ${number(items.length)}`;
    back.disabled = page === 1;
    on.disabled = page === last();
    box.hidden = last() === 1;
  }

  return {
    show,
    started: () => items !== null,
    turned: (act) => {
      notify = act;
    },
  };
}
