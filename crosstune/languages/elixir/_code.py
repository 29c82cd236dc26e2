"""Code in Elixir cut into what it defines: in its grammar, everything is a call."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from crosstune.parsing import CodeParser, decoded, encoded, leaves

if TYPE_CHECKING:
    from tree_sitter import Node

FUNCTIONS = frozenset({"def", "defp", "defmacro", "defmacrop", "defguard", "defguardp", "defdelegate"})
PUBLIC = frozenset({"def", "defmacro", "defguard", "defdelegate"})
MODULES = frozenset({"defmodule", "defprotocol"})
DIRECTIVES = frozenset({"import", "alias", "require", "use"})
STRUCTS = frozenset({"defstruct", "defexception"})
_STUB = re.compile(r"raise\b.*(?:not\s+(?:yet\s+)?implemented|todo).*|:not_implemented|:todo", re.IGNORECASE)
_BEGINS = re.compile(r"[ \t]*(?:def\w*|import|alias|require|@\w+)[ \t(]")
_MOST_BEGINNINGS, _MOST_LINES, _MOST_ENDS, _MOST_LEVELS, _MOST_PARTS = 200, 400, 100, 10, 2000
"""No answer that is meant has more."""


@dataclass(frozen=True, eq=False)
class Part:
    """A call at the top level of code, or of a module. ``word`` is what is called (``def``, ``defmodule``,
    ``@`` for an attribute), ``name`` what that defines: empty for any other statement."""

    word: str
    name: str
    node: Node
    block: int = 0

    @property
    def text(self) -> str:
        return decoded(self.node.text or b"")

    @cached_property
    def members(self) -> list[Part]:
        body = _child(self.node, "do_block")
        return [part(child) for child in body.named_children if child.type != "comment"] if body else []

    @cached_property
    def aliases(self) -> frozenset[str]:
        """The modules to which it refers."""
        return frozenset(decoded(each.text or b"") for each in leaves(self.node) if each.type == "alias")

    @cached_property
    def head_aliases(self) -> frozenset[str]:
        """Those to which it refers before its body: the protocol and the type of an implementation."""
        head = _child(self.node, "arguments")
        found = leaves(head) if head else ()
        return frozenset(decoded(each.text or b"") for each in found if each.type == "alias")

    @cached_property
    def words(self) -> frozenset[str]:
        """The names that it uses."""
        return frozenset(decoded(each.text or b"") for each in leaves(self.node) if each.type == "identifier")

    @property
    def arity(self) -> int:
        """The number of a function's parameters."""
        head = _head(self.node)
        arguments = _child(head, "arguments") if head and head.type == "call" else None
        return arguments.named_child_count if arguments else 0

    def is_test(self) -> bool:
        return any(each.word in DIRECTIVES and "ExUnit" in each.text for each in self.members)

    def is_stub(self) -> bool:
        """Whether a function's body does nothing yet."""
        body = _child(self.node, "do_block")
        if body is None:
            return False
        kept = [child for child in body.named_children if child.type != "comment"]
        return not kept or (len(kept) == 1 and _STUB.fullmatch(decoded(kept[0].text or b"")) is not None)


def part(node: Node, block: int = 0) -> Part:
    if node.type == "unary_operator" and (node.text or b"").startswith(b"@"):
        operand = node.child_by_field_name("operand")
        return Part("@", _called(operand) if operand else "", node, block)
    word = _called(node) if node.type == "call" else ""
    head = _head(node) if word in FUNCTIONS | MODULES else None
    return Part(word, _called(head) if head else "", node, block)


def _head(node: Node) -> Node | None:
    """What a definition names: the first argument, without its guard."""
    arguments = _child(node, "arguments")
    first = arguments.named_children[0] if arguments and arguments.named_children else None
    operator = first.child_by_field_name("operator") if first and first.type == "binary_operator" else None
    if first is None or operator is None:
        return first
    return first.child_by_field_name("left") if operator.type == "when" else operator


def _called(node: Node) -> str:
    target = node.child_by_field_name("target") if node.type == "call" else node
    return decoded(target.text or b"") if target is not None else ""


