"""Python's grammar, as extraction needs it."""

from __future__ import annotations

import re

from crosstune.languages._syntax import Method, Syntax


def _call_method(method: Method) -> str:
    return (
        f"def {method.name}(*args, **kwargs):\n    return {method.owner}().{method.name}(*args, **kwargs)\n"
    )


SYNTAX = Syntax(
    grammar="python",
    names={
        "function_definition": ("name",),
        "class_definition": ("name",),
        "decorated_definition": ("definition",),
        "expression_statement": ("assignment", "augmented_assignment"),
        "assignment": ("left", "assignment"),
        "type_alias_statement": ("left",),
        "pattern_list": ("*",),
        "tuple_pattern": ("*",),
        "list_pattern": ("*",),
        "try_statement": ("*",),
        "except_clause": ("block",),
        "if_statement": ("consequence", "alternative"),
        "else_clause": ("body",),
        "block": ("*",),
        "import_statement": ("name",),
        "import_from_statement": ("name",),
        "future_import_statement": (),
        "aliased_import": ("alias",),
        "dotted_name": ("*",),
    },
    imports=frozenset({"import_statement", "import_from_statement", "future_import_statement"}),
    functions=frozenset({"function_definition"}),
    classes=frozenset({"class_definition"}),
    members=frozenset({"block"}),
    indented=True,
    closers=(" pass", "\n    pass", "\n        pass", "\n            pass"),
    statements=True,
    kept_statements=re.compile(r"sys\.setrecursionlimit|(?:random|np\.random)\.seed|getcontext\("),
    call_method=_call_method,
)
