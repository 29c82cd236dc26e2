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
    "export_statement": ("declaration",),
    "ambient_declaration": ("*",),
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


_IMPORT = re.compile(r"import\s+(?P<what>[^'\"]+?)\s+from\s+(?P<module>'[^']*'|\"[^\"]*\");?\s*$")


def _as_require(text: str) -> str:
    """An import of a module as the call of ``require`` that a script can run."""
    match = _IMPORT.match(text.strip())
    if match is None:
        return text
    default, _, rest = match["what"].partition("{")
    names = [part.strip() for part in default.split(",") if part.strip()]
    bound = [re.sub(r"^\*\s+as\s+", "", name) for name in names]
    if rest:
        bound.append("{ " + re.sub(r"\s+as\s+", ": ", rest.rpartition("}")[0].strip()) + " }")
    return "\n".join(f"const {name} = require({match['module']});" for name in bound)


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
    dropped_imports=re.compile(r"""[\s\S]*(?:from|require\(|import)\s*['"]\."""),
    rewritten=(
        (re.compile(r"^module\.exports\s*=\s*(?=(?:async\s+)?function\b\*?\s*\w)", re.MULTILINE), ""),
        (re.compile(r"^(?:module\.)?exports\.(\w+)\s*=\s*(?!\1\s*;)", re.MULTILINE), r"const \1 = "),
    ),
    statements=True,
    rewrite_import=_as_require,
    kept_statements=re.compile(r"['\"]use strict['\"]"),
    extensions=re.compile(
        r"\s*(?:\w+\.prototype\.(\w+)\s*=|Object\.defineProperty\(\s*\w+\.prototype\s*,\s*['\"](\w+)['\"])"
    ),
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
    dropped_imports=JAVASCRIPT.dropped_imports,
    rewritten=JAVASCRIPT.rewritten,
    statements=True,
    kept_statements=re.compile(r"['\"]use strict['\"]|declare\s+global\b"),
    extensions=JAVASCRIPT.extensions,
    call_method=_call_typed_method,
    overloads=True,
)
