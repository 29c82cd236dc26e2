"""The types of a function's parameters and result, as far as they are values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from crosstune.languages.rust._source import words

if TYPE_CHECKING:
    from tree_sitter import Node

_INTEGERS = frozenset(
    {"i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize"}
)
_FLOATS = frozenset({"f32", "f64"})
_PRIMITIVES = _INTEGERS | _FLOATS | {"bool", "char", "str"}
_COLLECTIONS = ("HashMap", "HashSet", "BTreeMap", "BTreeSet", "VecDeque", "LinkedList", "BinaryHeap")
_PATHS = {
    **{name: f"::std::collections::{name}" for name in _COLLECTIONS},
    "Arc": "::std::sync::Arc",
    "Box": "::std::boxed::Box",
    "Cell": "::std::cell::Cell",
    "Cow": "::std::borrow::Cow",
    "Option": "::std::option::Option",
    "Ordering": "::std::cmp::Ordering",
    "Rc": "::std::rc::Rc",
    "RefCell": "::std::cell::RefCell",
    "Result": "::std::result::Result",
    "String": "::std::string::String",
    "Vec": "::std::vec::Vec",
}
_ARGUMENTS = dict.fromkeys(_PATHS, 1) | {
    **dict.fromkeys(("HashMap", "BTreeMap", "Result"), 2),
    **dict.fromkeys(("String", "Ordering"), 0),
}
_MOST_NESTED = 50
_MOST_ITEMS = 12


class NoValue(Exception):
    """The type is not one whose values can be sent; the message is its text."""


@dataclass(frozen=True)
class Type:
    """``name`` is ``&``, ``&mut``, ``[]`` (a slice), ``[;]`` (an array of ``length`` items), ``()`` (a tuple)
    or the name of a type. ``is_object``: one whose objects stay in the candidate's process."""

    name: str
    arguments: tuple[Type, ...] = ()
    length: str = ""
    lifetime: str = ""
    is_object: bool = False

    def text(self, lifetime: str = "") -> str:
        """As source text without imports; each reference lives for ``lifetime``, or what is inferred."""
        inner = [each.text(lifetime) for each in self.arguments]
        if self.name in ("&", "&mut"):
            return f"{self.name.replace('&', f'&{lifetime} ')} {inner[0]}"
        if self.name == "()":
            return f"({''.join(f'{each}, ' for each in inner)})"
        if self.name in ("[]", "[;]"):
            return f"[{inner[0]}{f'; {self.length}' if self.length else ''}]"
        given = ([lifetime or "'_"] if self.name == "Cow" else []) + inner
        path = _PATHS.get(self.name, self.name)
        return f"{path}<{', '.join(given)}>" if given else path

    def all(self) -> Iterator[Type]:
        yield self
        for each in self.arguments:
            yield from each.all()

    @property
    def holds_objects(self) -> bool:
        return any(each.is_object for each in self.all())

    @property
    def borrows(self) -> bool:
        return any(each.name in ("&", "&mut", "Cow") for each in self.all())

    @property
    def owned(self) -> Type:
        """What is kept for a parameter of this type, which may be a reference to it."""
        if self.name not in ("&", "&mut") or self.arguments[0].name == "str":
            return self
        target = self.arguments[0]
        return Type("Vec", target.arguments) if target.name == "[]" else target

    def with_numbers_of(self, other: Type) -> Type:
        """This type with the other's types of numbers and lifetimes, where both are alike otherwise: a
        program may use ``u64`` instead of ``i32`` where the tests pass literals."""
        if {self.name, other.name} <= _INTEGERS or {self.name, other.name} <= _FLOATS:
            return other
        if self.name != other.name or len(self.arguments) != len(other.arguments):
            return self
        pairs = zip(self.arguments, other.arguments, strict=True)
        arguments = tuple(each.with_numbers_of(own) for each, own in pairs)
        return replace(self, arguments=arguments, lifetime=other.lifetime)


UNIT = Type("()")


