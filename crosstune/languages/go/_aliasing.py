"""Whether Go's tests change what the candidate has returned or may have kept, and then look at it.

Apart, results are copies: two rows that are one slice for the candidate are two for the tests, and a slice
that it keeps is another one. So such tests share a process with the candidate.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from crosstune.languages.go import _identity
from crosstune.languages.go._declaration import Declaration
from crosstune.languages.go._held import (
    RESULT,
    Held,
    arguments,
    called,
    owner_of,
    sides,
    text_of,
)
from crosstune.parsing import CodeParser

if TYPE_CHECKING:
    from tree_sitter import Node

_MOST_NODES = 600
"""Bindings, changes and calls of the candidate, which are compared with each other."""
_BINDINGS = ("short_var_declaration", "assignment_statement", "var_spec")
_STEPS = ("inc_statement", "dec_statement")
_PARTS = ("index_expression", "selector_expression", "unary_expression")
_BASIC = r"u?int\d*|float\d+|string|bool|byte|rune"
_INNER = ("index_expression", "selector_expression")
_CHANGE_FIRST = frozenset({"append", "copy", "delete", "clear"})
_UNCHANGING = re.compile(
    r"Search|Is[A-Z]|\w+AreSorted|Index|Contains|Equal|Compare|Max|Min|Clone|Keys|Values|Sorted|Binary"
)
_SORTS = re.compile(r"Ints|Strings|Float64s|S(?:ort|lice|table)\w*")
_PACKAGES = frozenset({"sort", "slices", "maps", "heap"})
_MESSAGES = frozenset({"Error", "Errorf", "Fatal", "Fatalf", "Log", "Logf", "Skip", "Skipf", "Sprintf"})
_MUTATORS = re.compile(
    r"(?:Push|Pop|Add|Append|Insert|Put|Set|Remove|Delete|Clear|Reset|Enqueue|Dequeue|Update|Reverse|Sort|Swap"
    r"|Next|Move|Advance|Step|Resize|Rotate|Shift|Unshift|Merge|Write|Push\w*|Pop\w*|Take|Drain)(?![a-z])"
)
_KEYWORDS = re.compile(
    r"int|string|byte|rune|float64|float32|bool|nil|true|false|len|make|map|struct|func|any|interface"
)


def why_shared(tests: str, declared: Declaration) -> str:
    """What of the candidate's the tests change or need itself, or nothing."""
    root = CodeParser("go").parse(tests)
    if root is None:
        return ""
    types = _Types(declared)
    held = Held(
        root,
        {
            each.name: tuple(types.can_change(kind.text) for kind in each.results)
            for each in declared.functions
        },
    )
    if reason := _identity.why_shared(held, declared):
        return reason
    changed = _Changes(root, tests, declared, held).found()
    return (
        f"the tests change {changed[:60]!r}, which the candidate has returned or may keep" if changed else ""
    )


