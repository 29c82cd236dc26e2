"""Put setup, candidate and tests together as one crate."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Set as AbstractSet
from dataclasses import replace

from crosstune.errors import DataError
from crosstune.languages.rust import _candidate, _crates, _fairness, _originals, _test_functions, _traits
from crosstune.languages.rust._candidate import Candidate
from crosstune.languages.rust._source import Source, words
from crosstune.languages.rust._test_functions import TestFunction, Tests
from crosstune.parsing import leaves
from crosstune.records import Program

TOO_LONG = "the tests are too long to be parsed, or ambiguous"
_MAIN = """{attributes}
{allowed} extern crate {name};
{allowed} fn main() {{ ::{name}::run({key}, &[{tests}]); {registered} }}
"""
# Tests that macros define are between these symbols of the linker.
_REGISTERED = """
    {unsafe} extern "C" {{
        #[link_name = "__start_{name}"] static FIRST: ::{name}::Test;
        #[link_name = "__stop_{name}"] static LAST: ::{name}::Test;
    }}
    ::{name}::run({key}, unsafe {{ ::{name}::between(&FIRST, &LAST) }});
"""


def crate(program: Program, name: str, *, guarded: bool = True, hidden: tuple[str, ...] = ()) -> str:
    """The source of a program whose main function runs the tests; ``guarded`` against its candidate, whose
    traits ``hidden`` they do not know.

    ``name`` is that of the judge's crate, which the candidate cannot know. The order of the parts matters:
    macros apply from their definition to the end, and a candidate can leave a comment or string open.

    Raises:
        DataError: the tests cannot be parsed.
    """
    candidate = _candidate_of(program, name)
    aside = f"{name}_tests"
    key = str(secrets.randbits(127))
    unsafe = "unsafe" if program.standard == "2024" else ""
    watch = _fairness.watch(program, candidate.text, name, aside) if guarded else None
    fair = watch is not None and watch.active
    tests = _test_functions.read(
        watch.tests(program.tests) if watch and fair else program.tests,
        name,
        (watch.macros() if watch else "") + _traits.code(hidden),
        key,
        f'#[unsafe(link_section = "{name}")]' if unsafe else f'#[link_section = "{name}"]',
        bound=_originals.bound(program) if guarded else (),
    )
    if tests is None or not (tests.functions or tests.registered):
        raise DataError(f"{program.id}: {TOO_LONG if tests is None else 'the tests have no test function'}")
    attributes = candidate.attributes + tests.attributes
    # Comments about the crate were removed, but lints may ask for them.
    about = '#![doc = "A program and its tests."]' if attributes.lints else ""
    allowed = f"#[allow({', '.join(attributes.lints)})]" if attributes.lints else ""
    exports = "macro_export" in candidate.text + candidate.macros
    apart = fair or bool(hidden) or exports or tests.inner or not attributes.prelude
    if apart or candidate.macros or allowed or candidate.names & tests.names:
        tests = _aside(tests, aside, allowed, _prelude(program) if not attributes.prelude else "")
    main = _MAIN.format(
        attributes=attributes.text + about,
        allowed=allowed,
        name=name,
        key=key,
        tests=", ".join(_entry(each, name) for each in tests.functions if not each.ignored),
        registered=_REGISTERED.format(unsafe=unsafe, name=name, key=key) if tests.registered else "",
    )
    return "\n\n".join((main, candidate.macros, tests.text, candidate.text))


def candidate_alone(program: Program, name: str, main: str) -> str:
    """The source of a program that has setup and candidate, and whose main function is ``main``. ``name`` is
    that of the crate that it calls; the candidate cannot know it."""
    candidate = _candidate_of(program, name, frozenset(_crates.CRATES))
    lints = f"#[allow({', '.join(candidate.attributes.lints)})]" if candidate.attributes.lints else ""
    about = '#![doc = "A program."]' if lints else ""
    head = f"{candidate.attributes.text}{about}\n{lints} extern crate {name};\n{lints} {main}"
    return "\n\n".join((head, candidate.macros, candidate.text))


def _candidate_of(program: Program, name: str, spared: AbstractSet[str] = frozenset()) -> Candidate:
    called = _called_macros(program)
    if not program.setup:
        return _candidate.prepared(program.candidate, name, called, spared)
    setup = _candidate.prepared(program.setup, f"{name}_setup", called)
    return setup + _candidate.prepared(program.candidate, name, called)


def _called_macros(program: Program) -> set[str]:
    """The macros that the tests call, if the program has any of its own."""
    if "macro_rules" not in f"{program.setup}\n{program.candidate}":
        return set()
    root = Source.of(program.tests).root
    called = [words(leaf) for leaf in leaves(root)] if root else []
    return {word for word, after in itertools.pairwise(called) if after == "!"}


def _aside(tests: Tests, module: str, allowed: str, prelude: str) -> Tests:
    """The tests in a module of their own; it knows all that the crate's root has, and the other way round."""
    text = f"{allowed} mod {module} {{ use super::*; {prelude} {tests.text}\n}}\n{allowed} use {module}::*;"
    functions = tuple(replace(each, path=f"{module}::{each.path}") for each in tests.functions)
    return replace(tests, text=text, functions=functions)


def _prelude(program: Program) -> str:
    return f"use ::std::prelude::rust_{program.standard or '2021'}::*;"


def _entry(test: TestFunction, name: str) -> str:
    call = f"|| ::{name}::ended({test.path}())" if test.returns else test.path
    if test.expected is not None:
        return f"{test.conditions} ::{name}::panics({call}, {test.expected})"
    return f"{test.conditions} ::{name}::returns({call})"
