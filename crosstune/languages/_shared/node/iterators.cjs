// The candidate's iterators as the tests see them: each step is taken in the candidate's process when the tests ask for
// it. Evaluated in the realm of the tests; see stub.cjs.
"use strict";

// ``link.steps`` asks for steps of the iterator of a number; ``link.asked`` returns how many questions there were.
module.exports = (identities, link) => {
  // A long iteration asks for several steps at once: at most half as many as it has taken.
  const SINGLE_STEPS = 64;
  const MOST_AT_ONCE = 1000;
  const MOST_STEPS = 1_000_000;
  const states = new WeakMap();
  const iterables = new WeakMap();
  const prototype = Object.create(Object.getPrototypeOf(Object.getPrototypeOf(function* () {}.prototype)));

  class State {
    constructor(number) {
      Object.assign(this, { number, taken: 0, ahead: [], at: 0, asked: 0 });
    }

    step(name, values) {
      if (name !== "next" || values.length > 0) return this.result(this.ask(name, values), 0);
      if (this.at >= this.ahead.length) {
        if (this.taken > MOST_STEPS) link.fail("failed output_limit");
        const isAlone = this.asked === link.asked();
        const count = isAlone && this.taken >= SINGLE_STEPS ? Math.min(this.taken >> 1, MOST_AT_ONCE) : 1;
        this.ahead = this.ask(count > 1 ? `next ${count}` : "next", values);
        this.at = 0;
        this.asked = link.asked();
      }
      this.taken++;
      this.at += 2;
      return this.result(this.ahead, this.at - 2);
    }

    ask(name, values) {
      const found = link.steps(this.number, name, values);
      const isList = Array.isArray(found) && found.length > 0 && found.length % 2 === 0;
      if (!isList || typeof found[0] !== "boolean") link.fail("failed policy");
      return found;
    }

    result(steps, at) {
      return { value: steps[at + 1], done: steps[at] === true };
    }
  }

  for (const name of ["next", "return", "throw"]) {
    const step = { [name](...values) { return states.get(this).step(name, values); } }[name];
    Object.defineProperty(prototype, name, { value: step, writable: true, configurable: true });
  }

  function iterator(number) {
    const found = identities.find("k", number);
    if (found && states.has(found)) return found;
    const made = Object.create(prototype);
    states.set(made, new State(number));
    return identities.enter("k", number, made);
  }

  // Let a value be an object that can be iterated over.
  function iterable(value, number) {
    const iterate = () => iterator(link.iteratorOf(number));
    Object.defineProperty(value, Symbol.iterator, { value: iterate, writable: true, configurable: true });
    iterables.set(value, number);
    return value;
  }

  function numberOf(value) {
    return states.get(value)?.number ?? iterables.get(value);
  }

  return { iterator, iterable, numberOf };
};
