"""JavaScript, run by Node.js."""

import json

from crosstune.languages._language import Language
from crosstune.languages._shared.node import packages, runtime, typed
from crosstune.languages._shared.node.runner import JUDGING
from crosstune.languages._shared.node.syntax import JAVASCRIPT
from crosstune.languages._shared.node.whole_program import WHOLE_PROGRAMS

LANGUAGE = Language(
    name="javascript",
    title="JavaScript",
    extensions=(".js", ".mjs", ".cjs"),
    fences=("javascript", "js", "node"),
    line_comment="//",
    stops=("\nconst ", "\nfunction ", "\nlet ", "\nvar ", "\nclass ", "\nconsole.", "\n//", "\n/*", "\n```"),
    tools=(runtime.TOOL,),
    preparations=(packages.PREPARATION,),
    idioms={
        "declare": "const {0} = ({1}) => {{",
        "define": "\n  return {0};\n}}\n",
        "assert": "console.assert(JSON.stringify({0}) === JSON.stringify({1}));\n",
        "add": "{0} + {1}",
        "subtract": "{0} - {1}",
        "multiply": "{0} * {1}",
        "remainder": "{0} % {1}",
        "less": "{0} < {1}",
        "more": "{0} > {1}",
        "same": "{0} === {1}",
        "different": "{0} !== {1}",
        "larger": "Math.max({0}, {1})",
        "smaller": "Math.min({0}, {1})",
        "absolute": "Math.abs({0})",
        "first": "{0}.slice(0, {1})",
        "skip": "{0}.slice({1})",
        "last": "{0}.slice(-{1})",
        "append": "[...{0}, {1}]",
        "prepend": "[{1}, ...{0}]",
        "holds": "{0}.includes({1})",
        "lacks": "!{0}.includes({1})",
        "sum": "{0}.reduce((a, b) => a + b, 0)",
        "length": "{0}.length",
        "greatest": "Math.max(...{0})",
        "least": "Math.min(...{0})",
        "repeat": "{0}.repeat({1})",
        "fill after": "{0}.padEnd({1})",
        "fill before": "{0}.padStart({1})",
        "each": "{0}.map((x) => {1})",
        "keep": "{0}.filter((x) => {1})",
        "all": "{0}.every((x) => {1})",
        "any": "{0}.some((x) => {1})",
    },
    format_literal=json.dumps,
    syntax=JAVASCRIPT,
    typed=typed.JAVASCRIPT,
    judging=JUDGING,
    whole_programs=WHOLE_PROGRAMS,
)