@dataclass(frozen=True)
class TypeReader:
    """Reads types. ``aliases`` are the types that the program has given other names, ``records`` the names of
    its ``own`` types whose values can be sent, ``objects`` of those whose objects stay in the candidate's
    process, and ``self_name`` that of ``Self``."""

    aliases: Mapping[str, Node] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    records: frozenset[str] = frozenset()
    objects: frozenset[str] = frozenset()
    self_name: str = ""

    def read(self, node: Node, depth: int = 0) -> Type:
        """
        Raises:
            NoValue: it is not a type of values.
        """
        read = _FORMS.get(node.type)
        found = read(self, node, depth + 1) if read and depth < _MOST_NESTED else None
        if found is None:
            raise NoValue(" ".join(words(node).split()))
        return found

    def parameter(self, node: Node) -> Type:
        """
        Raises:
            NoValue: as `read`; or a reference that only a parameter may be is elsewhere in it.
        """
        found = self.read(node)
        inner = found.arguments[0] if found.name in ("&", "&mut") else found
        if not _is_allowed(inner, slice_too=inner is not found, text_too=found.name == "&"):
            raise NoValue(" ".join(words(node).split()))
        return found

    def result(self, node: Node) -> Type:
        """
        Raises:
            NoValue: as `read`.
        """
        found = self.read(node)
        if not _is_allowed(found):
            raise NoValue(" ".join(words(node).split()))
        return found

    def _named(self, node: Node, depth: int) -> Type | None:
        name = words(node).replace(" ", "")
        if name in self.aliases:
            return self.read(self.aliases[name], depth)
        return self._of(self.self_name if name == "Self" else name, (), "")

    def _generic(self, node: Node, depth: int) -> Type | None:
        name = node.child_by_field_name("type")
        arguments = node.child_by_field_name("type_arguments")
        if name is None or arguments is None or words(name) in self.aliases:
            return None
        given = arguments.named_children
        lifetimes = [words(each) for each in given if each.type == "lifetime"]
        types = tuple(self.read(each, depth) for each in given if each.type != "lifetime")
        return self._of(words(name).replace(" ", ""), types, (lifetimes or [""])[0])

    def _of(self, path: str, arguments: tuple[Type, ...], lifetime: str) -> Type | None:
        first, _, _ = path.removeprefix("::").partition("::")
        name = path.rsplit("::", maxsplit=1)[-1]
        if path in self.objects:
            return Type(path, is_object=True) if not arguments else None
        if path in self.records or path in _PRIMITIVES:
            return Type(path) if not arguments else None
        is_standard = (first == name and name not in self.own) or first in (
            "std",
            "core",
            "alloc",
            "collections",
            "cmp",
            "rc",
            "cell",
        )
        if is_standard and _ARGUMENTS.get(name) == len(arguments):
            return Type(name, arguments, lifetime=lifetime)
        return None

    def _reference(self, node: Node, depth: int) -> Type | None:
        target = node.child_by_field_name("value") or node.child_by_field_name("type")
        if target is None:
            return None
        mutable = any(each.type == "mutable_specifier" for each in node.children)
        lifetime = next((words(each) for each in node.children if each.type == "lifetime"), "")
        return Type("&mut" if mutable else "&", (self.read(target, depth),), lifetime=lifetime)

    def _array(self, node: Node, depth: int) -> Type | None:
        element, length = node.child_by_field_name("element"), node.child_by_field_name("length")
        if element is None:
            return None
        return Type(
            "[;]" if length else "[]", (self.read(element, depth),), length=words(length) if length else ""
        )

    def _tuple(self, node: Node, depth: int) -> Type | None:
        items = tuple(self.read(each, depth) for each in node.named_children)
        return Type("()", items) if len(items) <= _MOST_ITEMS else None


def _is_allowed(found: Type, *, slice_too: bool = False, text_too: bool = False) -> bool:
    """Whether slices and texts are behind references, and nothing else is behind one that changes it."""
    if found.name in ("[]", "str"):
        allowed = slice_too if found.name == "[]" else text_too
        return allowed and all(_is_allowed(each) for each in found.arguments)
    if found.name == "&mut":
        return False
    if found.name == "Cow":
        return found.arguments[0].name == "str"
    behind = found.name in ("&", "Box", "Rc", "Arc")
    unsized = found.name in ("&", "Box")
    return all(
        _is_allowed(each, slice_too=behind and unsized, text_too=behind and unsized)
        for each in found.arguments
    )


_FORMS: Mapping[str, Callable[[TypeReader, Node, int], Type | None]] = {
    "primitive_type": TypeReader._named,  # noqa: SLF001 - the methods of the class above
    "type_identifier": TypeReader._named,  # noqa: SLF001
    "scoped_type_identifier": TypeReader._named,  # noqa: SLF001
    "generic_type": TypeReader._generic,  # noqa: SLF001
    "reference_type": TypeReader._reference,  # noqa: SLF001
    "array_type": TypeReader._array,  # noqa: SLF001
    "tuple_type": TypeReader._tuple,  # noqa: SLF001
    "unit_type": lambda _reader, _node, _depth: UNIT,
}
