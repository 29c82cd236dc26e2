// Values as bytes, on both sides of the pipes between tests and candidate: see docs/values.md. Evaluated in the realm
// whose objects it reads and makes; numbers travel as `d`, so `i` and `I` are a BigInt.
"use strict";

module.exports = (Buffer, types, reading) => {
  const MOST_ITEMS = 100000;
  const MOST_BYTES = 16 << 20;
  const FIRST_BYTES = 1 << 12;
  const { DEEPEST, ERRORS, VIEWS, Decoder, Malformed } = reading;
  const { getPrototypeOf, keys, getOwnPropertySymbols, prototype: plain } = Object;
  const code = (letter) => letter.charCodeAt(0);
  const [U, N, T, F, D] = [..."UNTFd"].map(code);

  class TooDeep extends Error {}
  class TooLong extends Error {}

  // Writes values. ``known`` writes objects that are more than their value, and returns whether it did; ``unknown``
  // writes functions, symbols and objects of other kinds. With ``exact``, frozen objects and keys that are symbols
  // stay what they are; ``hold`` keeps an iterator or what has one, and returns its number.
  class Encoder {
    constructor({ known, unknown, exact = false, hold }) {
      Object.assign(this, { known, unknown, exact, hold, seen: undefined });
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

    // A value on its own: an object that occurs in it again is one object on the other side, too.
    whole(value, depth = 0) {
      const begin = this.at;
      this.seen = new Map();
      this.marks = [];
      this.value(value, depth);
      this.seen = undefined;
      if (this.marks.length > 0) this.mark(begin);
    }

    // Put the numbers of the objects that occur again before them.
    mark(begin) {
      const data = Buffer.from(this.data.subarray(begin, this.at));
      let from = 0;
      this.at = begin;
      for (const { at, number } of this.marks.sort((one, other) => one.at - other.at)) {
        this.raw(data.subarray(from, at - begin));
        from = at - begin;
        this.tag("a");
        this.number(number);
      }
      this.raw(data.subarray(from));
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
      const place = this.seen?.get(value);
      if (place !== undefined) return this.again(value, place);
      const entered = { at: this.at, number: undefined, isOpen: true };
      this.seen?.set(value, entered);
      if (isKnown || !this.known(this, value, depth)) this.fixed(value, depth);
      entered.isOpen = false;
    }

    again(value, place) {
      if (place.isOpen && isMadeAtOnce(value)) throw new TooDeep("it contains itself");
      place.number ??= this.marks.push(place) - 1;
      this.tag("A");
      this.number(place.number);
    }

    fixed(value, depth) {
      if (!this.exact || Object.isExtensible(value)) return this.content(value, depth);
      const name = Object.isFrozen(value) ? "frozen" : Object.isSealed(value) ? "sealed" : "fixed";
      this.standard(name, () => this.content(value, depth + 1));
    }

    content(value, depth) {
      if (Array.isArray(value)) return this.array(value, depth);
      const base = getPrototypeOf(value);
      if (base === plain || base === null || isPlain(base)) return this.plain(value, base, depth);
      if (this.builtIn(value, depth)) return;
      if (typeof value[Symbol.iterator] === "function" && typeof value.next === "function") {
        const items = () => (this.hold ? this.double(this.hold(value)) : this.list(first(value), depth + 1));
        return this.standard("iterator", items);
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
      this.withSymbols(value, depth, () => {
        if (base !== null) return this.entries(value, keys(value), depth);
        this.standard("null", () => this.entries(value, keys(value), depth + 1));
      });
    }

    // What an object has under symbols, besides what ``write`` writes: an iterator, and values.
    withSymbols(value, depth, write) {
      const symbols = getOwnPropertySymbols(value);
      if (symbols.length === 0 && (!this.hold || typeof value[Symbol.iterator] !== "function")) return write();
      if (!this.exact) return this.unknown(this, value, depth);
      const others = symbols.filter((each) => !this.hold || each !== Symbol.iterator);
      const withOthers = () => {
        write();
        this.list(others.flatMap((each) => [String(each.description ?? ""), value[each]]), depth + 1);
      };
      const written = others.length === 0 ? write : () => this.standard("symbols", withOthers);
      if (!this.hold || typeof value[Symbol.iterator] !== "function") return written();
      this.standard("iterable", () => {
        written();
        this.double(this.hold(value));
      });
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
      if (typeof kind !== "function" || typeof kind.name !== "string") return this.unknown(this, value, depth);
      this.withSymbols(value, depth, () => {
        const names = keys(value);
        this.tag("r");
        this.text(kind.name);
        this.number(names.length);
        for (const name of names) {
          this.text(name);
          this.value(value[name], depth + 1);
        }
      });
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

  // Whether an object is made when all of its parts are there, so none of them can be the object itself.
  function isMadeAtOnce(value) {
    return types.isNativeError(value) || (Array.isArray(value) && !isDense(value));
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

  // What is thrown travels as kind, message and, instead of a trace, the value itself in base64.
  function thrown(encoder, error, write) {
    const isError = types.isNativeError(error);
    encoder.text(isError ? kindOf(error) : "Error");
    encoder.text(isError ? String(error.message) : "");
    encoder.text(write(error).toString("base64"));
  }

  return { Encoder, Decoder, Malformed, TooDeep, TooLong, MOST_BYTES, isPlain, thrown };
};
