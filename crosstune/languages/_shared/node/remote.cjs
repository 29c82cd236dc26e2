// The candidate's objects as the tests see them: each attribute is read, and each method called, in the candidate's
// process. Evaluated in the realm of the tests; see stub.cjs.
"use strict";

// ``link.numbered`` asks a question about a number (a kind, the number, a name, and arguments unless it is ``G``) and
// returns the answer. ``link.methods`` are the names that the tests only call; ``link.converts``: what they
// convert objects to, of ``text`` and ``number``.
module.exports = (identities, link) => {
  const LOCAL = new Set(["call", "apply", "bind"]);
  const OPAQUE = ["then", "constructor"];
  const ERRORS = ["TypeError", "RangeError", "SyntaxError", "ReferenceError", "Error"];
  const BASES = ["Array", "Map", "Set", "Promise", "Date", "RegExp", ...ERRORS];
  const numbers = new WeakMap();
  const made = new Set();
  const prototypes = new Map();

  function get(number, name) {
    return link.numbered("G", number, name);
  }

  function call(number, name, values) {
    return link.numbered("M", number, name, values);
  }

  function symbolName(symbol) {
    const name = symbol.description ?? "";
    return name.startsWith("Symbol.") && Symbol[name.slice(7)] === symbol ? `@@${name.slice(7)}` : undefined;
  }

  // What a class of the candidate is in the tests: a prototype.
  function prototypeOf(name) {
    if (!prototypes.has(name)) prototypes.set(name, { [name]: class {} }[name].prototype);
    return prototypes.get(name);
  }

  // Once for each class: the class of the language that it extends.
  const based = new Set();
  function extend(prototype, number) {
    if (based.has(prototype)) return;
    based.add(prototype);
    const base = get(number, "@@base");
    if (BASES.includes(base)) Object.setPrototypeOf(prototype, globalThis[base].prototype);
  }

  // The fields of an object, which last until the next question.
  class Fields {
    constructor(target, number) {
      Object.assign(this, { target, number, at: undefined });
    }

    now() {
      if (this.at === link.asked()) return this.target;
      const found = get(this.number, "");
      for (const name of Object.keys(this.target)) delete this.target[name];
      if (found === null || typeof found !== "object" || numbers.has(found)) return this.target;
      const base = Object.getPrototypeOf(found);
      const isPlain = base === prototypeOf("Object");
      if (!isPlain) extend(base, this.number);
      Object.setPrototypeOf(this.target, isPlain ? Object.prototype : base);
      for (const name of Object.keys(found)) {
        Object.defineProperty(this.target, name, { ...Object.getOwnPropertyDescriptor(found, name), configurable: true });
      }
      this.at = link.asked();
      return this.target;
    }
  }

  // An object that the tests have made may be a text or a number where they use it so. Any other would be one where they
  // expect a value, and could differ each time.
  function primitive(number) {
    return (hint) => {
      const converts = link.converts.has(hint === "string" ? "text" : "number");
      if (!converts || !made.has(number)) return `an object of the candidate, ${String(Math.random()).slice(2)}`;
      const own = get(number, "@@toPrimitive");
      if (typeof own === "function") return call(number, "@@toPrimitive", [hint]);
      for (const name of hint === "string" ? ["toString", "valueOf"] : ["valueOf", "toString"]) {
        const found = call(number, name, []);
        if (found === null || (typeof found !== "object" && typeof found !== "function")) return found;
      }
      throw new TypeError("Cannot convert object to primitive value");
    };
  }

  function member(number, name) {
    if (OPAQUE.includes(name)) return undefined;
    if (typeof name === "symbol") {
      if (name === Symbol.toPrimitive) return primitive(number);
      name = symbolName(name);
      if (name === undefined || name === "@@toStringTag") return undefined;
    }
    const method = (...values) => call(number, name, values);
    if (link.methods.has(name)) return method;
    const found = get(number, name);
    if (typeof found !== "function" || !numbers.has(found)) return found;
    numbers.set(method, numbers.get(found)); // it may be passed to the candidate
    return method;
  }

  function handlers(number, target) {
    const fields = new Fields(target, number);
    return {
      get: (_target, name) => member(number, name),
      set: (_target, name, value) =>
        typeof name === "string" && call(number, `set ${name}`, [value]) === true,
      has: (_target, name) => Object.hasOwn(fields.now(), name) || member(number, name) !== undefined,
      ownKeys: () => Reflect.ownKeys(fields.now()),
      getOwnPropertyDescriptor: (_target, name) => Reflect.getOwnPropertyDescriptor(fields.now(), name),
      getPrototypeOf: () => Object.getPrototypeOf(fields.now()),
      deleteProperty: (_target, name) => typeof name === "string" && call(number, `delete ${name}`, []) === true,
      defineProperty: () => unsupported(number),
      preventExtensions: () => unsupported(number),
      setPrototypeOf: () => unsupported(number),
    };
  }

  // The candidate has returned an object where the tests need a value, unless they have made it.
  function unsupported(number) {
    return link.fail(made.has(number) ? "unsupported" : "failed runtime_error");
  }

  function entered(proxy, number) {
    numbers.set(proxy, number);
    return identities.enter("k", number, proxy);
  }

  // An object that stays with the candidate.
  function object(number) {
    const found = identities.find("k", number);
    const target = {};
    return found && numbers.has(found) ? found : entered(new Proxy(target, handlers(number, target)), number);
  }

  function functionOf(number) {
    const found = identities.find("k", number);
    if (found && numbers.has(found)) return found;
    const target = () => {};
    return entered(new Proxy(target, callable(number, target, new Set())), number);
  }

  // A function or class: what it has itself is here, and what it has as fields is not.
  function callable(number, target, own) {
    return {
      ...handlers(number, target),
      apply: (_target, _this, values) => call(number, "", values),
      get(_target, name) {
        if (LOCAL.has(name) || own.has(name)) return Reflect.get(_target, name);
        if (name === Symbol.hasInstance) return (value) => isInstance(number, value);
        return member(number, name);
      },
      has: Reflect.has,
      ownKeys: Reflect.ownKeys,
      getOwnPropertyDescriptor: Reflect.getOwnPropertyDescriptor,
      getPrototypeOf: Reflect.getPrototypeOf,
      defineProperty(_target, name, description) {
        own.add(name);
        return Reflect.defineProperty(_target, name, description);
      },
    };
  }

  function isInstance(number, value) {
    const isKnown = value !== null && typeof value === "object" && identities.numbers.has(value);
    return isKnown && call(number, "@@hasInstance", [value]) === true;
  }

  // The entry point of that number: a function, a class, or an object whose attributes are used.
  function entry(number, name) {
    const target = { [name]: class {} }[name];
    prototypes.set(name, target.prototype);
    const construct = (_target, values) => {
      const proxy = link.made(name, values);
      made.add(numbers.get(proxy));
      return proxy;
    };
    const own = new Set(["prototype", "name", "length"]);
    return entered(new Proxy(target, { ...callable(number, target, own), construct }), number);
  }

  return { object, functionOf, entry, prototypeOf, numberOf: (value) => numbers.get(value) };
};
