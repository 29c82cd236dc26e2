"""Go's grammar, as extraction needs it."""

from __future__ import annotations

from crosstune.languages._syntax import Syntax

SYNTAX = Syntax(
    grammar="go",
    names={
        "function_declaration": ("name",),
        "const_declaration": ("*",),
        "const_spec": ("name",),
        "var_declaration": ("*",),
        "var_spec_list": ("*",),
        "var_spec": ("name",),
        "type_declaration": ("*",),
        "type_spec": ("name",),
        "type_alias": ("name",),
        "method_declaration": (),
        "import_declaration": (),
    },
    imports=frozenset({"import_declaration"}),
    functions=frozenset({"function_declaration", "method_declaration"}),
    attached={"method_declaration": ("receiver",)},
    initialisers=frozenset({"init"}),
    dropped=frozenset({"package_clause"}),
)
