"""The idioms of the exercises in PHP."""

from __future__ import annotations

from crosstune.languages._typed import quoted

IDIOMS = {
    "reserved": "floor echo",
    "variable": "${0}",
    "declare": "function {0}(${1}) {{",
    "define": "\n    return {0};\n}}\n",
    "assert": "assert({0} === {1});\n",
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": "{0} * {1}",
    "remainder": "{0} % {1}",
    "less": "{0} < {1}",
    "more": "{0} > {1}",
    "same": "{0} === {1}",
    "different": "{0} !== {1}",
    "larger": "max({0}, {1})",
    "smaller": "min({0}, {1})",
    "absolute": "abs({0})",
    "first": "array_slice({0}, 0, {1})",
    "skip": "array_slice({0}, {1})",
    "last": "array_slice({0}, -{1})",
    "append": "[...{0}, {1}]",
    "prepend": "[{1}, ...{0}]",
    "holds": "in_array({1}, {0})",
    "lacks": "!in_array({1}, {0})",
    "sum": "array_sum({0})",
    "length": "count({0})",
    "greatest": "max({0})",
    "least": "min({0})",
    "repeat": "str_repeat({0}, {1})",
    "fill after": "str_pad({0}, {1})",
    "fill before": "str_pad({0}, {1}, ' ', STR_PAD_LEFT)",
    "each": "array_map(fn($x) => {1}, {0})",
    "keep": "array_values(array_filter({0}, fn($x) => {1}))",
    "all": "count(array_filter({0}, fn($x) => {1})) === count({0})",
    "any": "count(array_filter({0}, fn($x) => {1})) > 0",
}


def format_literal(value: object) -> str:
    """A value as PHP source."""
    if isinstance(value, list):
        return f"[{', '.join(map(format_literal, value))}]"
    if isinstance(value, dict):
        return f"[{', '.join(f'{format_literal(k)} => {format_literal(v)}' for k, v in value.items())}]"
    if isinstance(value, str):
        return text(value)
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else repr(value)


def text(value: str) -> str:
    """In double quotes, where ``$`` would begin a variable."""
    return quoted(value).replace("$", "\\$")
