"""What a declaration in C says about values, by the convention of docs/values.md.

A pointer and a length are a list, a structure is a tuple, and so on. The names tell which belong together:
``x``, ``x_len`` and ``x_lens``; ``out``, ``out_len`` and ``out_lens`` are where a function stores its result.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tree_sitter import Node

from crosstune.languages._shared.native.nodes import descendants, text_of
from crosstune.parsing import CodeParser

_ENDINGS = ("", "\n}", "\n;", "{}")
_QUALIFIERS = ("const", "volatile", "restrict", "struct", "enum", "signed", "register", "static", "extern")
INTEGERS = {
    "int": (32, True),
    "short": (16, True),
    "long": (64, True),
    "long long": (64, True),
    "unsigned": (32, False),
    "unsigned int": (32, False),
    "unsigned short": (16, False),
    "unsigned char": (8, False),
    "unsigned long": (64, False),
    "unsigned long long": (64, False),
    "size_t": (64, False),
    "ptrdiff_t": (64, True),
    **{f"int{bits}_t": (bits, True) for bits in (8, 16, 32, 64)},
    **{f"uint{bits}_t": (bits, False) for bits in (8, 16, 32, 64)},
}
"""Names of integers: how many bits they have, and whether they have a sign."""
FLOATS = frozenset({"double", "float", "long double"})


class NoValue(Exception):
    """Something is declared that is no value by the convention; the message says what."""


@dataclass(frozen=True)
class CType:
    """The type of a value. ``kind`` is ``integer``, ``float``, ``bool``, ``char``, ``text``, ``struct``,
    ``list`` (of ``item``), ``rows`` (a list of lists of ``item``), ``pointer`` (to one value, or to none),
    ``unknown`` (a list of what is not known) or ``nothing``. ``name`` is its text in C, or its items'."""

    kind: str
    name: str = ""
    item: CType | None = None

    @property
    def inner(self) -> CType:
        assert self.item is not None
        return self.item


@dataclass(frozen=True)
class Variable:
    """A parameter or field: ``pointers`` are the number of stars, ``constant`` says whether what it finally
    points to is constant. ``spelled`` is the text of its type, ``node`` that of a type without a name."""

    name: str
    base: str
    pointers: int = 0
    constant: bool = False
    spelled: str = ""
    node: Node | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Member:
    """A value among parameters or fields. ``has`` is the name of the flag that says whether there is one."""

    name: str
    type: CType
    variable: Variable
    has: str = ""


@dataclass(frozen=True)
class Alternative:
    """A value that a union may have, the ``enumerator`` that says so, and where it is."""

    enumerator: str
    place: str
    type: CType


@dataclass(frozen=True)
class Structure:
    """A structure: an ``entry`` of a map, a ``union`` of ``alternatives``, or a tuple of ``members``."""

    name: str
    members: tuple[Member, ...] = ()
    alternatives: tuple[Alternative, ...] = ()

    @property
    def is_entry(self) -> bool:
        return [each.name for each in self.members] == ["key", "value"]


@dataclass(frozen=True)
class Function:
    """A declared function. ``outputs`` are the parameters in which it stores its result; ``optional``: it
    returns whether there is one. ``returned`` is the type that it returns, in C."""

    name: str
    members: tuple[Member, ...]
    parameters: tuple[Variable, ...]
    result: CType
    outputs: tuple[Variable, ...] = ()
    optional: bool = False
    returned: str = ""


