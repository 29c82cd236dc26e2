"""What stubs and servers of classes have in common: the names of classes and of the types of methods."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crosstune.languages.cpp._classes import Class, Method

STEP = re.compile(r"operator\s*(\+\+|--)$")
"""Operators with a parameter that only tells ``i++`` from ``++i``."""


def known(found: Sequence[Class], instances: Sequence[str], *, tests: bool) -> str:
    """What both sides have in front of the rest: the names of the classes."""
    text = ""
    for number, each in enumerate(found):
        forward = f"{each.template}{each.keyword} {each.name};"
        if tests:
            text += in_namespaces(each, forward)
        name = f'"{each.qualified}"'
        if each.template:
            text += in_namespaces(each, f"{each.plain_template}struct crosstune_tag_{number};")
            tag = "::".join(("", *each.scope, f"crosstune_tag_{number}{each.arguments}"))
            name = f"name_of<{tag}>()"
        is_known = f"Instance<{each.self}>::yes" if each.template else "1"
        text += (
            f"namespace crosstune {{\n{each.plain_template or 'template <> '}struct Remote<{each.self}> {{\n"
            f"  enum {{ yes = 1, known = {is_known} }};\n"
            f"  static const char *name() {{ return {name}; }}\n}};\n}}\n"
        )
    for instance in instances:
        yes = "{ enum { yes = 1 }; };"
        text += f"namespace crosstune {{ template <> struct Instance<::{instance}> {yes} }}\n"
    return text


def in_namespaces(each: Class, text: str) -> str:
    opened = "".join(f"namespace {name} {{ " for name in each.scope)
    return f"{opened}{text}{' }' * len(each.scope)}\n"


def type_of(method: Method) -> str:
    return f"crosstune_type_{method.key.rpartition('/')[2]}"


def typedef(method: Method) -> str:
    head = method.type.head if method.how != "constructor" else "crosstune::Made"
    return f"typedef {head} {type_of(method)}{method.type.tail};\n"
