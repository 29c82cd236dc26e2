"""Rewrite ECMAScript modules as scripts, so that the tests see what a candidate declares.

Imports become calls of ``require``, exports become declarations or properties of ``module.exports``. A
candidate that awaits at the top level becomes an asynchronous function whose declarations are outside of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosstune.languages._shared.node import waits
from crosstune.languages._shared.node.edits import Edits
from crosstune.parsing import CodeParser

if TYPE_CHECKING:
    from tree_sitter import Node

_MAY_BE_MODULE = re.compile(r"\b(?:import|export|await)\b")
_SHEBANG = re.compile(r"\ufeff?#!")
_STRICT = '"use strict";'
# The runner's own names: a module may declare others of the usual ones itself.
_META, _REQUIRE = "$$meta", "$$require"
_FUNCTIONS = ("function_declaration", "generator_function_declaration")
_SCOPES = (*_FUNCTIONS, "function_expression", "generator_function", "arrow_function", "method_definition")
_PATTERN_NAMES = frozenset({"identifier", "shorthand_property_identifier_pattern"})
_DECLARATIONS = ("lexical_declaration", "variable_declaration")


@dataclass(frozen=True)
class Script:
    """A script, or the body of a function. ``awaited``: its value is a promise that fulfils when it has
    ended, or the function has to be asynchronous."""

    text: str
    awaited: bool = False


def plain(text: str) -> str:
    """The text without a byte order mark, and its first line without ``#!``."""
    return _SHEBANG.sub("//", text, count=1) if _SHEBANG.match(text) else text.removeprefix("\ufeff")


def as_script(text: str) -> Script:
    """The script that does what a module does; a text that does not parse stays as it is."""
    if not _MAY_BE_MODULE.search(text):
        return Script(text)
    root = CodeParser("javascript").parse(text)
    if root is None or root.has_error:
        return Script(text)
    module = _Module(text, root, awaited="await" in text and awaits(root))
    return module.script()


def of_candidate(setup: str, candidate: str) -> Script:
    """The script that declares what the tests call."""
    return as_script("\n\n".join(plain(part) for part in (setup, candidate) if part))


def as_tests(text: str) -> Script:
    """The body of the function that runs the tests; see `waits`. Tests that do not parse stay as they are."""
    if not (_MAY_BE_MODULE.search(text) or waits.may_wait(text)):
        return Script(text)
    root = CodeParser("javascript").parse(text)
    if root is None or root.has_error:
        return Script(text)
    module = _Module(text, root, awaited=False)
    waits.watch(module.edits, root)
    return Script(module.script().text, awaited="await" in text and awaits(root))


def called_names(text: str) -> list[str]:
    """The names that a text calls and does not declare."""
    root = CodeParser("javascript").parse(text)
    if root is None:
        return []
    called: set[str] = set()
    declared: set[str] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        waiting.extend(node.children)
        if node.type not in _PATTERN_NAMES or node.parent is None:
            continue
        is_called = node in map(node.parent.child_by_field_name, ("function", "constructor"))
        (called if is_called else declared).add((node.text or b"").decode())
    return sorted(called - declared - {"require"})


def awaits(root: Node) -> bool:
    """Whether a program awaits outside of its functions."""
    return any(
        node.type == "await_expression" or (node.type == "for_in_statement" and _is_async(node))
        for node in _outside_functions(root)
    )


def _is_async(loop: Node) -> bool:
    return any(child.type == "await" for child in loop.children)


def _outside_functions(root: Node) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(child for child in node.named_children if child.type not in _SCOPES)


