"""Let the tests' comparisons find out which side decides, if a candidate's types have rules of their own.

Each comparison in the tests looks at the types of what it compares, and at what an equality or an order that
the candidate has written by hand says of other values (``fairness.rs``). Where the declaration says that a
function returns nothing but types of the standard library, each of its results is looked at as well.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from crosstune.languages.rust import _declaration
from crosstune.languages.rust._source import Source, below, words
from crosstune.parsing import CodeParser, decoded, encoded
from crosstune.records import Program

if TYPE_CHECKING:
    from tree_sitter import Node

_MACROS = Path(__file__).with_name("fair.rs")
_EQUALITY, _ORDER = frozenset({"==", "!="}), frozenset({"<", "<=", ">", ">="})
# Macros of the standard library whose arguments are expressions.
_OF_EXPRESSIONS = frozenset(
    {"assert", "assert_eq", "assert_ne", "debug_assert", "debug_assert_eq", "debug_assert_ne", "matches"}
    | {"vec", "format", "print", "println", "eprint", "eprintln", "panic", "dbg"}
)
# In these, an expression is a constant.
_CONSTANT = frozenset({"const_item", "static_item", "array_type", "type_arguments", "attribute_item"})
_OWN_TYPES = re.compile(r"\b(?:struct|enum|union|extern)\b")
_OWN_RULES = re.compile(r"\b(?:PartialEq|PartialOrd|Ord)\b")
_BY_HAND = re.compile(r"\bfn\s+(?:r#)?(?:eq|ne|partial_cmp|cmp|lt|le|gt|ge)\b")
# Copies of values with these would be seen, or could outlive what they refer to.
_NO_COPIES = re.compile(r"\bDrop\b|\b(?:struct|enum|union)\s+\w+\s*<\s*'")
_FREE_RESULTS = re.compile(r"\b(?:impl|dyn|fn|Fn|FnMut|FnOnce|Self)\b")
_LIFETIME = re.compile(r"'\w+")
_STANDARD = frozenset(
    {"bool", "char", "str", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64"}
    | {"u128", "usize", "f32", "f64", "mut", "std", "core", "alloc", "collections", "string", "vec"}
    | {"option", "result", "boxed", "rc", "sync", "cell", "borrow", "cmp", "time", "num", "String"}
    | {"Vec", "Option", "Result", "Box", "Rc", "Arc", "Cow", "Cell", "RefCell", "Mutex", "RwLock"}
    | {"HashMap", "HashSet", "BTreeMap", "BTreeSet", "VecDeque", "BinaryHeap", "LinkedList"}
    | {"Ordering", "Duration"}
)
_TYPES = frozenset({"struct_item", "enum_item", "union_item", "trait_item", "type_item"})
# What could read the program, in which the tests' assertions are.
_READING = re.compile(r"\b(?:fs|File|OpenOptions|Command|unsafe|asm|global_asm)\b")
_ASSERT = """\
macro_rules! assert {
    ($condition:expr $(,)?) => { ::NAME::standard::assert!($condition, "assertion failed") };
    ($condition:expr, $($message:tt)+) => { ::NAME::standard::assert!($condition, $($message)+) };
}
"""
_PREFIX = "fn f() { f("


@dataclass(frozen=True)
class Watch:
    """What of the tests is watched. ``name`` is that of the judge's crate, ``own`` the module of the tests:
    their own types may compare as they like."""

    name: str
    own: str
    compares: bool
    copies: bool
    functions: frozenset[str]
    reads: bool

    @property
    def active(self) -> bool:
        return self.compares or self.reads or bool(self.functions)

    def macros(self) -> str:
        """``assert_eq`` and ``assert_ne``, and an ``assert`` that does not have its own text in the program,
        to be put before the tests."""
        asserted = _ASSERT.replace("NAME", self.name) if self.reads else ""
        if not self.compares:
            return asserted
        text = asserted + _MACROS.read_text("utf-8").replace("EQUALITY", self._check(of_order=False))
        return " ".join(text.replace("NAME", self.name).split())

    def tests(self, tests: str) -> str:
        source = Source.of(tests)
        if source.root is None:
            return tests
        ends: list[tuple[int, str]] = []
        for node, offset in _expressions(source.root):
            if self.compares and node.type == "binary_expression":
                ends += self._watch_comparison(source, node, offset)
            elif node.type == "call_expression" and self._is_asked(node):
                source.insert(node.start_byte + offset, f"::{self.name}::given(")
                ends.append((node.end_byte + offset, f", {self._of_tests})"))
        for end, text in reversed(ends):  # what begins last ends first
            source.insert(end, text)
        return source.text()

    def _watch_comparison(self, source: Source, node: Node, offset: int) -> Iterator[tuple[int, str]]:
        left, operator, right = node.children[:3]
        of_order = words(operator) in _ORDER
        if not of_order and words(operator) not in _EQUALITY:
            return
        source.insert(left.start_byte + offset, "(match (&(")
        source.put(operator.start_byte + offset, operator.end_byte + offset, "), &(")
        check = self._check(of_order=of_order)
        compared = f"*left {words(operator)} *right"
        yield right.end_byte + offset, f")) {{ (left, right) => {{ {check}; {compared} }} }})"

    def _is_asked(self, call: Node) -> bool:
        function = call.child_by_field_name("function")
        named = words(function).replace(" ", "").rpartition("::") if function else ("", "", "")
        return named[2] in self.functions and named[0] in ("", "super", "crate", "self")

    @property
    def _of_tests(self) -> str:
        return f'&["program::{self.own}"]'

    def _check(self, *, of_order: bool) -> str:
        check = f"::{self.name}::fair(left, right, {self._of_tests})"
        if not self.copies:
            return check
        traits, method = ("Ordered", "Unordered"), "ordered"
        if not of_order:
            traits, method = ("Compared", "Incomparable"), "compared"
        used = ", ".join(f"{each} as _" for each in traits)
        return (
            f"{check}; {{ use ::{self.name}::{{{used}}}; "
            f"(&::{self.name}::Pair(left, right)).crosstune_{method}({self._of_tests}) }}"
        )


def watch(program: Program, candidate: str, name: str, own: str) -> Watch:
    """
    Args:
        candidate: setup and candidate, as they become part of the program.
        name: of the judge's crate.
        own: the module of the tests.
    """
    compares = _OWN_RULES.search(candidate) is not None
    return Watch(
        name,
        own,
        compares=compares,
        copies=compares and _BY_HAND.search(candidate) is not None and not _NO_COPIES.search(candidate),
        functions=_plain_functions(program) if _OWN_TYPES.search(candidate) else frozenset(),
        reads=_READING.search(candidate) is not None,
    )


def _plain_functions(program: Program) -> frozenset[str]:
    """The functions that are asked for whose results are declared to be of the standard library's types."""
    return _plain(program.declaration, program.entry_points) if program.declaration else frozenset()


