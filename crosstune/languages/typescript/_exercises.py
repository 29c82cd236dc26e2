"""The idioms of TypeScript for the exercises."""

import json

from crosstune.languages._shared.node.exercises import EXPRESSIONS

IDIOMS = {
    "number": "number",
    "list": "number[]",
    "text": "string",
    "truth": "boolean",
    "declare": "const {0} = ({1}: {2}): {3} => {{",
    "define": "\n  return {0};\n}};\n",
    "assert": "console.assert({0} === {1});\n",
    "assert list": "console.assert(JSON.stringify({0}) === JSON.stringify({1}));\n",
    **EXPRESSIONS,
}
format_literal = json.dumps
