// Which object of one process is which of the other's, where the tests use objects of the candidate: see docs/values.md.
// Evaluated in the realm of these objects, as values.cjs is.
"use strict";

module.exports = (codec, types) => {
  // A larger one is a new object each time: it is rather a result than something that is shared.
  const MOST_ITEMS = 1000;
  const MOST_WATCHED = 256;
  const NUMBERED = new Set([..."ghk"].map((tag) => tag.charCodeAt(0)));
  const { getPrototypeOf, getOwnPropertySymbols, keys } = Object;

  const ALIKE = [Array.isArray, ArrayBuffer.isView, types.isArrayBuffer];
  for (const name of ["Map", "Set", "NativeError", "Date", "RegExp"]) ALIKE.push(types[`is${name}`]);

  function isObject(value) {
    return typeof value === "object" && value !== null;
  }

  function kindOf(value) {
    return Object.prototype.toString.call(value);
  }

  // Numbers the values of this process that can change, those with the tag ``own``, and remembers which are the other
  // process's, with the tag ``other``.
  class Identities {
    constructor(own, other) {
      this.own = own;
      this.next = 0;
      this.numbers = new WeakMap();
      this.objects = { [own]: new Map(), [other]: new Map() };
      this.open = new Set();
      this.exchanged = undefined;
    }

    enter(tag, number, value) {
      this.numbers.set(value, [tag, number]);
      this.objects[tag].set(number, new WeakRef(value));
      return value;
    }

    // The tag and the number of an object of either process.
    of(value) {
      if (!this.numbers.has(value)) this.enter(this.own, this.next++, value);
      return this.numbers.get(value);
    }

    find(tag, number) {
      return this.objects[tag].get(number)?.deref();
    }

    // Write a value that can change with its number; return whether it is one.
    write(encoder, value, depth) {
      if (!canChange(value)) return false;
      const [tag, number] = this.of(value);
      encoder.tag(tag);
      encoder.number(number);
      encoder.object(value, depth, true);
      this.exchanged?.add(value);
      return true;
    }

    // The object of that number, which now has the content that follows.
    read(tag, decoder, depth) {
      const value = this.updated(tag, decoder, depth);
      this.exchanged?.add(value);
      return value;
    }

    updated(tag, decoder, depth) {
      const number = decoder.number();
      if (tag === this.own && number >= this.next) throw new codec.Malformed("an object that was never sent");
      if (NUMBERED.has(decoder.data[decoder.at])) throw new codec.Malformed("a number of a number");
      const place = `${tag}${number}`;
      if (this.open.has(place)) throw new codec.Malformed("an object within itself");
      this.open.add(place);
      const value = decoder.value(depth);
      this.open.delete(place);
      if (!canChange(value)) throw new codec.Malformed("an object that cannot change");
      const found = this.find(tag, number);
      if (types.isProxy(found)) throw new codec.Malformed("a value in place of an object that stays");
      if (found === undefined || !isAlike(found, value)) return this.enter(tag, number, value);
      if (Object.isExtensible(found) && !types.isNativeError(found)) update(found, value, () => (_before, after) => after);
      return found;
    }
  }

  // The values that both processes have, the latest of them: what one process changes in one, the other learns with the
  // next message. ``bytesOf`` writes a value.
  class Watched {
    constructor(identities, bytesOf) {
      Object.assign(this, { identities, bytesOf, known: new Map() });
      identities.exchanged = new Set();
    }

    // Those that this process has changed since the last message.
    changed() {
      return [...this.known].filter(([value, data]) => !this.data(value).equals(data)).map(([value]) => value);
    }

    data(value) {
      const { exchanged } = this.identities;
      this.identities.exchanged = undefined;
      try {
        return this.bytesOf(value);
      } finally {
        this.identities.exchanged = exchanged;
      }
    }

    // A message has been sent or received.
    note() {
      for (const value of this.identities.exchanged) {
        this.known.delete(value);
        this.known.set(value, this.data(value));
      }
      this.identities.exchanged.clear();
      for (const value of this.known.keys()) {
        if (this.known.size <= MOST_WATCHED) break;
        this.known.delete(value);
      }
    }
  }

  // Errors cannot, but tests may ask for their class.
  function canChange(value) {
    if (!isObject(value) || types.isProxy(value)) return false;
    if (Array.isArray(value)) return value.length <= MOST_ITEMS;
    if (types.isMap(value) || types.isSet(value)) return value.size <= MOST_ITEMS;
    if (ArrayBuffer.isView(value) || types.isArrayBuffer(value)) return value.byteLength <= MOST_ITEMS;
    const base = getPrototypeOf(value);
    if (base !== null && !codec.isPlain(base)) return ALIKE.some((is) => is(value));
    return getOwnPropertySymbols(value).length === 0;
  }

  function isAlike(one, other) {
    if (ArrayBuffer.isView(one) && (one.byteLength !== other.byteLength || kindOf(one) !== kindOf(other))) return false;
    return ALIKE.every((is) => is(one) === is(other));
  }

  // Change ``old`` into ``value``, as far as it can be changed; what ``within`` returns replaces a value within it.
  function update(old, value, within = kept) {
    if (!isObject(old) || !isObject(value) || old === value) return;
    change(old, value, within(new Map([[value, old]])));
    fix(old, value);
  }

  // What can no longer be changed there cannot be here.
  function fix(old, value) {
    if (Object.isExtensible(value) || types.isProxy(old)) return;
    if (Object.isFrozen(value)) Object.freeze(old);
    else if (Object.isSealed(value)) Object.seal(old);
    else Object.preventExtensions(old);
  }

  function change(old, value, inner) {
    if (Array.isArray(old) && Array.isArray(value)) {
      fields(old, value, inner);
      Reflect.set(old, "length", value.length);
    } else if (types.isMap(old) && types.isMap(value)) {
      const before = new Map(old);
      old.clear();
      for (const [key, after] of value) old.set(key, inner(before.get(key), after));
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
      fields(old, value, inner);
    }
  }

  function bytesOf({ buffer, byteOffset, byteLength }) {
    return new Uint8Array(buffer, byteOffset, byteLength);
  }

  // The caller's own objects, changed, where they still have the same kind. ``known`` has what replaces an object that
  // occurs again.
  function kept(known) {
    return function inner(before, after) {
      if (known.has(after)) return known.get(after);
      if (!isObject(before) || !isObject(after) || types.isProxy(before) || before === after) return after;
      if (getPrototypeOf(before) !== getPrototypeOf(after)) return after;
      known.set(after, before);
      change(before, after, inner);
      fix(before, after);
      return before;
    };
  }

  function fields(old, value, inner) {
    if (!Object.isExtensible(old)) {
      for (const name of keys(old)) Reflect.set(old, name, inner(old[name], value[name]));
      return;
    }
    const before = { __proto__: null };
    for (const name of keys(old)) {
      before[name] = old[name];
      delete old[name];
    }
    for (const name of keys(value)) {
      const after = inner(before[name], value[name]);
      Object.defineProperty(old, name, { value: after, enumerable: true, writable: true, configurable: true });
    }
  }

  return { Identities, Watched, update, isObject };
};
