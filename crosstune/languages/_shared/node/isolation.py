"""Whether the tests of a JavaScript or TypeScript program can do with values of its candidate, in a process
of their own. See `SeparateProcesses.why_shared`."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from crosstune.languages._shared.node import changes, modules, names, objects, passed, results, uses
from crosstune.languages._shared.node.expressions import arguments_of, compared
from crosstune.languages._shared.node.names import text_of
from crosstune.languages._shared.node.uses import Tests
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


def why_shared(grammar: str, program: Program) -> str:
    """Why the tests need the candidate's objects; empty if values are enough."""
    tests = uses.parsed(grammar, program)
    return tests if isinstance(tests, str) else next(_objections(tests, grammar), "")


def _objections(tests: Tests, grammar: str) -> Iterator[str]:
    if grammar == "javascript":  # a compiler finds them elsewhere
        known = tests.bound | tests.given | tests.entry_points | names.LANGUAGE | names.NODE
        for name in names.used(tests.nodes):
            if name not in known:
                yield f"the tests use {name!r}, which is not among the entry points"
    for name in tests.loaded():
        if name not in tests.entry_points | {"call", "apply", "bind"}:
            yield f"the tests use {name!r} of the candidate's module, which is not among the entry points"
    for node in tests.nodes:
        kind = _OBJECTIONS.get(node.type)
        if kind and (reason := kind(tests, node)):
            yield reason
    if tests.decides_instances:
        yield "a class that is given decides what its instances are"
    yield from changes.objections(tests)
    yield from results.objections(tests)
    if tests.use_objects:
        yield from objects.objections(tests)


def _identifier(tests: Tests, node: Node) -> str:
    name = text_of(node)
    if name in tests.given_classes:
        return f"the tests use {name!r}, whose objects are no values"
    return f"the tests use {name}" if name in _FORBIDDEN and name not in tests.bound else ""


def _member(tests: Tests, node: Node) -> str:
    target, name = node.child_by_field_name("object"), text_of(node.child_by_field_name("property"))
    owner = text_of(target)
    if name in _REFLECTING or (name in _CHANGING and owner in ("Object", "Reflect")):
        return f"the tests use {owner[:40]}.{name}"
    if owner == "process" and name not in _PROCESS and "process" not in tests.bound:
        return f"the tests use process.{name}"
    if owner == "Symbol" and name != "iterator":
        return f"the tests use Symbol.{name}"
    return ""


def _item(tests: Tests, node: Node) -> str:
    """No array has an item before the first, but a proxy may have one."""
    is_before = text_of(node.child_by_field_name("index")).startswith("-")
    is_remote = is_before and tests.is_remote(node.child_by_field_name("object"))
    return "the tests use an item before the first" if is_remote else ""


def _call(tests: Tests, node: Node) -> str:
    function = node.child_by_field_name("function")
    if function is None:
        return ""
    name, arguments = text_of(function), arguments_of(node)
    if name == "require" and (reason := _module(arguments)):
        return reason
    if name in tests.called and (what := passed.objection(tests, arguments)):
        return f"the tests pass {what} to {name!r}"
    return _same(tests, node)


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


def _import(_tests: Tests, node: Node) -> str:
    return _of_module(text_of(node.child_by_field_name("source")).strip("'\"`"))


def _assignment(tests: Tests, node: Node) -> str:
    target = node.child_by_field_name("left")
    if text_of(target) in tests.entry_points:
        return f"the tests change {text_of(target)!r}"
    while target and target.type in ("member_expression", "subscript_expression"):
        target = target.child_by_field_name("object")
    name = text_of(target)
    own = ("exports", "module", "process")  # process: only what `_member` allows
    is_global = name in names.LANGUAGE | names.NODE and name not in own and name not in tests.bound
    return f"the tests change {text_of(node.child_by_field_name('left'))[:40]!r}" if is_global else ""


def _same(tests: Tests, node: Node) -> str:
    """Whether two results are compared, which may be one object."""
    sides = [] if tests.use_objects else compared(node)
    own = [tests.is_result(side) or text_of(side) in tests.results for side in sides]
    return "the tests compare the identity of results" if len(own) == 2 and all(own) else ""


def _loop(_tests: Tests, node: Node) -> str:
    is_async = any(child.type == "await" for child in node.children)
    return "the tests iterate asynchronously" if is_async else ""


_OBJECTIONS = {
    "identifier": _identifier,
    "member_expression": _member,
    "subscript_expression": _item,
    "call_expression": _call,
    "import_statement": _import,
    "assignment_expression": _assignment,
    "binary_expression": _same,
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