@dataclass(frozen=True)
class Types:
    """The types that a declaration defines: structures, the enumerators of enums, other names of integers and
    numbers."""

    structures: dict[str, Structure] = field(default_factory=dict)
    enums: dict[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Declared:
    functions: tuple[Function, ...]
    structures: Mapping[str, Structure]


@functools.lru_cache(maxsize=256)
def read(declaration: str, entry_points: tuple[str, ...]) -> Declared:
    """
    Raises:
        NoValue: an entry point is not declared, or not by the convention.
    """
    root = next(filter(None, (_parsed(declaration.rstrip() + ending) for ending in _ENDINGS)), None)
    if root is None:
        raise NoValue("the declaration does not parse")
    structures = _types(root)
    found = {name: node for node in root.named_children if (name := _function_name(node))}
    functions = list[Function]()
    for name in entry_points:
        if name not in found:
            raise NoValue(f"the declaration has no function {name}")
        functions.append(_function(name, found[name], structures))
    return Declared(tuple(functions), structures.structures)


def _types(root: Node) -> Types:
    """The types that a declaration defines; one that is none of values is left out."""
    known = Types()
    for node in root.named_children:
        kind = node.child_by_field_name("type") if node.type == "type_definition" else node
        names = [text_of(each) for each in node.children_by_field_name("declarator")]
        if kind is not None and kind.type == "enum_specifier":
            tag = kind.child_by_field_name("name")
            enumerators = tuple(text_of(each.child_by_field_name("name")) for each in _of(kind, "enumerator"))
            known.enums.update(dict.fromkeys([*names, text_of(tag)], enumerators))
        elif kind is not None and kind.type in ("primitive_type", "sized_type_specifier"):
            known.aliases.update(dict.fromkeys(filter(str.isidentifier, names), _plain(text_of(kind))))
        for name, body in _structures(node):
            with contextlib.suppress(NoValue):
                known.structures[name] = _structure(name, body, known)
    return known


def _parsed(text: str) -> Node | None:
    root = CodeParser("c").parse(text)
    return None if root is None or root.has_error else root


def _structures(node: Node) -> Iterator[tuple[str, Node]]:
    """The names and lists of fields of the structures that a node defines."""
    kind = node.child_by_field_name("type") if node.type == "type_definition" else node
    if kind is None or kind.type != "struct_specifier":
        return
    body, name = kind.child_by_field_name("body"), kind.child_by_field_name("name")
    if body is None:
        return
    if name is not None:
        yield text_of(name), body
    if node.type == "type_definition":
        for each in node.children_by_field_name("declarator"):
            yield text_of(each), body


def _structure(name: str, body: Node, known: Types) -> Structure:
    variables = [each for each in body.named_children if each.type == "field_declaration"]
    kinds = [node.child_by_field_name("type") for node in variables]
    union = next((node for node in kinds if node is not None and node.type == "union_specifier"), None)
    if union is not None:
        return Structure(name, alternatives=tuple(_alternatives(variables, known)))
    fields = [each for node in variables for each in _variables(node)]
    members = tuple(_members(fields, known))
    is_list = [each.name for each in fields] == ["items", "len"]
    return Structure(name, (Member("items", _list(fields[0], known), fields[0]),) if is_list else members)


def _alternatives(variables: Sequence[Node], known: Types) -> Iterator[Alternative]:
    enumerators, places = list[str](), dict[str, tuple[str, Variable]]()
    for node in variables:
        kind = node.child_by_field_name("type")
        if kind is not None and kind.type == "enum_specifier":
            enumerators += [text_of(each.child_by_field_name("name")) for each in _of(kind, "enumerator")]
        if text_of(node.child_by_field_name("declarator")) == "kind":
            enumerators += known.enums.get(_plain(text_of(kind)), ())
        if kind is not None and kind.type == "union_specifier":
            declarator = node.child_by_field_name("declarator")
            prefix = f"{text_of(declarator)}." if declarator is not None else ""
            body = kind.child_by_field_name("body")
            for each in body.named_children if body else ():
                for variable in _variables(each) if each.type == "field_declaration" else ():
                    places[variable.name.removeprefix("as_").rstrip("_").lower()] = (
                        f"{prefix}{variable.name}",
                        variable,
                    )
    for enumerator in enumerators:
        word = enumerator.rpartition("_")[2].lower()
        if word in places:
            place, variable = places[word]
            yield Alternative(enumerator, place, _alternative_type(variable, known))
        elif word in ("none", "null", "nil"):
            yield Alternative(enumerator, "", CType("nothing"))
        else:
            raise NoValue(f"no member of the union belongs to {enumerator}")


def _alternative_type(variable: Variable, known: Types) -> CType:
    """A structure of ``items`` and ``len`` is a list; if its items have no type, it is one of none."""
    body = variable.node.child_by_field_name("body") if variable.node is not None else None
    if body is None:
        return _type(variable, known)
    fields = [
        each for node in body.named_children if node.type == "field_declaration" for each in _variables(node)
    ]
    if [each.name for each in fields] != ["items", "len"]:
        raise NoValue(f"the member {variable.name} of the union is no list")
    return _list(fields[0], known)


def _list(items: Variable, known: Types) -> CType:
    if items.base == "void":
        return CType("unknown", "void")
    return CType("list", _name_of(replace(items, pointers=items.pointers - 1)), _item(items, known))


def _of(node: Node, kind: str) -> Iterator[Node]:
    return (each for each in descendants(node) if each.type == kind)


def _function_name(node: Node) -> str:
    if node.type not in ("function_definition", "declaration"):
        return ""
    declarator = _function_declarator(node)
    return text_of(declarator.child_by_field_name("declarator")) if declarator is not None else ""


def _function_declarator(node: Node) -> Node | None:
    inner = node.child_by_field_name("declarator")
    while inner is not None and inner.type != "function_declarator":
        inner = inner.child_by_field_name("declarator")
    return inner


def _function(name: str, node: Node, known: Types) -> Function:
    declarator = _function_declarator(node)
    listed = declarator.child_by_field_name("parameters") if declarator is not None else None
    parameters = [
        variable
        for each in (listed.named_children if listed is not None else ())
        if each.type == "parameter_declaration" and text_of(each) != "void"
        for variable in _variables(each)
    ]
    outputs = tuple(each for each in parameters if each.name in ("out", "out_len", "out_lens"))
    given = [each for each in parameters if each not in outputs]
    returned = next(_variables(node))
    result, optional = _result(returned, outputs, known)
    spelled = f"{'const ' if returned.constant else ''}{_name_of(returned)}"
    members = tuple(_members(given, known))
    return Function(name, members, tuple(parameters), result, outputs, optional, spelled)


def _result(returned: Variable, outputs: tuple[Variable, ...], known: Types) -> tuple[CType, bool]:
    names = {each.name for each in outputs}
    if names == {"out"}:
        if (returned.base, returned.pointers) not in (("bool", 0), ("_Bool", 0)):
            raise NoValue("a function that stores a value in *out returns a bool")
        inner = outputs[0]
        return _type(replace(inner, pointers=inner.pointers - 1), known), True
    if "out_len" in names and returned.pointers < len(names):
        raise NoValue("a function that stores a length in *out_len returns a pointer")
    if names == {"out_len"}:
        return CType(
            "list", _name_of(replace(returned, pointers=returned.pointers - 1)), _item(returned, known)
        ), False
    if names == {"out_len", "out_lens"}:
        item = replace(returned, pointers=returned.pointers - 1)
        return CType("rows", _name_of(replace(item, pointers=item.pointers - 1)), _item(item, known)), False
    if names:
        raise NoValue(f"the parameters {', '.join(sorted(names))} belong to no result")
    if (returned.base, returned.pointers) == ("void", 0):
        return CType("nothing"), False
    return _type(returned, known), False


def _item(variable: Variable, known: Types) -> CType:
    return _type(replace(variable, pointers=variable.pointers - 1), known)


def _variables(node: Node) -> Iterator[Variable]:
    """The variables that a declaration declares: a field, a parameter, or what a function returns."""
    kind = node.child_by_field_name("type")
    constant = any(each.type == "type_qualifier" and text_of(each) == "const" for each in node.children)
    base = _plain(text_of(kind)) if kind is not None and kind.child_by_field_name("body") is None else ""
    declarators: list[Node | None] = [*node.children_by_field_name("declarator")]
    for declarator in declarators or [None]:
        pointers, inner = 0, declarator
        while inner is not None and inner.type not in ("identifier", "field_identifier"):
            if inner.type == "function_declarator" and node.type == "parameter_declaration":
                raise NoValue(f"{text_of(node)} is a function")
            plain = inner.type.removeprefix("abstract_")
            pointers += plain in ("pointer_declarator", "array_declarator")
            inner = inner.child_by_field_name("declarator")
        name = text_of(inner) if inner is not None else ""
        yield Variable(name, base, pointers, constant, _spelled(node, declarator, name), kind)


def _spelled(node: Node, declarator: Node | None, name: str) -> str:
    """The type of a parameter, for a cast."""
    if node.type != "parameter_declaration":
        return ""
    text = text_of(node)
    if declarator is not None and name:
        text = text.replace("[]", "")
        at = text.rindex(name)
        stars = "*" * text_of(declarator).count("[")
        text = f"{text[:at]}{stars}"
    return " ".join(text.split())


def _plain(text: str) -> str:
    words = [word for word in text.split() if word not in _QUALIFIERS]
    if "int" in words and len(words) > 1:
        words.remove("int")
    return " ".join(words)


def _members(variables: Sequence[Variable], known: Types) -> Iterator[Member]:
    """The values of variables, some of which belong together."""
    names = {each.name: each for each in variables}
    lengths = {
        name for name in names if name.endswith(("_len", "_lens")) and name.rpartition("_")[0] in names
    }
    flags = {name for name in names if name.startswith("has_") and name.removeprefix("has_") in names}
    for each in variables:
        if each.name in lengths or each.name in flags:
            continue
        if f"{each.name}_lens" in names:
            row = replace(each, pointers=each.pointers - 1)
            kind = CType("rows", _name_of(replace(row, pointers=row.pointers - 1)), _item(row, known))
        elif f"{each.name}_len" in names:
            kind = CType("list", _name_of(replace(each, pointers=each.pointers - 1)), _item(each, known))
        else:
            kind = _type(each, known)
        has = f"has_{each.name}"
        yield Member(each.name, kind, each, has if has in flags else "")


def _type(variable: Variable, known: Types) -> CType:
    """
    Raises:
        NoValue: it is none of a value.
    """
    base, name = known.aliases.get(variable.base, variable.base), _name_of(variable)
    if base == "char" and variable.pointers == 1:
        return CType("text", "char *")
    if variable.pointers == 1 and base != "void":
        inner = _type(replace(variable, pointers=0), known)
        return CType("pointer", inner.name, inner)
    if variable.pointers:
        raise NoValue(f"{variable.name or 'the result'} is a pointer without a length")
    if base in known.structures:
        return CType("struct", name)
    kinds = {"bool": "bool", "_Bool": "bool", "char": "char"}
    kind = kinds.get(base) or ("integer" if base in INTEGERS else "float" if base in FLOATS else "")
    if not kind:
        raise NoValue(f"{base or 'a type without a name'} is no type of values")
    return CType(kind, base if kind in ("integer", "float") else name)


def _name_of(variable: Variable) -> str:
    """Its type in C, without constants."""
    struct = "struct " if text_of(variable.node).startswith("struct ") else ""
    return f"{struct}{variable.base}{' ' if variable.pointers else ''}{'*' * variable.pointers}"
