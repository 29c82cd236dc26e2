"""Types, values and declarations in C++17."""

from __future__ import annotations

from crosstune.languages._typed import (
    Declared,
    Literals,
    Signature,
    TypedSyntax,
    ValueType,
    block_comment,
    without_keyword,
)

_NAMES = {"bool": "bool", "int": "int", "long": "long long", "float": "double", "str": "string"}
_HEADERS = {"dict": "map", "optional": "optional", "union": "variant"}
_KEYWORDS = {"delete", "map", "new", "operator", "pair", "string", "this", "vector"}  # and names of types


def type_name(kind: ValueType) -> str:
    inner = [type_name(each) for each in kind.items]
    if kind.kind == "list":
        return f"vector<{type_name(kind.item)}>"
    if kind.kind == "tuple":
        return f"{'pair' if len(inner) == 2 else 'tuple'}<{', '.join(inner)}>"
    if kind.kind == "dict":
        return f"map<{', '.join(inner or ('string', 'int'))}>"
    if kind.kind == "optional":
        return f"optional<{inner[0]}>"
    if kind.kind == "union":
        return f"variant<{', '.join(inner)}>"
    return _NAMES[kind.kind]


LITERALS = Literals(
    none="nullopt",
    items=lambda items, _: f"{{{', '.join(items)}}}",
    entries=lambda entries, _: f"{{{', '.join(f'{{{key}, {value}}}' for key, value in entries)}}}",
    chosen=lambda text, kind: text if kind.is_scalar else f"{type_name(kind)}{text}",
)


def _declare(signature: Signature, doc: str, helper: str) -> Declared:
    kinds = [kind for _, kind in signature.parameters] + [signature.result]
    used = {part.kind for kind in kinds for part in kind.parts()}
    headers = sorted({"string", "vector"} | {name for kind, name in _HEADERS.items() if kind in used})
    headers += ["utility"] if "tuple" in used else []
    includes = "".join(f"#include <{name}>\n" for name in headers)
    given = f"{includes}using namespace std;\n\n" + (f"{helper}\n" if helper else "")
    parameters = ", ".join(f"{type_name(kind)} {name}" for name, kind in signature.parameters)
    head = f"{type_name(signature.result)} {signature.name}({parameters}) {{\n"
    return Declared(given=given, doc=block_comment(doc), head=head, end="}\n")


TYPED = TypedSyntax(
    function_name=lambda name: name,
    parameter_name=lambda name: without_keyword(name, _KEYWORDS),
    literal=LITERALS,
    declare=_declare,
    comment=block_comment,
    constants={"True": "true", "False": "false", "None": "nullopt"},
)