@functools.lru_cache(maxsize=256)
def _plain(declaration: str, entry_points: tuple[str, ...]) -> frozenset[str]:
    source = _declaration.parsed(declaration)
    if source is None or source.root is None:
        return frozenset()
    own = {
        words(each.child_by_field_name("name") or each) for each in below(source.root) if each.type in _TYPES
    }
    found = set()
    for item in _declaration.functions(source.root):
        result = item.node.child_by_field_name("return_type")
        text = words(result) if result else ""
        generic = item.node.child_by_field_name("type_parameters")
        free = own | set(re.findall(r"\w+", words(generic)) if generic else ())
        named = set(re.findall(r"\w+", _LIFETIME.sub("", text)))
        # A type that is neither declared nor the standard library's is one that the candidate is to define.
        if item.name in entry_points and named <= _STANDARD - free and not _FREE_RESULTS.search(text):
            found.add(item.name)
    return frozenset(found)


def _expressions(root: Node, offset: int = 0) -> Iterator[tuple[Node, int]]:
    """The nodes of the tests, the outermost first, and how far their places are from those in the text: the
    grammar has the arguments of macros as plain words, so they are parsed once more."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type in _CONSTANT or node.type == "macro_definition":
            continue
        if node.type == "macro_invocation":
            yield from _arguments(node, offset)
            continue
        yield node, offset
        waiting.extend(reversed(node.children))


def _arguments(macro: Node, offset: int) -> Iterator[tuple[Node, int]]:
    if words(macro.children[0]).rpartition("::")[2] not in _OF_EXPRESSIONS:
        return
    tokens = macro.named_children[-1]
    inner = (tokens.text or b"")[1:-1]
    root = CodeParser("rust").parse(f"{_PREFIX}{decoded(inner)}); }}")
    if root is None or root.has_error:
        return
    call = next(node for node in below(root) if node.type == "call_expression")
    arguments = call.child_by_field_name("arguments")
    start = tokens.start_byte + 1 + offset - len(encoded(_PREFIX))
    for each in arguments.children if arguments else ():
        yield from _expressions(each, start)
