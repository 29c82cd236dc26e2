"""The idioms of the exercises in Elixir."""

from __future__ import annotations

from crosstune.languages.elixir._typed import text

IDIOMS = {
    "declare": "defmodule Solution do\n  def {0}({1}) do",
    "define": "\n    {0}\n  end\nend\n",
    "call": "Solution.{0}({1})",
    "assert": '{0} == {1} || raise("wrong")\n',
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": "{0} * {1}",
    "remainder": "rem({0}, {1})",
    "less": "{0} < {1}",
    "more": "{0} > {1}",
    "same": "{0} == {1}",
    "different": "{0} != {1}",
    "larger": "max({0}, {1})",
    "smaller": "min({0}, {1})",
    "absolute": "abs({0})",
    "first": "Enum.take({0}, {1})",
    "skip": "Enum.drop({0}, {1})",
    "last": "Enum.take({0}, -{1})",
    "append": "{0} ++ [{1}]",
    "prepend": "[{1} | {0}]",
    "holds": "{1} in {0}",
    "lacks": "{1} not in {0}",
    "sum": "Enum.sum({0})",
    "length": "length({0})",
    "greatest": "Enum.max({0})",
    "least": "Enum.min({0})",
    "repeat": "String.duplicate({0}, {1})",
    "fill after": "String.pad_trailing({0}, {1})",
    "fill before": "String.pad_leading({0}, {1})",
    "each": "Enum.map({0}, fn x -> {1} end)",
    "keep": "Enum.filter({0}, fn x -> {1} end)",
    "all": "Enum.all?({0}, fn x -> {1} end)",
    "any": "Enum.any?({0}, fn x -> {1} end)",
}


def format_literal(value: object) -> str:
    """A value as Elixir source."""
    if isinstance(value, list):
        return f"[{', '.join(map(format_literal, value))}]"
    if isinstance(value, dict):
        return f"%{{{', '.join(f'{format_literal(k)} => {format_literal(v)}' for k, v in value.items())}}}"
    if isinstance(value, str):
        return text(value)
    return "nil" if value is None else str(value).lower() if isinstance(value, bool) else repr(value)
