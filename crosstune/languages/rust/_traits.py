"""Keep a candidate's traits out of tests that do not name them.

Tests import all that a candidate has by ``use super::*``, its traits as well: a method of one of these, taken
by value, is preferred to the standard library's of the same name. A trait of the same name, without methods,
hides it in the tests. Those that need it do not compile then, and are compiled once more with all traits.
"""

from __future__ import annotations

import re
from dataclasses import replace

from crosstune.records import Program

_TRAIT = re.compile(r"\btrait\s+(?:r#)?(\w+)")
_METHOD = re.compile(r"\bfn\s+(?:r#)?(\w+)")
_CALLED = re.compile(r"\.\s*(?:r#)?(\w+)\s*(?:::\s*<[^()]*>\s*)?\(")


_RENAMED = re.compile(r"\b(\w+)\s+as\s+(?:r#)?(\w+)")
_UNNAMED = re.compile(r"\bas\s+_(?=\s*[;,}])")


def named(program: Program) -> Program:
    """A program whose candidate imports no trait without a name, by which it could be hidden."""
    return replace(program, candidate=_UNNAMED.sub("as CrosstuneUnnamed", program.candidate))


def hidden(program: Program) -> tuple[str, ...]:
    """The candidate's traits that tests and declaration do not name, if the tests call a method that may be
    of one of them."""
    given = f"{program.declaration}\n{program.setup}\n{program.tests}"
    named_there = set(re.findall(r"\w+", given))
    traits = set(_TRAIT.findall(program.candidate)) - named_there
    if not traits or not set(_CALLED.findall(program.tests)) & set(_METHOD.findall(program.candidate)):
        return ()
    for _ in range(2):  # what is renamed may be renamed again
        traits |= {new for old, new in _RENAMED.findall(program.candidate) if old in traits} - named_there
    return tuple(sorted(traits - {"_"}))


def code(names: tuple[str, ...]) -> str:
    """What hides them in a module."""
    return " ".join(f"#[allow(dead_code, non_camel_case_types)] trait {name} {{}}" for name in names)
