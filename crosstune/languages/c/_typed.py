"""Types, values and declarations in C17, by the convention for values in C (docs/values.md).

A list is a pointer and a length; a list of lists has a pointer and a length for each row. What a function
returns is allocated with malloc. A tuple is a structure, a dictionary an array of entries, and a value of
several types a structure that says which it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crosstune.languages._typed import (
    Declared,
    Literals,
    Signature,
    TypedSyntax,
    ValueType,
    alternative,
    block_comment,
    without_keyword,
)

_SCALARS = {"bool": "bool", "int": "int", "long": "long long", "float": "double"}
_WORDS = {"bool": "Bool", "int": "Int", "long": "Long", "float": "Double", "str": "String"}
_FIELDS = ("first", "second", "third", "fourth")
_KEYWORDS = {"auto", "case", "char", "const", "default", "do", "double", "goto", "int", "long", "register"}
_KEYWORDS |= {"short", "signed", "struct", "union", "unsigned", "void", "while"}
_LIST = "The result is allocated with malloc; its length is stored in *out_len."


def type_name(kind: ValueType) -> str:
    """The type of one value where that is not a list: of a field, an item or a result."""
    if kind.kind == "tuple":
        words = map(_word, dict.fromkeys(kind.items))
        return f"{''.join(words)}{'Pair' if len(kind.items) == 2 else 'Tuple'}"
    names = {"str": "char *", "dict": "Entry", "union": "Value", "optional": ""}
    return names.get(kind.kind) or _SCALARS[kind.kind]


def _word(kind: ValueType) -> str:
    return f"Optional{_word(kind.item)}" if kind.kind == "optional" else _WORDS[kind.kind]


def _variable(kind: ValueType, name: str) -> str:
    """The declaration of a variable."""
    text = type_name(kind)
    return f"{text}{name}" if text.endswith("*") else f"{text} {name}"


def _parameter(kind: ValueType, name: str) -> str:
    if kind.kind == "str":
        return f"const char *{name}"
    if kind.kind == "dict":
        return f"const Entry *{name}, size_t {name}_len"
    if kind.kind != "list":
        return _variable(kind, name)
    if kind.item.kind == "list":
        item = type_name(kind.item.item)
        return f"const {item} *const *{name}, const size_t *{name}_lens, size_t {name}_len"
    item = "char *const" if kind.item.kind == "str" else type_name(kind.item)
    return f"const {item} *{name}, size_t {name}_len"


def _head(signature: Signature) -> str:
    parameters = [_parameter(kind, name) for name, kind in signature.parameters]
    result = signature.result
    if result.kind in ("list", "dict"):
        item = type_name(result.item if result.kind == "list" else result)
        begin = f"{item}{'*' if item.endswith('*') else ' *'}{signature.name}"
        parameters.append("size_t *out_len")
    elif result.kind == "optional" and result.item.kind != "str":
        begin = f"bool {signature.name}"
        parameters.append(_variable(result.item, "*out"))
    else:
        begin = _variable(result.item if result.kind == "optional" else result, signature.name)
    return f"{begin}({', '.join(parameters)}) {{\n"


def _notes(signature: Signature) -> list[str]:
    """What the doc comment says about the result."""
    result = signature.result
    inner = result.item if result.kind in ("list", "optional") else result
    if result.kind == "list":
        both = _LIST.replace("result is", "result and its strings are").replace("its length", "the length")
        return [both if inner.kind == "str" else _LIST]
    if result.kind == "dict":
        return ["The result is an array of entries, allocated with malloc; its length is stored in *out_len."]
    text = ["The result is allocated with malloc."] if inner.kind == "str" else []
    if result.kind != "optional":
        return text
    return [*text, "None is NULL."] if text else ["None is false; else the result is stored in *out."]


def _definitions(signature: Signature) -> Iterator[str]:
    """The structures of a signature."""
    kinds = [kind for _, kind in signature.parameters] + [signature.result]
    for part in dict.fromkeys(part for kind in kinds for part in kind.parts()):
        inside_union = any(part in kind.items for kind in kinds if kind.kind == "union")
        if part.kind == "tuple":
            yield _structure("".join(map(_field, part.items, _FIELDS)), type_name(part))
        elif part.kind == "dict" and not inside_union and part.items:
            keys, values = part.items
            fields = f"    {_variable(keys, 'key')};\n    {_variable(values, 'value')};\n"
            yield _structure(fields, "Entry")
        elif part.kind == "union":
            yield _union(part)


def _structure(fields: str, name: str) -> str:
    return f"typedef struct {{\n{fields}}} {name};\n\n"


def _field(kind: ValueType, name: str) -> str:
    if kind.kind == "optional":
        return f"    bool has_{name};\n{_field(kind.item, name)}"
    return f"    {_variable(kind, name)};\n"


def _union(kind: ValueType) -> str:
    names = [_name(each) for each in kind.items]
    tags = ", ".join(f"VALUE_{name.upper()}" for name in names)
    fields = "".join(
        _alternative(each, f"as_{name.lower()}") for each, name in zip(kind.items, names, strict=True)
    )
    return _structure(f"    enum {{ {tags} }} kind;\n    union {{\n{fields}    }};\n", "Value")


def _name(kind: ValueType) -> str:
    """The name of an alternative of a union."""
    return _WORDS.get(kind.kind) or {"list": "List", "dict": "Map"}[kind.kind]


def _alternative(kind: ValueType, name: str) -> str:
    if kind.kind not in ("list", "dict"):
        return f"        {_variable(kind, name)};\n"
    items = f"{type_name(kind.item)} *".replace("* *", "**") if kind.kind == "list" else "void *"
    return f"        struct {{\n            {items}items;\n            size_t len;\n        }} {name};\n"


LITERALS = Literals(
    none="None",
    items=lambda items, _: f"{{{', '.join(items)}}}",
    entries=lambda entries, _: f"{{{', '.join(f'{{{key}, {value}}}' for key, value in entries)}}}",
)


def _declare(signature: Signature, doc: str, helper: str) -> Declared:
    given = "#include <stdbool.h>\n#include <stddef.h>\n\n" + "".join(_definitions(signature))
    notes = _notes(signature)
    return Declared(
        given=f"{given}{helper}\n" if helper else given,
        doc=block_comment(doc, more=["", *notes] if notes else []),
        head=_head(signature),
        end="}\n",
    )


def _argument(value: Any, kind: ValueType) -> str:
    """A value as an argument: what is a list is a compound literal and its length."""
    if kind.kind == "tuple":
        return f"({type_name(kind)}){LITERALS(value, kind)}"
    if kind.kind == "union":
        chosen = alternative(value, kind)
        name = _name(chosen)
        return f"(Value){{VALUE_{name.upper()}, .as_{name.lower()} = {LITERALS(value, chosen)}}}"
    if kind.kind == "list" and kind.item.kind == "list":
        rows = [_array(row, kind.item) for row in value]
        lengths = ", ".join(str(len(row)) for row in value)
        item = type_name(kind.item.item)
        listed = f"(const {item} *[]){{{', '.join(rows)}}}, (size_t[]){{{lengths}}}" if rows else "NULL, NULL"
        return f"{listed}, {len(value)}"
    return f"{_array(value, kind)}, {len(value)}" if kind.kind in ("list", "dict") else LITERALS(value, kind)


def _array(value: Any, kind: ValueType) -> str:
    if not value:
        return "NULL"
    if kind.kind == "list" and kind.item.kind == "union":
        return f"(Value[]){{{', '.join(_argument(each, kind.item) for each in value)}}}"
    item = type_name(kind.item if kind.kind == "list" else kind)
    return f"({f'const {item}' if item.endswith('*') else item}[]){LITERALS(value, kind)}"


def _outputs(signature: Signature) -> list[str]:
    result = signature.result
    if result.kind in ("list", "dict"):
        return ["&out_len"]
    return ["&out"] if result.kind == "optional" and result.item.kind != "str" else []


TYPED = TypedSyntax(
    function_name=lambda name: name,
    parameter_name=lambda name: without_keyword(name, _KEYWORDS),
    literal=LITERALS,
    declare=_declare,
    comment=block_comment,
    constants={"True": "true", "False": "false"},
    argument=_argument,
    outputs=_outputs,
)
