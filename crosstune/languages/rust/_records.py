"""Types that a benchmark declares, as far as their values can be sent field by field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crosstune.languages.rust._source import items, words
from crosstune.languages.rust._types import NoValue, Type, TypeReader

if TYPE_CHECKING:
    from tree_sitter import Node

_ENCODE = """\
impl ::{values}::Encode for {name} {{
    fn encode(&self, out: &mut ::std::vec::Vec<u8>) {{
        match self {{ {arms} }}
    }}
}}
"""
_DECODE = """\
impl<'a> ::{values}::Decode<'a> for {name} {{
    fn decode(from: &mut ::{values}::Decoder<'a>) -> ::std::result::Result<Self, ::{values}::Malformed> {{
        match from.record()? {{
            {arms}
            _ => ::std::result::Result::Err(::{values}::Malformed),
        }}
    }}
}}
"""


@dataclass(frozen=True)
class Form:
    """A struct, or one variant of an enum: its ``path`` and the names of its ``fields``, which are numbers in
    a tuple struct."""

    path: str
    fields: tuple[str, ...]
    types: tuple[Type, ...]


@dataclass(frozen=True)
class Record:
    name: str
    forms: tuple[Form, ...]

    def code(self, values: str) -> str:
        """How the crate ``values`` encodes and decodes it."""
        encode = " ".join(_encoded(form, values) for form in self.forms)
        decode = " ".join(_decoded(form) for form in self.forms)
        return _ENCODE.format(values=values, name=self.name, arms=encode) + _DECODE.format(
            values=values, name=self.name, arms=decode
        )


def _encoded(form: Form, values: str) -> str:
    pattern = ", ".join(f"{name}: f{at}" for at, name in enumerate(form.fields))
    steps = "".join(
        f' ::{values}::text("{name}", out); ::{values}::Encode::encode(f{at}, out);'
        for at, name in enumerate(form.fields)
    )
    head = f'::{values}::record("{form.path}", {len(form.fields)}, out);'
    return f"{form.path} {{ {pattern} }} => {{ {head}{steps} }}"


def _decoded(form: Form) -> str:
    fields = ", ".join(f'{name}: from.field("{name}")?' for name in form.fields)
    made = f"::std::result::Result::Ok({form.path} {{ {fields} }})"
    return f'("{form.path}", {len(form.fields)}) => {made},'


def records(root: Node, reader: TypeReader) -> dict[str, Record]:
    """The types of a file that are made of values; none that is generic or contains itself."""
    waiting = {
        item.name: item.node
        for item in items(root)
        if item.node.type in ("struct_item", "enum_item")
        and not item.node.child_by_field_name("type_parameters")
    }
    found: dict[str, Record] = {}
    while True:
        known = replace(reader, records=frozenset(found))
        new = {name: record for name, node in waiting.items() if (record := _record(name, node, known))}
        if not new:
            return found
        found |= new
        waiting = {name: node for name, node in waiting.items() if name not in new}


def used(found: dict[str, Record], types: Iterable[Type]) -> tuple[Record, ...]:
    """Those that occur in ``types``, and in one another."""
    names: dict[str, None] = {}
    waiting = list(types)
    while waiting:
        for each in waiting.pop().all():
            if each.name in found and each.name not in names:
                names[each.name] = None
                waiting += [kind for form in found[each.name].forms for kind in form.types]
    return tuple(found[name] for name in names)


def _record(name: str, node: Node, reader: TypeReader) -> Record | None:
    try:
        return Record(name, tuple(_forms(name, node, reader)))
    except NoValue:
        return None


def _forms(name: str, node: Node, reader: TypeReader) -> Iterator[Form]:
    """
    Raises:
        NoValue: a field is not of a type of values.
    """
    body = node.child_by_field_name("body")
    if node.type == "struct_item":
        yield _form(name, body, reader)
        return
    for variant in body.named_children if body else ():
        if variant.type == "enum_variant" and (own := variant.child_by_field_name("name")):
            yield _form(f"{name}::{words(own)}", variant.child_by_field_name("body"), reader)


def _form(path: str, body: Node | None, reader: TypeReader) -> Form:
    """
    Raises:
        NoValue: as `_forms`.
    """
    names, nodes = [], []
    for at, child in enumerate(body.children if body else ()):
        if child.type == "field_declaration":
            name, kind = child.child_by_field_name("name"), child.child_by_field_name("type")
            if name and kind:
                names.append(words(name))
                nodes.append(kind)
        elif body and body.field_name_for_child(at) == "type":
            names.append(str(len(names)))
            nodes.append(child)
    types = tuple(map(reader.result, nodes))
    if any(each.borrows for each in types):
        raise NoValue(path)
    return Form(path, tuple(names), types)
