"""Java's grammar, as extraction needs it."""

from __future__ import annotations

import re

from crosstune.languages._syntax import Syntax

_TYPES = (
    "class_declaration",
    "record_declaration",
    "interface_declaration",
    "enum_declaration",
    "annotation_type_declaration",
)

SYNTAX = Syntax(
    grammar="java",
    names={
        **dict.fromkeys(_TYPES, ("name",)),
        "method_declaration": ("name",),
        "field_declaration": ("declarator",),
        "local_variable_declaration": ("declarator",),
        "variable_declarator": ("name",),
        "import_declaration": ("*",),
        "scoped_identifier": ("name",),
    },
    imports=frozenset({"import_declaration"}),
    functions=frozenset({"method_declaration"}),
    classes=frozenset(_TYPES),
    members=frozenset({"class_body", "record_body", "enum_body", "interface_body"}),
    dropped=frozenset({"package_declaration"}),
    overloads=True,
    standard_imports=re.compile(r"import\s+(?:static\s+)?javax?\."),
    removed_modifiers=dict.fromkeys(_TYPES, "public"),
)
