"""The idioms of the exercises in C#."""

from __future__ import annotations

from crosstune.languages._typed import quoted

IDIOMS = {
    "setup": "using System;\nusing System.Collections.Generic;\nusing System.Linq;\n",
    "reserved": "long",
    "number": "int",
    "list": "List<int>",
    "text": "string",
    "truth": "bool",
    "declare": "class Solution\n{{\n    public static {3} {0}({2} {1})",
    "define": "\n    {{\n        return {0};\n    }}\n}}\n",
    "call": "Solution.{0}({1})",
    "assert": "        System.Diagnostics.Debug.Assert({0} == {1});\n",
    "assert list": "        System.Diagnostics.Debug.Assert({0}.SequenceEqual({1}));\n",
    "tests": "class Tests\n{{\n    static void Main()\n    {{\n{0}    }}\n}}\n",
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": "{0} * {1}",
    "remainder": "{0} % {1}",
    "less": "{0} < {1}",
    "more": "{0} > {1}",
    "same": "{0} == {1}",
    "different": "{0} != {1}",
    "larger": "Math.Max({0}, {1})",
    "smaller": "Math.Min({0}, {1})",
    "absolute": "Math.Abs({0})",
    "first": "{0}.Take({1}).ToList()",
    "skip": "{0}.Skip({1}).ToList()",
    "last": "{0}.Skip(Math.Max(0, {0}.Count - {1})).ToList()",
    "append": "{0}.Append({1}).ToList()",
    "prepend": "{0}.Prepend({1}).ToList()",
    "holds": "{0}.Contains({1})",
    "lacks": "!{0}.Contains({1})",
    "sum": "{0}.Sum()",
    "length": "{0}.Count",
    "greatest": "{0}.Max()",
    "least": "{0}.Min()",
    "repeat": "string.Concat(Enumerable.Repeat({0}, {1}))",
    "fill after": "{0}.PadRight({1})",
    "fill before": "{0}.PadLeft({1})",
    "each": "{0}.Select(x => {1}).ToList()",
    "keep": "{0}.Where(x => {1}).ToList()",
    "all": "{0}.All(x => {1})",
    "any": "{0}.Any(x => {1})",
}


def format_literal(value: object) -> str:
    """A value as C# source."""
    if isinstance(value, list):
        return f"new List<int> {{ {', '.join(map(str, value))} }}" if value else "new List<int>()"
    if isinstance(value, str):
        return quoted(value)
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else repr(value)
