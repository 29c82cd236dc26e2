"""Whether the tests of a JavaScript or TypeScript program can do with values of its candidate, in a process
of their own. See `SeparateProcesses.why_shared`."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from crosstune.languages._shared.node import declared, modules, names
from crosstune.languages._shared.node.names import text_of
from crosstune.parsing import CodeParser

if TYPE_CHECKING:
    from tree_sitter import Node

    from crosstune.records import Program

_KEPT = 256
# Modules of Node.js that tests may use: none of them touches what the candidate could see.
_MODULES = frozenset(
    """
    assert assert/strict util test path buffer url events string_decoder querystring perf_hooks process timers
    timers/promises crypto console
    """.split()  # noqa: SIM905
)
_PROCESS = frozenset(
    ["exit", "exitCode", "hrtime", "memoryUsage", "uptime", "nextTick", "version", "versions", "platform"]
)
_REFLECTING = frozenset(["prototype", "constructor", "__proto__", "callee", "caller"])
_CHANGING = frozenset(
    [
        "defineProperty",
        "defineProperties",
        "setPrototypeOf",
        "freeze",
        "seal",
        "preventExtensions",
        "getPrototypeOf",
    ]
)
_FORBIDDEN = frozenset(
    """
    eval Function globalThis global mock jest vi sinon WeakMap WeakSet WeakRef FinalizationRegistry Proxy
    SharedArrayBuffer Atomics Worker MessageChannel
    """.split()  # noqa: SIM905
)
# The methods of values: any other is one of the candidate's own objects.
_METHODS = frozenset(
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
_VALUES = frozenset(
    """
    Map Set Date Array RegExp Error TypeError RangeError SyntaxError Object String Number Boolean Int8Array
    Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array
    BigInt64Array BigUint64Array ArrayBuffer DataView Buffer
    """.split()  # noqa: SIM905
)
_WRAPPED = ("await_expression", "parenthesized_expression", "non_null_expression", "as_expression")
_SAME = frozenset({"===", "!==", "==", "!="})
_SAME_CALLS = frozenset(["strictEqual", "notStrictEqual", "toBe", "is"])


class _Tests:
    """The tests of a program, parsed; ``results`` are the names that hold what an entry point returned,
    ``called`` those by which one is called."""

    def __init__(self, program: Program, root: Node, given: list[Node]) -> None:
        self.entry_points = set(program.entry_points)
        self.nodes = list(names.walk(root))
        self.bound = names.bound(self.nodes)
        self.given = names.bound(given)
        self._given_nodes = given
        self.functions = self._function_names()
        self.called = self._aliases()
        self.results = self._results()

    def _function_names(self) -> set[str]:
        """The names of functions and classes, and of values that hold one."""
        kinds = (*names.FUNCTIONS, "class_declaration", "class")
        nodes = [*self._given_nodes, *self.nodes]
        found = {text_of(node.child_by_field_name("name")) for node in nodes if node.type in kinds}
        found |= self.entry_points
        for name, value in _declarators(nodes):
            if _holds_function(value, found):
                found.add(name)
        return found - {""}

    def _aliases(self) -> set[str]:
        found = set(self.entry_points)
        for name, value in _declarators(self.nodes):
            if value.type == "identifier" and text_of(value) in found:
                found.add(name)
        for node in self.nodes:
            if node.type == "call_expression":
                for at, argument in enumerate(arguments_of(node)):
                    if argument.type == "identifier" and text_of(argument) in found:
                        found |= self._parameter(text_of(node.child_by_field_name("function")), at)
        return found

    def _parameter(self, function: str, at: int) -> set[str]:
        for node in self.nodes:
            holder = node.parent if node.parent and node.parent.type == "variable_declarator" else node
            if node.type in names.FUNCTIONS and text_of(holder.child_by_field_name("name")) == function:
                parameters = node.child_by_field_name("parameters")
                listed = parameters.named_children if parameters else []
                return set(names.in_pattern(listed[at])) if at < len(listed) else set()
        return set()

    def _results(self) -> set[str]:
        found = {name for name, value in _declarators(self.nodes) if self.is_result(value)}
        for node in self.nodes:
            if node.type == "variable_declarator" and self.is_result(node.child_by_field_name("value")):
                found.update(names.in_pattern(node.child_by_field_name("name")))
        return found

    def is_result(self, node: Node | None) -> bool:
        """Whether an expression is what an entry point returned, or awaits it."""
        while node and node.type in _WRAPPED:
            node = node.named_children[0] if node.named_children else None
        if node is None or node.type != "call_expression":
            return False
        return text_of(node.child_by_field_name("function")) in self.called


def _declarators(nodes: list[Node]) -> Iterator[tuple[str, Node]]:
    """The names that get a value, and the values."""
    for node in nodes:
        if node.type == "variable_declarator":
            name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        elif node.type == "assignment_expression":
            name, value = node.child_by_field_name("left"), node.child_by_field_name("right")
        else:
            continue
        if name and value and name.type == "identifier":
            yield text_of(name), value


def arguments_of(call: Node) -> list[Node]:
    listed = call.child_by_field_name("arguments")
    return [each for each in listed.named_children if each.type != "comment"] if listed else []


def _holds_function(node: Node, functions: set[str]) -> bool:
    """Whether a value is a function, or an array or object that holds one."""
    if node.type in names.FUNCTIONS or node.type == "class":
        return True
    if node.type == "identifier":
        return text_of(node) in functions or text_of(node) in ("Symbol", "parseInt", "parseFloat")
    if node.type == "new_expression":
        return text_of(node.child_by_field_name("constructor")) not in _VALUES
    if node.type == "call_expression":
        return text_of(node.child_by_field_name("function")) == "Symbol"
    inner = ("object", "array", "pair", "spread_element", "parenthesized_expression", "ternary_expression")
    if node.type == "pair":
        value = node.child_by_field_name("value")
        return value is not None and _holds_function(value, functions)
    return node.type in (*inner, "as_expression", "arguments") and any(
        _holds_function(each, functions) for each in node.named_children
    )


def why_shared(grammar: str, program: Program) -> str:
    """Why the tests need the candidate's objects; empty if values are enough."""
    text = modules.plain(program.tests)
    root = CodeParser(grammar).parse(text)
    if root is None or root.has_error:
        return "the tests do not parse"
    found = declared.parsed(grammar, program.declaration)
    if found is None:
        return "the declaration does not parse"
    setup = CodeParser(grammar).parse(modules.plain(program.setup))
    if modules.awaits(found[1]) or (setup and modules.awaits(setup)):
        return "the given code awaits at its top level"
    given = list(names.walk(found[1], *([setup] if setup else [])))
    tests = _Tests(program, root, given)
    return next(_objections(tests, grammar), "")


