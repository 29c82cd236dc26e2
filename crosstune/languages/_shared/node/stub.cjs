// The functions that the tests call in the candidate's place. Evaluated in the realm of the tests; see separate.py.
"use strict";

// ``codec`` is that of values.cjs. ``link.ask`` sends a question (none: nothing) and returns the next message of the
// candidate; ``link.fail`` ends the tests with a report.
module.exports = (codec, types, link) => {
  const VERSION = 1;
  const { Encoder, Decoder } = codec;

  class Opaque {
    constructor(kind) {
      this.opaque = `an object of the type ${kind} ${String(Math.random()).slice(2)}`;
    }

    [Symbol.toPrimitive]() {
      return this.opaque;
    }
  }

  // What only the candidate's process has, and what it has promised: the tests may pass it back.
  const foreign = new Set();
  const promised = new WeakMap();

  function opaque(kind) {
    const made = kind === "symbol" ? Symbol("of the candidate") : kind === "function" ? uncallable() : new Opaque(kind);
    foreign.add(made);
    return made;
  }

  function uncallable() {
    return () => {
      throw new TypeError("a function of the candidate cannot be called by the tests");
    };
  }

  const classes = new Map();

  // An object of a class that only the candidate knows: its fields, and a prototype of their own.
  function record(name, fields) {
    if (!classes.has(name)) {
      const kind = { [name]: class {} }[name];
      classes.set(name, kind.prototype);
    }
    return Object.setPrototypeOf(fields, classes.get(name));
  }

  function promise(decoder, depth) {
    const kind = decoder.tag();
    if (kind !== "R" && kind !== "E") throw new codec.Malformed("the answer of a promise");
    const value = kind === "R" ? decoder.value(depth + 1) : thrown(decoder);
    if (kind === "E") link.rejected(value);
    const made = kind === "R" ? Promise.resolve(value) : Promise.reject(value);
    promised.set(made, kind === "R" ? [value] : []);
    return made;
  }

  function thrown(decoder) {
    decoder.text();
    decoder.text();
    const inner = new Decoder(link.base64(decoder.text()), decoder.known);
    const error = inner.value();
    inner.end();
    return error;
  }

  const passed = {
    known(encoder, value, depth) {
      if (!types.isPromise(value)) return foreign.has(value) && opaqueAgain(encoder);
      const [result = opaque("promise")] = promised.get(value) ?? unsupported();
      encoder.tag("P");
      encoder.tag("R");
      encoder.value(result, depth + 1);
      return true;
    },
    unknown: (encoder, value) => (foreign.has(value) ? opaqueAgain(encoder) : unsupported()),
  };

  function opaqueAgain(encoder) {
    encoder.tag("o");
    encoder.text("object");
    return true;
  }

  function unsupported() {
    throw new TypeError("the tests pass something that is no value");
  }

  function question(name, values) {
    const encoder = new Encoder(passed);
    try {
      encoder.tag("C");
      encoder.text(name);
      encoder.list(values, -1);
      encoder.tag("m");
      encoder.number(0);
      return encoder.taken();
    } catch {
      return link.fail("unsupported");
    }
  }

  function decoded(data, values) {
    const decoder = new Decoder(data, {
      opaque,
      record,
      promise,
      argument(at) {
        if (!Number.isInteger(at) || at < 0 || at >= values.length) throw new codec.Malformed("no such argument");
        return values[at];
      },
    });
    const kind = decoder.tag();
    if (kind !== "R" && kind !== "E") throw new codec.Malformed("the answer");
    const told = kind === "R" ? decoder.value() : thrown(decoder);
    const changed = [];
    for (let left = decoder.count(); left > 0; left--) {
      const at = decoder.number();
      if (at >= values.length) throw new codec.Malformed("an argument that was not given");
      changed.push([values[at], decoder.value()]);
    }
    decoder.text();
    decoder.text();
    decoder.end();
    for (const [old, value] of changed) update(old, value);
    return { kind, told };
  }

  function ask(name, values) {
    const data = link.ask(question(name, values));
    let answer;
    try {
      answer = decoded(data, values);
    } catch {
      return link.fail("failed policy");
    }
    if (answer.kind === "E") throw answer.told;
    return answer.told;
  }

  function hello() {
    const data = link.ask();
    if (data.length !== 2 || data[0] !== "H".charCodeAt(0) || data[1] !== VERSION) link.fail("failed policy");
  }

  return { hello, named: (name) => ({ [name]: (...values) => ask(name, values) })[name] };

  function isObject(value) {
    return typeof value === "object" && value !== null;
  }

  // Change ``old``, an argument, into its value after the call, as far as it can be changed.
  function update(old, value) {
    if (!isObject(old) || !isObject(value)) return;
    if (Array.isArray(old) && Array.isArray(value)) {
      fields(old, value);
      old.length = value.length;
    } else if (types.isMap(old) && types.isMap(value)) {
      const before = new Map(old);
      old.clear();
      for (const [key, after] of value) old.set(key, kept(before.get(key), after));
    } else if (types.isSet(old) && types.isSet(value)) {
      old.clear();
      for (const item of value) old.add(item);
    } else if (types.isDate(old) && types.isDate(value)) {
      old.setTime(value.getTime());
    } else if (ArrayBuffer.isView(old) && ArrayBuffer.isView(value)) {
      bytesOf(old).set(bytesOf(value).subarray(0, old.byteLength));
    } else if (types.isArrayBuffer(old) && types.isArrayBuffer(value)) {
      new Uint8Array(old).set(new Uint8Array(value).subarray(0, old.byteLength));
    } else if (!types.isGeneratorObject(old) && !Array.isArray(value)) {
      fields(old, value);
    }
  }

  function bytesOf({ buffer, byteOffset, byteLength }) {
    return new Uint8Array(buffer, byteOffset, byteLength);
  }

  // The caller's own object, changed, if it still has the same kind.
  function kept(before, after) {
    if (!isObject(before) || !isObject(after)) return after;
    if (Object.getPrototypeOf(before) !== Object.getPrototypeOf(after)) return after;
    update(before, after);
    return before;
  }

  function fields(old, value) {
    const before = { __proto__: null };
    for (const name of Object.keys(old)) {
      before[name] = old[name];
      delete old[name];
    }
    for (const name of Object.keys(value)) {
      const after = kept(before[name], value[name]);
      Object.defineProperty(old, name, { value: after, enumerable: true, writable: true, configurable: true });
    }
  }
};
