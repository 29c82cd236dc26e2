"""The idioms of the exercises in Ruby."""

from __future__ import annotations

import json

IDIOMS = {
    "declare": "def {0}({1})",
    "define": "\n  {0}\nend\n",
    "assert": "raise unless {0} == {1}\n",
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": "{0} * {1}",
    "remainder": "{0} % {1}",
    "less": "{0} < {1}",
    "more": "{0} > {1}",
    "same": "{0} == {1}",
    "different": "{0} != {1}",
    "larger": "[{0}, {1}].max",
    "smaller": "[{0}, {1}].min",
    "absolute": "({0}).abs",
    "first": "{0}.first({1})",
    "skip": "{0}.drop({1})",
    "last": "{0}.last({1})",
    "append": "{0} + [{1}]",
    "prepend": "[{1}] + {0}",
    "holds": "{0}.include?({1})",
    "lacks": "!{0}.include?({1})",
    "sum": "{0}.sum",
    "length": "{0}.length",
    "greatest": "{0}.max",
    "least": "{0}.min",
    "repeat": "{0} * {1}",
    "fill after": "{0}.ljust({1})",
    "fill before": "{0}.rjust({1})",
    "each": "{0}.map {{ |x| {1} }}",
    "keep": "{0}.select {{ |x| {1} }}",
    "all": "{0}.all? {{ |x| {1} }}",
    "any": "{0}.any? {{ |x| {1} }}",
}


def format_literal(value: object) -> str:
    """A value as Ruby source."""
    if isinstance(value, list):
        return f"[{', '.join(map(format_literal, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{format_literal(k)} => {format_literal(v)}' for k, v in value.items())}}}"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("#", "\\#")
    return "nil" if value is None else str(value).lower() if isinstance(value, bool) else repr(value)