def _objections(tests: _Tests, grammar: str) -> Iterator[str]:
    if grammar == "javascript":  # a compiler finds them elsewhere
        known = tests.bound | tests.given | tests.entry_points | names.LANGUAGE | names.NODE
        for name in names.used(tests.nodes):
            if name not in known:
                yield f"the tests use {name!r}, which is not among the entry points"
    for node in tests.nodes:
        kind = _OBJECTIONS.get(node.type)
        if kind and (reason := kind(tests, node)):
            yield reason


def _identifier(tests: _Tests, node: Node) -> str:
    name = text_of(node)
    return f"the tests use {name}" if name in _FORBIDDEN and name not in tests.bound else ""


def _member(tests: _Tests, node: Node) -> str:
    target, name = node.child_by_field_name("object"), text_of(node.child_by_field_name("property"))
    owner = text_of(target)
    if name in _REFLECTING or (name in _CHANGING and owner in ("Object", "Reflect")):
        return f"the tests use {owner[:40]}.{name}"
    if owner == "process" and name not in _PROCESS and "process" not in tests.bound:
        return f"the tests use process.{name}"
    if owner == "Symbol" and name != "iterator":
        return f"the tests use Symbol.{name}"
    if owner in tests.called and name not in ("call", "apply", "bind"):
        return f"the tests use the attribute {name!r} of {owner!r}"
    return ""


def _call(tests: _Tests, node: Node) -> str:
    function = node.child_by_field_name("function")
    if function is None:
        return ""
    name, arguments = text_of(function), arguments_of(node)
    reason = _module(arguments) if name == "require" else ""
    if name in tests.called and any(_holds_function(each, tests.functions) for each in arguments):
        reason = f"the tests pass a function or an object of their own to {name!r}"
    if function.type == "member_expression":
        reason = reason or _method(tests, function, arguments)
    elif tests.is_result(function) or name in tests.results:
        reason = "the tests call a function that the candidate has returned"
    is_comparison = name.rpartition(".")[2] in _SAME_CALLS
    return reason or (_same(tests, arguments[:2]) if is_comparison else "")


def _method(tests: _Tests, function: Node, arguments: list[Node]) -> str:
    owner, name = _root(function, tests), text_of(function.child_by_field_name("property"))
    if name not in _METHODS and (tests.is_result(owner) or text_of(owner) in tests.results):
        return f"the tests call the method {name!r} of what the candidate has returned"
    return "the tests send values to an iterator" if name == "next" and arguments else ""