class _Module:
    def __init__(self, text: str, root: Node, awaited: bool) -> None:
        self._root, self._awaited = root, awaited
        self.edits = Edits(text)
        self._hoisted: list[str] = []
        self._functions: list[str] = []
        self._after: list[str] = []
        self._is_module = False

    def script(self) -> Script:
        for statement in self._root.named_children:
            self._rewrite(statement)
        for node in _metas(self._root):
            self.edits.replace(node.start_byte, node.end_byte, _META)
        after = "".join(f"\n{each}" for each in self._after)
        text = (_STRICT if self._is_module else "") + self.edits.result()
        if not self._awaited:
            return Script(text + after)
        outside = f"var {', '.join(self._hoisted)}; " if self._hoisted else ""
        strict = _STRICT if self._is_module else ""
        outside = strict + outside + "\n".join(self._functions)
        return Script(f"{outside}(async () => {{ {text}{after}\n}})()", awaited=True)

    def _rewrite(self, statement: Node) -> None:
        if statement.type == "import_statement":
            self._is_module = True
            imported = _import(self.edits, statement)
            self.edits.replace(statement.start_byte, statement.end_byte, self._declared(imported))
        elif statement.type == "export_statement":
            self._is_module = True
            self._export(statement)
        elif self._awaited:
            self._hoist(statement)

    def _declared(self, pairs: list[tuple[str, str]]) -> str:
        """The declaration of imported names: pairs of a pattern and a value."""
        if not self._awaited:
            return " ".join(
                f"const {pattern} = {value};" if pattern else f"{value};" for pattern, value in pairs
            )
        for pattern, _ in pairs:
            self._hoisted += _bound(pattern)
        return " ".join(f"({pattern} = {value});" if pattern else f"{value};" for pattern, value in pairs)

    def _export(self, statement: Node) -> None:
        declaration = statement.child_by_field_name("declaration")
        value = statement.child_by_field_name("value")
        start, end = statement.start_byte, statement.end_byte
        if (declaration and declaration.child_by_field_name("name")) or (
            declaration and not _is_default(statement)
        ):
            self.edits.replace(start, declaration.start_byte)
            if _is_default(statement):
                name = declaration.child_by_field_name("name")
                assert name
                self._after.append(f"module.exports.default = {self.edits.text(name)};")
            if self._awaited:
                self._hoist(declaration)
        elif expression := declaration or value:
            self.edits.replace(start, expression.start_byte, "module.exports.default = ")
        else:
            self.edits.replace(start, end, self._reexport(statement))

    def _reexport(self, statement: Node) -> str:
        source = statement.child_by_field_name("source")
        clause = next((each for each in statement.named_children if each.type == "export_clause"), None)
        if clause is None:
            return f"Object.assign(module.exports, {_REQUIRE}({self.edits.text(source)}));" if source else ""
        for specifier in clause.named_children:
            name, alias = (specifier.child_by_field_name(field) for field in ("name", "alias"))
            if name is None:
                continue
            value = self.edits.text(name)
            if source:
                value = f"{_REQUIRE}({self.edits.text(source)}).{value}"
            if source or alias:
                self._after.append(f"module.exports.{self.edits.text(alias or name)} = {value};")
        return ""

    def _hoist(self, statement: Node) -> None:
        """Move a declaration out of the asynchronous function; its value is assigned inside."""
        name = statement.child_by_field_name("name")
        if statement.type in _FUNCTIONS:
            self._functions.append(self.edits.text(statement))
            self.edits.replace(statement.start_byte, statement.end_byte)
        elif statement.type == "class_declaration" and name:
            self._hoisted.append(self.edits.text(name))
            self.edits.insert(statement.start_byte, f"{self.edits.text(name)} = ")
            self.edits.insert(statement.end_byte, ";")
        elif statement.type in _DECLARATIONS:
            self._hoist_variables(statement)

    def _hoist_variables(self, statement: Node) -> None:
        first = statement.named_children[0]
        self.edits.replace(statement.start_byte, first.start_byte, ";")
        for declarator in statement.named_children:
            pattern = declarator.child_by_field_name("name")
            if pattern is None:
                continue
            self._hoisted += _bound(self.edits.text(pattern))
            if declarator.child_by_field_name("value"):
                self.edits.insert(declarator.start_byte, "(")
                self.edits.insert(declarator.end_byte, ")")
        self.edits.insert(statement.end_byte, ";")


def _is_default(statement: Node) -> bool:
    return any(child.type == "default" for child in statement.children)


def _metas(root: Node) -> Iterator[Node]:
    if b"import.meta" not in (root.text or b""):
        return
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type == "meta_property" and node.text == b"import.meta":
            yield node
        waiting.extend(node.children)


def _import(edits: Edits, statement: Node) -> list[tuple[str, str]]:
    """What an import binds: pairs of a pattern and the value that it takes."""
    source = statement.child_by_field_name("source")
    clause = next((each for each in statement.named_children if each.type == "import_clause"), None)
    required = f"{_REQUIRE}({edits.text(source)})" if source else "undefined"
    if clause is None:
        return [("", required)]
    pairs = []
    for part in clause.named_children:
        if part.type == "identifier":
            pairs.append((edits.text(part), _default(edits.text(part), required)))
        elif part.type == "namespace_import":
            pairs.append((edits.text(part.named_children[-1]), required))
        elif part.type == "named_imports":
            pairs += _named(edits, part, required)
    return pairs


def _default(name: str, required: str) -> str:
    """What a module exports by default. That of a file which only declares a function is this function."""
    own = f"typeof all === 'object' && all.{name} || all" if re.match(r"[$\w]+\(.\.", required) else "all"
    return f"((all) => all && all.__esModule ? all.default : {own})({required})"


def _named(edits: Edits, clause: Node, required: str) -> list[tuple[str, str]]:
    bound = []
    for specifier in clause.named_children:
        name, alias = (specifier.child_by_field_name(field) for field in ("name", "alias"))
        if name is not None:
            bound.append(edits.text(name) + (f": {edits.text(alias)}" if alias else ""))
    return [(f"{{ {', '.join(bound)} }}", required)]


def _bound(pattern: str) -> list[str]:
    """The names that a pattern binds."""
    root = CodeParser("javascript").parse(f"var {pattern} = 0")
    names, waiting = [], [root.named_children[0].named_children[0].named_children[0]] if root else []
    while waiting:
        node = waiting.pop()
        if node.type in _PATTERN_NAMES:
            names.append((node.text or b"").decode())
        elif node.type in ("assignment_pattern", "object_assignment_pattern"):
            waiting.append(node.named_children[0])
        elif node.type == "pair_pattern":
            waiting.append(node.named_children[-1])
        else:
            waiting.extend(node.named_children)
    return names
