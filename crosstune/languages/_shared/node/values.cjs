// Values as bytes, on both sides of the pipes between tests and candidate: see docs/values.md. Evaluated in the realm
// whose objects it reads and makes; numbers travel as `d`, so `i` and `I` are a BigInt.
"use strict";

module.exports = (Buffer, types) => {
  const DEEPEST = 200;
  const MOST_ITEMS = 100000;
  const MOST_BYTES = 16 << 20;
  const FIRST_BYTES = 1 << 12;
  const KINDS = "Error EvalError RangeError ReferenceError SyntaxError TypeError URIError AggregateError";
  const ERRORS = new Set(KINDS.split(" "));
  const VIEWS = ["Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array"];
  VIEWS.push("Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array", "DataView");
  const { getPrototypeOf, keys, getOwnPropertySymbols, prototype: plain } = Object;
  // What every object has, and what the language calls to convert or await one.
  const OF_OBJECTS = new Set([...Object.getOwnPropertyNames(plain), "then", "toJSON"]);
  const SINGLE = new Map([["U", undefined], ["N", null], ["T", true], ["F", false]]);
  const code = (letter) => letter.charCodeAt(0);
  const [U, N, T, F, D] = [..."UNTFd"].map(code);

  class Malformed extends Error {}
  class TooDeep extends Error {}
  class TooLong extends Error {}

  // Writes values. ``known`` writes objects that are more than their value, and returns whether it did; ``unknown``
  // writes functions, symbols and objects of other kinds.
  class Encoder {
    constructor({ known, unknown }) {
      this.known = known;
      this.unknown = unknown;
      this.data = Buffer.allocUnsafe(FIRST_BYTES);
      this.at = 0;
    }

    taken() {
      return this.data.subarray(0, this.at);
    }

    room(size) {
      if (this.at + size <= this.data.length) return;
      if (this.at + size > MOST_BYTES) throw new TooLong();
      const larger = Buffer.allocUnsafe(Math.max(this.data.length * 2, this.at + size));
      this.data.copy(larger, 0, 0, this.at);
      this.data = larger;
    }

    byte(value) {
      this.room(1);
      this.data[this.at++] = value;
    }

    tag(letter) {
      this.byte(code(letter));
    }

    number(value) {
      this.room(4);
      this.at = this.data.writeUInt32BE(value, this.at);
    }

    double(value) {
      this.room(9);
      this.data[this.at++] = D;
      this.at = this.data.writeDoubleBE(value, this.at);
    }

    bytes(data) {
      this.number(data.length);
      this.raw(data);
    }

    raw(data) {
      this.room(data.length);
      this.data.set(data, this.at);
      this.at += data.length;
    }

    text(value) {
      if (!value.isWellFormed()) return this.bytes(surrogates(value));
      const size = Buffer.byteLength(value);
      this.number(size);
      this.room(size);
      this.at += this.data.utf8Write(value, this.at, size);
    }

    string(value) {
      this.tag("s");
      this.text(value);
    }

    standard(name, write) {
      this.tag("K");
      this.text(name);
      write();
    }

    value(value, depth = 0) {
      switch (typeof value) {
        case "undefined":
          return this.byte(U);
        case "boolean":
          return this.byte(value ? T : F);
        case "number":
          return this.double(value);
        case "string":
          return this.string(value);
        case "bigint":
          return this.big(value);
        case "object":
          return value === null ? this.byte(N) : this.object(value, depth);
        default:
          return this.unknown(this, value, depth);
      }
    }

    big(value) {
      if (BigInt.asIntN(64, value) === value) {
        this.room(9);
        this.tag("i");
        this.at = this.data.writeBigInt64BE(value, this.at);
        return;
      }
      let size = Math.ceil(value.toString(16).length / 2);
      if (BigInt.asIntN(8 * size, value) !== value) size++;
      this.tag("I");
      this.bytes(Buffer.from(BigInt.asUintN(8 * size, value).toString(16).padStart(2 * size, "0"), "hex"));
    }

    object(value, depth, isKnown = false) {
      if (depth > DEEPEST) throw new TooDeep("it nests too deep");
      if (!isKnown && this.known(this, value, depth)) return;
      if (Array.isArray(value)) return this.array(value, depth);
      const base = getPrototypeOf(value);
      if (base === plain || base === null || isPlain(base)) return this.plain(value, base, depth);
      if (this.builtIn(value, depth)) return;
      if (typeof value[Symbol.iterator] === "function" && typeof value.next === "function") {
        return this.standard("iterator", () => this.list(first(value), depth + 1));
      }
      this.instance(value, base, depth);
    }

    list(items, depth) {
      this.tag("l");
      this.number(items.length);
      for (let at = 0; at < items.length; at++) this.value(items[at], depth + 1);
    }

    array(value, depth) {
      if (isDense(value)) return this.list(value, depth);
      this.standard("array", () => {
        this.tag("l");
        this.number(2);
        this.double(value.length);
        this.entries(value, keys(value), depth + 1);
      });
    }

    plain(value, base, depth) {
      if (getOwnPropertySymbols(value).length > 0) return this.unknown(this, value, depth);
      if (base !== null) return this.entries(value, keys(value), depth);
      this.standard("null", () => this.entries(value, keys(value), depth + 1));
    }

    entries(value, names, depth) {
      this.tag("m");
      this.number(names.length);
      for (const name of names) {
        this.string(name);
        this.value(value[name], depth + 1);
      }
    }

    // An object of a class of the program's own: its fields.
    instance(value, base, depth) {
      const kind = base.constructor;
      if (typeof kind !== "function" || typeof kind.name !== "string" || getOwnPropertySymbols(value).length > 0) {
        return this.unknown(this, value, depth);
      }
      const names = keys(value);
      this.tag("r");
      this.text(kind.name);
      this.number(names.length);
      for (const name of names) {
        this.text(name);
        this.value(value[name], depth + 1);
      }
    }

    builtIn(value, depth) {
      const of = (name, ...parts) => this.standard(name, () => this.value(parts.length === 1 ? parts[0] : parts, depth + 1));
      if (types.isMap(value)) of("Map", [...Map.prototype.entries.call(value)].flat(1), 0);
      else if (types.isSet(value)) {
        const items = [...Set.prototype.values.call(value)];
        this.tag("S");
        this.number(items.length);
        for (const item of items) this.value(item, depth + 1);
      } else if (types.isDate(value)) of("Date", Date.prototype.getTime.call(value));
      else if (types.isRegExp(value)) of("RegExp", value.source, value.flags, value.lastIndex);
      else if (types.isNativeError(value)) this.error(value, depth);
      else if (types.isBoxedPrimitive(value) && !types.isSymbolObject(value)) of("Object", value.valueOf());
      else if (ArrayBuffer.isView(value)) this.view(value);
      else if (types.isArrayBuffer(value)) this.view(new Uint8Array(value), "ArrayBuffer");
      else return false;
      return true;
    }

    view(value, name = Buffer.isBuffer(value) ? "Buffer" : VIEWS.find((each) => isOf(value, each))) {
      this.standard(name, () => {
        this.tag("b");
        this.bytes(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
      });
    }

    error(value, depth) {
      const { shown, hidden } = propertiesOf(value);
      this.standard("Error", () => {
        this.tag("l");
        this.number(3);
        this.string(kindOf(value));
        this.entries(value, hidden, depth + 2);
        this.entries(value, shown, depth + 2);
      });
    }
  }

  function isPlain(base) {
    return getPrototypeOf(base) === null && Object.hasOwn(base, "hasOwnProperty") && Object.hasOwn(base, "valueOf");
  }

  function isOf(value, name) {
    const base = getPrototypeOf(value);
    return base !== null && (base.constructor?.name === name || isOf(base, name));
  }

  function isDense(value) {
    const { length } = value;
    if (length > 0 && !(length - 1 in value)) return false;
    const names = keys(value);
    return names.length === length && (length === 0 || names[length - 1] === String(length - 1));
  }

  function first(iterator) {
    const items = [];
    for (const item of iterator) if (items.push(item) >= MOST_ITEMS) break;
    return items;
  }

  // The nearest standard error.
  function kindOf(error) {
    for (let base = getPrototypeOf(error); base !== null; base = getPrototypeOf(base)) {
      if (Object.hasOwn(base, "constructor") && ERRORS.has(base.constructor?.name)) return base.constructor.name;
    }
    return "Error";
  }

  function propertiesOf(error) {
    const [shown, hidden] = [[], []];
    for (const name of Reflect.ownKeys(error)) {
      if (typeof name !== "string") continue;
      (Reflect.getOwnPropertyDescriptor(error, name).enumerable ? shown : hidden).push(name);
    }
    if (!Object.hasOwn(error, "name") && error.name !== kindOf(error)) hidden.push("name");
    return { shown, hidden };
  }

  // UTF-8 in which a lone surrogate has the three bytes of its code point.
  function surrogates(value) {
    const parts = [];
    for (const character of value) {
      const point = character.codePointAt(0);
      const alone = point >= 0xd800 && point <= 0xdfff;
      parts.push(alone ? Buffer.from([0xed, 0x80 | ((point >> 6) & 63), 0x80 | (point & 63)]) : Buffer.from(character));
    }
    return Buffer.concat(parts);
  }

  // Reads values. ``known`` makes the objects that are more than their value.
  class Decoder {
    constructor(data, known) {
      this.data = data;
      this.at = 0;
      this.known = known;
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
          return this.data.readDoubleBE(this.take(8));
        case "i":
          return this.data.readBigInt64BE(this.take(8));
        case "I":
          return largeInteger(this.bytes());
        case "s":
          return this.text();
        case "l":
          return this.list(depth);
        case "m":
          return this.entries({}, depth);
        case "S":
          return new Set(this.list(depth));
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
        default:
          if (!"ghk".includes(tag) || !this.known.numbered) throw new Malformed(`the tag ${tag}`);
          return this.known.numbered(tag, this, depth);
      }
    }

    list(depth) {
      const items = [];
      for (let left = this.count(); left > 0; left--) items.push(this.value(depth + 1));
      return items;
    }

    // A function of the other process must not decide what an object is converted to.
    entries(target, depth, areTagged = true) {
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
      const parts = this.value(depth + 1);
      const made = [this.known.made ?? {}, MADE].find((each) => Object.hasOwn(each, name));
      if (made === undefined) throw new Malformed("an unknown type");
      try {
        return made[name](parts, this.known);
      } catch {
        throw new Malformed(`it is no ${name}`);
      }
    }
  }

  function define(target, name, value, enumerable = true) {
    if (enumerable && name !== "__proto__") target[name] = value;
    else Object.defineProperty(target, name, { value, enumerable, writable: true, configurable: true });
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

  function must(isTrue, value) {
    if (!isTrue) throw new Malformed("the parts are wrong");
    return value;
  }

  function isObject(value) {
    return typeof value === "object" && value !== null;
  }

  // Whether a property of an array would run in place of the array's own methods, which make arrays by its constructor.
  function isCode(name, value) {
    return String(name >>> 0) !== name && (typeof value === "function" || (name === "constructor" && isObject(value)));
  }

  function* read(items) {
    yield* items;
  }

  const MADE = {
    null(parts) {
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
    Map([items]) {
      must(Array.isArray(items) && items.length % 2 === 0);
      const made = new Map();
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
    iterator(items) {
      must(Array.isArray(items));
      return read(items);
    },
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

  // What is thrown travels as kind, message and, instead of a trace, the value itself in base64.
  function thrown(encoder, error, write) {
    const isError = types.isNativeError(error);
    encoder.text(isError ? kindOf(error) : "Error");
    encoder.text(isError ? String(error.message) : "");
    encoder.text(write(error).toString("base64"));
  }

  return { Encoder, Decoder, Malformed, TooDeep, TooLong, MOST_BYTES, isPlain, thrown };
};
