// Whether values have the types that a declaration gives; see typescript/_types.py. Evaluated in the realm of the tests.
"use strict";

// ``definitions``: the types that the benchmark defines, by name. ``isRemote`` tells the objects that stay with the
// candidate, of which nothing is known here, and ``isSubclass`` those that may be collections; ``promised`` returns the value of a promise in a list, which is empty if it
// has none.
module.exports = (types, definitions, { isRemote, isSubclass, promised }) => {
  const DEEPEST = 400;
  const IS_A = { date: types.isDate, regexp: types.isRegExp, error: types.isNativeError };

  let checked = new WeakMap();

  function isPrimitive(value) {
    return typeof value !== "object" && typeof value !== "function";
  }

  const KINDS = {
    array: (value, { item }, depth) => Array.isArray(value) && value.every((each) => conforms(each, item, depth)),
    tuple(value, { items, rest }, depth) {
      if (!Array.isArray(value) || (rest === undefined && value.length > items.length)) return false;
      return value.every((each, at) => conforms(each, at < items.length ? items[at] : rest, depth));
    },
    "any of": (value, { each }, depth) => each.some((one) => conforms(value, one, depth)),
    "all of": (value, { each }, depth) => each.every((one) => conforms(value, one, depth)),
    literal: (value, shape) => value === shape.value,
    named: (value, { name }, depth) => conforms(value, definitions[name], depth),
    set: (value, { item }, depth) => types.isSet(value) && [...value].every((each) => conforms(each, item, depth)),
    map(value, { key, item }, depth) {
      if (!types.isMap(value)) return false;
      return [...value].every(([name, each]) => conforms(name, key, depth) && conforms(each, item, depth));
    },
    promise(value, { item }, depth) {
      if (!types.isPromise(value)) return conforms(value, item, depth);
      return promised(value).every((each) => conforms(each, item, depth));
    },
    fields(value, { fields, others }, depth) {
      if (isPrimitive(value) && !Object.keys(fields).every((name) => name in Object(value))) return false;
      const own = Object.keys(Object(value)).filter((name) => !Object.hasOwn(fields, name));
      return (
        Object.keys(fields).every((name) => conforms(value[name], fields[name], depth)) &&
        (others === null || own.every((name) => conforms(value[name], others, depth)))
      );
    },
  };

  // Without strict checks of null, it is a value of every type, and so is undefined.
  function conforms(value, shape, depth = 0) {
    if (depth === 0) checked = new WeakMap();
    if (shape === null || shape === undefined || value === null || value === undefined || depth > DEEPEST) return true;
    if (typeof shape === "string") {
      if (Object.hasOwn(IS_A, shape)) return IS_A[shape](value);
      return shape === "object" ? !isPrimitive(value) : typeof value === shape;
    }
    if (isRemote(value) && shape.is === "fields") return true;
    if (isRemote(value) && ["array", "tuple", "set", "map"].includes(shape.is)) return isSubclass(value);
    if (isPrimitive(value)) return KINDS[shape.is](value, shape, depth + 1);
    // Objects may contain each other: each is compared with a type once.
    const known = checked.get(value) ?? checked.set(value, new Map()).get(value);
    if (!known.has(shape)) {
      known.set(shape, true);
      known.set(shape, KINDS[shape.is](value, shape, depth + 1));
    }
    return known.get(shape);
  }

  return conforms;
};
