"""What the tests of a JavaScript or TypeScript program do with its entry points and with their results."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from crosstune.languages._shared.node import declared, modules, names
from crosstune.languages._shared.node.expressions import (
    arguments_of,
    assigned,
    bindings,
    compared,
    declarators,
    first_name,
    is_own,
    is_own_module,
    owner_of,
    returned,
    unwrapped,
)
from crosstune.languages._shared.node.names import text_of
from crosstune.parsing import CodeParser

if TYPE_CHECKING:
    from tree_sitter import Node

    from crosstune.records import Program

_T = TypeVar("_T")
# The methods of values: any other is one of the candidate's own objects.
METHODS = frozenset(
    """
    at concat copyWithin entries every fill filter find findIndex findLast findLastIndex flat flatMap forEach
    includes indexOf join keys lastIndexOf map pop push reduce reduceRight reverse shift slice some sort
    splice toReversed toSorted toSpliced unshift values with charAt charCodeAt codePointAt endsWith
    localeCompare match matchAll normalize padEnd padStart repeat replace replaceAll search split startsWith
    substring substr toLowerCase toLocaleLowerCase toUpperCase toLocaleUpperCase trim trimEnd trimStart
    toString toLocaleString valueOf toFixed toPrecision toExponential get has set add delete clear
    isWellFormed toWellFormed hasOwnProperty propertyIsEnumerable then catch finally next test exec subarray
    byteLength getTime getFullYear getMonth getDate getDay getHours getMinutes getSeconds getMilliseconds
    getUTCFullYear getUTCMonth getUTCDate getUTCDay getUTCHours getUTCMinutes getUTCSeconds toISOString
    toJSON toDateString toTimeString getTimezoneOffset readUInt8 equals compare
    """.split()  # noqa: SIM905
)
# Those that change a collection: tests that keep a result and call one may have an object with state.
CHANGING = frozenset(
    "push pop shift unshift splice fill sort reverse copyWithin set add delete clear".split()  # noqa: SIM905
)
_OF_STATE = CHANGING | {"get", "has"}
_OF_FUNCTIONS = frozenset({"call", "apply", "bind"})
_VALUES = frozenset(
    """
    Map Set Date Array RegExp Error TypeError RangeError SyntaxError Object String Number Boolean Int8Array
    Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array
    BigInt64Array BigUint64Array ArrayBuffer DataView Buffer
    """.split()  # noqa: SIM905
)
_CONVERSIONS = frozenset({"valueOf", "toString", "[Symbol.toPrimitive]"})
_SIGNATURES = ("method_signature", "abstract_method_signature", "property_signature")
_ANYTHING = frozenset({"any", "unknown", "object", "Object", "{}"})
_CLASSES = ("class_declaration", "abstract_class_declaration", "class")


class Tests:
    """The tests of a program, parsed; ``results`` are the names that hold what an entry point returned,
    ``called`` those by which one is called, ``classes`` those whose objects the tests make or whose
    attributes they use. ``objects`` are the names of such objects, ``parts`` those of what the tests got from
    one."""

    def __init__(self, program: Program, root: Node, given: list[Node], *, is_complete: bool) -> None:
        self._made: dict[Callable[[Tests], Any], Any] = {}
        self.entry_points = set(program.entry_points)
        self.nodes = list(names.walk(root))
        self.bound = names.bound(self.nodes)
        self.given = names.bound(given)
        self.own_modules = {
            text_of(target)
            for target, value in assigned(self.nodes)
            if target.type == "identifier" and is_own_module(value)
        }
        self._given_nodes = given
        self._is_complete = is_complete
        self.called = self._aliases()
        self.classes = self._classes()
        self.functions = self._function_names()
        self.results = self._results()
        self.objects = self._objects()
        self.parts: set[str] = set()
        for _ in range(2):  # a part may be named again
            found = {name for name, value in bindings(self.nodes) if self.is_part(value)}
            self.parts = found - self.objects

    def once(self, make: Callable[[Tests], _T]) -> _T:
        """What ``make`` returns for these tests, made once."""
        if make not in self._made:
            self._made[make] = make(self)
        found: _T = self._made[make]
        return found

    @functools.cached_property
    def given_classes(self) -> set[str]:
        """The classes of the benchmark that are not asked for."""
        found = {text_of(n.child_by_field_name("name")) for n in self._given_nodes if n.type in _CLASSES}
        return found - self.entry_points - self.bound - {""}

    @functools.cached_property
    def given_members(self) -> set[str]:
        """The names of the members of the benchmark's classes, and of the objects that it shows."""
        kinds = ("method_definition", "public_field_definition", "field_definition", *_SIGNATURES)
        found = {
            text_of(node.child_by_field_name("name") or node.child_by_field_name("property"))
            for node in self._given_nodes
            if node.type in kinds
        }
        return found - {"", "constructor"}

    @functools.cached_property
    def decides_instances(self) -> bool:
        """Whether a class of the benchmark decides by itself what ``instanceof`` says."""
        return any(text_of(node) == "Symbol.hasInstance" for node in self._given_nodes)

    @functools.cached_property
    def shows_classes(self) -> bool:
        """Whether what is given shows the members of the classes that the tests use."""
        shown = {
            text_of(node.child_by_field_name("name")) for node in self._given_nodes if node.type in _CLASSES
        }
        return bool(self.classes) and self._is_complete and self.classes <= shown

    @functools.cached_property
    def typed(self) -> set[str]:
        """The names of functions and members whose type is declared, other than as anything."""
        found = set()
        for node in self._given_nodes:
            declared_type = node.child_by_field_name("return_type") or node.child_by_field_name("type")
            if declared_type and text_of(declared_type).lstrip(": ") not in _ANYTHING:
                found.add(text_of(node.child_by_field_name("name")))
        return found - {""}

    @functools.cached_property
    def may_convert(self) -> bool:
        """Whether an object of an asked-for class may be a text or a number: the class declares it, or what
        is given does not show its members."""
        classes = [
            node
            for node in self._given_nodes
            if node.type in _CLASSES and text_of(node.child_by_field_name("name")) in self.entry_points
        ]
        return not classes or not self._is_complete or any(map(_converts, classes))

    def loaded(self) -> Iterator[str]:
        """The names that the tests take from the candidate's module."""
        for node in self.nodes:
            owner = node.child_by_field_name("object") if node.type == "member_expression" else None
            if owner and (text_of(owner) in self.own_modules or is_own_module(owner)):
                yield text_of(node.child_by_field_name("property"))
        for target, value in assigned(self.nodes):
            if target.type == "object_pattern" and is_own_module(value):
                for part in target.named_children:
                    yield text_of(part.child_by_field_name("key") or part)

    @functools.cached_property
    def use_objects(self) -> bool:
        """Whether values of the candidate are not enough: the tests make objects of it, or use what it has
        returned as one."""
        return (
            bool(self.classes)
            or any(map(self._uses_object, self.nodes))
            or any(map(self._compares_parts, self.nodes))
        )

    def _compares_parts(self, node: Node) -> bool:
        """Whether tests compare the identity of a part of a result with what they have passed, or the other
        way round: values have one only where they are objects."""
        sides = compared(node)
        if len(sides) != 2 or all(each.type in ("identifier", "call_expression") for each in sides):
            return len(sides) == 2 and any(map(self._is_passed_within, sides))
        roots = [self.root(each) for each in sides]
        are_results = [self.is_result(each) or text_of(each) in self.results for each in roots]
        return any(
            is_result and text_of(other) in self._passed and not is_other
            for is_result, is_other, other in zip(are_results, are_results[::-1], roots[::-1], strict=True)
        )

    def _is_passed_within(self, node: Node) -> bool:
        return node.type == "identifier" and text_of(node) in self._passed - self._arguments

    @functools.cached_property
    def _passed(self) -> set[str]:
        """The names that occur in what is passed to entry points."""
        found = {text_of(each) for node in self._calls for each in names.walk(*arguments_of(node))}
        return found & self.bound

    @functools.cached_property
    def _arguments(self) -> set[str]:
        """Those that are passed as they are."""
        return {text_of(each) for node in self._calls for each in arguments_of(node)}

    @functools.cached_property
    def _calls(self) -> list[Node]:
        return [node for node in self.nodes if node.type == "call_expression" and self.is_result(node)]

    def _function_names(self) -> set[str]:
        """The names of functions and classes, and of values that hold one."""
        kinds = (*names.FUNCTIONS, "class_declaration", "class")
        nodes = [*self._given_nodes, *self.nodes]
        found = {text_of(node.child_by_field_name("name")) for node in nodes if node.type in kinds}
        found |= self.entry_points
        for name, value in declarators(nodes):
            if self.holds_function(value, found):
                found.add(name)
        return found - {""}

    def _aliases(self) -> set[str]:
        found = set(self.entry_points)
        for name, value in bindings(self.nodes):
            if text_of(value) in found or is_own_module(value):
                found.add(name)
        for node in self.nodes:
            if node.type == "import_statement" and is_own(node.child_by_field_name("source")):
                found.update(names.bound(list(names.walk(node))))
            elif node.type == "call_expression":
                for at, argument in enumerate(arguments_of(node)):
                    if argument.type == "identifier" and text_of(argument) in found:
                        found |= self.parameter(text_of(node.child_by_field_name("function")), at)
        return found

    def parameter(self, function: str, at: int) -> set[str]:
        for node in self.nodes:
            holder = node.parent if node.parent and node.parent.type == "variable_declarator" else node
            if node.type in names.FUNCTIONS and text_of(holder.child_by_field_name("name")) == function:
                parameters = node.child_by_field_name("parameters")
                listed = parameters.named_children if parameters else []
                return set(names.in_pattern(listed[at])) if at < len(listed) else set()
        return set()

    def _classes(self) -> set[str]:
        found = {
            text_of(node.child_by_field_name("name")) for node in self._given_nodes if node.type in _CLASSES
        }
        found |= {name for name, value in declarators(self._given_nodes) if value.type == "class"}
        found &= self.entry_points
        for node in self.nodes:
            if node.type == "new_expression":
                found.add(first_name(node.child_by_field_name("constructor")))
            elif (
                node.type == "member_expression"
                and text_of(node.child_by_field_name("property")) not in _OF_FUNCTIONS
            ):
                found.add(text_of(node.child_by_field_name("object")))
        return found & self.called

    def _results(self) -> set[str]:
        return {name for name, value in bindings(self.nodes) if self.is_result(value)}

    def _objects(self) -> set[str]:
        found: set[str] = set()
        makers: set[str] = set()
        for _ in range(2):  # an object may be named again, or made by a function of the tests
            self.objects, self._makers = found, makers
            found = {name for name, value in bindings(self.nodes) if self.is_object(value)} | found
            found |= {
                name
                for node in self.nodes
                if node.type == "call_expression"
                for at, each in enumerate(arguments_of(node))
                if self.is_object(each)
                for name in self.parameter(text_of(node.child_by_field_name("function")), at)
            }
            makers = {name for name, value in returned(self.nodes) if self.is_object(value)}
        self._makers = makers
        return found

    def is_result(self, node: Node | None) -> bool:
        """Whether an expression is what an entry point returned, or awaits it."""
        node = unwrapped(node)
        if node is None or node.type != "call_expression":
            return False
        return text_of(node.child_by_field_name("function")) in self.called

    def is_object(self, node: Node | None) -> bool:
        """Whether an expression is an object that the tests have made of a class of the candidate."""
        node = unwrapped(node)
        if node is None:
            return False
        if node.type == "new_expression":
            return first_name(node.child_by_field_name("constructor")) in self.classes
        if node.type == "call_expression":
            return text_of(node.child_by_field_name("function")) in self._makers
        return text_of(node) in self.objects

    def is_part(self, node: Node | None) -> bool:
        """Whether an expression is what an attribute or a method of the candidate has returned."""
        node = unwrapped(node)
        inner = node and owner_of(node)
        return inner is not None and self.is_remote(inner)

    def is_remote(self, node: Node | None) -> bool:
        """Whether an expression is the candidate's, or was returned by something that is."""
        while node := unwrapped(node):
            if self.is_result(node) or self.is_object(node):
                return True
            if text_of(node) in self.results | self.classes | self.parts:
                return True
            node = owner_of(node)
        return False

    def _uses_object(self, node: Node) -> bool:
        function = node.child_by_field_name("function") if node.type == "call_expression" else None
        if function is None:
            return False
        if function.type != "member_expression":
            return self.is_result(function) or text_of(function) in self.results
        owner, name = (
            function.child_by_field_name("object"),
            text_of(function.child_by_field_name("property")),
        )
        root = self.root(function)
        if name not in METHODS or name == "next":
            return self.is_result(root) or text_of(root) in self.results
        return name in _OF_STATE and text_of(owner) in self.results

    def root(self, node: Node | None) -> Node | None:
        """What a chain of members and calls begins with: ``f(1)`` in ``f(1).list[0].map(g)``."""
        while node and not self.is_result(node) and (inner := owner_of(node)):
            node = inner
        return node

    def holds_function(self, node: Node, functions: set[str] | None = None) -> bool:
        """Whether a value is a function or an object of the tests' own, or an array or object that holds
        one."""
        functions = self.functions if functions is None else functions
        if node.type in names.FUNCTIONS or node.type == "class":
            return True
        if node.type == "identifier":
            return text_of(node) in functions or text_of(node) in ("Symbol", "parseInt", "parseFloat")
        if node.type == "new_expression":
            return first_name(node.child_by_field_name("constructor")) not in _VALUES | self.classes
        if node.type == "call_expression":
            return text_of(node.child_by_field_name("function")) == "Symbol"
        inner = (
            "object",
            "array",
            "pair",
            "spread_element",
            "parenthesized_expression",
            "ternary_expression",
        )
        if node.type == "pair":
            value = node.child_by_field_name("value")
            return value is not None and self.holds_function(value, functions)
        return node.type in (*inner, "as_expression", "arguments") and any(
            self.holds_function(each, functions) for each in node.named_children
        )


def _converts(node: Node) -> bool:
    if any(each.type in ("class_heritage", "extends_clause") for each in node.named_children):
        return True  # it may be inherited
    body = node.child_by_field_name("body")
    members = body.named_children if body else []
    declared_names = {text_of(each.child_by_field_name("name")) for each in members}
    return not declared_names.isdisjoint(_CONVERSIONS)


def parsed(grammar: str, program: Program) -> Tests | str:
    """The parsed tests, or why they cannot be."""
    root = CodeParser(grammar).parse(modules.plain(program.tests))
    if root is None or root.has_error:
        return "the tests do not parse"
    found = declared.parsed(grammar, program.declaration)
    if found is None:
        return "the declaration does not parse"
    setup = CodeParser(grammar).parse(modules.plain(program.setup))
    if modules.awaits(found[1]) or (setup and modules.awaits(setup)):
        return "the given code awaits at its top level"
    given = list(names.walk(found[1], *([setup] if setup else [])))
    is_complete = found[0].rstrip() == modules.plain(program.declaration).rstrip()
    return Tests(program, root, given, is_complete=is_complete)
