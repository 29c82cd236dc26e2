"""Tests and candidate in processes of their own: the texts that replace the other side in each.

The tests are compiled with a *stub*: the benchmark's declaration, whose entry points ask the candidate's
process. The candidate is compiled with *calls*: a class that calls each entry point as declared. See
docs/values.md.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosstune.languages.java import _aliasing, _checks
from crosstune.languages.java._declared import Declared, Member, Owner, declared
from crosstune.parsing import CodeParser, decoded
from crosstune.records import Program

if TYPE_CHECKING:
    from tree_sitter import Node

_BOXES = {
    "int": "Integer",
    "char": "Character",
    **{name: name.capitalize() for name in ("long", "short", "byte", "double", "float", "boolean")},
}
_READ = re.compile(r"\b(?:Iterator|Iterable|Stream|IntStream|LongStream|DoubleStream)\b")
"""Types of arguments that are read to their end."""
_ENDLESS = frozenset({"iterate", "generate", "ints", "longs", "doubles"})
"""Methods whose streams need not end, as an iterator that the tests write need not."""
_FOLLOWING = frozenset({"iterator", "map", "filter", "boxed", "mapToObj", "skip", "peek"})
"""Methods whose results have no end where what they are called of has none."""
_DECIDES = {"equals": "Equals", "compareTo": "Order"}
"""Methods in which an object could decide what equals it, and how the stub asks for them."""
_WATCHES = frozenset(
    {
        *("setOut", "setErr", "setIn", "getStackTrace", "getCause", "getSuppressed"),
        *("getClassLoader", "forName", "newProxyInstance"),
    }
)
"""Methods with which tests look at more than values."""


@dataclass(frozen=True, slots=True)
class Sides:
    """The stub, the names of the remote class and of the benchmark's types, and the text of the calls."""

    why_shared: str = ""
    stub: str = ""
    names: str = ""
    calls: str = ""
    unwritten: tuple[str, ...] = ()
    changeable: frozenset[str] = frozenset()
    remote: frozenset[str] = frozenset()
    takes_items: bool = False
    returns_items: bool = False


def why_shared(program: Program) -> str:
    found = sides(program.declaration, program.entry_points)
    return found.why_shared or _looks(program.tests, found)


@functools.lru_cache(maxsize=256)
def sides(declaration: str, entry_points: tuple[str, ...]) -> Sides:
    found = declared(declaration, entry_points)
    if found.why_shared:
        return Sides(why_shared=found.why_shared)
    remote = " ".join(each.name for each in found.owners if each.remote)
    return Sides(
        stub=_stub(found),
        names="\n".join((remote, *found.types)),
        calls="\0".join(_calls(found, exact=exact) for exact in (True, False)),
        unwritten=found.unwritten,
        changeable=_aliasing.changeable(found),
        remote=frozenset(each.name for each in found.owners if each.remote),
        returns_items=any(_READ.search(each.result) for each in found.members),
        takes_items=any(_READ.search(one.type) for each in found.members for one in each.parameters),
    )


def _looks(tests: str, found: Sides) -> str:
    root = CodeParser("java").parse(tests.removeprefix("\ufeff"))
    if root is None or root.has_error:
        return "the tests are no complete classes"
    nodes = _checks.nodes_of(root)
    names = {_checks.name_of(node) for node in nodes["method_invocation"] + nodes["method_reference"]}
    if looks := sorted(names & (_WATCHES | _checks.REFLECTION)):
        return f"the tests use {looks[0]}"
    if own := sorted(names & set(found.unwritten)):
        return f"the tests use {own[0]}, which is no entry point"
    if found.takes_items and (endless := _endless(nodes, names, found)):
        return f"the tests may pass what has no end ({endless})"
    if change := _aliasing.changed(root, found.changeable, found.remote):
        return f"the tests change {change}"
    return ""


def _endless(nodes: Mapping[str, list[Node]], names: set[str], found: Sides) -> str:
    """What of the tests may have no end; empty if nothing."""
    made = (each.child_by_field_name("type") for each in nodes["object_creation_expression"])
    written = (decoded(each.text or b"") for each in made if each)
    endless = _ENDLESS | _FOLLOWING if found.returns_items else _ENDLESS
    return next(iter(sorted(names & endless)), "") or next(filter(_READ.match, written), "")


def _stub(found: Declared) -> str:
    edits = list[tuple[int, int, str]]()
    for member in found.members:
        if member.body != (0, 0):
            edits.append((*member.body, _body(member)))
    for owner in found.owners:
        edits += [(*each, "") for each in owner.cut]
        if owner.remote:
            edits.append((owner.head_end, owner.head_end, " extends crosstune.Remote"))
            edits.append((owner.body_start, owner.body_start, _constructors(owner, found.members)))
    return _edited(found.text, edits)


def _edited(text: bytes, edits: list[tuple[int, int, str]]) -> str:
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new.encode() + text[end:]
    return text.decode()


def _constructors(owner: Owner, members: Iterable[Member]) -> str:
    # No call of another constructor can mean this one, not even with null.
    wrap = f" {owner.name}(crosstune.Remote.Handle handle, byte unused) {{ super(handle); }}"
    if owner.constructors:
        return wrap
    member = next(each for each in members if each.owner == owner.name and not each.name)
    return f"{wrap} public {owner.name}() {_body(member)}"


def _body(member: Member) -> str:
    names = ", ".join(each.name for each in member.parameters)
    words = f'"{member.key}", {member.objects}, new java.lang.Object[] {{{names}}}'
    if not member.name:
        return f"{{ super({words}); }}"
    ask = _DECIDES.get(member.name, "Ask") if len(member.parameters) == 1 else "Ask"
    asked = f"crosstune.Stub.function({words})" if member.static else f"crosstune{ask}({words})"
    if member.result == "void":
        return f"{{ {asked}; }}"
    if member.result in _BOXES:
        return f"{{ return crosstune.Stub.primitive(java.lang.{_BOXES[member.result]}.class, {asked}); }}"
    if not member.generic:
        asked = f"crosstune.Stub.of({member.erased}.class, {asked})"
    return f"{{ return ({member.result}) (java.lang.Object) {asked}; }}"


def _calls(found: Declared, *, exact: bool) -> str:
    """``exact``: the arguments have the declared types; else whatever the candidate's parameters have, which
    works where it has only one method of the name."""
    remote = (each.name for each in found.owners if each.remote)
    parts = ((each.key for each in found.members), found.types, remote)
    names = "|".join("\\n".join(each) for each in parts)
    cases = "\n".join(f"case {at}: {_call(each, exact=exact)}" for at, each in enumerate(found.members))
    return (
        f"{' '.join(found.imports)}\n"
        "public final class CrosstuneCalls implements crosstune.Calls {\n"
        f'public java.lang.String names() {{ return "{names}"; }}\n'
        "public java.lang.Object call(int which, java.lang.Object target, java.lang.Object[] a) "
        "throws java.lang.Throwable {\n"
        f"switch (which) {{\n{cases}\ndefault: throw new java.lang.NoSuchMethodError(); }} }} }}\n"
    )


def _call(member: Member, *, exact: bool) -> str:
    arguments = ", ".join(
        f"({each.type}) a[{at}]" if exact else f"crosstune.Calls.any(a[{at}])"
        for at, each in enumerate(member.parameters)
    )
    if not member.name:
        return f"return new {member.owner}({arguments});"
    target = member.owner if member.static else f"(({member.owner}) target)"
    call = f"{target}.{member.name}({arguments});"
    return f"{call} return null;" if member.result == "void" else f"return {call}"