def _root(node: Node | None, tests: _Tests) -> Node | None:
    """What a chain of members and calls begins with: ``f(1)`` in ``f(1).list[0].map(g)``."""
    while node and not tests.is_result(node):
        if node.type == "call_expression":
            node = node.child_by_field_name("function")
        elif node.type in ("member_expression", "subscript_expression"):
            node = node.child_by_field_name("object")
        elif node.type in _WRAPPED:
            node = node.named_children[0] if node.named_children else None
        else:
            break
    return node


def _module(arguments: list[Node]) -> str:
    if not arguments or arguments[0].type != "string":
        return "the tests load a module by a name that they compute"
    return _of_module(text_of(arguments[0]).strip("'\"`"))


def _of_module(name: str) -> str:
    from crosstune.languages._shared.node import packages

    own = name.removeprefix("node:")
    if name.startswith(".") or own in _MODULES or packages.package_of(name):
        return ""
    return f"the tests use the module {own}"


def _import(_tests: _Tests, node: Node) -> str:
    return _of_module(text_of(node.child_by_field_name("source")).strip("'\"`"))


def _new(tests: _Tests, node: Node) -> str:
    name = text_of(node.child_by_field_name("constructor"))
    return f"the tests make objects of {name!r}" if name in tests.called else ""


def _assignment(tests: _Tests, node: Node) -> str:
    target = node.child_by_field_name("left")
    if text_of(target) in tests.entry_points:
        return f"the tests change {text_of(target)!r}"
    while target and target.type in ("member_expression", "subscript_expression"):
        target = target.child_by_field_name("object")
    name = text_of(target)
    own = ("exports", "module", "process")  # process: only what `_member` allows
    is_global = name in names.LANGUAGE | names.NODE and name not in own and name not in tests.bound
    return f"the tests change {text_of(node.child_by_field_name('left'))[:40]!r}" if is_global else ""


def _comparison(tests: _Tests, node: Node) -> str:
    if text_of(node.child_by_field_name("operator")) not in _SAME:
        return ""
    sides = [node.child_by_field_name(each) for each in ("left", "right")]
    return _same(tests, [each for each in sides if each])


def _same(tests: _Tests, sides: list[Node]) -> str:
    """Whether two results are compared, which may be one object."""
    own = [tests.is_result(side) or text_of(side) in tests.results for side in sides]
    return "the tests compare the identity of results" if len(own) == 2 and all(own) else ""


def _loop(_tests: _Tests, node: Node) -> str:
    is_async = any(child.type == "await" for child in node.children)
    return "the tests iterate asynchronously" if is_async else ""


_OBJECTIONS = {
    "identifier": _identifier,
    "member_expression": _member,
    "call_expression": _call,
    "import_statement": _import,
    "new_expression": _new,
    "assignment_expression": _assignment,
    "binary_expression": _comparison,
    "for_in_statement": _loop,
}

_CONSOLE = frozenset(["log", "info", "debug", "error", "warn", "assert"])
_OF_CONTEXT = frozenset({"assert", "assert/strict", "util", "lodash"})
_OUTSIDE = frozenset(
    {"Promise", "WebAssembly", "Intl", "instanceof", "await", "async", "meta_property", "import"}
)
_PROMISED = frozenset({"then", "catch", "finally", "throws", "rejects", "doesNotReject"})


@functools.lru_cache(maxsize=_KEPT)
def needs_only_language(grammar: str, given: str, tests: str) -> bool:
    """Whether the tests need no more than a context has: the language, assertions, and packages of one
    file."""
    roots = [CodeParser(grammar).parse(modules.plain(each)) for each in (given, tests)]
    if any(root is None or root.has_error for root in roots):
        return False
    nodes = list(names.walk(*(root for root in roots if root)))
    if names.used(nodes).keys() & (names.NODE - names.bound(nodes)):
        return False
    return not any(_is_outside(node) for node in nodes)


def _is_outside(node: Node) -> bool:
    if node.type == "identifier" and text_of(node) in _OUTSIDE:
        return True
    if node.type in ("await", "async", "instanceof", "meta_property") or (
        node.type == "import" and node.parent and node.parent.type == "call_expression"
    ):
        return True
    if node.type == "member_expression":
        owner = text_of(node.child_by_field_name("object"))
        name = text_of(node.child_by_field_name("property"))
        return name in _PROMISED or (owner == "console" and name not in _CONSOLE)
    if node.type == "import_statement":
        return (
            text_of(node.child_by_field_name("source")).strip("'\"`").removeprefix("node:") not in _OF_CONTEXT
        )
    if node.type == "call_expression" and text_of(node.child_by_field_name("function")) == "require":
        first = arguments_of(node)[:1]
        return not first or text_of(first[0]).strip("'\"`").removeprefix("node:") not in _OF_CONTEXT
    return False
