"""The grammars of JavaScript and TypeScript, as extraction needs them."""

from __future__ import annotations

import re

from crosstune.languages._syntax import Method, Syntax

_NAMES = {
    "function_declaration": ("name",),
    "generator_function_declaration": ("name",),
    "class_declaration": ("name",),
    "abstract_class_declaration": ("name",),
    "method_definition": ("name",),
    "lexical_declaration": ("variable_declarator",),
    "variable_declaration": ("variable_declarator",),
    "variable_declarator": ("name",),
    "object_pattern": ("*",),
    "array_pattern": ("*",),
    "pair_pattern": ("value",),
    "rest_pattern": ("*",),
    "assignment_pattern": ("left",),
    "object_assignment_pattern": ("left",),
    "expression_statement": ("assignment_expression",),
    "assignment_expression": ("left",),
    "member_expression": ("property",),
    "export_statement": ("declaration", "value"),
    "import_statement": ("import_clause", "import_require_clause"),
    "import_clause": ("*",),
    "named_imports": ("*",),
    "import_specifier": ("*",),
    "namespace_import": ("*",),
    "interface_declaration": ("name",),
    "type_alias_declaration": ("name",),
    "enum_declaration": ("name",),
    "function_signature": (),
}


def _call_method(method: Method) -> str:
    owner = method.owner if method.static else f"new {method.owner}()"
    return f"const {method.name} = (...args) => {owner}.{method.name}(...args);\n"


def _call_typed_method(method: Method) -> str:
    owner = method.owner if method.static else f"new {method.owner}()"
    holder = f"typeof {method.owner}" if method.static else method.owner
    types = f'Parameters<({holder})["{method.name}"]>'
    return f"const {method.name} = (...args: {types}) => {owner}.{method.name}(...args);\n"


JAVASCRIPT = Syntax(
    grammar="javascript",
    names=_NAMES,
    imports=frozenset({"import_statement"}),
    functions=frozenset(
        {
            "function_declaration",
            "generator_function_declaration",
            "function_expression",
            "arrow_function",
            "method_definition",
        }
    ),
    classes=frozenset({"class_declaration", "abstract_class_declaration"}),
    members=frozenset({"class_body"}),
    unwrapped={"export_statement": ("declaration",)},
    kept_statements=re.compile(r"['\"]use strict['\"]"),
    call_method=_call_method,
)
TYPESCRIPT = Syntax(
    grammar="typescript",
    names=_NAMES,
    imports=JAVASCRIPT.imports,
    functions=JAVASCRIPT.functions,
    classes=JAVASCRIPT.classes,
    members=JAVASCRIPT.members,
    unwrapped=JAVASCRIPT.unwrapped,
    kept_statements=JAVASCRIPT.kept_statements,
    call_method=_call_typed_method,
    overloads=True,
)
