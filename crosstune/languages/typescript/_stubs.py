"""The module that the tests of a TypeScript program import in the candidate's place.

It has setup and declaration, whose entry points only keep their types, and stubs of these types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crosstune.languages._shared.node import declared
from crosstune.languages._shared.node.edits import Edits
from crosstune.languages._shared.node.names import text_of, walk

if TYPE_CHECKING:
    from tree_sitter import Node

    from crosstune.records import Program

_STUB, _ANY, _TYPE_OF = "$$stub", "$$any", "$$"
_CLASSES = ("class_declaration", "abstract_class_declaration", "class")
_LITERALS = ("number", "string", "true", "false", "null", "undefined")
# Its arguments are those of the class above, whatever they are.
_SUPER = f"{{\n// @ts-ignore\nsuper(...{_ANY});\n}}"


def module(program: Program) -> str:
    """The text of the module."""
    found = declared.parsed("typescript", program.declaration)
    text, types, default = program.declaration, dict[str, str](), ""
    if found is not None:
        text, root = found
        edits = Edits(text)
        for statement in root.named_children:
            for name in declared.declared_names(statement):
                if text_of(name) in program.entry_points:
                    types[text_of(name)] = _keep_type(edits, name, program.entry_points)
                    default = (_without_default(edits, statement) and text_of(name)) or default
        text = edits.result()
    stubs = [
        f'const {name} = {_STUB}("{name}")'
        + (f" as typeof {_TYPE_OF}{name};{types[name]}" if name in types else ";")
        for name in program.entry_points
    ]
    stubs += [f"export default {default};"] if default else []
    return "\n\n".join(filter(None, ("\n".join(stubs), program.setup, text.strip())))


def _without_default(edits: Edits, statement: Node) -> bool:
    """Whether a statement exported what it declares by default, which it does no longer."""
    declaration = statement.child_by_field_name("declaration")
    if declaration is None or all(child.type != "default" for child in statement.children):
        return False
    edits.replace(statement.start_byte, declaration.start_byte)
    return True


def _keep_type(edits: Edits, name: Node, entry_points: tuple[str, ...]) -> str:
    """Rename a function or class, and replace what it does; return the declaration of its type."""
    edits.insert(name.start_byte, _TYPE_OF)
    holder = name.parent
    value = holder.child_by_field_name("value") or holder if holder else None
    if value is None:
        return ""
    if value.type in _CLASSES:
        _keep_members(edits, value, entry_points)
        return _type_alias(value, text_of(name))
    if value.type == "function_signature" and not _has_body(value, text_of(name)):
        edits.insert(value.start_byte, "declare ")
    _replace_body(edits, value)
    return ""


def _has_body(signature: Node, name: str) -> bool:
    """Whether a signature is followed by the function of this name."""
    root = signature
    while root.parent is not None:
        root = root.parent
    return any(
        each.type == "function_declaration" and text_of(each.child_by_field_name("name")) == name
        for each in walk(root)
    )


def _type_alias(kind: Node, name: str) -> str:
    if kind.type == "class":
        return f" type {name} = InstanceType<typeof {_TYPE_OF}{name}>;"
    listed = kind.child_by_field_name("type_parameters")
    names = [text_of(each.child_by_field_name("name")) for each in (listed.named_children if listed else ())]
    of = f"<{', '.join(names)}>" if names else ""
    return f" type {name}{text_of(listed)} = {_TYPE_OF}{name}{of};"


def _keep_members(edits: Edits, kind: Node, entry_points: tuple[str, ...]) -> None:
    heritage = next((each for each in kind.named_children if each.type == "class_heritage"), None)
    extended = [each for each in walk(heritage) if each.type == "extends_clause"] if heritage else []
    for clause in extended:
        base = clause.child_by_field_name("value")
        if base and text_of(base) in entry_points:
            edits.insert(base.start_byte, _TYPE_OF)
    body = kind.child_by_field_name("body")
    for member in body.named_children if body else ():
        if member.type == "method_definition":
            _replace_body(edits, member, is_derived=bool(extended))
        elif member.type == "public_field_definition":
            _replace_initial(edits, member)
        elif member.type == "class_static_block":
            edits.replace(member.start_byte, member.end_byte)


def _replace_initial(edits: Edits, field: Node) -> None:
    """Replace the value of a field: that of a static one would be computed."""
    value = field.child_by_field_name("value")
    if value is None or value.type in _LITERALS:
        return
    if value.child_by_field_name("body"):
        _replace_body(edits, value)
    else:
        edits.replace(value.start_byte, value.end_byte, "undefined as any")


def _replace_body(edits: Edits, function: Node, *, is_derived: bool = False) -> None:
    body = function.child_by_field_name("body")
    if body is None:
        return
    kinds = {child.type for child in function.children}
    if body.type != "statement_block":
        by = _ANY
    elif text_of(function.child_by_field_name("name")) == "constructor":
        by = _SUPER if is_derived else "{ }"
    elif "set" in kinds:
        by = "{ }"
    else:
        by = f"{{ yield {_ANY}; }}" if "*" in kinds else f"{{ return {_ANY}; }}"
    edits.replace(body.start_byte, body.end_byte, by)
