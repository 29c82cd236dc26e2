function nested(rows) { return rows; }
function word(text) { return text; }
function number(value) { return value; }
function flag(value) { return value; }
function grow(items) { items.push(items.length); }
const swap = ([one, other]) => [other, one];
const counts = (given) => Object.fromEntries(Object.entries(given).reverse());
const maybe = (value) => value;
function leave(how) {
  if (how === 0) throw new RangeError("no");
  if (how === 1) process.exit(0);
  while (how === 2);
  return how;
}
