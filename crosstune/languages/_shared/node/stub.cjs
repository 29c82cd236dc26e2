// The functions that the tests call in the candidate's place. Evaluated in the realm of the tests; see separate.py.
"use strict";

// ``codec`` is that of values.cjs. ``link.ask`` sends a question (none: nothing) and returns the next message of the
// candidate; ``link.fail`` ends the tests with a report. ``settings``: the ``names`` of the entry points, whether the tests
// use ``objects`` of the candidate, what remote.cjs needs to know about them, and declared ``types``.
module.exports = ({ codec, identity, remoteOf, iteratorsOf, shapesOf }, types, link, settings) => {
  const VERSION = 1;
  // Answers of so few bytes, without a large number, cannot have made an argument too long or too deep.
  const SMALL_BYTES = 1000;
  const { Encoder, Decoder } = codec;

  class Undeclared extends Error {
    constructor(what) {
      super(`${what} that is not of the declared type`);
    }
  }

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

  const identities = new identity.Identities("g", "k");
  const watched = settings.watches ? new identity.Watched(identities, bytesOf) : undefined;

  function bytesOf(value) {
    const encoder = new Encoder(passed);
    encoder.value(value);
    return encoder.taken();
  }

  let asked = 0;
  let received = 0;
  let hasLarge = false;
  const remote = remoteOf(identities, {
    methods: new Set(settings.methods),
    converts: new Set(settings.converts),
    asked: () => asked,
    fail: link.fail,
    made(name, values) {
      const made = ask("N", (encoder) => encoder.text(name), values);
      if (remote.numberOf(made) !== undefined) classes.set(remote.numberOf(made), name);
      return made;
    },
    numbered(kind, number, name, values) {
      const told = ask(kind, (encoder) => numbered(encoder, number, name), values, declaredMember(number, name));
      for (const depth of depths.get(name === "" ? settings.names[number] : name) ?? []) expectValues(told, depth);
      expectParts(number, name, told);
      return told;
    },
  });

  const iterators = iteratorsOf(identities, {
    fail: link.fail,
    asked: () => asked,
    steps(number, name, values) {
      const found = ask("I", (encoder) => numbered(encoder, number, name), values);
      if (!Array.isArray(found)) return found;
      for (let at = 0; at < found.length; at += 2) expectParts(number, name, { value: found[at + 1] });
      return found;
    },
    iteratorOf(number) {
      const found = checked(ask("I", (encoder) => numbered(encoder, number, "@@iterator"), []));
      if (inside.has(number)) inside.set(found, inside.get(number));
      return found;
    },
  });

  // How deep in the results of a member the tests expect values.
  const depths = new Map();
  for (const [name, depth] of settings.values ?? []) depths.set(name, [...(depths.get(name) ?? []), depth]);

  // What is in an object of the candidate shows when it is asked for it.
  const inside = new Map();

  function expectValues(value, depth) {
    const number = numberOf(value);
    if (depth > 0 && Array.isArray(value)) for (const each of value) expectValues(each, depth - 1);
    else if (depth > 0 && number !== undefined) inside.set(number, depth - 1);
    else if (depth === 0 && remote.numberOf(value) !== undefined && typeof value !== "function") {
      link.fail("failed wrong_answer", "the candidate returned an object where the tests expect a value");
    }
  }

  // A part of such an object: an item, or its iterator.
  function expectParts(number, name, told) {
    const depth = inside.get(number);
    if (depth === undefined) return;
    if (name === "@@iterator") expectValues(told, depth + 1);
    else if (name.startsWith("next")) expectValues(told?.value, depth);
    else if (Number.isInteger(Number(name))) expectValues(told, depth);
  }

  const classes = new Map();
  const declared = settings.types ?? { functions: {}, classes: {}, definitions: {} };
  const conforms = shapesOf(types, declared.definitions, {
    isRemote: (value) => remote.numberOf(value) !== undefined,
    // It was made by the tests, of a class that extends another, such as Array.
    isSubclass: (value) => Boolean(own(declared.classes, classes.get(remote.numberOf(value)))?.base),
    promised: (value) => promised.get(value) ?? [],
  });

  // What is declared of a member of an object that the tests have made, of a class, or of a function (without a name).
  function declaredMember(number, name) {
    const entry = settings.names[number];
    if (entry !== undefined && name === "") return own(declared.functions, entry);
    if (entry !== undefined) return own(own(declared.classes, entry)?.statics, name);
    const seen = new Set();
    for (let kind = classes.get(number); kind && !seen.has(kind); kind = own(declared.classes, kind)?.base) {
      seen.add(kind);
      const found = own(own(declared.classes, kind)?.members, name);
      if (found) return found;
    }
    return undefined;
  }

  function own(object, name) {
    return object && Object.hasOwn(object, name) ? object[name] : undefined;
  }

  // An object of a class that only the candidate knows: its fields, and a prototype of their own.
  function record(name, fields) {
    return Object.setPrototypeOf(fields, remote.prototypeOf(name));
  }

  function numbered(encoder, number, name) {
    encoder.number(number);
    encoder.text(name);
  }

  function promise(decoder, depth) {
    const kind = decoder.tag();
    if (kind !== "R" && kind !== "E") throw new codec.Malformed("the answer of a promise");
    const value = kind === "R" ? decoder.own(depth + 1) : thrown(decoder);
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
    exact: true,
    known(encoder, value, depth) {
      if (numberOf(value) !== undefined) return handle(encoder, value);
      if (!types.isPromise(value)) {
        if (foreign.has(value)) return opaqueAgain(encoder);
        return settings.objects && identities.write(encoder, value, depth);
      }
      const [result = opaque("promise")] = promised.get(value) ?? unsupported();
      encoder.tag("P");
      encoder.tag("R");
      encoder.value(result, depth + 1);
      return true;
    },
    unknown(encoder, value) {
      if (numberOf(value) !== undefined) return handle(encoder, value);
      return foreign.has(value) ? opaqueAgain(encoder) : unsupported();
    },
  };

  function numberOf(value) {
    return remote.numberOf(value) ?? iterators.numberOf(value);
  }

  function handle(encoder, value) {
    encoder.tag("h");
    encoder.number(numberOf(value));
    return true;
  }

  function opaqueAgain(encoder) {
    encoder.tag("o");
    encoder.text("object");
    return true;
  }

  function unsupported() {
    throw new TypeError("the tests pass something that is no value");
  }

  // ``of`` writes what is asked about; a question without ``values`` has no arguments.
  function question(kind, of, values) {
    const encoder = new Encoder(passed);
    try {
      if (watched) changedByTests(encoder);
      encoder.tag(kind);
      of(encoder);
      if (values === undefined) return encoder.taken();
      encoder.tag("l");
      encoder.number(values.length);
      for (const each of values) settings.objects ? encoder.value(each) : encoder.whole(each);
      encoder.tag("m");
      encoder.number(0);
      return encoder.taken();
    } catch (error) {
      // It may hold what the candidate has returned; the tests have chosen the others.
      const isReturned = received > SMALL_BYTES || hasLarge;
      if (isReturned && error instanceof codec.TooLong) return link.fail("failed output_limit");
      if (isReturned && error instanceof codec.TooDeep) return link.fail("failed runtime_error");
      return link.fail("unsupported");
    }
  }

  function changedByTests(encoder) {
    const changed = watched.changed();
    encoder.tag("W");
    encoder.number(changed.length);
    for (const value of changed) encoder.value(value);
  }

  function decoded(data, values, signature) {
    const decoder = new Decoder(data, {
      opaque,
      record,
      promise,
      iterator: (number) => iterators.iterator(checked(number)),
      iterable: (value, number) => iterators.iterable(value, checked(number)),
      made: {
        argument(at) {
          if (!Number.isInteger(at) || at < 0 || at >= values.length) throw new codec.Malformed("no such argument");
          return values[at];
        },
        ...(settings.objects && { function: (number) => remote.functionOf(checked(number)) }),
      },
      numbered: settings.objects && ((tag, ...of) => (tag === "h" ? held(...of) : identities.read(tag, ...of))),
    });
    const kind = decoder.tag();
    if (kind !== "R" && kind !== "E") throw new codec.Malformed("the answer");
    const told = kind === "R" ? decoder.own() : thrown(decoder);
    const changed = [];
    for (let left = decoder.count(); left > 0; left--) {
      const at = decoder.number();
      if (at >= values.length) throw new codec.Malformed("an argument that was not given");
      if (remote.numberOf(values[at]) !== undefined) throw new codec.Malformed("a value in place of an object");
      changed.push([at, decoder.own()]);
    }
    decoder.text();
    decoder.text();
    for (let left = watched ? decoder.count() : 0; left > 0; left--) decoder.value();
    decoder.end();
    hasLarge ||= decoder.hasLarge;
    if (kind === "R" && !conforms(told, signature?.result)) throw new Undeclared("the candidate returned a value");
    for (const [at, value] of changed) {
      const isDeclared = conforms(value, signature?.parameters?.[at]);
      if (!isDeclared) throw new Undeclared("the candidate changed an argument into a value");
      identity.update(values[at], value);
    }
    return { kind, told };
  }

  function held(decoder) {
    return remote.object(decoder.number());
  }

  function checked(number) {
    if (!Number.isInteger(number) || number < 0 || number >= 2 ** 32) throw new codec.Malformed("the number of a function");
    return number;
  }

  function ask(kind, of, values, signature) {
    const data = link.ask(question(kind, of, values));
    asked++;
    received += data.length;
    let answer;
    try {
      answer = decoded(data, values ?? [], signature);
    } catch (error) {
      if (error instanceof Undeclared) return link.fail("failed wrong_answer", error.message);
      return link.fail("failed policy");
    }
    watched?.note();
    if (answer.kind === "E") throw answer.told;
    return answer.told;
  }

  function hello() {
    const data = link.ask();
    if (data.length !== 2 || data[0] !== "H".charCodeAt(0) || data[1] !== VERSION) link.fail("failed policy");
  }

  // Only values of the standard types are passed to functions, unless the tests use objects.
  function named(name) {
    const number = settings.objects ? settings.names.indexOf(name) : -1;
    if (number >= 0) return remote.entry(number, name);
    const write = (encoder) => encoder.text(name);
    return { [name]: (...values) => ask("F", write, values, own(declared.functions, name)) }[name];
  }

  return { hello, named };
};
