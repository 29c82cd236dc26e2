"""Read the methods and associated functions of types whose objects stay in the candidate's process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from crosstune.languages.rust import _functions, _objects
from crosstune.languages.rust._functions import Function
from crosstune.languages.rust._objects import Block, Object
from crosstune.languages.rust._source import words
from crosstune.languages.rust._types import NoValue, Type, TypeReader

if TYPE_CHECKING:
    from tree_sitter import Node

_MODULES = {
    **dict.fromkeys(("Iterator", "DoubleEndedIterator", "ExactSizeIterator", "Extend"), "iter"),
    **dict.fromkeys(("From", "TryFrom", "Into", "TryInto"), "convert"),
    **dict.fromkeys(("PartialEq", "Eq", "PartialOrd", "Ord"), "cmp"),
    **dict.fromkeys(("Display", "Debug"), "fmt"),
    "Clone": "clone",
    "Default": "default",
    "FromStr": "str",
    **dict.fromkeys(("Add", "Sub", "Mul", "Div", "Rem", "Neg", "Not", "BitAnd", "BitOr", "BitXor"), "ops"),
    **dict.fromkeys(("AddAssign", "SubAssign", "MulAssign", "DivAssign", "RemAssign", "Shl", "Shr"), "ops"),
}
"""The modules of the standard library's traits that a type may have."""


def standard(trait: str) -> str:
    """A trait's whole path, where it is one of the standard library's."""
    head, bracket, rest = trait.partition("<")
    name = head.strip().rpartition("::")[2]
    return f"::std::{_MODULES[name]}::{name}{bracket}{rest}" if name in _MODULES else trait


def declared(root: Node, objects: dict[str, Object], reader: TypeReader) -> Iterator[Function]:
    """All that the ``impl`` blocks of ``objects`` have.

    Raises:
        NoValue: one of them cannot be called with values.
    """
    for block in _objects.blocks(root):
        if block.owner in objects:
            yield from _of(block, reader)


def _of(block: Block, reader: TypeReader) -> Iterator[Function]:
    """
    Raises:
        NoValue: see `declared`.
    """
    if block.trait in ("Drop", "Copy", "Hash") or block.node.child_by_field_name("type_parameters"):
        raise NoValue(f"{block.owner} implements {block.trait or 'methods with parameters for types'}")
    aliases = dict(reader.aliases)
    for item in block.items:
        target = item.node.child_by_field_name("type")
        if item.node.type == "type_item" and target:
            aliases[f"Self::{item.name}"] = target
    reader = replace(reader, aliases=aliases, self_name=block.owner)
    for item in block.items:
        if item.node.type in _objects.FUNCTIONS:
            trait = standard(block.trait) if block.trait else ""
            if trait.startswith("::std::fmt::"):
                yield replace(_formatted(block.owner, trait), start=item.node.start_byte)
            else:
                yield _method(item.name, item.node, reader, block.owner, trait)


def _method(name: str, node: Node, reader: TypeReader, owner: str, trait: str) -> Function:
    """
    Raises:
        NoValue: see `declared`.
    """
    receiver = _receiver(node)
    result = node.child_by_field_name("return_type")
    returns_self = receiver.startswith("&") and _is_reference_to(result, ("Self", owner))
    found = _functions.read(f"{owner}::{name}", node, reader, returns_self=returns_self)
    return replace(found, name=name, owner=owner, trait=trait, receiver=receiver, start=node.start_byte)


def _receiver(node: Node) -> str:
    """The first parameter, if it is ``self``; empty if there is none."""
    parameters = node.child_by_field_name("parameters")
    first = parameters.named_children[0] if parameters and parameters.named_children else None
    return words(first) if first is not None and first.type == "self_parameter" else ""


def _is_reference_to(result: Node | None, names: tuple[str, str]) -> bool:
    target = result.child_by_field_name("type") if result is not None else None
    return result is not None and result.type == "reference_type" and bool(target and words(target) in names)


def _formatted(owner: str, trait: str) -> Function:
    """What ``format!`` makes of an object."""
    parameters = (Type("bool"),)
    text = Type("String")
    return Function(
        "fmt", parameters, text, ("bool", "::std::string::String"), owner=owner, trait=trait, receiver="&self"
    )


def derived(one: Object) -> Iterator[Function]:
    """The operations that the candidate's type may have."""
    own, other = Type(one.name, is_object=True), Type("&", (Type(one.name, is_object=True),))
    order = Type("Ordering")
    known = {
        "Clone": ("clone", (), own),
        "PartialEq": ("eq", (other,), Type("bool")),
        "PartialOrd": ("partial_cmp", (other,), Type("Option", (order,))),
        "Ord": ("cmp", (other,), order),
        "Default": ("default", (), own),
    }
    for trait, (name, parameters, result) in known.items():
        if trait in one.operations:
            texts = (*(f"&{one.name}" for _ in parameters), result.text())
            receiver = "" if trait == "Default" else "&self"
            yield Function(
                name,
                parameters,
                result,
                texts,
                owner=one.name,
                trait=standard(trait),
                receiver=receiver,
                optional=True,
            )
    if "Debug" in one.operations:
        yield replace(_formatted(one.name, standard("Debug")), optional=True)
