"""Bind names of the standard library that tests use, where a candidate defines others that they would get.

Tests import everything of the candidate's by ``use super::*``, which hides the usual names. A task may ask
for a type of such a name, a ``LinkedList`` above all. So tests get the standard library's only if a candidate
names that, too, and its own makes values of other types: it stands in for the other one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from crosstune.languages.rust._source import Source, below, words
from crosstune.languages.rust._syntax import SYNTAX
from crosstune.records import Program

if TYPE_CHECKING:
    from tree_sitter import Node

_VARIANTS = {
    "Some": "option::Option::Some",
    "None": "option::Option::None",
    "Ok": "result::Result::Ok",
    "Err": "result::Result::Err",
}
_TYPES = {
    **{name: f"collections::{name}" for name in ("HashMap", "HashSet", "BTreeMap", "BTreeSet", "VecDeque")},
    **{name: f"collections::{name}" for name in ("LinkedList", "BinaryHeap")},
    **{name: f"cell::{name}" for name in ("Cell", "RefCell")},
    "Arc": "sync::Arc",
    "Box": "boxed::Box",
    "Cow": "borrow::Cow",
    "Option": "option::Option",
    "Ordering": "cmp::Ordering",
    "Rc": "rc::Rc",
    "Result": "result::Result",
    "String": "string::String",
    "Vec": "vec::Vec",
}
PATHS = {**_VARIANTS, **_TYPES}
"""Where the standard library has a name."""

_VALUES = frozenset({"function_item", "const_item", "static_item", "struct_item"})
_KINDS = frozenset({"struct_item", "enum_item", "union_item", "type_item", "trait_item", "mod_item"})


def bound(program: Program) -> frozenset[str]:
    """The names that the tests are to get from the standard library."""
    text = f"{program.setup}\n{program.candidate}"
    used = {name for name in PATHS if re.search(rf"\b{name}\b", program.tests)}
    used -= {each.partition("::")[0] for each in program.entry_points}
    used -= set(re.findall(r"\b(?:struct|enum|union|trait|type|fn)\s+(\w+)", program.declaration))
    if not any(re.search(rf"\b(?:\w+\s+|as\s+){name}\b", text) for name in used):
        return frozenset()
    root = Source.of(text).root
    return frozenset(_replaced(root, used)) if root else frozenset()


def _replaced(root: Node, used: Collection[str]) -> Iterator[str]:
    nodes = list(below(root))
    for node in nodes:
        name = _name(node) if node.type in _VALUES | _KINDS | {"use_as_clause"} else ""
        if name not in used:
            continue
        if name in _VARIANTS:
            if node.type in _VALUES or node.type == "use_as_clause":
                yield name
        elif not _is_standard(node) and _is_named(PATHS[name], nodes) and _makes_others(node, nodes):
            yield name


def _is_named(path: str, nodes: Iterable[Node]) -> bool:
    """Whether code uses or imports what the standard library has at the path."""
    assert SYNTAX.split_imports
    for node in nodes:
        if node.type in ("scoped_identifier", "scoped_type_identifier"):
            found = [words(node)]
        else:
            found = list(SYNTAX.split_imports(words(node)).values()) if node.type == "use_declaration" else []
        if any(re.search(rf"\b{path}\b", each.replace(" ", "")) for each in found):
            return True
    return False


def _makes_others(kind: Node, nodes: Iterable[Node]) -> bool:
    """Whether a type has functions that make other values than its own, or may have: it is another name."""
    if kind.type not in ("struct_item", "enum_item", "union_item"):
        return True
    name = _name(kind)
    for node in nodes:
        owner = node.child_by_field_name("type") if node.type == "impl_item" else None
        content = node.child_by_field_name("body")
        if owner is None or content is None or re.match(r"\w*", words(owner))[0] != name:  # type: ignore[index]
            continue
        for each in content.named_children:
            result = each.child_by_field_name("return_type")
            parameters = each.child_by_field_name("parameters")
            takes_self = parameters is not None and "self" in words(parameters)
            made = re.findall(r"[\w:]+", words(result)) if result is not None else []
            if made and not takes_self and not {"Self", name} & set(made):
                return True
    return False


def _name(node: Node) -> str:
    name = node.child_by_field_name("alias" if node.type == "use_as_clause" else "name")
    return words(name) if name else ""


def _is_standard(node: Node) -> bool:
    """Whether it is another name for a type of the standard library."""
    target = node.child_by_field_name("path" if node.type == "use_as_clause" else "type")
    is_other = node.type in ("type_item", "use_as_clause")
    return (
        is_other
        and target is not None
        and re.match(r"(?:::)?(?:std|core|alloc)\b", words(target)) is not None
    )
