"""Hold the results of D candidates to the declared types.

The tests convert each result that is not of the language's own types to the declared one, or do not compile.
They also see a function under the names that they give it (``alias candidate = add``), as its address and as
an argument of a template: there, a function of the declared parameters takes its place."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosstune.languages._shared.given_results import Hold, held, qualified
from crosstune.parsing import CodeParser, decoded, encoded
from crosstune.records import Program

if TYPE_CHECKING:
    from tree_sitter import Node

_KEYWORDS = """
bool byte ubyte short ushort int uint long ulong float double real char wchar dchar const immutable
"""
_NAMES = {
    **{name: name for name in _KEYWORDS.split()},
    # A candidate may take these names.
    "string": "immutable(char)[]",
    "wstring": "immutable(wchar)[]",
    "dstring": "immutable(dchar)[]",
    "size_t": "typeof(int.sizeof)",
}
_TEMPLATES = ("Tuple", "Nullable")
_OWN_TYPE = re.compile(r"\b(?:struct|class|union|interface|alias|enum|template|mixin)\b")
# What is of the language's own types stays as it is: `f() == 0.1` may hold for a double and not for a float.
_IMPORTED = "import std.typecons : OWN_Tuple = Tuple, OWN_Nullable = Nullable;"
_HOLDING = """template OWN_plain(T) {
    static if (is(T == enum)) enum OWN_plain = false;
    else static if (is(T == E[], E) || is(T == E[N], E, typeof(int.sizeof) N)) enum OWN_plain = OWN_plain!E;
    else static if (is(T == V[K], V, K)) enum OWN_plain = OWN_plain!V && OWN_plain!K;
    else static if (is(OWN_Nullable!int) && is(T == OWN_Nullable!V, V)) enum OWN_plain = OWN_plain!V;
    else static if (is(OWN_Tuple!int) && is(T == OWN_Tuple!P, P...)) enum OWN_plain = OWN_parts!P;
    else static if (is(T == const) || is(T == immutable)) {
        static if (is(T == const U, U) || is(T == immutable U, U)) enum OWN_plain = OWN_plain!U;
    } else enum OWN_plain = __traits(isArithmetic, T) || is(T == typeof(null)) || is(T == void);
}
template OWN_parts(P...) {
    static if (P.length == 0) enum OWN_parts = true;
    else static if (is(P[0])) enum OWN_parts = OWN_plain!(P[0]) && OWN_parts!(P[1 .. $]);
    else enum OWN_parts = OWN_parts!(P[1 .. $]);
}"""
_HOLD = """auto OWN_hold(R)(auto ref R result) if (PLAIN!R) { return result; }
KIND OWN_hold(R)(auto ref R result) if (!PLAIN!R) { KIND held = result; return held; }"""
_REFERENCE = """static if (__traits(compiles, (PARAMETERS) { return .NAME(ARGUMENTS); }))
    auto OWN_function(PARAMETERS) { return OWN_hold(.NAME(ARGUMENTS)); }
else auto OWN_function(A...)(auto ref A all) { return OWN_hold(.NAME(all)); }"""
_TEMPLATE = """auto OWN_function TYPES(PARAMETERS) { KIND held = .NAME(ARGUMENTS); return held; }"""


@dataclass(frozen=True)
class _Head:
    """A declared function: the type of its result, its parameters' texts and names, those of its template."""

    result: str
    parameters: str
    names: tuple[str, ...]
    types: str


def with_held_results(program: Program) -> tuple[str, tuple[str, ...]]:
    """The tests, which hold the results of the functions that are asked for, and what they call for that."""
    if not _OWN_TYPE.search(program.candidate):
        return program.tests, ()
    tests, functions = program.tests, list[str]()
    base = f"held{secrets.token_hex(8)}"
    known = {**_NAMES, **{each: f"{base}_{each}" for each in _TEMPLATES}}
    heads = _heads(program.declaration)
    for number, name in enumerate(each for each in program.entry_points if each in heads):
        own, head = f"{base}_{number}", heads[name]
        if kind := qualified(head.result, known | _parameters_of(head.types)):
            names = {"OWN": own, "KIND": kind, "PARAMETERS": _with_names(head.parameters, known)}
            tests, code = _held(tests, name, head, names)
            functions.append(code)
    if not functions:
        return tests, ()
    imported = (_IMPORTED,) if any(f"{base}_{each}" in "".join(functions) for each in _TEMPLATES) else ()
    return tests, (*(each.replace("OWN", base) for each in (*imported, _HOLDING)), *functions)


