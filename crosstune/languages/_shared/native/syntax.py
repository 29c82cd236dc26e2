"""The grammars of C and C++, as extraction needs them."""

from __future__ import annotations

import re

from crosstune.languages._syntax import Method, Syntax

_NAMES = {
    "function_definition": ("declarator",),
    "declaration": ("declarator", "struct_specifier", "union_specifier", "enum_specifier", "class_specifier"),
    "field_declaration": ("declarator",),
    "init_declarator": ("declarator",),
    "pointer_declarator": ("declarator",),
    "reference_declarator": ("*",),
    "parenthesized_declarator": ("*",),
    "array_declarator": ("declarator",),
    "function_declarator": ("declarator",),
    "qualified_identifier": ("name",),
    "type_definition": ("declarator", "struct_specifier", "union_specifier", "enum_specifier"),
    "struct_specifier": ("name",),
    "union_specifier": ("name",),
    "class_specifier": ("name",),
    "enum_specifier": ("name", "body"),
    "enumerator_list": ("*",),
    "enumerator": ("name",),
    "preproc_def": ("name",),
    "preproc_function_def": ("name",),
    "preproc_ifdef": ("*",),
    "preproc_if": ("*",),
    "template_declaration": ("*",),
    "concept_definition": ("name",),
    "alias_declaration": ("name",),
    "namespace_definition": ("name", "body"),
    "declaration_list": ("*",),
    "namespace_alias_definition": ("name",),
    "using_declaration": (),
    "template_parameter_list": (),
    "linkage_specification": ("body",),
}
_OWN_INCLUDES = re.compile(
    r"\s*#\s*(?:pragma\s+once|include\s*(?:<(?:gtest|gmock|catch2?|doctest)\b"
    r"|\"(?!(?:bits/stdc\+\+|assert|ctype|errno|float|inttypes|limits|math|setjmp|signal|stdarg|stdbool"
    r"|stddef|stdint|stdio|stdlib|string|time)\.h\")[\w./+-]+\"))",
)
_FEATURES = re.compile(r"\s*#\s*define\s+_[A-Z]")
_IMPORTS = frozenset({"preproc_include", "using_declaration", "preproc_call"})


def _call_method(method: Method) -> str:
    owner = f"{method.owner}::" if method.static else f"{method.owner}()."
    head = method.head.removeprefix("static ").removeprefix("virtual ").split(" override")[0]
    head = head.rstrip().removesuffix("const").rstrip()
    return f"{head} {{ return {owner}{method.name}({', '.join(method.parameters)}); }}\n"


C = Syntax(
    grammar="c",
    names=_NAMES,
    imports=_IMPORTS,
    functions=frozenset({"function_definition"}),
    ordered=True,
    dropped_imports=_OWN_INCLUDES,
    first_text=_FEATURES,
)
CPP = Syntax(
    grammar="cpp",
    names=_NAMES,
    imports=_IMPORTS,
    functions=frozenset({"function_definition"}),
    ordered=True,
    dropped_imports=_OWN_INCLUDES,
    first_text=_FEATURES,
    classes=frozenset({"class_specifier", "struct_specifier"}),
    spaces=frozenset({"namespace_definition"}),
    members=frozenset({"field_declaration_list"}),
    attached={"function_definition": ("declarator*", "scope"), "declaration": ("declarator*", "scope")},
    overloads=True,
    call_method=_call_method,
)
