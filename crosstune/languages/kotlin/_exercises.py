"""The idioms of the exercises in Kotlin."""

from __future__ import annotations

from crosstune.languages.kotlin._typed import text

IDIOMS = {
    "number": "Int",
    "list": "List<Int>",
    "text": "String",
    "truth": "Boolean",
    "declare": "fun {0}({1}: {2}): {3}",
    "define": " {{\n    return {0}\n}}\n",
    "assert": "    check({0} == {1})\n",
    "tests": "fun main() {{\n{0}}}\n",
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": "{0} * {1}",
    "remainder": "{0} % {1}",
    "less": "{0} < {1}",
    "more": "{0} > {1}",
    "same": "{0} == {1}",
    "different": "{0} != {1}",
    "larger": "maxOf({0}, {1})",
    "smaller": "minOf({0}, {1})",
    "absolute": "Math.abs({0})",
    "first": "{0}.take({1})",
    "skip": "{0}.drop({1})",
    "last": "{0}.takeLast({1})",
    "append": "{0} + {1}",
    "prepend": "listOf({1}) + {0}",
    "holds": "{1} in {0}",
    "lacks": "{1} !in {0}",
    "sum": "{0}.sum()",
    "length": "{0}.size",
    "greatest": "{0}.max()!!",
    "least": "{0}.min()!!",
    "repeat": "{0}.repeat({1})",
    "fill after": "{0}.padEnd({1})",
    "fill before": "{0}.padStart({1})",
    "each": "{0}.map {{ x -> {1} }}",
    "keep": "{0}.filter {{ x -> {1} }}",
    "all": "{0}.all {{ x -> {1} }}",
    "any": "{0}.any {{ x -> {1} }}",
}


def format_literal(value: object) -> str:
    """A value as Kotlin source."""
    if isinstance(value, list):
        return f"listOf({', '.join(map(str, value))})" if value else "emptyList<Int>()"
    if isinstance(value, str):
        return text(value)
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else repr(value)
