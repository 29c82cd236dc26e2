"""How the judge itself calls functions and methods of C++ candidates."""

from __future__ import annotations

import re
from dataclasses import replace

from tree_sitter import Node

from crosstune.errors import DataError
from crosstune.languages import _call_names as call_names
from crosstune.languages._arguments import (
    BOOL,
    FLOAT,
    TEXT,
    CallPlan,
    CallTarget,
    Likeness,
    Shape,
    integer,
    written,
)
from crosstune.languages._shared.native import declarations
from crosstune.languages._shared.native.candidate import without_bom
from crosstune.languages._shared.native.nodes import descendants, text_of
from crosstune.languages._type_text import TypeText, parsed
from crosstune.parsing import CodeParser
from crosstune.records import Program

_WORDS = frozenset({"signed", "unsigned", "short", "long", "int"})
_SCALARS = {
    "bool": BOOL,
    "char": Shape("character", most=127),
    "signed char": integer(8),
    "unsigned char": integer(8, signed=False),
    **dict.fromkeys(("ptrdiff_t", "ssize_t"), integer(64)),
    "size_t": integer(64, signed=False),
    **{f"int{bits}_t": integer(bits) for bits in (8, 16, 32, 64)},
    **{f"uint{bits}_t": integer(bits, signed=False) for bits in (8, 16, 32, 64)},
    **dict.fromkeys(("float", "double", "long double"), FLOAT),
    **dict.fromkeys(("string", "string_view"), TEXT),
}
_LISTS = frozenset({"vector", "deque", "list", "stack", "queue", "priority_queue", "array"})
_SETS, _MAPS = frozenset({"set", "multiset"}), frozenset({"map", "multimap"})
_DROPPED = re.compile(r"\b(?:const|volatile|struct|typename)\b|\bstd::|\b__restrict\b")


def plan(program: Program, calls: tuple[str, ...]) -> CallPlan:
    """
    Raises:
        DataError: a call names nothing that is declared, or a parameter is of no type of values.
    """
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
        call: CallTarget(name, parameters=tuple(map(_shape, _types(known[name].tail))))
        for call, name in names.items()
    }
    return CallPlan(
        targets=targets,
        entry_points=points,
        declaration=program.declaration,
        candidate=program.candidate,
        write=written,
        likeness=Likeness(),
    )


def _function_of(number: int, call: str) -> str:
    owner, _, name = call_names.named(call)
    return f"crosstune_call_{number}" if owner else name


def _with_methods(program: Program, calls: tuple[str, ...]) -> Program:
    """The program with a function for each method that is called."""
    heads, bodies = list[str](), list[str]()
    for number, call in enumerate(calls):
        owner, is_new, name = call_names.named(call)
        if owner:
            head, tail = _method(program.declaration, owner, name, f"crosstune_call_{number}")
            held = f"{owner}()." if is_new else f"{owner}::"
            given = (f"static_cast<decltype({each})>({each})" for each in _names(tail))
            heads.append(f"{head};")
            bodies.append(f"{head} {{ return {held}{name}({', '.join(given)}); }}")
    if not heads:
        return program
    return replace(
        program,
        declaration="\n".join(heads),
        candidate="\n".join((program.candidate, *bodies)),
        entry_points=tuple(
            each for each in program.entry_points if each not in {c[0] for c in map(call_names.named, calls)}
        ),
    )


def _method(declaration: str, owner: str, name: str, renamed: str) -> tuple[str, str]:
    """The head of a function that is declared like a method, and its parameters.

    Raises:
        DataError: it is not declared.
    """
    for ending in ("", "};", "}};", "}\n}\n};", ";};"):
        root = CodeParser("cpp").parse(f"{without_bom(declaration).rstrip()}\n{ending}")
        if root is not None and not root.has_error:
            break
    for node in descendants(root) if root is not None else ():
        if node.type in ("class_specifier", "struct_specifier") and _name(node) == owner:
            for member in descendants(node):
                if member.type in ("function_definition", "field_declaration", "declaration"):
                    found = _declared_as(member, name)
                    if found:
                        head, parameters = found
                        return f"{head} {renamed}{parameters}", parameters
    raise DataError(f"a case calls {owner}().{name}, which is not declared")


def _name(node: Node) -> str:
    return text_of(node.child_by_field_name("name"))


def _declared_as(member: Node, name: str) -> tuple[str, str] | None:
    declarator = next((each for each in descendants(member) if each.type == "function_declarator"), None)
    if declarator is None or text_of(declarator.child_by_field_name("declarator")) != name:
        return None
    kind, outer = member.child_by_field_name("type"), member.child_by_field_name("declarator")
    reference = "&" if outer is not None and outer.type == "reference_declarator" else ""
    return f"{text_of(kind)}{reference}", text_of(declarator.child_by_field_name("parameters"))


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


def _shape(text: str) -> Shape:
    """
    Raises:
        DataError: it is no type of values.
    """
    plain = _DROPPED.sub(" ", text)
    try:
        shape = _shape_of(parsed(plain))
    except (KeyError, ValueError, IndexError):
        raise DataError(f"a parameter of the type {' '.join(text.split())} cannot be given") from None
    return replace(shape, kind="optional", parts=(shape,)) if "*" in text and shape is not TEXT else shape


def _shape_of(kind: TypeText) -> Shape:
    """
    Raises:
        KeyError, ValueError: it is no type of values.
    """
    if kind.name == "char" and "*" in kind.marks:
        return TEXT
    if not kind.arguments and not any(each.startswith("[") for each in kind.marks):
        return _number(kind.name)
    if kind.name in _LISTS:
        return Shape("list", (_shape_of(kind.arguments[0]),))
    count = 2 if kind.name.removeprefix("unordered_") in _MAPS else 1
    many = kind.name in ("pair", "tuple", "variant")
    parts = tuple(map(_shape_of, kind.arguments if many else kind.arguments[:count]))
    return _made_of(kind.name, parts)


def _number(name: str) -> Shape:
    """
    Raises:
        KeyError: it is no name of a scalar type.
    """
    words = name.split()
    if words and _WORDS.issuperset(words):
        bits = 64 if "long" in words else 16 if "short" in words else 32
        return integer(bits, signed="unsigned" not in words)
    return _SCALARS[name]


def _made_of(name: str, parts: tuple[Shape, ...]) -> Shape:
    if name in ("pair", "tuple"):
        return Shape("tuple", parts)
    if name in ("optional", "variant"):
        return Shape(name, parts, name=name)
    plain = name.removeprefix("unordered_")
    if plain in _SETS:
        inner = Shape("set", parts[:1])
    elif plain in _MAPS:
        inner = Shape("map", parts[:2])
    else:
        raise ValueError(name)
    return inner if plain == name else Shape("unordered", (inner,), name="unordered")
