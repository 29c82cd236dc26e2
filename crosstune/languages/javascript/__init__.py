"""JavaScript, run by Node.js."""

import json

from crosstune.languages._language import Description, Language
from crosstune.languages._shared.node import packages, runtime, typed
from crosstune.languages._shared.node.exercises import EXPRESSIONS
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
        **EXPRESSIONS,
    },
    format_literal=json.dumps,
    syntax=JAVASCRIPT,
    typed=typed.JAVASCRIPT,
    judging=JUDGING,
    whole_programs=WHOLE_PROGRAMS,
    language_set="usual",
    description=Description(
        tested="Node.js 20",
        run=(
            "the candidate is a script of a new process (modules are rewritten as such), the tests a "
            "function that sees its declarations and exports; a failed `console.assert`, "
            "`process.exitCode`, `exit` handlers and `node:test` count "
            "([apart](#javascript-and-typescript))"
        ),
        undefended=(
            "prototypes other than those of arrays, strings, numbers, maps and sets, changed while a "
            "test runs; methods (`every`, `has`) of what is returned; callbacks that are never called; "
            "`node:vm`, `node:inspector`"
        ),
    ),
)
