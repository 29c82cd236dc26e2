"""Tests that change a result, or an argument whose later value a result may show.

What crosses between processes is copied, so there such a change reaches nothing but the copy: these tests
share a process with the candidate.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crosstune.languages.java._declared import PLAIN_TYPES, Declared
from crosstune.parsing import decoded

if TYPE_CHECKING:
    from tree_sitter import Node, Query

_KEPT = """
    void int long short byte double float boolean char Integer Long Short Byte Double Float Boolean Character
    Void String CharSequence Number Comparable BigInteger BigDecimal LocalDate LocalTime LocalDateTime
    Duration UUID DayOfWeek Month TimeUnit Optional OptionalInt OptionalLong OptionalDouble Stream IntStream
    LongStream DoubleStream java util lang math time
"""
"""What the type of a value that nothing can change is made of."""
_CHANGING = """
    add addAll addFirst addLast addElement insertElementAt put putAll putIfAbsent merge compute
    computeIfAbsent computeIfPresent set setElementAt setValue remove removeAll removeIf removeFirst
    removeLast retainAll clear sort push pop poll pollFirst pollLast pollFirstEntry pollLastEntry offer
    offerFirst offerLast append insert reverse delete deleteCharAt setCharAt setLength incrementAndGet
    getAndIncrement addAndGet decrementAndGet flip
"""
_UNCHANGING, _CHANGES = frozenset(_KEPT.split()), frozenset(_CHANGING.split())
_CHANGE_FIRST = {
    "Collections": frozenset(
        {"sort", "reverse", "shuffle", "swap", "fill", "addAll", "rotate", "replaceAll"}
    ),
    "Arrays": frozenset({"sort", "fill", "setAll", "parallelSort", "parallelPrefix"}),
}
_NEW = frozenset({"stream", "parallelStream", "toArray", "clone", "toString", "chars"})
"""Methods whose results are no part of the object."""
_PLATFORM = PLAIN_TYPES | frozenset({"Arrays", "Collections", "Objects", "Collectors", "Math"})
_KINDS = """
    [
        (method_declaration) (variable_declarator) (assignment_expression) (update_expression)
        (enhanced_for_statement) (method_invocation) (return_statement) (expression_statement)
    ] @found