def _held(tests: str, name: str, head: _Head, words: Mapping[str, str]) -> tuple[str, str]:
    """The tests, which hold what this function returns, and the functions that they call for that."""
    own = words["OWN"]
    if head.types:  # only a call says what its parameters are
        tests, code = _renamed(tests, name, f"{own}_function", calls_too=True), _TEMPLATE
    else:
        names = {name, *_aliases(tests, name)}
        hold = Hold(f"{own}_hold(", ")", is_method=True)
        tests, code = held(tests, "d", dict.fromkeys(names, hold)), f"{_HOLD}\n{_REFERENCE}"
        for each in names:
            tests = _renamed(tests, each, f"{own}_function")
    written = {
        **words,
        "PLAIN": f"{own.rpartition('_')[0]}_plain",
        "NAME": name,
        "ARGUMENTS": ", ".join(head.names),
        "TYPES": head.types,
    }
    return tests, re.sub("|".join(written), lambda found: written[found[0]], code)


def _with_names(parameters: str, known: Mapping[str, str]) -> str:
    return re.sub(r"[A-Za-z_]\w*", lambda word: known.get(word[0], word[0]), parameters)


def _parameters_of(types: str) -> dict[str, str]:
    """The names of a template's parameters, which are their own everywhere."""
    return {name: name for name in re.findall(r"(?:^\(|,)\s*(?:alias\s+)?(\w+)", types)}


def _heads(declaration: str) -> dict[str, _Head]:
    """The functions that are declared outside of types; of the same name, the last one."""
    root = CodeParser("d").parse(declaration + ("\n}" if declaration.rstrip().endswith("{") else "\n;"))
    return dict(_declared(root)) if root is not None else {}


def _declared(root: Node) -> Iterator[tuple[str, _Head]]:
    for node in root.children:
        parts = {each.type: each for each in node.children}
        if node.type == "function_declaration" and {"type", "identifier", "parameters"} <= parts.keys():
            each = [part for part in parts["parameters"].children if part.type == "parameter"]
            types = _text(parts["template_parameters"]) if "template_parameters" in parts else ""
            named = [_with_name(part, f"held{number}") for number, part in enumerate(each)]
            names = tuple(f"held{number}" for number in range(len(each)))
            if all(named):
                yield _text(parts["identifier"]), _Head(_text(parts["type"]), ", ".join(named), names, types)


def _with_name(parameter: Node, name: str) -> str:
    """A parameter under another name, as its own may be that of a type; empty if it has none."""
    found = [each for each in parameter.children if each.type == "identifier"]
    if not found:
        return ""
    text, at = parameter.text or b"", found[-1].start_byte - parameter.start_byte
    return decoded(text[:at]) + name + decoded(text[at + len(found[-1].text or b"") :])


def _aliases(tests: str, name: str) -> set[str]:
    """The further names that tests give a function."""
    given = re.findall(r"\balias\s+(\w+)\s*=\s*\.?\s*(\w+)\s*;", tests)
    given += [(new, old) for old, new in re.findall(r"\balias\s+(\w+)\s+(\w+)\s*;", tests)]
    found = {name}
    for _ in given:
        found |= {new for new, old in given if old in found}
    return found - {name}


def _renamed(tests: str, name: str, new: str, *, calls_too: bool = False) -> str:
    """The tests, in which this name is another one where it is neither called nor declared."""
    root = CodeParser("d").parse(tests)
    data = encoded(tests)
    for node in sorted(_named(root, name), key=lambda each: -each.start_byte) if root is not None else ():
        if calls_too or not (_is_called(node) or _is_aliased(node)):
            data = data[: node.start_byte] + encoded(new) + data[node.end_byte :]
    return decoded(data)


def _named(root: Node, name: str) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        waiting += node.children
        if node.type == "identifier" and _text(node) == name:
            yield node


def _is_called(node: Node) -> bool:
    """Whether what has this name is called, or is a part of something that has it."""
    while node.parent and node.parent.type in ("template_instance", "type", "property_expression"):
        node = node.parent
    return (
        node.parent is not None and node.parent.type == "call_expression" and node.parent.children[0] == node
    )


def _is_aliased(node: Node) -> bool:
    while node.parent and node.parent.type in ("type", "alias_initializer"):
        node = node.parent
    return node.parent is not None and node.parent.type == "alias_declaration"


def _text(node: Node) -> str:
    return decoded(node.text or b"")
