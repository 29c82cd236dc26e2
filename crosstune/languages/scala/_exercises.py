"""The idioms of the exercises in Scala."""

from __future__ import annotations

from crosstune.languages._typed import quoted

IDIOMS = {
    "number": "Int",
    "list": "List[Int]",
    "text": "String",
    "truth": "Boolean",
    "declare": "object Solution {{\n  def {0}({1}: {2}): {3} =",
    "define": "\n    {0}\n}}\n",
    "call": "Solution.{0}({1})",
    "assert": "    assert({0} == {1})\n",
    "tests": "object Tests {{\n  def main(args: Array[String]): Unit = {{\n{0}  }}\n}}\n",
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": "{0} * {1}",
    "remainder": "{0} % {1}",
    "less": "{0} < {1}",
    "more": "{0} > {1}",
    "same": "{0} == {1}",
    "different": "{0} != {1}",
    "larger": "math.max({0}, {1})",
    "smaller": "math.min({0}, {1})",
    "absolute": "math.abs({0})",
    "first": "{0}.take({1})",
    "skip": "{0}.drop({1})",
    "last": "{0}.takeRight({1})",
    "append": "{0} :+ {1}",
    "prepend": "{1} :: {0}",
    "holds": "{0}.contains({1})",
    "lacks": "!{0}.contains({1})",
    "sum": "{0}.sum",
    "length": "{0}.length",
    "greatest": "{0}.max",
    "least": "{0}.min",
    "repeat": "{0} * {1}",
    "fill after": "{0}.padTo({1}, ' ')",
    "fill before": "{0}.reverse.padTo({1}, ' ').reverse",
    "each": "{0}.map(x => {1})",
    "keep": "{0}.filter(x => {1})",
    "all": "{0}.forall(x => {1})",
    "any": "{0}.exists(x => {1})",
}


def format_literal(value: object) -> str:
    """A value as Scala source."""
    if isinstance(value, list):
        return f"List({', '.join(map(str, value))})" if value else "List[Int]()"
    if isinstance(value, str):
        return quoted(value)
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else repr(value)