def _child(node: Node, kind: str) -> Node | None:
    return next((child for child in node.named_children if child.type == kind), None)


class Reader:
    """Reads the codes of one answer, within its bound of time."""

    def __init__(self) -> None:
        self._parser = CodeParser("elixir")

    def root(self, code: str) -> Node | None:
        """The tree of code without errors."""
        tree = self._parser.parse(code)
        return None if tree is None or tree.has_error or _ends_early(tree) else tree

    def closes_more(self, code: str) -> bool:
        """Whether code closes what it does not open."""
        tree = self._parser.parse(code)
        return tree is not None and _ends_early(tree)

    def parts(self, code: str, block: int = 0) -> list[Part]:
        """What code defines; of code with errors, or between sentences, what can be read."""
        tree = self.root(code) or self.root(self._readable(code))
        nodes = tree.named_children[:_MOST_PARTS] if tree else ()
        return [part(node, block) for node in nodes if node.type != "comment"]

    def _readable(self, text: str) -> str:
        lines, kept, at, tries = text.split("\n"), list[str](), 0, 0
        while at < len(lines) and tries < _MOST_BEGINNINGS:
            begins = _BEGINS.match(lines[at]) is not None
            end = self._end(lines, at) if begins else None
            tries += begins
            kept += lines[at:end] if end else []
            at = end or at + 1
        return "\n".join(kept)

    def _end(self, lines: list[str], at: int) -> int | None:
        """The line after what begins on line ``at``."""
        last = min(at + _MOST_LINES, len(lines))
        ends = [at + 1, *(k + 1 for k in range(at + 1, last) if lines[k].strip() == "end")]
        return next((end for end in ends[:_MOST_ENDS] if self.root("\n".join(lines[at:end]))), None)

    def up_to_end(self, code: str, boundary: int) -> str:
        """The code up to the ``end`` of what is open where ``boundary`` characters have been read; empty
        where that never ends."""
        ends = re.finditer(r"^[ \t]*end\b", code[boundary:], re.MULTILINE)
        for match in itertools.islice(ends, _MOST_ENDS):
            head = code[: boundary + match.end()]
            if self.root(head):
                return head + "\n"
        return ""

    def completed(self, code: str) -> str:
        """Code with an ``end`` for each block that is open; empty where more is missing."""
        tries = (code + "\nend" * count + "\n" for count in range(5))
        return next((each for each in tries if self.root(each)), "")


def _ends_early(tree: Node) -> bool:
    """Whether an ``end`` closes nothing: the grammar takes it for a name."""
    short = (each for each in leaves(tree) if each.end_byte - each.start_byte == len("end"))
    return any(each.text == b"end" and each.type == "identifier" for each in short)


def modules(
    parts: list[Part], outer: str = "", levels: int = _MOST_LEVELS
) -> Iterator[tuple[str, Part, Part]]:
    """The modules of some code, the inner ones too: full name, the module, and the one at the top level."""
    for each in parts:
        if each.word in MODULES and each.name and levels:
            full = f"{outer}.{each.name}" if outer else each.name
            yield full, each, each
            yield from ((name, inner, each) for name, inner, _ in modules(each.members, full, levels - 1))


def renamed(node: Node, old: str, new: str, inserted: str = "") -> str:
    """The source of ``node`` with the module ``old`` named ``new``, and text put behind its first ``do``."""
    base, data = node.start_byte, node.text or b""
    edits = list[tuple[int, int, bytes]]()
    for leaf in leaves(node):
        name = decoded(leaf.text or b"")
        if leaf.type == "alias" and old and (name == old or name.startswith(f"{old}.")):
            edits.append((leaf.start_byte, leaf.end_byte, encoded(new + name[len(old) :])))
    body = _child(node, "do_block")
    if inserted and body is not None:
        edits.append((body.children[0].end_byte, body.children[0].end_byte, encoded(f"\n{inserted}")))
    for begin, end, text in sorted(edits, reverse=True):
        data = data[: begin - base] + text + data[end - base :]
    return decoded(data)
