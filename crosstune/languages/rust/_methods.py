"""Read the methods and associated functions of types whose objects stay in the candidate's process."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
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
    rest = re.sub(r"'\w+", "'_", rest)
    return f"::std::{_MODULES[name]}::{name}{bracket}{rest}" if name in _MODULES else trait


def declared(root: Node, objects: dict[str, Object], reader: TypeReader) -> Iterator[Function]:
    """All that the ``impl`` blocks of ``objects`` have.

    Raises:
        NoValue: one of them cannot be called with values.
    """
    for block in _objects.blocks(root):
        if block.owner in objects:
            yield from _of(block, reader)


def of_values(
    root: Node, names: Collection[str], entry_points: Collection[str], reader: TypeReader
) -> Iterator[Function]:
    """The methods that are asked for of types whose values are sent: those that are open or entry points, or
    all if there are none. The tests have the declaration's own others.

    Raises:
        NoValue: see `declared`.
    """
    for name in sorted(names):
        own = [
            (item, each)
            for block in _objects.blocks(root)
            if block.owner == name
            for item, each in zip(block.functions, _of(block, reader), strict=True)
        ]
        asked = [each for item, each in own if _objects.is_open(item.node) or each.name in entry_points] or [
            each for _, each in own
        ]
        yield from map(_with_self, asked)


def _with_self(function: Function) -> Function:
    """The function with ``self`` as the first of its parameters.

    Raises:
        NoValue: it returns a reference to ``self``, or formats.
    """
    if function.returns_self or function.formats:
        raise NoValue(f"{function.owner}::{function.name} takes or returns what refers to a value")
    if not function.receiver:
        return function
    own = Type(function.owner)
    mark = "&mut" if "mut" in function.receiver else "&"
    first = Type(mark, (own,)) if function.receiver.startswith("&") else own
    return replace(
        function,
        parameters=(first, *function.parameters),
        texts=(first.text(), *function.texts),
        by_value=True,
    )


def _of(block: Block, reader: TypeReader) -> Iterator[Function]:
    """
    Raises:
        NoValue: see `declared`.
    """
    generics = block.node.child_by_field_name("type_parameters")
    if block.trait in ("Drop", "Copy", "Hash") or (generics and not _functions.are_lifetimes(generics)):
        raise NoValue(f"{block.owner} implements {block.trait or 'methods with parameters for types'}")
    aliases = dict(reader.aliases)
    for item in block.items:
        target = item.node.child_by_field_name("type")
        if item.node.type == "type_item" and target:
            aliases[f"Self::{item.name}"] = target
    reader = replace(reader, aliases=aliases, self_name=block.owner)
    trait = standard(block.trait) if block.trait else ""
    for item in block.functions:
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
