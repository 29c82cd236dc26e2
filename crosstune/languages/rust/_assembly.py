"""Put setup, candidate and tests together as one crate."""

from __future__ import annotations

import itertools
import secrets
from dataclasses import replace

from crosstune.errors import DataError
from crosstune.languages.rust import _candidate, _fairness, _test_functions
from crosstune.languages.rust._candidate import Candidate
from crosstune.languages.rust._source import Source
from crosstune.languages.rust._test_functions import TestFunction, Tests
from crosstune.parsing import leaves
from crosstune.records import Program

TOO_LONG = "the tests are too long to be parsed, or ambiguous"
# A candidate's own macros of these names do not reach the tests.
_STANDARD_MACROS = frozenset(
    {
        *(
            "assert",
            "assert_eq",
            "assert_ne",
            "cfg",
            "column",
            "compile_error",
            "concat",
            "dbg",
            "debug_assert",
        ),
        *("debug_assert_eq", "debug_assert_ne", "env", "eprint", "eprintln", "file", "format", "format_args"),
        *("include", "include_bytes", "include_str", "line", "matches", "module_path", "option_env", "panic"),
        *("print", "println", "stringify", "test", "thread_local", "todo", "unimplemented", "unreachable"),
        *("vec", "write", "writeln"),
    }
)
_MAIN = """{attributes}
{allowed} extern crate {name};
{allowed} fn main() {{ ::{name}::run({key}, &[{tests}]) }}
"""


def crate(program: Program, name: str) -> str:
    """The source of a program whose main function runs the tests.

    ``name`` is that of the judge's crate, which the candidate cannot know. The order of the parts matters:
    macros apply from their definition to the end, and a candidate can leave a comment or string open.

    Raises:
        DataError: the tests cannot be parsed.
    """
    candidate = _candidate_of(program, name)
    aside = f"{name}_tests"
    key = str(secrets.randbits(127))
    fair = "PartialEq" in candidate.text
    tests = _test_functions.read(
        _fairness.watched(program.tests, name, aside) if fair else program.tests,
        name,
        _fairness.macros(name, aside) if fair else "",
        key,
    )
    if tests is None or not tests.functions:
        raise DataError(f"{program.id}: {TOO_LONG if tests is None else 'the tests have no test function'}")
    macros = _called_macros(candidate, program.tests)
    attributes = candidate.attributes + tests.attributes
    # Comments about the crate were removed, but lints may ask for them.
    about = '#![doc = "A program and its tests."]' if attributes.lints else ""
    allowed = f"#[allow({', '.join(attributes.lints)})]" if attributes.lints else ""
    if fair or macros or allowed or not attributes.prelude or candidate.names & tests.names:
        tests = _aside(tests, aside, allowed, _prelude(program) if not attributes.prelude else "")
    main = _MAIN.format(
        attributes=attributes.text + about,
        allowed=allowed,
        name=name,
        key=key,
        tests=", ".join(_entry(each, name) for each in tests.functions if not each.ignored),
    )
    return "\n\n".join((main, macros, tests.text, candidate.text))


def _candidate_of(program: Program, name: str) -> Candidate:
    candidate = _candidate.prepared(program.candidate, name)
    return _candidate.prepared(program.setup, f"{name}_setup") + candidate if program.setup else candidate


def _called_macros(candidate: Candidate, tests: str) -> str:
    """The candidate's macros, if the tests call one of them, which a macro below them could not be."""
    own = [(macro, text) for macro, text in candidate.macros if macro not in _STANDARD_MACROS]
    if not own:
        return ""
    root = Source.of(tests).root
    words = [leaf.text for leaf in leaves(root)] if root else []
    called = {word for word, after in itertools.pairwise(words) if after == b"!" and word}
    if not any(macro.encode() in called for macro, _ in own):
        return ""
    return "\n".join(text for _, text in own)


def _aside(tests: Tests, module: str, allowed: str, prelude: str) -> Tests:
    """The tests in a module of their own, which knows all that the crate's root has."""
    text = f"{allowed} mod {module} {{ use super::*; {prelude} {tests.text}\n}}"
    functions = tuple(replace(each, path=f"{module}::{each.path}") for each in tests.functions)
    return replace(tests, text=text, functions=functions)


def _prelude(program: Program) -> str:
    return f"use ::std::prelude::rust_{program.standard or '2021'}::*;"


def _entry(test: TestFunction, name: str) -> str:
    call = f"|| ::{name}::ended({test.path}())" if test.returns else test.path
    if test.expected is not None:
        return f"{test.conditions} ::{name}::panics({call}, {test.expected})"
    return f"{test.conditions} ::{name}::returns({call})"
