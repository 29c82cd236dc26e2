// The candidate's objects that stay in its process while the tests use them: see docs/values.md. What runs here is the
// candidate's own code, and nothing needs protection from it.
"use strict";

module.exports = (codec, types, Identities) => {
  const MADE_OF_VALUES = ["Map", "Set", "Date", "RegExp", "NativeError", "BoxedPrimitive", "AnyArrayBuffer", "Promise"];
  const isMadeOfValues = MADE_OF_VALUES.map((name) => types[`is${name}`]);

  const BASE = "@@base";
  const isInstance = Function.prototype[Symbol.hasInstance];
  const BASES = [Array, Map, Set, Promise, Date, RegExp, TypeError, RangeError, SyntaxError, ReferenceError, Error];

  // The name of the class of the language that an object's class extends, if any.
  function baseOf(value) {
    return BASES.find((kind) => value instanceof kind)?.name;
  }

  function isObject(value) {
    return typeof value === "object" && value !== null;
  }

  // The key of a name: ``@@iterator`` is a symbol.
  function keyOf(name) {
    return name.startsWith("@@") ? Symbol[name.slice(2)] : name;
  }

  // Whether an object has code or state of its own.
  function stays(value) {
    if (Array.isArray(value) || ArrayBuffer.isView(value) || isMadeOfValues.some((is) => is(value))) return false;
    if (types.isProxy(value)) return true;
    const base = Object.getPrototypeOf(value);
    if (base !== null && !codec.isPlain(base)) return !isIterator(value, base);
    const properties = Object.values(Object.getOwnPropertyDescriptors(value));
    return properties.some((each) => each.get || each.set || typeof each.value === "function");
  }

  // Those of the language have no constructor.
  function isIterator(value, base) {
    const isOwn = Object.hasOwn(base, "constructor") && typeof base.constructor === "function";
    return !isOwn && typeof value[Symbol.iterator] === "function" && typeof value.next === "function";
  }

  function assign(target, key, value) {
    return isObject(target) || typeof target === "function" ? Reflect.set(target, key, value, target) : false;
  }

  class Objects {
    // ``entries`` are functions that return the entry points: their numbers are the first.
    constructor(entries) {
      this.entries = entries;
      this.identities = new Identities("k", "g");
      this.identities.next = entries.length;
      this.held = new Map();
      this.errors = [];
      this.failed = new Map();
    }

    // The object of a handle.
    at(number) {
      if (number >= this.entries.length) return this.held.get(number);
      const value = this.entries[number]();
      if (isObject(value) || typeof value === "function") this.identities.enter("k", number, value);
      return value;
    }

    drop(number) {
      this.held.delete(number);
    }

    // Let an object stay from now on; return its number, or undefined if it is one of the tests.
    hold(value) {
      const [tag, number] = this.identities.of(value);
      if (tag !== "k") return undefined;
      this.held.set(number, value);
      return number;
    }

    isHeld(value) {
      const [tag, number] = this.identities.numbers.get(value) ?? [];
      return tag === "k" && this.held.has(number);
    }

    // Write an object as a handle or with its number; return whether it has been written.
    write(encoder, value, depth) {
      if (this.isHeld(value) || stays(value)) return this.writeHandle(encoder, value);
      if (types.isNativeError(value)) this.errors.push(value); // the tests may ask for its class
      return this.identities.write(encoder, value, depth);
    }

    // What is written where there is no value.
    writeHandle(encoder, value) {
      const isFunction = typeof value === "function";
      const number = isFunction || isObject(value) ? this.hold(value) : undefined;
      if (number === undefined) return false;
      if (isFunction) encoder.standard("function", () => encoder.double(number));
      else {
        encoder.tag("h");
        encoder.number(number);
      }
      return true;
    }

    read(tag, decoder, depth) {
      return tag === "h" ? this.at(decoder.number()) : this.identities.read(tag, decoder, depth);
    }

    make(number, values) {
      const made = Reflect.construct(this.at(number), values);
      this.hold(made);
      return made;
    }

    // The next steps of an iterator (``next 3``: three at most), as a flat list of whether it is done and the value, or
    // the number of the iterator of an object. What is thrown after the first step waits for the next question.
    iterate(number, name, values) {
      const target = this.at(number);
      if (name === "@@iterator") return this.hold(target[Symbol.iterator]());
      const [method, count = 1] = name.split(" ");
      const steps = [];
      for (let left = Number(count); left > 0 && steps.at(-2) !== true; left--) {
        try {
          this.step(number, target, method, values, steps);
        } catch (error) {
          if (steps.length === 0) throw error;
          this.failed.set(number, error);
          break;
        }
      }
      return steps;
    }

    step(number, target, method, values, steps) {
      if (this.failed.has(number)) {
        const error = this.failed.get(number);
        this.failed.delete(number);
        throw error;
      }
      if (method !== "next" && target[method] === undefined) return steps.push(true, values[0]);
      const step = target[method](...values);
      if (!isObject(step)) throw new TypeError(`Iterator result ${String(step)} is not an object`);
      const done = Boolean(step.done);
      return steps.push(done, step.value);
    }

    // Call a method; without a name the object itself, and ``set x`` sets a field and ``delete x`` removes it.
    call(number, name, values) {
      const target = this.at(number);
      if (name === "") return target(...values);
      // Whatever the class itself would say.
      if (name === "@@hasInstance") return Reflect.apply(isInstance, target, values);
      if (name.startsWith("delete ")) return Reflect.deleteProperty(target, keyOf(name.slice(7)));
      if (name.startsWith("set ")) return assign(target, keyOf(name.slice(4)), values[0]);
      const method = target[keyOf(name)];
      if (typeof method !== "function") throw new TypeError(`${name} is not a function`);
      return Reflect.apply(method, target, values);
    }

    member(number, name) {
      return name === BASE ? baseOf(this.at(number)) : this.at(number)[keyOf(name)];
    }
  }

  return { Objects };
};
