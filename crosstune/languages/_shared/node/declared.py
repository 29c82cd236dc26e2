"""The code that a benchmark gives to a JavaScript or TypeScript program, without the asked-for functions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from crosstune.languages._shared.node import modules, names
from crosstune.languages._shared.node.edits import Edits
from crosstune.parsing import CodeParser

if TYPE_CHECKING:
    from tree_sitter import Node

    from crosstune.records import Program

_ENDS = ("", "}", "};", "})", "});", "}}", "{}")
"""What may end a declaration whose last function has no body."""


def parsed(grammar: str, declaration: str) -> tuple[str, Node] | None:
    """The declaration with an end and its syntax tree; None if it does not parse."""
    for end in _ENDS:
        text = f"{modules.plain(declaration).rstrip()}\n{end}"
        root = CodeParser(grammar).parse(text)
        if root is not None and not root.has_error:
            return text, root
    return None


def helpers(program: Program) -> str:
    """Setup and declaration without the entry points, in JavaScript."""
    found = parsed("javascript", program.declaration)
    if found is None:
        return program.setup
    text, root = found
    edits = Edits(text)
    for statement in root.named_children:
        if _declares(statement, program.entry_points) or b"exports" in (statement.text or b""):
            edits.replace(statement.start_byte, statement.end_byte)
    return "\n\n".join(filter(None, (program.setup, edits.result().strip())))


def _declares(statement: Node, entry_points: tuple[str, ...]) -> bool:
    return any(names.text_of(name) in entry_points for name in declared_names(statement))


def declared_names(statement: Node) -> Iterator[Node]:
    """The nodes of the names that a statement declares."""
    if statement.type in ("export_statement", "ambient_declaration"):
        for inner in statement.named_children:
            yield from declared_names(inner)
    elif statement.type in ("lexical_declaration", "variable_declaration"):
        for declarator in statement.named_children:
            name = declarator.child_by_field_name("name")
            if name and name.type == "identifier":
                yield name
    elif name := statement.child_by_field_name("name"):
        yield name
