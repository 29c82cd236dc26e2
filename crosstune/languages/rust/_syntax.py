"""Rust's grammar, as extraction needs it."""

from __future__ import annotations

import re

from crosstune.languages._syntax import Method, Syntax

_USE = re.compile(r"((?:pub(?:\([^)]*\))?\s+)?use\s+)([\s\S]*?)\s*;\s*$")


def _split_imports(text: str) -> dict[str, str]:
    """``use a::{b, c as d};`` as ``{"b": "use a::b;", "d": "use a::c as d;"}``."""
    match = _USE.search(text)
    return {name: f"{match[1]}{path};" for name, path in _paths("", match[2])} if match else {}


def _paths(prefix: str, tree: str) -> list[tuple[str, str]]:
    tree = tree.strip()
    head, brace, rest = tree.partition("{")
    if not brace:
        path = f"{prefix}{tree}"
        name = path.rsplit(" as ", maxsplit=1)[-1].rsplit("::", maxsplit=1)[-1].strip()
        if name == "self":
            path = path.removesuffix("::self")
            name = path.split("::")[-1]
        return [(path if name in ("*", "_") else name, path)] if tree else []
    return [pair for part in _parts(rest.rpartition("}")[0]) for pair in _paths(f"{prefix}{head}", part)]


def _parts(text: str) -> list[str]:
    """``text`` cut at its outermost commas."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter == "{") - (letter == "}")
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _call_method(method: Method) -> str:
    owner = f"{method.owner}::" if method.static else f"{method.owner}."
    head = re.sub(r"^pub(?:\([^)]*\))?\s+", "", method.head)
    head = re.sub(r"\(\s*&?\s*(?:mut\s+)?self\s*,?\s*", "(", head)
    return f"{head.rstrip()} {{ {owner}{method.name}({', '.join(method.parameters)}) }}\n"


SYNTAX = Syntax(
    grammar="rust",
    names={
        "function_item": ("name",),
        "struct_item": ("name",),
        "enum_item": ("name",),
        "union_item": ("name",),
        "trait_item": ("name",),
        "type_item": ("name",),
        "const_item": ("name",),
        "static_item": ("name",),
        "mod_item": ("name",),
        "macro_definition": ("name",),
        "function_signature_item": ("name",),
        "impl_item": (),
        "use_declaration": (),
        "macro_invocation": (),
    },
    imports=frozenset({"use_declaration", "extern_crate_declaration"}),
    functions=frozenset({"function_item"}),
    classes=frozenset({"impl_item", "trait_item"}),
    members=frozenset({"declaration_list"}),
    attached={"impl_item": ("type",)},
    traits=frozenset({"trait_item"}),
    spaces=frozenset({"mod_item", "enum_item"}),
    leading=frozenset({"attribute_item"}),
    first=frozenset({"inner_attribute_item"}),
    macro_names=re.compile(r"\bstatic\s+(?:ref\s+)?(\w+)"),
    empty_type="struct {};",
    split_imports=_split_imports,
    standard_imports=re.compile(r"(?:pub\s+)?use\s+(?:::)?(?:std|core|alloc|crate|self|super)\b"),
    call_method=_call_method,
)