class _Changes:
    def __init__(self, root: Node, tests: str, declared: Declaration, held: Held) -> None:
        self._text = tests.encode("utf-8", "surrogatepass")
        self._declared = declared
        self._held = held
        self._names = {each.name for each in declared.functions}
        self._methods = {each.name for each in declared.functions if each.owner}
        self._ends = {node.start_byte: node.end_byte for node in root.named_children}

    def found(self) -> str:
        changes, calls = list(self._changed()), [*self._calls_of_objects(), *self._next_calls()]
        if len(changes) + len(calls) + len(self._held.kinds) > _MOST_NODES and (changes or calls):
            return "too much to follow it"
        kept = (name for scope, call, name in calls if self._is_used(scope, call, name))
        seen = (text_of(each[1]).split("\n")[0] for each in changes if self._is_seen(*each))
        return self._passed_twice() or next(seen, "") or next(kept, "") or self._inner_kept()

    def _is_seen(self, scope: int, node: Node, is_sorted: bool) -> bool:
        """Whether it may make a difference that what is changed is a copy."""
        if self._held.kind(scope, node) == RESULT:
            return not (is_sorted and self._is_seen_sorted_alone(scope, node))
        return self._is_shown(scope, node)

    def _passed_twice(self) -> str:
        """A call for its effect, with two arguments that may overlap."""
        changing = {
            each.name: [kind.changes for kind in each.parameters] for each in self._declared.functions
        }
        for _, node in self._held.nodes:
            call = node.named_children[0] if node.type == "expression_statement" else None
            if call is None or called(call) not in changing:
                continue
            pairs = zip(arguments(call), changing[called(call)], strict=False)
            roots = [root for each, changes in pairs if changes and (root := _root_name(each))]
            if len(set(roots)) < len(roots):
                return text_of(call)
        return ""

    def _inner_kept(self) -> str:
        """A call that may change an argument, of which the tests look at an inner part afterwards."""
        changing = {
            each.name: [kind.changes for kind in each.parameters] for each in self._declared.functions
        }
        for scope, call in self._held.nodes:
            if not any(pairs := changing.get(called(call), ())):
                continue
            for each, changes in zip(arguments(call), pairs, strict=False):
                whole = _root_name(each) if changes else ""
                known = self._parts.get((scope, whole), ())
                inner = (name for name, at in known if name != whole and at <= call.start_byte)
                if whole and any(self._is_looked_into(scope, call, name) for name in inner):
                    return text_of(call)
        return ""

    @functools.cached_property
    def _parts(self) -> dict[tuple[int, str], set[tuple[str, int]]]:
        """By scope and name of a variable: the variables with parts of its value, and since when."""
        found = defaultdict[tuple[int, str], set[tuple[str, int]]](set)
        for scope, node in self._held.nodes:
            names, values = sides(node) if node.type in _BINDINGS else ([], [])
            for name, value in zip(names, values, strict=False):
                target, whole = _root_name(name), _root_name(value)
                if value.type in _INNER and whole and not self._is_basic(value):
                    found[scope, whole].add((target, node.end_byte))
                if value.type in ("composite_literal", "unary_expression") or name.type in _INNER:
                    found[scope, target] |= {(each, node.end_byte) for each in _identifiers(value)}
        return found

    def _is_basic(self, part: Node) -> bool:
        """Whether it is a field with a number or text, of which a copy is as good."""
        field = part.child_by_field_name("field")
        codes = " ".join(each.code for each in self._declared.given if each.kind == "type")
        pattern = rf"\b{text_of(field)}\b(?:\s*,\s*\w+)*\s+([^\s;}}]+)" if field else ""
        return bool(field) and all(re.fullmatch(_BASIC, kind) for kind in re.findall(pattern, codes))

    def _is_looked_into(self, scope: int, after: Node, name: str) -> bool:
        """Whether more of a variable than its value is looked at after something."""
        part = self._without_messages[after.end_byte : self._end(scope)]
        word = rf"(?<![\w.]){re.escape(name)}\b"
        looks = (rf"{word}\s*[.\[]", rf"\*{word}", rf"\brange\s+{word}", rf"[!=]=\s*{word}")
        return re.search("|".join(looks).encode(), part) is not None

    def _changed(self) -> Iterator[tuple[int, Node, bool]]:
        """What the tests change in place, whosever it is, and whether they sort it."""
        for scope, node in self._held.nodes:
            if node.type == "assignment_statement":
                targets = sides(node)[0]
            else:
                targets = node.named_children[:1] if node.type in _STEPS else []
            for target in targets:
                if target.type in _PARTS and (whole := target.child_by_field_name("operand")):
                    yield scope, whole, False
            if node.type == "call_expression" and arguments(node):
                yield from ((scope, each, sorts) for each, sorts in self._changed_by(node))

    def _changed_by(self, call: Node) -> Iterator[tuple[Node, bool]]:
        name, owner, given = called(call), owner_of(call), arguments(call)
        if owner is None and name in _CHANGE_FIRST:
            yield given[0], False
        elif owner is not None and text_of(owner) in _PACKAGES:
            if not _UNCHANGING.match(name):
                yield given[0], text_of(owner) != "heap" and _SORTS.fullmatch(name) is not None
        elif call.parent and call.parent.type == "expression_statement" and name in self._names:
            yield from ((each, False) for each in given)

    def _is_seen_sorted_alone(self, scope: int, node: Node) -> bool:
        """Whether what is sorted is a variable with the result of a function whose arguments nobody looks at
        again: it then makes no difference whether it is a copy."""
        bound = [
            (values[0], value)
            for at, value in self._held.nodes
            if at == scope and value.type in _BINDINGS
            for names, values in [sides(value)]
            if values and any(text_of(each) == text_of(node) for each in names)
        ]
        if len(bound) != 1 or called(bound[0][0]) not in self._names - self._methods:
            return False
        call = bound[0][0]
        later = self._without_messages[call.end_byte : self._end(scope)]
        words = {
            each
            for given in arguments(call)
            for each in re.findall(r"[A-Za-z_]\w*(?:\.\w+)*", text_of(given))
        }
        names = (each for each in words if not _KEYWORDS.fullmatch(each))
        return not any(re.search(rf"\b{re.escape(each)}\b".encode(), later) for each in names)

    @functools.cached_property
    def _without_messages(self) -> bytes:
        """The tests with spaces in the place of what they only print."""
        text = bytearray(self._text)
        for _, node in self._held.nodes:
            if called(node) in _MESSAGES:
                text[node.start_byte : node.end_byte] = b" " * (node.end_byte - node.start_byte)
        return bytes(text)

    def _is_shown(self, scope: int, change: Node) -> bool:
        """Whether what is changed was passed to a call, whose result or object is used afterwards."""
        for at, call, name in self._given.get(_root_name(change), ()):
            if at == scope and call.end_byte <= change.start_byte and self._is_used(scope, change, name):
                return True
        return False

    @functools.cached_property
    def _given(self) -> dict[str, list[tuple[int, Node, str]]]:
        """By the name of a variable: the calls to which it was passed, and what may show its later value."""
        found = defaultdict[str, list[tuple[int, "Node", str]]](list)
        for scope, node in self._held.nodes:
            shown: list[tuple[Node, str]] = []
            if node.type in _BINDINGS:
                names, values = sides(node)
                shown += [
                    (value, text_of(name))
                    for value in values
                    for name in names
                    if self._can_keep(scope, value, name)
                ]
            elif node.type == "expression_statement" and called(node.named_children[0]) in self._methods:
                owner = owner_of(node.named_children[0])
                shown += [(node.named_children[0], text_of(owner))] if owner else []
            for call, name in shown:
                for variable in filter(None, map(_root_name, arguments(call))):
                    found[variable].append((scope, call, name))
        return found

    def _can_keep(self, scope: int, value: Node, name: Node) -> bool:
        if called(value) not in self._names:
            return False
        is_object = any(
            kind.text.lstrip("*") in self._declared.objects
            for each in self._declared.functions
            if each.name == called(value)
            for kind in each.results
        )
        return is_object or (scope, text_of(name)) in self._held.kinds

    def _calls_of_objects(self) -> Iterator[tuple[int, Node, str]]:
        """Calls that may change an object, and variables with an older result of the same object."""
        got = defaultdict[tuple[int, str], list[tuple["Node", str]]](list)
        for scope, node in self._held.nodes:
            if node.type in _BINDINGS:
                names, values = sides(node)
                for value in values:
                    owner = owner_of(value) if called(value) in self._methods else None
                    for name in names if owner else ():
                        if owner and (scope, text_of(name)) in self._held.kinds:
                            got[scope, text_of(owner)].append((node, text_of(name)))
        for scope, node in self._held.nodes:
            owner = owner_of(node) if called(node) in self._methods else None
            is_alone = bool(node.parent and node.parent.type == "expression_statement") if owner else False
            if owner and (is_alone or _MUTATORS.match(called(node))):
                older = got.get((scope, text_of(owner)), ())
                yield from ((scope, node, kept) for at, kept in older if at.end_byte <= node.start_byte)

    def _next_calls(self) -> Iterator[tuple[int, Node, str]]:
        """The next call of a function after each that returned what it might use again, and the variable."""
        functions = self._names - self._methods
        calls = [(scope, node) for scope, node in self._held.nodes if called(node) in functions]
        starts = [node.start_byte for _, node in calls]
        for scope, node in self._held.nodes:
            names, values = sides(node) if node.type in _BINDINGS else ([], [])
            if not any(called(each) in functions for each in values):
                continue
            at = bisect_right(starts, node.end_byte)
            if at < len(calls) and calls[at][0] == scope:
                held = (text_of(name) for name in names if (scope, text_of(name)) in self._held.kinds)
                yield from ((scope, calls[at][1], name) for name in held)

    def _is_used(self, scope: int, after: Node, name: str) -> bool:
        """Whether a variable is used after something before it is set."""
        part = self._without_messages[after.end_byte : self._end(scope)]
        found = re.search(rf"\b{re.escape(name)}\b(\s*(?:,\s*\w+\s*)?:?=[^=])?".encode(), part)
        return found is not None and not found[1]

    def _end(self, scope: int) -> int:
        return self._ends.get(scope, len(self._text))


class _Types:
    """Which types have values that can be changed in place."""

    def __init__(self, declared: Declaration) -> None:
        self._objects: Collection[str] = declared.objects
        self._codes = {
            name: each.code for each in declared.given if each.kind == "type" for name in each.names
        }

    def can_change(self, kind: str, depth: int = 0) -> bool:
        if kind.startswith("*") and kind[1:] in self._objects:
            return False
        if depth > 9 or re.search(r"\[\]|\bmap\[|\*|\binterface\b|\bany\b", kind):
            return True
        names = set(re.findall(r"\w+", kind)) & self._codes.keys()
        return any(self.can_change(self._codes[each].partition(each)[2], depth + 1) for each in names)


def _identifiers(node: Node) -> Iterator[str]:
    """The variables that an expression contains."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if each.type == "identifier":
            yield text_of(each)
        waiting += each.named_children


def _root_name(node: Node) -> str:
    """The variable that an element or a field belongs to."""
    while node.type != "identifier":
        inner = node.child_by_field_name("operand") or (
            node.named_children[0] if node.type in ("variadic_argument", "parenthesized_expression") else None
        )
        if inner is None:
            return ""
        node = inner
    return text_of(node)