"""
_MOST_NODES = 600
"""Declarations, assignments and calls, which are compared with each other."""
_Variable = tuple[int, str]
"""The beginning of the outermost method in which it is, -1 for a field, and its name."""


def changeable(found: Declared) -> frozenset[str]:
    """The methods that return what tests could change."""
    kept = _UNCHANGING | {owner.name for owner in found.owners if owner.remote}
    return frozenset(
        each.name
        for each in found.members
        if each.name and ("[" in each.result or set(re.findall(r"\w+", each.result)) - kept)
    )


def changed(root: Node, results: frozenset[str], classes: frozenset[str]) -> str:
    """What of the candidate's the tests change, as they write it; empty if nothing.

    ``results`` are the methods that return what can be changed, ``classes`` those whose objects stay in the
    candidate's process.
    """
    tests = _Tests(root, results, classes)
    changes, calls = list(tests.changes()), list(tests.changing_calls())
    if not changes and not calls:
        return ""
    if sum(map(len, tests.nodes.values())) > _MOST_NODES:
        return "too much to follow it"
    tests.follow()
    for call, target in calls:
        if tests.is_kept(call, target):
            return f"{_text(target)} while they hold a result of it"
    for each in changes:
        if tests.is_result(each) or tests.is_shown(each):
            return _text(each).split("\n")[0]
    return ""


@functools.cache
def _query() -> Query:
    from tree_sitter import Query
    from tree_sitter_language_pack import get_language

    return Query(get_language("java"), _KINDS)


@dataclass
class _Tests:
    root: Node
    results: frozenset[str]
    classes: frozenset[str]
    copies: set[_Variable] = field(default_factory=set)
    plain: set[_Variable] = field(default_factory=set)
    returning: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        from tree_sitter import QueryCursor

        # Positions are those in the whole text.
        self.text = b" " * self.root.start_byte + (self.root.text or b"")
        self.nodes = defaultdict[str, list["Node"]](list)
        for node in QueryCursor(_query()).captures(self.root).get("found", []):
            self.nodes[node.type].append(node)
        self.methods = sorted(self.nodes["method_declaration"], key=lambda node: node.start_byte)
        self.outermost = list[tuple[int, int]]()
        for method in self.methods:
            if not self.outermost or method.start_byte >= self.outermost[-1][1]:
                self.outermost.append((method.start_byte, method.end_byte))
        for each in self.nodes["variable_declarator"]:
            if _declared_type(each) in _PLATFORM:
                self.plain.add(self._variable(each, _name(each)))

    def changes(self) -> Iterator[Node]:
        """What the tests change in place, whosever it is."""
        for call in self.nodes["method_invocation"]:
            target, name, arguments = call.child_by_field_name("object"), _name(call), _arguments(call)
            several = {"replaceAll": 1, "replace": 3}.get(name) == len(arguments)
            if target and arguments and name in _CHANGE_FIRST.get(_text(target), ()):
                yield arguments[0]
            elif target and (name in _CHANGES or several):
                yield target
        for each in (*self.nodes["assignment_expression"], *self.nodes["update_expression"]):
            left = each.child_by_field_name("left") or each.named_children[0]
            whole = left.child_by_field_name("array") or left.child_by_field_name("object")
            if whole and left.type in ("array_access", "field_access") and whole.type != "this":
                yield whole

    def changing_calls(self) -> Iterator[tuple[Node, Node]]:
        """Calls for their effect alone on what a variable holds, and these variables."""
        for each in self.nodes["expression_statement"]:
            call = each.named_children[0]
            target = call.child_by_field_name("object") if call.type == "method_invocation" else None
            if target and target.type == "identifier":
                yield call, target

    def is_kept(self, call: Node, target: Node) -> bool:
        """Whether a call may change an object of the candidate's of which an older result is used later."""
        scope = self._variable(call, "")[0]
        for each in self._got_of[_text(target)] if not self._is_plain(target) else ():
            variable = self._variable(each, _name(each))
            is_before = variable[0] == scope and each.end_byte < call.start_byte and variable in self.copies
            if is_before and self._uses(call, _name(each)):
                return True
        return False

    @functools.cached_property
    def _got_of(self) -> dict[str, list[Node]]:
        """The declarations of variables from a call, by the variable whose method is called."""
        found = defaultdict[str, list["Node"]](list)
        for each in self.nodes["variable_declarator"]:
            value = each.child_by_field_name("value")
            if owner := value.child_by_field_name("object") if value else None:
                found[_text(owner)].append(each)
        return found

    def _uses(self, after: Node, name: str) -> bool:
        end = self._end(self._variable(after, "")[0])
        return _is_used(self.text[after.end_byte : end], name)

    def follow(self) -> None:
        """Find the variables that hold a result or a part of one."""
        before = -1
        while before != len(self.copies) + len(self.returning):
            before = len(self.copies) + len(self.returning)
            for each in (*self.nodes["variable_declarator"], *self.nodes["enhanced_for_statement"]):
                if _declared_type(each) not in self.classes:
                    self._hold(each, _name(each), each.child_by_field_name("value"))
            for each in self.nodes["assignment_expression"]:
                left = each.child_by_field_name("left")
                if left and left.type in ("identifier", "field_access"):
                    self._hold(each, _text(left).removeprefix("this."), each.child_by_field_name("right"))
            for each in self.nodes["return_statement"]:
                if each.named_children and self.is_result(each.named_children[0]):
                    self.returning |= {_name(one) for one in self.methods if _contains(one, each)}
            for each in self.nodes["method_invocation"]:
                self._pass(each)

    def _hold(self, at: Node, name: str, value: Node | None) -> None:
        if value and self.is_result(value):
            # A field has one name in all methods.
            self.copies |= {self._variable(at, name)} | (
                {(-1, name)} if at.type == "assignment_expression" else set()
            )

    def _pass(self, call: Node) -> None:
        """The parameters of a method of the tests, or of a function within a call."""
        target = call.child_by_field_name("object")
        functions = [each for each in _arguments(call) if each.type == "lambda_expression"]
        if functions and target and self.is_result(target):
            for each in functions:
                names = re.findall(r"\w+", _text(each).partition("->")[0])
                self.copies |= {self._variable(call, name) for name in names}
        for at, argument in enumerate(_arguments(call)):
            for method in self.methods if self.is_result(argument) else ():
                parameters = method.child_by_field_name("parameters")
                listed = parameters.named_children if parameters else []
                if _name(method) == _name(call) and at < len(listed):
                    self.copies.add(self._variable(method, _name(listed[at])))

    def is_result(self, node: Node | None) -> bool:
        """Whether a value is a result of the candidate's, or a part of one, that can be changed."""
        while node is not None:
            if node.type == "identifier":
                return self._variable(node, _text(node)) in self.copies or (-1, _text(node)) in self.copies
            if node.type == "ternary_expression":
                return any(map(self.is_result, node.named_children[1:]))
            if node.type == "method_invocation":
                if self._returns(node):
                    return True
                node = node.child_by_field_name("object") if _name(node) not in _NEW else None
            elif node.type in ("array_access", "field_access"):
                node = node.named_children[0 if node.named_children[0].type != "this" else -1]
            elif node.type in ("parenthesized_expression", "cast_expression", "assignment_expression"):
                node = node.named_children[-1]
            else:
                return False
        return False

    def _returns(self, call: Node) -> bool:
        """Whether what is called returns what can be changed, whatever it is called of."""
        name, target = _name(call), call.child_by_field_name("object")
        if name in self.returning:
            return True
        return target is not None and name in self.results and not self._is_plain(target)

    def _is_plain(self, node: Node) -> bool:
        """Whether it is the platform's, or a value of the tests' own of a class of the platform."""
        is_name = node.type == "identifier"
        return is_name and (_text(node) in _PLATFORM or self._variable(node, _text(node)) in self.plain)

    def is_shown(self, change: Node) -> bool:
        """Whether what is changed was passed to a call, whose result is used afterwards."""
        while change.type in ("array_access", "field_access", "method_invocation") and change.named_children:
            change = change.named_children[0]
        if change.type != "identifier":
            return False
        scope = self._variable(change, "")[0]
        return any(
            self._variable(each, "")[0] == scope and self._uses(change, name)
            for each, name in self._given[_text(change)]
            if each.end_byte < change.start_byte
        )

    @functools.cached_property
    def _given(self) -> dict[str, list[tuple[Node, str]]]:
        """By the text of an argument: what it was passed to, and the variable that may show its later value.

        That is an object that is made, a result, or the object of which a method is called for its effect.
        """
        found = defaultdict[str, list[tuple["Node", str]]](list)
        for call, target in self.changing_calls():
            for argument in _arguments(call) if not self._is_plain(target) else ():
                found[_text(argument)].append((call, _text(target)))
        for each in self.nodes["variable_declarator"]:
            value = each.child_by_field_name("value")
            while value and value.type == "cast_expression":
                value = value.named_children[-1]
            kind = value.child_by_field_name("type") if value else None
            made = kind is not None and _text(kind).partition("<")[0] in self.classes
            if value and (made or (value.type == "method_invocation" and self.is_result(value))):
                for argument in _arguments(value):
                    found[_text(argument)].append((each, _name(each)))
        return found

    def _variable(self, node: Node, name: str) -> _Variable:
        at = bisect_right(self.outermost, (node.start_byte, self.root.end_byte + 1)) - 1
        inside = at >= 0 and node.start_byte < self.outermost[at][1]
        return (self.outermost[at][0] if inside else -1), name

    def _end(self, scope: int) -> int:
        return next((end for start, end in self.outermost if start == scope), self.root.end_byte)


def _is_used(part: bytes, name: str) -> bool:
    """Whether the value of a variable is used in a part of the text before it is set."""
    found = re.search(rf"\b{re.escape(name)}\b(\s*=[^=])?".encode(), part)
    return found is not None and not found[1]


def _declared_type(node: Node) -> str:
    """Without type arguments and dimensions."""
    around = node.parent if node.type == "variable_declarator" else node
    kind = around.child_by_field_name("type") if around else None
    return re.split(r"[<\[]", _text(kind), maxsplit=1)[0] if kind else ""


def _arguments(call: Node) -> list[Node]:
    found = call.child_by_field_name("arguments")
    return found.named_children if found else []


def _contains(outer: Node, inner: Node) -> bool:
    return outer.start_byte <= inner.start_byte and inner.end_byte <= outer.end_byte


def _name(node: Node) -> str:
    found = node.child_by_field_name("name")
    return _text(found) if found else ""


def _text(node: Node) -> str:
    return decoded(node.text or b"")
