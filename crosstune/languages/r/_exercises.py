"""The idioms of the exercises in R."""

from __future__ import annotations

from crosstune.languages._typed import quoted

IDIOMS = {
    "declare": "{0} <- function({1}) {{",
    "define": "\n  {0}\n}}\n",
    "assert": "stopifnot({0} == {1})\n",
    "assert list": "stopifnot(length({0}) == length({1}), all({0} == {1}))\n",
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": "{0} * {1}",
    "remainder": "{0} %% {1}",
    "less": "{0} < {1}",
    "more": "{0} > {1}",
    "same": "{0} == {1}",
    "different": "{0} != {1}",
    "larger": "max({0}, {1})",
    "smaller": "min({0}, {1})",
    "absolute": "abs({0})",
    "first": "head({0}, {1})",
    "skip": "tail({0}, -{1})",
    "last": "tail({0}, {1})",
    "append": "c({0}, {1})",
    "prepend": "c({1}, {0})",
    "holds": "{1} %in% {0}",
    "lacks": "!({1} %in% {0})",
    "sum": "sum({0})",
    "length": "length({0})",
    "greatest": "max({0})",
    "least": "min({0})",
    "repeat": "strrep({0}, {1})",
    "fill after": "formatC({0}, width = -{1})",
    "fill before": "formatC({0}, width = {1})",
    "each": "sapply({0}, function(x) {1})",
    "keep": "Filter(function(x) {1}, {0})",
    "all": "all(vapply({0}, function(x) {1}, NA))",
    "any": "any(vapply({0}, function(x) {1}, NA))",
}


def format_literal(value: object) -> str:
    """A value as R source."""
    if isinstance(value, list):
        return f"c({', '.join(map(format_literal, value))})"
    if isinstance(value, bool):
        return str(value).upper()
    if value is None:
        return "NULL"
    return quoted(value) if isinstance(value, str) else repr(value)
