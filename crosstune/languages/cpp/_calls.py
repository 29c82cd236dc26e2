"""How the judge itself calls functions and methods of C++ candidates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tree_sitter import Node

from crosstune.errors import DataError
from crosstune.languages import _call_names as call_names
from crosstune.languages._arguments import (
    CallPlan,
    CallTarget,
    Likeness,
    written,
)
from crosstune.languages._shared.native import declarations
from crosstune.languages._shared.native.candidate import without_bom
from crosstune.languages._shared.native.nodes import descendants, text_of
from crosstune.languages.cpp import _shapes
from crosstune.parsing import CodeParser
from crosstune.records import Program

_LOGIC = ("invalid_argument", "out_of_range", "length_error", "domain_error")
_RUNTIME = ("overflow_error", "underflow_error", "range_error")
_ERROR_BASES = {
    **dict.fromkeys(_LOGIC, "logic_error"),
    **dict.fromkeys(_RUNTIME, "runtime_error"),
    **dict.fromkeys(("logic_error", "runtime_error", "bad_cast"), "exception"),
}


def plan(program: Program, calls: tuple[str, ...]) -> CallPlan:
    """
    Raises:
        DataError: a call names nothing that is declared, or a parameter is of no type of values.
    """
    types = _shapes.types_of(_root(program.declaration))
    program = _with_methods(program, calls)
    names = {call: _function_of(number, call) for number, call in enumerate(calls)}
    points = tuple(dict.fromkeys((*program.entry_points, *names.values())))
    points = tuple(each for each in points if not call_names.named(each)[0])
    declared = declarations.parsed(without_bom(program.declaration), points, "cpp")
    if declared.why_not:
        raise DataError(declared.why_not)
    known = {each.name: each for each in declared.functions}
    if missing := [call for call, name in names.items() if name not in known]:
        raise DataError(f"a case calls {missing[0]}, which is not declared")
    targets = {
        call: CallTarget(name, parameters=tuple(map(types.shape, _types(known[name].tail))))
        for call, name in names.items()
    }
    return CallPlan(
        targets=targets,
        entry_points=points,
        declaration=program.declaration,
        candidate=program.candidate,
        write=written,
        likeness=Likeness(error_bases=_ERROR_BASES),
    )


def _function_of(number: int, call: str) -> str:
    owner, _, name = call_names.named(call)
    return f"crosstune_call_{number}" if owner else name


def _with_methods(program: Program, calls: tuple[str, ...]) -> Program:
    """The program with a function for each method that is called."""
    heads, bodies, root = list[str](), list[str](), _root(program.declaration)
    for number, call in enumerate(calls):
        owner, is_new, name = call_names.named(call)
        if owner:
            head, tail = _method(root, owner, name, f"crosstune_call_{number}", is_new)
            held = f"{owner}()." if is_new else f"{owner}::"
            given = (f"static_cast<decltype({each})>({each})" for each in _names(tail))
            heads.append(f"{head};")
            bodies.append(f"{head} {{ return {held}{name}({', '.join(given)}); }}")
    if not heads:
        return program
    return replace(
        program,
        declaration="\n".join((text_of(root), *heads)),
        candidate="\n".join((program.candidate, *bodies)),
        entry_points=tuple(
            each for each in program.entry_points if each not in {c[0] for c in map(call_names.named, calls)}
        ),
    )


def _root(declaration: str) -> Node | None:
    """The syntax tree of a declaration, which may end inside a class or a method."""
    for ending in ("", "};", "}};", "}\n};", "}\n}\n};", ";};"):
        root = CodeParser("cpp").parse(f"{without_bom(declaration).rstrip()}\n{ending}")
        if root is not None and not root.has_error:
            return root
    return declarations.root_of(declaration, "cpp")


def _method(root: Node | None, owner: str, name: str, renamed: str, is_new: bool) -> tuple[str, str]:
    """The head of a function that is declared like a method, and its parameters.

    Raises:
        DataError: it is not declared, or no object can be made for it.
    """
    for node in descendants(root) if root is not None else ():
        if node.type not in ("class_specifier", "struct_specifier") or _name(node) != owner:
            continue
        members = list(_members(node))
        if is_new and _needs_arguments(members, owner):
            raise DataError(f"a case calls {owner}().{name}, but {owner} is made with arguments")
        for member in members:
            if _declared_name(member) == name:
                found = declarations.member_of(name, member)
                head, tail = (_with_own_types(each, node, owner) for each in (found.head, found.tail))
                head = re.sub(r"\s*&+$", "", head)
                return f"{head} {renamed}{tail}", tail
    raise DataError(f"a case calls {owner}().{name}, which is not declared")


def _with_own_types(text: str, node: Node, owner: str) -> str:
    """A type with the class in front of the names of types that it defines."""
    for each in _body(node):
        kind = each.child_by_field_name("type") if each.type == "field_declaration" else each
        key = "declarator" if each.type == "type_definition" else "name"
        name = text_of(kind.child_by_field_name(key)) if kind is not None else ""
        is_type = kind is not None and (
            each.type in ("alias_declaration", "type_definition")
            or kind.child_by_field_name("body") is not None
        )
        if is_type and name.isidentifier():
            text = re.sub(rf"(?<![\w:]){name}\b", f"{owner}::{name}", text)
    return text


def _body(owner: Node) -> Sequence[Node]:
    body = owner.child_by_field_name("body")
    return body.named_children if body else ()


def _members(owner: Node) -> Iterator[Node]:
    for member in _body(owner):
        kinds = ("function_definition", "field_declaration", "declaration")
        if member.type in kinds and declarations.declarator_of(member) is not None:
            yield member


def _declared_name(member: Node) -> str:
    declarator = declarations.declarator_of(member)
    return text_of(declarator.child_by_field_name("declarator")) if declarator else ""


def _needs_arguments(members: Sequence[Node], owner: str) -> bool:
    """Whether a class has constructors, but none without arguments."""
    made = [declarations.member_of(owner, each) for each in members if _declared_name(each) == owner]
    return bool(made) and all(any(not each.default for each in one.parameters) for one in made)


def _name(node: Node) -> str:
    return text_of(node.child_by_field_name("name"))


def _parameters(tail: str) -> list[Node]:
    root = CodeParser("cpp").parse(f"void crosstune{tail};")
    listed = (
        next((each for each in descendants(root) if each.type == "parameter_list"), None) if root else None
    )
    found = listed.named_children if listed else []
    found = [each for each in found if each.type.endswith("parameter_declaration")]
    return [] if len(found) == 1 and text_of(found[0]) == "void" else found


def _identifier(parameter: Node) -> Node | None:
    declarator = parameter.child_by_field_name("declarator")
    inside = descendants(declarator) if declarator else ()
    return next((each for each in inside if each.type == "identifier"), None)


def _names(tail: str) -> list[str]:
    return [text_of(_identifier(each)) for each in _parameters(tail)]


def _types(tail: str) -> list[str]:
    """The texts of the types of parameters."""
    types = []
    for each in _parameters(tail):
        text, name = text_of(each), text_of(_identifier(each))
        default = each.child_by_field_name("default_value")
        if default is not None:
            text = text[: text.rindex("=")]
        types.append(re.sub(rf"\b{re.escape(name)}\b(?!.*\b{re.escape(name)}\b)", "", text) if name else text)
    return types
