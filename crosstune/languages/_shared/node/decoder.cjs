// Reads values of the pipes between tests and candidate: see values.cjs, which writes them.
"use strict";

module.exports = (Buffer, types) => {
  const DEEPEST = 200;
  // Whoever has a number like this may make something too long of it.
  const LARGE = 10000;
  const { getPrototypeOf, keys, prototype: plain } = Object;
  const KINDS = "Error EvalError RangeError ReferenceError SyntaxError TypeError URIError AggregateError";
  const ERRORS = new Set(KINDS.split(" "));
  const VIEWS = ["Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array"];
  VIEWS.push("Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array", "DataView");
  // Those that are written as so many values, the first of which is the object itself.
  const SEQUENCES = new Map([["null", 1], ["frozen", 1], ["sealed", 1], ["fixed", 1], ["symbols", 2], ["iterable", 2]]);
  const BEGINNING = new Set([..."lmSrK"].map((tag) => tag.charCodeAt(0)));
  const SINGLE = new Map([["U", undefined], ["N", null], ["T", true], ["F", false]]);
  // What every object has, and what the language calls to convert or await one.
  const OF_OBJECTS = new Set([...Object.getOwnPropertyNames(plain), "then", "toJSON"]);

  class Malformed extends Error {}

  // Reads values. ``known`` makes the objects that are more than their value.
  class Decoder {
    constructor(data, known) {
      this.data = data;
      this.at = 0;
      this.known = known;
      this.hasLarge = false;
      this.apart();
    }

    // Objects that occur again do so within one value.
    apart() {
      this.marked = new Map();
      this.pending = undefined;
    }

    take(size) {
      const begin = this.at;
      if (size > this.data.length - begin) throw new Malformed("it ends too early");
      this.at = begin + size;
      return begin;
    }

    tag() {
      return String.fromCharCode(this.data[this.take(1)]);
    }

    number() {
      return this.data.readUInt32BE(this.take(4));
    }

    // Each item that follows has at least one byte.
    count() {
      const found = this.number();
      if (found > this.data.length - this.at) throw new Malformed("it has too few items");
      return found;
    }

    bytes() {
      const size = this.number();
      const begin = this.take(size);
      return this.data.subarray(begin, begin + size);
    }

    text() {
      const data = this.bytes();
      const found = data.utf8Slice(0, data.length);
      return found.includes("\ufffd") ? exactText(data) : found;
    }

    end() {
      if (this.at !== this.data.length) throw new Malformed("something follows");
    }

    value(depth = 0) {
      if (depth > DEEPEST + 1) throw new Malformed("it nests too deep");
      const tag = this.tag();
      if (SINGLE.has(tag)) return SINGLE.get(tag);
      switch (tag) {
        case "d":
          return this.counted(this.data.readDoubleBE(this.take(8)));
        case "i":
          return this.counted(this.data.readBigInt64BE(this.take(8)));
        case "I":
          return this.counted(largeInteger(this.bytes()));
        case "s":
          return this.text();
        case "l":
          return this.list(depth);
        case "m":
          return this.entries({}, depth);
        case "S":
          return this.set(depth);
        case "b":
          return Buffer.from(this.bytes());
        case "K":
          return this.standard(depth);
        case "o":
          return this.known.opaque(this.text());
        case "r":
          return this.known.record(this.text(), this.entries({}, depth, false));
        case "P":
          return this.known.promise(this, depth);
        case "a":
          return this.mark(depth);
        case "A":
          return this.again();
        default:
          if (!"ghk".includes(tag) || !this.known.numbered) throw new Malformed(`the tag ${tag}`);
          return this.known.numbered(tag, this, depth);
      }
    }

    counted(number) {
      if (number > LARGE) this.hasLarge = true;
      return number;
    }

    // A value in which other objects occur again than around it.
    own(depth = 0) {
      const { marked, pending } = this;
      this.apart();
      const value = this.value(depth);
      Object.assign(this, { marked, pending });
      return value;
    }

    // An object that occurs again, which has a number from its beginning, if its parts may contain it.
    mark(depth) {
      const number = this.number();
      if (this.marked.has(number) || this.pending !== undefined) throw new Malformed("a number of two objects");
      this.pending = BEGINNING.has(this.data[this.at]) ? number : undefined;
      const value = this.value(depth);
      this.pending = undefined;
      this.marked.set(number, value);
      return value;
    }

    again() {
      const number = this.number();
      if (!this.marked.has(number)) throw new Malformed("an object that was never sent");
      return this.marked.get(number);
    }

    // What follows is made of ``target``, which its parts may contain.
    begun(target) {
      if (this.pending !== undefined) this.marked.set(this.pending, target);
      this.pending = undefined;
      return target;
    }

    set(depth) {
      const made = this.begun(new Set());
      for (let left = this.count(); left > 0; left--) made.add(this.value(depth + 1));
      return made;
    }

    list(depth) {
      const items = this.begun([]);
      for (let left = this.count(); left > 0; left--) items.push(this.value(depth + 1));
      return items;
    }

    // A function of the other process must not decide what an object is converted to.
    entries(target, depth, areTagged = true) {
      this.begun(target);
      for (let left = this.count(); left > 0; left--) {
        if (areTagged && this.tag() !== "s") throw new Malformed("a key is no text");
        const name = this.text();
        const value = this.value(depth + 1);
        const replaces = typeof value === "function" && OF_OBJECTS.has(name);
        define(target, name, replaces ? this.known.opaque("function") : value);
      }
      return target;
    }

    standard(depth) {
      const name = this.text();
      const own = name === "Map" ? this.begun(new Map()) : undefined;
      const parts = this.parts(SEQUENCES.get(name), depth);
      const made = [this.known.made ?? {}, MADE].find((each) => Object.hasOwn(each, name));
      if (made === undefined) throw new Malformed("an unknown type");
      try {
        return made[name](parts, this.known, own);
      } catch {
        throw new Malformed(`it is no ${name}`);
      }
    }

    // What another type is made of: one value, or so many, of which the first is the object itself.
    parts(count, depth) {
      if (count === undefined) {
        const { pending } = this;
        this.pending = undefined;
        const value = this.value(depth + 1);
        this.pending = pending;
        return value;
      }
      const found = [];
      for (let left = count; left > 0; left--) found.push(this.value(depth + 1));
      return found;
    }
  }

  function largeInteger(data) {
    if (data.length === 0) throw new Malformed("an integer without bytes");
    return BigInt.asIntN(8 * data.length, BigInt("0x" + data.hexSlice(0, data.length)));
  }

  function exactText(data) {
    let text = "";
    for (let at = 0; at < data.length; ) {
      const size = data[at] < 0x80 ? 1 : data[at] < 0xe0 ? 2 : data[at] < 0xf0 ? 3 : 4;
      const part = data.subarray(at, at + size);
      const isSurrogate = part.length === 3 && part[0] === 0xed && part[1] >= 0xa0 && part[1] < 0xc0 && part[2] >> 6 === 2;
      const found = isSurrogate
        ? String.fromCharCode(0xd000 | ((part[1] & 63) << 6) | (part[2] & 63))
        : part.utf8Slice(0, part.length);
      if (!isSurrogate && !Buffer.from(found).equals(part)) throw new Malformed("a text that is none");
      text += found;
      at += size;
    }
    return text;
  }

  function define(target, name, value, enumerable = true) {
    if (enumerable && name !== "__proto__") target[name] = value;
    else Object.defineProperty(target, name, { value, enumerable, writable: true, configurable: true });
  }

  function must(isTrue, value) {
    if (!isTrue) throw new Malformed("the parts are wrong");
    return value;
  }

  function isObject(value) {
    return typeof value === "object" && value !== null;
  }

  function isHere(value) {
    return isObject(value) && !types.isProxy(value);
  }

  // Whether a property of an array would run in place of the array's own methods, which make arrays by its constructor.
  function isCode(name, value) {
    return String(name >>> 0) !== name && (typeof value === "function" || (name === "constructor" && isObject(value)));
  }

  function* read(items) {
    yield* items;
  }

  const MADE = {
    null([parts]) {
      must(isObject(parts) && getPrototypeOf(parts) === plain);
      return Object.setPrototypeOf(parts, null);
    },
    array([length, items], known) {
      must(isObject(items) && Number.isInteger(length) && length >= 0 && length < 2 ** 32 && getPrototypeOf(items) === plain);
      const made = [];
      made.length = length;
      for (const [name, each] of Object.entries(items)) define(made, name, isCode(name, each) ? known.opaque("function") : each);
      must(made.length === length);
      return made;
    },
    Map([items], _known, made) {
      must(Array.isArray(items) && items.length % 2 === 0);
      for (let at = 0; at < items.length; at += 2) made.set(items[at], items[at + 1]);
      return made;
    },
    Date(time) {
      must(typeof time === "number");
      return new Date(time);
    },
    RegExp([source, flags, lastIndex]) {
      must(typeof source === "string" && typeof flags === "string");
      const made = new RegExp(source, flags);
      made.lastIndex = lastIndex;
      return made;
    },
    Object(value) {
      must(value !== null && ["number", "string", "boolean", "bigint"].includes(typeof value));
      return Object(value);
    },
    iterator(items, known) {
      if (typeof items === "number") return known.iterator(items);
      must(Array.isArray(items));
      return read(items);
    },
    iterable: ([value, number], known) => known.iterable(must(isHere(value), value), number),
    symbols([value, others]) {
      must(isHere(value) && Array.isArray(others));
      for (let at = 0; at < others.length; at += 2) value[Symbol(others[at])] = others[at + 1];
      return value;
    },
    frozen: ([value]) => Object.freeze(must(isHere(value), value)),
    sealed: ([value]) => Object.seal(must(isHere(value), value)),
    fixed: ([value]) => Object.preventExtensions(must(isHere(value), value)),
    ArrayBuffer: (data) => ownBuffer(data),
    Buffer: (data) => must(Buffer.isBuffer(data), data),
    Error([kind, hidden, shown]) {
      must(ERRORS.has(kind) && isObject(hidden) && isObject(shown));
      const made = kind === "AggregateError" ? new AggregateError([]) : new globalThis[kind]();
      for (const name of Reflect.ownKeys(made)) delete made[name];
      for (const name of keys(hidden)) define(made, name, hidden[name], false);
      for (const name of keys(shown)) define(made, name, shown[name]);
      return made;
    },
  };
  for (const name of VIEWS) MADE[name] = (data) => new globalThis[name](ownBuffer(data));

  function ownBuffer(data) {
    must(Buffer.isBuffer(data));
    const made = new ArrayBuffer(data.length);
    new Uint8Array(made).set(data);
    return made;
  }

  return { DEEPEST, ERRORS, VIEWS, Decoder, Malformed };
};
