// Keeps the reader's choices in the page's address, so a link contains them: #part?name=value&…

export function remember(part, chosen) {
  const kept = Object.entries(chosen).filter(([, value]) => value !== "" && value !== undefined);
  const query = new URLSearchParams(kept).toString();
  history.replaceState(null, "", `#${part}${query ? `?${query}` : ""}`);
}

export const linkTo = (part, chosen) => `#${part}?${new URLSearchParams(chosen)}`;

function read() {
  const [part, query] = location.hash.slice(1).split("?", 2);
  return { part, chosen: query === undefined ? null : new URLSearchParams(query) };
}

const parts = new Map();

// `recall(chosen)` is called when an address names this part with a choice; it may return a promise.
export function listen(part, recall) {
  parts.set(part, recall);
}

async function follow(event) {
  const { part, chosen } = read();
  if (!chosen || !parts.has(part)) return;
  await parts.get(part)(chosen);
  const section = document.getElementById(part);
  section.scrollIntoView();
  // The keyboard and a screen reader continue at the link's target.
  if (event) section.querySelector("h2").focus({ preventScroll: true });
}

export function start() {
  addEventListener("hashchange", follow);
  follow();
}
