"""The signatures of functions, as far as they can be called with values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosstune.languages.rust import _objects
from crosstune.languages.rust._source import words
from crosstune.languages.rust._types import UNIT, NoValue, Type, TypeReader

if TYPE_CHECKING:
    from tree_sitter import Node


@dataclass(frozen=True)
class Function:
    """``lifetimes`` and ``conditions`` (its ``where`` clause) are text, with nothing but lifetimes in them;
    ``texts`` are the types of the parameters and of the result as they are declared.

    One of a type has its name as ``owner``; ``trait`` is the path of the trait whose it is, ``receiver`` the
    text of its parameter ``self``, which is not one of ``parameters``. ``returns_self``: it returns a
    reference to that; ``optional``: the candidate's type may lack the trait. ``by_value``: ``self`` is sent
    as a value; then it is the first of ``parameters``, too. ``start`` is where it begins in the declaration,
    if it is of a type there.
    """

    name: str
    parameters: tuple[Type, ...]
    result: Type
    texts: tuple[str, ...]
    lifetimes: str = ""
    conditions: str = ""
    owner: str = ""
    trait: str = ""
    receiver: str = ""
    returns_self: bool = False
    optional: bool = False
    by_value: bool = False
    start: int = -1

    @property
    def formats(self) -> bool:
        """Whether its result is what ``format!`` makes of an object."""
        return self.trait.startswith("::std::fmt::")

    @property
    def changes(self) -> list[int]:
        """The positions of the parameters that a call may change."""
        return [
            at
            for at, each in enumerate(self.parameters)
            if each.name == "&mut" and not each.arguments[0].is_object
        ]

    @property
    def key(self) -> str:
        """Its name in a question."""
        return "::".join(filter(None, (self.owner, self.trait.removeprefix("::"), self.name)))


def read(name: str, node: Node, reader: TypeReader, *, returns_self: bool = False) -> Function:
    """
    Args:
        name: of the function, also for messages.
        returns_self: its result is a reference to ``self``.

    Raises:
        NoValue: it cannot be called with values; the message says why.
    """
    modifiers = [words(each) for each in node.children if each.type == "function_modifiers"]
    if modifiers and not (modifiers == ["const"] and reader.self_name):
        raise NoValue(f"{name} is declared as an async, const, extern or unsafe function")
    generics = node.child_by_field_name("type_parameters")
    if generics and not are_lifetimes(generics):
        raise NoValue(f"{name} is generic")
    conditions = next((words(each) for each in node.children if each.type == "where_clause"), "")
    nodes, result = parameters(name, node, of_type=reader.self_name), node.child_by_field_name("return_type")
    try:
        types = tuple(reader.parameter(each) for each in nodes)
        returned = reader.result(result) if result and not returns_self else UNIT
        for each in (*types, returned):
            _objects.check(each)
    except NoValue as error:
        raise NoValue(f"{name} takes or returns {error}, which is no plain value") from None
    texts = (*map(words, nodes), words(result) if result else "()")
    return Function(
        name=name,
        parameters=types,
        result=returned,
        texts=texts,
        lifetimes=words(generics) if generics else "",
        conditions=conditions,
        returns_self=returns_self,
    )


def are_lifetimes(generics: Node) -> bool:
    """Whether there are no other type parameters than lifetimes."""
    return all(each.type in ("lifetime", "lifetime_parameter") for each in generics.named_children)


def parameters(name: str, node: Node, *, of_type: str = "") -> list[Node]:
    """The nodes of the parameters' types, without ``self``, which only functions ``of_type`` may have.

    Raises:
        NoValue: it is a method.
    """
    listed = node.child_by_field_name("parameters")
    found = []
    for each in listed.named_children if listed else ():
        kind, pattern = each.child_by_field_name("type"), each.child_by_field_name("pattern")
        if each.type == "parameter" and kind and (pattern is None or words(pattern) != "self"):
            found.append(kind)
        elif not (each.type == "self_parameter" and of_type) and not _is_aside(each):
            raise NoValue(f"{name} is a method")
    return found


def _is_aside(node: Node) -> bool:
    return "comment" in node.type or node.type == "attribute_item"
