"""The idioms of the exercises in D."""

from __future__ import annotations

import json

IDIOMS = {
    "setup": "import std.algorithm, std.array, std.math, std.range, std.string;\n",
    "reserved": "floor drop long",
    "number": "int",
    "list": "int[]",
    "text": "string",
    "truth": "bool",
    "declare": "{3} {0}({2} {1})\n{{",
    "define": "\n    return {0};\n}}\n",
    "assert": "    assert({0} == {1});\n",
    "tests": "unittest\n{{\n{0}}}\n",
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": "{0} * {1}",
    "remainder": "{0} % {1}",
    "less": "{0} < {1}",
    "more": "{0} > {1}",
    "same": "{0} == {1}",
    "different": "{0} != {1}",
    "larger": "max({0}, {1})",
    "smaller": "min({0}, {1})",
    "absolute": "abs({0})",
    "first": "{0}.take({1}).array",
    "skip": "{0}.drop({1}).array",
    "last": "{0}.tail({1}).array",
    "append": "{0} ~ {1}",
    "prepend": "{1} ~ {0}",
    "holds": "{0}.canFind({1})",
    "lacks": "!{0}.canFind({1})",
    "sum": "{0}.sum",
    "length": "{0}.length",
    "greatest": "{0}.maxElement",
    "least": "{0}.minElement",
    "repeat": "{0}.replicate({1})",
    "fill after": "{0}.leftJustify({1})",
    "fill before": "{0}.rightJustify({1})",
    "each": "{0}.map!(x => {1}).array",
    "keep": "{0}.filter!(x => {1}).array",
    "all": "{0}.all!(x => {1})",
    "any": "{0}.any!(x => {1})",
}


def format_literal(value: object) -> str:
    """A value as D source."""
    return json.dumps(value)
