"""The idioms of Java for the exercises."""

import json

IDIOMS = {
    "setup": "import java.util.Arrays;\nimport java.util.stream.IntStream;\n",
    "reserved": "long",
    "number": "int",
    "list": "int[]",
    "text": "String",
    "truth": "boolean",
    "declare": "class Solution {{\n  static {3} {0}({2} {1}) {{",
    "define": "\n    return {0};\n  }}\n}}\n",
    "call": "Solution.{0}({1})",
    "assert": "    if ({0} != {1}) throw new AssertionError();\n",
    "assert list": "    if (!Arrays.equals({0}, {1})) throw new AssertionError();\n",
    "assert text": "    if (!{0}.equals({1})) throw new AssertionError();\n",
    "tests": "class Main {{\n  public static void main(String[] args) {{\n{0}  }}\n}}\n",
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": "{0} * {1}",
    "remainder": "{0} % {1}",
    "less": "{0} < {1}",
    "more": "{0} > {1}",
    "same": "{0} == {1}",
    "different": "{0} != {1}",
    "larger": "Math.max({0}, {1})",
    "smaller": "Math.min({0}, {1})",
    "absolute": "Math.abs({0})",
    "first": "Arrays.stream({0}).limit({1}).toArray()",
    "skip": "Arrays.stream({0}).skip({1}).toArray()",
    "last": "Arrays.stream({0}).skip(Math.max(0, {0}.length - {1})).toArray()",
    "append": "IntStream.concat(Arrays.stream({0}), IntStream.of({1})).toArray()",
    "prepend": "IntStream.concat(IntStream.of({1}), Arrays.stream({0})).toArray()",
    "holds": "Arrays.stream({0}).anyMatch(x -> x == {1})",
    "lacks": "Arrays.stream({0}).noneMatch(x -> x == {1})",
    "sum": "Arrays.stream({0}).sum()",
    "length": "{0}.length",
    "greatest": "Arrays.stream({0}).max().getAsInt()",
    "least": "Arrays.stream({0}).min().getAsInt()",
    "repeat": "{0}.repeat({1})",
    "fill after": 'String.format("%-{1}s", {0})',
    "fill before": 'String.format("%{1}s", {0})',
    "each": "Arrays.stream({0}).map(x -> {1}).toArray()",
    "keep": "Arrays.stream({0}).filter(x -> {1}).toArray()",
    "all": "Arrays.stream({0}).allMatch(x -> {1})",
    "any": "Arrays.stream({0}).anyMatch(x -> {1})",
}


def format_literal(value: object) -> str:
    if isinstance(value, list):
        return f"new int[] {{{', '.join(map(str, value))}}}"
    return json.dumps(value)
