"""Types, values and declarations in Java: a method of the class ``Solution``. Tuples are lists."""

from __future__ import annotations

import textwrap

from crosstune.languages._typed import (
    Declared,
    Literals,
    Signature,
    TypedSyntax,
    ValueType,
    block_comment,
    camel,
    without_keyword,
)

_PLAIN = {"bool": "boolean", "int": "int", "long": "long", "float": "double", "str": "String"}
_BOXED = {"bool": "Boolean", "int": "Integer", "long": "Long", "float": "Double", "str": "String"}
_KEYWORDS = {"class", "default", "double", "final", "int", "interface", "long", "new", "package", "this"}


def type_name(kind: ValueType) -> str:
    return _PLAIN.get(kind.kind) or _boxed(kind)


def _boxed(kind: ValueType) -> str:
    if kind.kind == "list":
        return f"List<{_boxed(kind.item)}>"
    if kind.kind == "tuple":
        return f"List<{_boxed(kind.items[0]) if kind.is_uniform else 'Object'}>"
    if kind.kind == "dict":
        return f"Map<{', '.join(map(_boxed, kind.items)) or 'Object, Object'}>"
    if kind.kind == "optional":
        return f"Optional<{_boxed(kind.item)}>"
    return "Object" if kind.kind == "union" else _BOXED[kind.kind]


LITERALS = Literals(
    none="Optional.empty()",
    some=lambda text: f"Optional.of({text})",
    items=lambda items, _: f"List.of({', '.join(items)})",
    entries=lambda entries, _: f"Map.of({', '.join(part for entry in entries for part in entry)})",
    number=lambda value, kind: f"{value}L" if kind.kind == "long" else repr(value),
)


def _declare(signature: Signature, doc: str, helper: str) -> Declared:
    given = "import java.util.*;\n\nclass Solution {\n"
    if helper:
        given += textwrap.indent(helper, "    ") + "\n"
    parameters = ", ".join(f"{type_name(kind)} {name}" for name, kind in signature.parameters)
    head = f"    public {type_name(signature.result)} {signature.name}({parameters}) {{\n"
    return Declared(given=given, doc=block_comment(doc, "    "), head=head, end="    }\n}\n")


TYPED = TypedSyntax(
    function_name=camel,
    parameter_name=lambda name: without_keyword(camel(name), _KEYWORDS),
    literal=LITERALS,
    declare=_declare,
    comment=block_comment,
    constants={"True": "true", "False": "false", "None": "Optional.empty()"},
)
