// Makes elements. Text that a model wrote only goes through textContent, so it is never read as markup.

export function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

export function button(text, className, act) {
  const made = element("button", text, className);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

export function options(select, choices) {
  select.replaceChildren(
    ...choices.map(([value, text]) => {
      const made = element("option", shaped(text));
      made.value = value;
      return made;
    }),
  );
}

export const number = (value) => value.toLocaleString("en");

// Makes invisible characters, and those that would reverse the line, readable.
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]|\p{Cf}|\p{Cn}|\p{Co}|\p{Cs}/gu;

function picture(character) {
  const code = character.codePointAt(0);
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return "\u2421";
  return `[U+${code.toString(16).toUpperCase().padStart(4, "0")}]`;
}

export const shaped = (value) => value.replace(HIDDEN, picture);

// The same, with each such character marked.
export function fill(target, value) {
  let last = 0;
  for (const match of value.matchAll(HIDDEN)) {
    target.append(value.slice(last, match.index), element("span", picture(match[0]), "hidden-character"));
    last = match.index + match[0].length;
  }
  target.append(value.slice(last));
}

const LONG = 8000;

// A titled box with scrolling text; a very long one is cut until the reader asks for all of it. `write` puts the
// text, or its beginning, into an element.
export function passage(title, value, heading = "h3", write = fill) {
  const box = element("div");
  box.append(element(heading, title, "title"));
  if (!value) {
    box.append(element("p", "empty", "none"));
    return box;
  }
  const pre = element("pre");
  pre.tabIndex = 0;
  pre.setAttribute("role", "group"); // not a landmark: there are too many of them
  pre.setAttribute("aria-label", title);
  write(pre, value.slice(0, LONG));
  box.append(pre);
  if (value.length > LONG) {
    const all = button(`Show all ${number(value.length)} characters`, "", () => {
      pre.replaceChildren();
      write(pre, value);
      all.remove();
      pre.focus();
    });
    box.append(all);
  }
  return box;
}

// A passage that is closed at first; nothing for an empty text.
export function drawer(title, value) {
  if (!value) return [];
  const box = element("details", undefined, "drawer");
  box.append(element("summary", title), passage(title, value));
  box.querySelector(".title").remove();
  return [box];
}
